//! `afwd torture`, and the hidden processes it kills.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use anyhow::Context as _;
use serde_json::json;

use crate::cli::global::Global;
use crate::cli::output::{self, line};
use crate::ops::torture::{Config, HarmPlan, Outcome, Scale, Worker, work};

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// A few minutes (the default)
    #[arg(long, conflicts_with = "full")]
    quick: bool,
    /// As many times as the published figures: an hour or more
    #[arg(long)]
    full: bool,
    /// Plant a bug for each plan, which it must find
    #[arg(long)]
    self_test: bool,
    /// A look at each plan only, as tests take it
    #[arg(long, hide = true, conflicts_with_all = ["quick", "full"])]
    tiny: bool,
    /// Only this plan: crash, accounts, power, disk, corruption, backup, interrupted, hostile
    #[arg(long, value_name = "PLAN")]
    only: Vec<HarmPlan>,
    /// Empty or new directory to do the harm in [default: a new one in the system's temporary directory]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Seed of everything that is drawn
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What a process that is to be killed does
    #[arg(long, hide = true, requires = "dir")]
    worker: Option<Worker>,
    /// With a bug
    #[arg(long, hide = true)]
    planted: bool,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    if let (Some(worker), Some(dir)) = (args.worker, &args.dir) {
        return work(worker, dir, args.planted);
    }
    let scratch = Scratch::new(args.dir.as_deref())?;
    let plans = if args.only.is_empty() {
        HarmPlan::ALL.to_vec()
    } else {
        args.only.clone()
    };
    if !global.json {
        line!("seed {}, in {}", args.seed, scratch.0.display())?;
    }
    let mut outcomes = Vec::new();
    for plan in plans {
        let config = config(args, &scratch.0)?;
        let outcome = plan.run(&config)?;
        if !global.json {
            show(&outcome, args.self_test)?;
        }
        outcomes.push(outcome);
    }
    if global.json {
        output::print_json(&json!({ "seed": args.seed, "plans": outcomes }))?;
    }
    judge(&outcomes, args.self_test)
}

fn config(args: &Args, scratch: &Path) -> anyhow::Result<Config> {
    let scale = match (args.tiny || args.self_test, args.full) {
        (true, _) => Scale::Tiny,
        (_, true) => Scale::Full,
        _ => Scale::Quick,
    };
    Ok(Config {
        scratch: scratch.to_owned(),
        program: std::env::current_exe().context("this program can't be found")?,
        seed: args.seed,
        scale,
        planted: args.self_test,
    })
}

fn show(outcome: &Outcome, planted: bool) -> anyhow::Result<()> {
    let verdict = match (&outcome.skipped, outcome.held(), planted) {
        (Some(_), ..) => "SKIPPED",
        (_, true, false) | (_, false, true) => "pass",
        _ => "FAIL",
    };
    let counts = outcome
        .counts
        .iter()
        .map(|(what, count)| format!("{count} {what}"));
    let counts: Vec<_> = counts.collect();
    line!(
        "{verdict:7} {:11} {:6} times  {:6.1} s  {}",
        outcome.plan,
        outcome.tried,
        outcome.seconds,
        outcome.promise
    )?;
    if !counts.is_empty() {
        line!("        {}", counts.join(", "))?;
    }
    if let Some(reason) = &outcome.skipped {
        line!("        {reason}")?;
    }
    for how in outcome.broken.iter().filter(|_| !planted) {
        line!("        broken: {how}")?;
    }
    Ok(())
}

fn judge(outcomes: &[Outcome], planted: bool) -> anyhow::Result<()> {
    let tried = || outcomes.iter().filter(|outcome| outcome.skipped.is_none());
    let failed: Vec<_> = tried()
        .filter(|outcome| outcome.held() == planted)
        .map(|outcome| outcome.plan)
        .collect();
    let failed = failed.join(", ");
    match planted {
        _ if failed.is_empty() => Ok(()),
        true => anyhow::bail!("the planted bug was not found by: {failed}"),
        false => anyhow::bail!("promises were broken: {failed}; keep the seed and report it"),
    }
}

/// The scratch directory, emptied in the end where this program made it.
struct Scratch(PathBuf, bool);

impl Scratch {
    fn new(given: Option<&Path>) -> anyhow::Result<Self> {
        let own = given.is_none();
        let dir = match given {
            Some(dir) => dir.to_owned(),
            None => std::env::temp_dir().join(format!("afwd-torture-{}", process::id())),
        };
        fs::create_dir_all(&dir).with_context(|| format!("can't make {}", dir.display()))?;
        let empty = fs::read_dir(&dir)?.next().is_none();
        anyhow::ensure!(
            empty,
            "{} is not empty: harm is only done in a directory with nothing in it",
            dir.display()
        );
        Ok(Self(dir.canonicalize()?, own))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.1 {
            // What can't be removed is left in the system's temporary directory.
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}
