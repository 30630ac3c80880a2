//! The command line: one file per verb.
//!
//! Data goes to stdout, messages and progress to stderr, and the exit code is 0
//! only on success: 1 for a failure, 2 for a command line that can't be read, 3 for
//! a store that a newer version wrote. Errors say what to do next; the causes follow,
//! one a line.

mod ablate;
mod alerts;
mod backfill;
mod backtest;
mod backup;
mod challenge;
mod completions;
mod config;
mod digest;
mod doctor;
mod explain;
mod features;
mod global;
mod healthcheck;
mod import;
mod jobs;
mod keys;
mod models;
mod openapi;
mod output;
mod predict;
mod progress;
mod quarantine;
mod refresh;
mod report_card;
mod restore;
mod review;
mod search;
mod seasons;
mod serve;
mod sources;
mod torture;
mod train;
mod tune;
mod user;
mod verify;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::config::Settings;
use crate::store::OpenError;
use global::Global;

/// Exit code for a store that a newer version wrote.
const NEWER: u8 = 3;

/// Exit code for a command line or settings that can't be read.
const UNREADABLE: u8 = 2;

/// Every minor-league prospect ranked, with a calibrated and explained
/// probability of major-league success.
#[derive(Parser, Debug)]
#[command(name = "afwd", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Import CSV files (plain or .gz) into the store
    Import(import::Args),
    /// Ask the sources now and bring the board up to date
    Refresh(refresh::Args),
    /// Fetch past seasons from the MLB Stats API
    Backfill(backfill::Args),
    /// Show the outside sources, and accept their terms
    Sources(sources::Args),
    /// List jobs with their steps
    Jobs(jobs::Args),
    /// List rows that imports refused, with file, line and reason
    Quarantine(quarantine::Args),
    /// Say who people of published lists are, where no rule tells for certain
    Review(review::Args),
    /// Print a content hash over all tables of the store
    Digest,
    /// Export the feature table of a range of seasons as CSV
    Features(features::Args),
    /// Train a model on the outcome windows closed by a season
    Train(train::Args),
    /// Predict every prospect of a season and store the season's board
    Predict(predict::Args),
    /// List, compare, promote, challenge and roll back models; show drift
    Models(models::Args),
    /// Explain one player's probability exactly
    Explain(explain::Args),
    /// Train and score season after season, using only what was known then
    Backtest(backtest::Args),
    /// Measure what each group of features, or published scouting, is worth
    Ablate(ablate::Args),
    /// Score a neural network and its blend with the model season after season
    Challenge(challenge::Args),
    /// Search for better hyper-parameters on early seasons
    Tune(tune::Args),
    /// Put on record what would have been said at the end of past seasons, and
    /// what happened
    ReportCard(report_card::Args),
    /// Find players by name
    Search(search::Args),
    /// Back the store and its models up into one verified file
    Backup(backup::Args),
    /// Check that a backup can be restored
    Verify(verify::Args),
    /// Replace the data by that of a backup
    Restore(restore::Args),
    /// Say what is wrong with the data and its surroundings, and what to run
    Doctor(doctor::Args),
    /// Do harm to a scratch store, and see whether every promise holds
    Torture(torture::Args),
    /// Change accounts: list, add, invite, role, tier, reset, disable, enable, delete
    User(user::Args),
    /// Turn the keys that readers' secrets are sealed with
    Keys(keys::Args),
    /// Serve the pages and the JSON API
    Serve(Box<serve::Args>),
    /// Print the OpenAPI document of the JSON API
    Openapi,
    /// Ask a running server whether it can answer; fails when it can't
    Healthcheck(healthcheck::Args),
    /// Try the ways alerts are sent
    Alerts(alerts::Args),
    /// Show or check the settings, and where each comes from
    Config(config::Args),
    /// Print a script that completes command lines, for a shell
    Completions(completions::Args),
}

/// Reads the settings and the command line, and runs the verb.
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let read = Settings::read(&Cli::command(), &arguments, &|name| std::env::var_os(name));
    let settings = match read {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(UNREADABLE);
        }
    };
    let matches = settings
        .apply(Cli::command())
        .try_get_matches_from(arguments);
    match matches.and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches)) {
        Ok(cli) => run(cli, &settings),
        Err(error) => refuse(&error, &settings),
    }
}

/// Says what is wrong with the command line, and which file is to blame if one is.
fn refuse(error: &clap::Error, settings: &Settings) -> ExitCode {
    // Nobody to tell when it can't be printed.
    let _ = error.print();
    if let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg) {
        let key = argument.trim_start_matches('-');
        let key = key.split([' ', '=']).next().unwrap_or_default();
        if let Some(file) = settings.origin(key) {
            eprintln!("  because: the value comes from {file}");
        }
    }
    let code = u8::try_from(error.exit_code());
    ExitCode::from(code.unwrap_or(UNREADABLE))
}

/// Runs the verb; reports a failure on stderr.
fn run(cli: Cli, settings: &Settings) -> ExitCode {
    match dispatch(cli, settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            for cause in error.chain().skip(1) {
                eprintln!("  because: {cause}");
            }
            match error.downcast_ref() {
                Some(OpenError::Newer { .. }) => ExitCode::from(NEWER),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

fn dispatch(cli: Cli, settings: &Settings) -> anyhow::Result<()> {
    let Cli { global, verb } = cli;
    match verb {
        Verb::Import(args) => import::run(&global, &args),
        Verb::Refresh(args) => refresh::run(&global, &args),
        Verb::Backfill(args) => backfill::run(&global, &args),
        Verb::Sources(args) => sources::run(&global, &args),
        Verb::Jobs(args) => jobs::run(&global, &args),
        Verb::Quarantine(args) => quarantine::run(&global, &args),
        Verb::Review(args) => review::run(&global, &args),
        Verb::Digest => digest::run(&global),
        Verb::Features(args) => features::run(&global, &args),
        Verb::Train(args) => train::run(&global, &args),
        Verb::Predict(args) => predict::run(&global, &args),
        Verb::Models(args) => models::run(&global, &args),
        Verb::Explain(args) => explain::run(&global, &args),
        Verb::Backtest(args) => backtest::run(&global, &args),
        Verb::Ablate(args) => ablate::run(&global, &args),
        Verb::Challenge(args) => challenge::run(&global, &args),
        Verb::Tune(args) => tune::run(&global, &args),
        Verb::ReportCard(args) => report_card::run(&global, &args),
        Verb::Search(args) => search::run(&global, &args),
        Verb::Backup(args) => backup::run(&global, &args),
        Verb::Verify(args) => verify::run(&global, &args),
        Verb::Torture(args) => torture::run(&global, &args),
        Verb::Restore(args) => restore::run(&global, &args),
        Verb::Doctor(args) => doctor::run(&global, settings, &args),
        Verb::User(args) => user::run(&global, &args),
        Verb::Keys(args) => keys::run(&global, &args),
        Verb::Serve(args) => serve::run(&global, settings, &args),
        Verb::Openapi => openapi::run(),
        Verb::Healthcheck(args) => healthcheck::run(&args),
        Verb::Alerts(args) => alerts::run(&global, &args),
        Verb::Config(args) => config::run(&global, settings, Cli::command(), &args),
        Verb::Completions(args) => completions::run(Cli::command(), &args),
    }
}

/// A reader such as `head` that has seen enough is no failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
