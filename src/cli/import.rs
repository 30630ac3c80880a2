use std::path::PathBuf;

use jiff::civil::Date;

use crate::cli::Global;
use crate::cli::output;
use crate::cli::progress::Shown;
use crate::ingest::{self, FileReport, Kind, Options};
use crate::store::{Config, Opening, Store};

/// Imports write big transactions; a larger page cache spares the disk.
const CACHE_BYTES: usize = 96 << 20;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// What the files hold: milb-hitting, milb-pitching, mlb-seasons, players,
    /// eligibility, scouting or draft
    #[arg(value_name = "KIND")]
    kind: Kind,
    /// CSV files with a header, plain or gzipped
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Day the facts are true for, where the file has no `as_of` column
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    for file in &args.files {
        anyhow::ensure!(
            file.exists(),
            "{} does not exist: nothing was imported",
            file.display()
        );
    }
    let config = Config {
        cache_bytes: CACHE_BYTES,
        ..Config::new(&global.data)
    };
    let store = Store::open(&config, Opening::CreateIfAbsent)?;
    let options = Options { as_of: args.as_of };
    let mut reports = Vec::new();
    for file in &args.files {
        let progress = Shown::new(file.display().to_string());
        let report = ingest::import(&store, args.kind, file, &options, &progress);
        progress.finish();
        let report = report?;
        if !global.json {
            print(&report)?;
        }
        reports.push(report);
    }
    if global.json {
        output::print_json(&reports)
    } else {
        Ok(())
    }
}

fn print(report: &FileReport) -> anyhow::Result<()> {
    output::line!(
        "{}: {} rows: {} added, {} updated, {} unchanged, {} duplicates, {} quarantined",
        report.file,
        report.rows,
        report.added,
        report.updated,
        report.unchanged,
        report.duplicates,
        report.quarantined
    )?;
    for (reason, count) in report.reasons.iter().take(10) {
        output::line!("  {count:>7} quarantined: {reason}")?;
    }
    for note in &report.notes {
        eprintln!("note: {note}");
    }
    Ok(())
}
