//! `afwd backup`: one verified archive, from the store itself or the server that has it.

use std::path::{Path, PathBuf};
use std::time::Instant;

use parking_lot::Mutex;
use serde_json::json;

use crate::cli::global::Global;
use crate::cli::output::{self, line};
use crate::config::backups::KeySettings;
use crate::config::objects::StorageSettings;
use crate::ops::backup::{
    BackupJob, BackupStep, Key, Location, Made, Origin, connect, name_of, recover,
};
use crate::store::{self, OpenError, Opening, Store};

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// File to make, a directory to make it in, s3://BUCKET/KEY, or - for stdout
    #[arg(value_name = "FILE", required_unless_present = "new_key_file")]
    target: Option<String>,
    /// Make a key file for encrypted backups, and nothing else
    #[arg(long, value_name = "FILE", conflicts_with = "target")]
    new_key_file: Option<PathBuf>,
    #[command(flatten)]
    key: KeySettings,
    #[command(flatten)]
    s3: StorageSettings,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    if let Some(path) = &args.new_key_file {
        Key::make_file(path)?;
        eprintln!(
            "made {}: keep a copy elsewhere, for backups can't be opened without it",
            path.display()
        );
        return Ok(());
    }
    let place = Location::parse(args.target.as_deref().unwrap_or("-"))?;
    let key = args.key.key()?;
    let started = Instant::now();
    let made = back_up(global, &place, key.as_ref(), &args.s3)?;
    report(global, &place, &made, started)
}

fn back_up(
    global: &Global,
    place: &Location,
    key: Option<&Key>,
    s3: &StorageSettings,
) -> anyhow::Result<Made> {
    recover(&global.data)?;
    let store = match Store::open(&store::Config::new(&global.data), Opening::MustExist) {
        Ok(store) => Some(store),
        Err(OpenError::AlreadyOpen(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let job = BackupJob {
        origin: match &store {
            Some(store) => Origin::Store(store),
            None => Origin::Server(Mutex::new(connect(&global.data)?)),
        },
        data: &global.data,
        key,
        now: global.clock().now(),
        watch: &say,
    };
    let default = name_of(job.now, key.is_some());
    Ok(match place {
        Location::Stream => job.to_stream(&mut std::io::stdout().lock())?,
        Location::Path(path) => job.to_file(&in_directory(path, &default))?,
        Location::S3 { bucket, key } => {
            let (bucket, name) = s3.bucket(bucket, key, &default)?;
            job.to_bucket(&bucket, &name)?
        }
    })
}

/// `path`, or `name` in it when it is a directory.
fn in_directory(path: &Path, name: &str) -> PathBuf {
    if path.is_dir() {
        path.join(name)
    } else {
        path.to_owned()
    }
}

/// What a step means, for a person who waits.
pub(super) fn say(step: BackupStep) {
    let text = match step {
        BackupStep::Copied => "the store is copied",
        BackupStep::Archived => "the archive is written; reading it back",
        BackupStep::Verified => "the archive is verified",
        BackupStep::Unpacked => "the archive is unpacked; checking every page and row",
        BackupStep::Checked => "everything agrees with the manifest",
        BackupStep::Prepared => "the search index is made",
        BackupStep::Swapped => "the data is replaced",
        BackupStep::Named | BackupStep::Decided | BackupStep::MovedOut | BackupStep::MovedIn => {
            return;
        }
    };
    eprintln!("{text}");
}

fn report(global: &Global, place: &Location, made: &Made, started: Instant) -> anyhow::Result<()> {
    let seconds = started.elapsed().as_secs_f64();
    let manifest = &made.verified.manifest;
    let text = format!(
        "{}: {} rows in {} tables, {} MB{}, made and verified in {seconds:.1} s",
        made.name,
        manifest.rows(),
        manifest.tables.len(),
        made.verified.bytes >> 20,
        if made.verified.sealed {
            ", encrypted"
        } else {
            ""
        },
    );
    if *place == Location::Stream {
        eprintln!("{text}");
    } else if global.json {
        output::print_json(&json!({
            "backup": made.name,
            "bytes": made.verified.bytes,
            "encrypted": made.verified.sealed,
            "seconds": seconds,
            "manifest": manifest,
        }))?;
    } else {
        line!("{text}")?;
    }
    Ok(())
}
