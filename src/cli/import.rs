//! `afwd import`: files of any kind into the store, with what was refused and why.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::civil::Date;

use crate::cli::global::Global;
use crate::cli::output;
use crate::cli::progress::Shown;
use crate::domain::Season;
use crate::ingest::lists::ListOptions;
use crate::ingest::{self, FileKind, FileReport, Options};
use crate::store::{Config, Opening, Store};

/// Imports write big transactions; a larger page cache spares the disk.
const CACHE_BYTES: usize = 96 << 20;

#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Args {
    #[command(subcommand)]
    published: Option<Published>,
    /// What the files hold: milb-hitting, milb-pitching, mlb-seasons, players,
    /// eligibility, scouting, draft or transactions
    #[arg(value_name = "KIND", required = true)]
    kind: Option<FileKind>,
    /// CSV files with a header, plain or gzipped
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Day the facts are true for, where the file has no `as_of` column
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
}

/// Files as publishers give them.
#[derive(clap::Subcommand, Debug)]
enum Published {
    /// Any publisher's ranking or grades; columns are told by their header
    List(ListArgs),
    /// An export of FanGraphs' The Board, whichever tab
    Board {
        /// The exported CSV file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Day it was published, or exported
        #[arg(long, value_name = "DATE")]
        published: Date,
    },
    /// An export of FanGraphs' minor-league leaders, compared with our own lines
    Leaders {
        /// The exported CSV file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Season of a file without a season column
        #[arg(long, value_name = "YEAR")]
        season: Option<Season>,
        /// Day it was exported
        #[arg(long, value_name = "DATE")]
        published: Date,
    },
}

#[derive(clap::Args, Debug)]
struct ListArgs {
    /// The publisher's CSV file, plain or gzipped
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Publisher, such as baseball_america
    #[arg(long, value_name = "NAME")]
    source: String,
    /// Name of the list, such as top100
    #[arg(long, value_name = "NAME")]
    list: String,
    /// Day it was published, where no column says it
    #[arg(long, value_name = "DATE")]
    published: Option<Date>,
    /// Year the list is for, when it is not the year of publication
    #[arg(long, value_name = "YEAR")]
    year: Option<Season>,
    /// A column whose header is not known, such as name=Spieler; may be repeated
    #[arg(long, value_name = "COLUMN=HEADER", value_parser = pair)]
    map: Vec<(String, String)>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((column, header)) if !column.is_empty() && !header.is_empty() => {
            Ok((column.to_owned(), header.to_owned()))
        }
        _ => Err("expected COLUMN=HEADER, such as name=Player".to_owned()),
    }
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let files = args.files();
    for file in &files {
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
    let mut reports = Vec::new();
    for file in files {
        let progress = Shown::new(file.display().to_string());
        let report = args.import(&store, file, &progress);
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

impl Args {
    fn files(&self) -> Vec<&PathBuf> {
        match &self.published {
            None => self.files.iter().collect(),
            Some(Published::List(ListArgs { file, .. })) => vec![file],
            Some(Published::Board { file, .. } | Published::Leaders { file, .. }) => vec![file],
        }
    }

    fn import(&self, store: &Store, file: &Path, progress: &Shown) -> anyhow::Result<FileReport> {
        let report = match &self.published {
            Some(Published::List(list)) => {
                ingest::lists::import_list(store, file, &list.options())?
            }
            Some(Published::Board { published, .. }) => {
                ingest::lists::import_board(store, file, *published)?
            }
            Some(Published::Leaders {
                season, published, ..
            }) => ingest::leaders::import_leaders(store, file, *season, *published)?,
            None => {
                let kind = self.kind.context("name the kind of the files")?;
                let options = Options { as_of: self.as_of };
                ingest::import(store, kind, file, &options, progress)?
            }
        };
        Ok(report)
    }
}

impl ListArgs {
    fn options(&self) -> ListOptions {
        ListOptions {
            source: self.source.clone(),
            list: self.list.clone(),
            published: self.published,
            year: self.year,
            map: self.map.clone(),
            sample: None,
        }
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
    if report.unmatched + report.left_out > 0 {
        output::line!(
            "  {} unmatched, {} left out",
            report.unmatched,
            report.left_out
        )?;
    }
    print_counted(&report.reasons, "quarantined")?;
    print_counted(&report.left_out_cells, "cells left out")?;
    for note in &report.notes {
        eprintln!("note: {note}");
    }
    Ok(())
}

/// Reasons shown at most; all of them are in the quarantine.
const REASONS: usize = 10;

fn print_counted(reasons: &BTreeMap<String, u64>, what: &str) -> anyhow::Result<()> {
    let mut counted: Vec<_> = reasons.iter().collect();
    counted.sort_by_key(|(reason, count)| (Reverse(**count), *reason));
    for (reason, count) in counted.iter().take(REASONS) {
        output::line!("  {count:>7} {what}: {reason}")?;
    }
    if counted.len() > REASONS {
        let more = counted.len() - REASONS;
        output::line!("          and {more} more reasons: `afwd quarantine` lists every row")?;
    }
    Ok(())
}
