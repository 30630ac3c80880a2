//! `afwd sources`.

use clap::builder::PossibleValuesParser;

use crate::cli::global::Global;
use crate::cli::output;
use crate::ingest::sources::{ALL, DataSource};
use crate::store::Opening;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand, Debug)]
enum Verb {
    /// Show what is known of each source
    List,
    /// Show the terms of a source
    Terms {
        /// The source
        #[arg(value_parser = with_terms())]
        source: String,
    },
    /// Accept the terms of a source, once, so that it may be asked
    Accept {
        /// The source
        #[arg(value_parser = with_terms())]
        source: String,
    },
}

/// The name of a source whose terms must be accepted.
fn with_terms() -> PossibleValuesParser {
    let names = ALL.into_iter().filter(|source| source.terms().is_some());
    names.map(|source| source.name).collect::<Vec<_>>().into()
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    match &args.verb {
        Verb::List => list(global),
        Verb::Terms { source } => Ok(output::line!("{}", terms(source))?),
        Verb::Accept { source } => accept(global, source),
    }
}

fn list(global: &Global) -> anyhow::Result<()> {
    let sources = global.open_store()?.read(|tx| tx.sources())?;
    if global.json {
        let sources: std::collections::BTreeMap<_, _> = sources.into_iter().collect();
        return output::print_json(&sources);
    }
    if sources.is_empty() {
        output::line!("no source was asked yet")?;
    }
    for (name, state) in sources {
        let day = state
            .data_day
            .map_or("no data yet".to_owned(), |day| format!("data of {day}"));
        let terms = if state.terms_accepted.is_some() {
            ", terms accepted"
        } else {
            ""
        };
        let error = if state.error.is_empty() {
            String::new()
        } else {
            format!(", failed: {}", state.error)
        };
        output::line!("{name}: {day}, {} rows{terms}{error}", state.rows)?;
    }
    Ok(())
}

fn accept(global: &Global, source: &str) -> anyhow::Result<()> {
    let store = global.open(Opening::CreateIfAbsent)?;
    let now = global.clock().now();
    store.write(|tx| tx.change_source(source, |state| state.terms_accepted = Some(now)))?;
    eprintln!("{}", terms(source));
    Ok(output::line!(
        "accepted: `afwd refresh` and `afwd serve` may ask {source} now"
    )?)
}

fn terms(source: &str) -> &'static str {
    let source = DataSource::named(source);
    source.and_then(DataSource::terms).unwrap_or_default()
}
