//! `afwd verify`: whether a backup can be restored.

use std::path::Path;

use serde_json::json;

use crate::cli::global::Global;
use crate::cli::output::{self, line};
use crate::cli::restore::Local;
use crate::config::backups::KeySettings;
use crate::config::objects::StorageSettings;
use crate::ops::backup::{Verified, verify};

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Backup to check: a file or s3://BUCKET/KEY
    #[arg(value_name = "FILE|URL")]
    archive: String,
    #[command(flatten)]
    key: KeySettings,
    #[command(flatten)]
    s3: StorageSettings,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let key = args.key.key()?;
    let work = std::env::temp_dir();
    let local = Local::of(&args.archive, &args.s3, &work)?;
    // Beside the archive is room for it unpacked more often than in /tmp.
    let beside = local.path().parent().filter(|dir| is_writable(dir));
    let verified = verify(local.path(), key.as_ref(), beside.unwrap_or(&work))?;
    report(global, &args.archive, &verified)
}

fn is_writable(dir: &Path) -> bool {
    !dir.as_os_str().is_empty()
        && std::fs::metadata(dir).is_ok_and(|meta| !meta.permissions().readonly())
}

fn report(global: &Global, name: &str, verified: &Verified) -> anyhow::Result<()> {
    let manifest = &verified.manifest;
    if global.json {
        return output::print_json(&json!({
            "backup": name,
            "good": true,
            "bytes": verified.bytes,
            "encrypted": verified.sealed,
            "manifest": manifest,
        }));
    }
    line!(
        "{name} is good: {} rows in {} tables and {} model files, made {} by afwd {}{}",
        manifest.rows(),
        manifest.tables.len(),
        manifest.files.len().saturating_sub(1),
        manifest.created,
        manifest.version,
        if verified.sealed { ", encrypted" } else { "" },
    )?;
    Ok(())
}
