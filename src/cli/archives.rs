//! Options that backup, verify, restore and serve share.

use std::path::PathBuf;

use anyhow::Context;
use jiff::SignedDuration;

use crate::app::Scheduled;
use crate::objects::{Bucket, S3Config};
use crate::ops::backup::{Key, Location, Shelf};
use crate::secret::Secret;

/// What backups are sealed and opened with.
#[derive(clap::Args, Debug, Clone)]
pub(super) struct KeyArgs {
    /// File whose first line is the passphrase of backups
    #[arg(
        long,
        env = "AFWD_BACKUP_PASSPHRASE_FILE",
        value_name = "FILE",
        conflicts_with = "key_file"
    )]
    passphrase_file: Option<PathBuf>,
    /// Key file of backups (an age identity; `afwd backup --new-key-file` makes one)
    #[arg(long, env = "AFWD_BACKUP_KEY_FILE", value_name = "FILE")]
    key_file: Option<PathBuf>,
}

impl KeyArgs {
    pub(super) fn key(&self) -> anyhow::Result<Option<Key>> {
        Ok(match (&self.passphrase_file, &self.key_file) {
            (Some(path), _) => Some(Key::from_passphrase_file(path)?),
            (None, Some(path)) => Some(Key::from_key_file(path)?),
            (None, None) => None,
        })
    }
}

/// How to reach S3-compatible object storage.
#[derive(clap::Args, Debug, Clone)]
#[command(next_help_heading = "Object storage (s3://BUCKET/PREFIX/)")]
pub(super) struct S3Args {
    /// Address of the service, when it is not Amazon's
    #[arg(long, env = "AFWD_S3_ENDPOINT", value_name = "URL")]
    s3_endpoint: Option<String>,
    /// Region [default: us-east-1]
    #[arg(long, env = "AFWD_S3_REGION", value_name = "REGION")]
    s3_region: Option<String>,
    /// Access key id
    #[arg(
        long,
        env = "AFWD_S3_ACCESS_KEY_ID",
        hide_env_values = true,
        value_name = "ID"
    )]
    s3_access_key_id: Option<Secret>,
    /// File with the access key id
    #[arg(long, env = "AFWD_S3_ACCESS_KEY_ID_FILE", value_name = "FILE")]
    s3_access_key_id_file: Option<PathBuf>,
    /// File with the secret access key; AFWD_S3_SECRET_ACCESS_KEY may hold the key itself
    #[arg(long, env = "AFWD_S3_SECRET_ACCESS_KEY_FILE", value_name = "FILE")]
    s3_secret_access_key_file: Option<PathBuf>,
    /// The secret access key, for the environment: others see command lines
    #[arg(
        long,
        env = "AFWD_S3_SECRET_ACCESS_KEY",
        hide_env_values = true,
        hide = true,
        value_name = "KEY"
    )]
    s3_secret_access_key: Option<Secret>,
}

impl S3Args {
    pub(super) fn config(&self) -> anyhow::Result<S3Config> {
        Ok(S3Config {
            endpoint: self.s3_endpoint.clone(),
            region: self.s3_region.clone(),
            access_key_id: given(
                self.s3_access_key_id.clone(),
                self.s3_access_key_id_file.as_ref(),
            )?,
            secret_access_key: given(
                self.s3_secret_access_key.clone(),
                self.s3_secret_access_key_file.as_ref(),
            )?,
        })
    }

    /// The directory that `key` of `bucket` is in, and the name there, which is
    /// `default` when the key names only the directory.
    pub(super) fn bucket(
        &self,
        bucket: &str,
        key: &str,
        default: &str,
    ) -> anyhow::Result<(Bucket, String)> {
        let (prefix, name) = match key.rfind('/') {
            Some(slash) => key.split_at(slash + 1),
            None => ("", key),
        };
        let name = if name.is_empty() { default } else { name };
        let bucket = Bucket::new(&self.config()?, bucket, prefix)?;
        Ok((bucket, name.to_owned()))
    }
}

fn given(value: Option<Secret>, file: Option<&PathBuf>) -> anyhow::Result<Option<Secret>> {
    let Some(path) = file else {
        return Ok(value);
    };
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("can't read the secret in {}", path.display()))?;
    Ok(Some(Secret::new(text.trim())))
}

/// Backups that the server makes by itself.
#[derive(clap::Args, Debug, Clone)]
pub(super) struct ScheduleArgs {
    /// Make backups there by itself: a directory or s3://BUCKET/PREFIX/
    #[arg(long, env = "AFWD_BACKUP_DIR", value_name = "DIR|URL")]
    backup_dir: Option<String>,
    /// Time from one backup to the next
    #[arg(
        long,
        env = "AFWD_BACKUP_EVERY",
        default_value = "24h",
        value_name = "TIME"
    )]
    backup_every: SignedDuration,
    /// How many of them stay
    #[arg(
        long,
        env = "AFWD_BACKUP_KEEP",
        default_value_t = 7,
        value_name = "N",
        value_parser = clap::value_parser!(u16).range(1..)
    )]
    backup_keep: u16,
}

impl ScheduleArgs {
    pub(super) fn config(&self, key: &KeyArgs, s3: &S3Args) -> anyhow::Result<Option<Scheduled>> {
        let Some(dir) = &self.backup_dir else {
            return Ok(None);
        };
        anyhow::ensure!(
            self.backup_every >= SignedDuration::from_mins(1),
            "--backup-every must be at least one minute, such as 24h"
        );
        let scheduled = Scheduled {
            place: Location::parse(dir)?,
            s3: s3.config()?,
            every: self.backup_every,
            keep: self.backup_keep.into(),
            key: key.key()?,
        };
        // A setting that can't work should stop the start, not the first night's backup.
        Shelf::at(&scheduled.place, &scheduled.s3)?;
        Ok(Some(scheduled))
    }
}
