//! `afwd review`: who people of published lists are.

use anyhow::Context as _;

use crate::cli::global::Global;
use crate::cli::output;
use crate::domain::{Decision, ProspectId};
use crate::ingest::lists::reviews::{self, ReviewView};

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand, Debug)]
enum Verb {
    /// List people of published lists who could not be told for certain
    List {
        /// Also those already decided about
        #[arg(long)]
        all: bool,
    },
    /// Say which player it is: his grades are stored, and later lists of that
    /// publisher need no answer
    Match {
        /// Key, as `afwd review list` shows it
        key: String,
        /// Id of the player
        player: ProspectId,
    },
    /// Say that it is nobody we know
    Dismiss {
        /// Key, as `afwd review list` shows it
        key: String,
    },
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    match &args.verb {
        Verb::List { all } => list(global, *all),
        Verb::Match { key, player } => decide(global, key, Decision::Matched(*player)),
        Verb::Dismiss { key } => decide(global, key, Decision::Dismissed),
    }
}

fn list(global: &Global, all: bool) -> anyhow::Result<()> {
    let reviews = reviews::reviews(&global.open_store()?, all)?;
    if global.json {
        return output::print_json(&reviews);
    }
    if reviews.is_empty() {
        output::line!("nobody waits")?;
    }
    reviews.iter().try_for_each(show)
}

fn show(review: &ReviewView) -> anyhow::Result<()> {
    output::line!(
        "{} {}: {} ({})",
        review.key,
        review.source,
        review.person(),
        review.decision
    )?;
    for entry in &review.entries {
        output::line!("    {entry}")?;
    }
    for candidate in &review.candidates {
        let born = candidate
            .birth_date
            .as_deref()
            .unwrap_or("birth date unknown");
        output::line!("    {:>9} {}, {born}", candidate.id, candidate.name)?;
    }
    Ok(())
}

fn decide(global: &Global, key: &str, decision: Decision) -> anyhow::Result<()> {
    let decided = reviews::decide(&global.open_store()?, key, decision)?;
    let review = decided.with_context(|| {
        format!("nobody waits under {key}: `afwd review list --all` shows the keys")
    })?;
    if global.json {
        output::print_json(&review)
    } else {
        show(&review)
    }
}
