//! `afwd restore`, and the restore with which an empty server may begin.

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::json;

use crate::app;
use crate::cli::backup::say;
use crate::cli::global::Global;
use crate::cli::output::{self, line};
use crate::config::backups::KeySettings;
use crate::config::objects::StorageSettings;
use crate::data_dir::STORE;
use crate::ops::backup::{Key, LocalCopy, Location, Restore, RestorePlan, Restored, recover};

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Backup to restore: a file or s3://BUCKET/KEY
    #[arg(value_name = "FILE|URL")]
    archive: String,
    /// Check the archive and say what would be done, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Replace the data even when it is that of another store
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    key: KeySettings,
    #[command(flatten)]
    s3: StorageSettings,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let key = args.key.key()?;
    let local = Local::of(&args.archive, &args.s3, &nearest(&global.data))?;
    let restore = restore(global, key.as_ref(), args.force);
    if args.dry_run {
        let plan = restore.rehearse(local.path())?;
        if global.json {
            return output::print_json(&json!({ "dry_run": true, "plan": plan }));
        }
        show(&plan, &args.archive);
        line!("nothing was changed")?;
        return Ok(());
    }
    show(&restore.plan(local.path())?, &args.archive);
    let started = Instant::now();
    let restored = restore.perform(local.path())?;
    report(global, &restored, started)
}

/// Restores `from` when the data directory holds no store; else leaves it alone.
pub(super) fn into_empty(
    global: &Global,
    from: &str,
    key: &KeySettings,
    s3: &StorageSettings,
) -> anyhow::Result<()> {
    recover(&global.data)?;
    if global.data.join(STORE).exists() {
        tracing::info!(
            "{} holds a store already: {from} was not restored",
            global.data.display()
        );
        return Ok(());
    }
    let key = key.key()?;
    let local = Local::of(from, s3, &nearest(&global.data))?;
    let restored = restore(global, key.as_ref(), false).perform(local.path())?;
    tracing::info!(
        rows = restored.manifest.rows(),
        "restored {from}, made {}",
        restored.manifest.created
    );
    Ok(())
}

fn restore<'a>(global: &'a Global, key: Option<&'a Key>, force: bool) -> Restore<'a> {
    Restore {
        data: &global.data,
        key,
        force,
        now: global.clock().now(),
        prepare: &app::make_ready,
        watch: &say,
    }
}

/// An archive as a local file, fetched when it is elsewhere.
pub(super) enum Local {
    /// It is one.
    File(PathBuf),
    /// It was fetched, and goes with this value.
    Fetched(LocalCopy),
}

impl Local {
    /// The archive called `text`; fetched to `dir` if need be.
    pub(super) fn of(text: &str, s3: &StorageSettings, dir: &Path) -> anyhow::Result<Self> {
        match Location::parse(text)? {
            Location::Path(path) => Ok(Self::File(path)),
            Location::Stream => anyhow::bail!(
                "a backup is read more than once: save it to a file and give its path"
            ),
            Location::S3 { bucket, key } => {
                let (bucket, name) = s3.bucket(&bucket, &key, "")?;
                anyhow::ensure!(
                    !name.is_empty(),
                    "{text} names no backup: write s3://BUCKET/PREFIX/NAME.tar.zst"
                );
                Ok(Self::Fetched(LocalCopy::fetch(&bucket, &name, dir)?))
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        match self {
            Self::File(path) => path,
            Self::Fetched(copy) => copy.path(),
        }
    }
}

/// The nearest directory above `path` that exists.
fn nearest(path: &Path) -> PathBuf {
    let existing = path.ancestors().find(|path| path.is_dir());
    existing.unwrap_or(Path::new(".")).to_owned()
}

fn show(plan: &RestorePlan, name: &str) {
    let manifest = &plan.manifest;
    eprintln!(
        "{name}: {} rows in {} tables, made {} by afwd {}",
        manifest.rows(),
        manifest.tables.len(),
        manifest.created,
        manifest.version
    );
    match (&plan.replaces, plan.keeps_previous) {
        (Some(there), _) => eprintln!(
            "replaces the store in {} ({} changes; the backup has {}), which is kept until the next healthy start",
            plan.data.display(),
            there.changes,
            manifest.identity.changes
        ),
        (None, true) => eprintln!(
            "replaces a store in {} that can't be read, which is kept until the next healthy start",
            plan.data.display()
        ),
        (None, false) => eprintln!("makes a new store in {}", plan.data.display()),
    }
}

fn report(global: &Global, restored: &Restored, started: Instant) -> anyhow::Result<()> {
    let seconds = started.elapsed().as_secs_f64();
    if global.json {
        return output::print_json(&json!({
            "restored": restored.manifest,
            "previous": restored.previous,
            "seconds": seconds,
        }));
    }
    let kept = restored.previous.as_ref().map_or_else(String::new, |path| {
        format!(
            "; the old data is in {} until the next healthy start",
            path.display()
        )
    });
    line!(
        "restored {} rows into {} in {seconds:.1} s{kept}",
        restored.manifest.rows(),
        global.data.display()
    )?;
    Ok(())
}
