//! `afwd config`.

use std::ffi::OsString;

use anyhow::Context;
use clap::parser::ValueSource;
use clap::{ArgMatches, Command, FromArgMatches};
use serde::Serialize;

use crate::cli::global::Global;
use crate::cli::{output, serve};
use crate::config::{Settings, flag, sample};
use crate::secret::MASK;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand, Debug)]
enum Verb {
    /// Print every setting of `afwd serve`, its value and where that came from
    Show,
    /// Check the settings of `afwd serve` without starting it
    Check,
    /// Print a configuration file that names every setting, with its default
    Sample,
}

/// A setting as it is shown.
#[derive(Serialize)]
struct Row {
    setting: String,
    variable: String,
    value: Option<String>,
    from: String,
}

pub(super) fn run(
    global: &Global,
    settings: &Settings,
    command: Command,
    args: &Args,
) -> anyhow::Result<()> {
    if matches!(args.verb, Verb::Sample) {
        return print_sample(command);
    }
    let (command, matches) = parsed(settings, command)?;
    match args.verb {
        Verb::Show => show(global, settings, &command, &matches),
        Verb::Check => check(global, settings, &matches),
        Verb::Sample => Ok(()),
    }
}

fn print_sample(mut command: Command) -> anyhow::Result<()> {
    command.build();
    let serve = command.find_subcommand("serve").context("no serve")?;
    std::io::Write::write_all(&mut std::io::stdout(), sample(serve).as_bytes())?;
    Ok(())
}

/// The command line of `serve` with the settings there are.
fn parsed(settings: &Settings, command: Command) -> anyhow::Result<(Command, ArgMatches)> {
    let mut command = settings.apply(command);
    command.build();
    let own: Vec<OsString> = std::env::args_os().collect();
    let mut arguments = vec![OsString::from("afwd"), "serve".into()];
    for key in ["data", "config"] {
        if let Some(value) = flag(&own, key) {
            arguments.extend([format!("--{key}").into(), value]);
        }
    }
    let matches = command.try_get_matches_from_mut(arguments)?;
    let serve = matches.subcommand_matches("serve").cloned();
    Ok((command, serve.context("serve takes no settings")?))
}

fn show(
    global: &Global,
    settings: &Settings,
    command: &Command,
    matches: &ArgMatches,
) -> anyhow::Result<()> {
    let serve = command.find_subcommand("serve").context("no serve")?;
    let rows: Vec<Row> = serve
        .get_arguments()
        .filter_map(|arg| row(settings, arg, matches))
        .collect();
    if global.json {
        return output::print_json(&rows);
    }
    for row in &rows {
        let value = row.value.as_deref().unwrap_or("-");
        output::line!("{:<26} {value:<32} {}", row.setting, row.from)?;
    }
    Ok(())
}

fn row(settings: &Settings, arg: &clap::Arg, matches: &ArgMatches) -> Option<Row> {
    let setting = arg.get_long()?.to_owned();
    let variable = arg.get_env()?.to_str()?.to_owned();
    // For tests and demonstrations; the others that are hidden are settings all the same.
    if setting == "now" {
        return None;
    }
    let id = arg.get_id().as_str();
    let values = matches.get_raw(id).map(|values| {
        let texts: Vec<_> = values.map(|value| value.to_string_lossy()).collect();
        texts.join(",")
    });
    let secret = arg.is_hide_env_values_set();
    let value = values.map(|value| match secret {
        true => MASK.to_owned(),
        false => value,
    });
    let from = match matches.value_source(id) {
        Some(ValueSource::CommandLine) => "command line".to_owned(),
        Some(ValueSource::EnvVariable) => variable.clone(),
        Some(_) => settings
            .given(&variable)
            .map_or("default".to_owned(), |given| given.from.clone()),
        None => "not set".to_owned(),
    };
    Some(Row {
        setting,
        variable,
        value,
        from,
    })
}

fn check(global: &Global, settings: &Settings, matches: &ArgMatches) -> anyhow::Result<()> {
    let unknown = settings.unknown(serve::variables());
    if let Some((name, nearest)) = unknown.into_iter().next() {
        anyhow::bail!("there is no setting {name}; the nearest is {nearest}");
    }
    serve::check(global, &serve::Args::from_arg_matches(matches)?)?;
    Ok(output::line!("the settings can be used")?)
}
