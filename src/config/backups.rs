//! Settings of backups: what they are sealed with, and those made by themselves.

use std::path::PathBuf;

use jiff::SignedDuration;

use super::objects::StorageSettings;
use crate::ops::backup::{Key, Location, Scheduled};

/// What backups are sealed and opened with.
#[derive(clap::Args, Debug, Clone)]
#[command(next_help_heading = "Backups")]
pub struct KeySettings {
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

impl KeySettings {
    /// The key, where there is one.
    ///
    /// # Errors
    /// When its file can't be read or holds none.
    pub fn key(&self) -> anyhow::Result<Option<Key>> {
        Ok(match (&self.passphrase_file, &self.key_file) {
            (Some(path), _) => Some(Key::from_passphrase_file(path)?),
            (None, Some(path)) => Some(Key::from_key_file(path)?),
            (None, None) => None,
        })
    }
}

/// Backups that the server makes by itself.
#[derive(clap::Args, Debug, Clone)]
#[command(next_help_heading = "Backups")]
pub struct BackupSettings {
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

impl BackupSettings {
    /// What is to be made, where a place is set; sealed with `key`.
    ///
    /// # Errors
    /// When a setting can't be read.
    pub fn scheduled(
        &self,
        key: Option<&KeySettings>,
        storage: &StorageSettings,
    ) -> anyhow::Result<Option<Scheduled>> {
        let Some(dir) = &self.backup_dir else {
            return Ok(None);
        };
        anyhow::ensure!(
            self.backup_every >= SignedDuration::from_mins(1),
            "--backup-every must be at least one minute, such as 24h"
        );
        let key = key.map(KeySettings::key).transpose()?;
        Ok(Some(Scheduled {
            location: Location::parse(dir)?,
            s3: storage.config()?,
            every: self.backup_every,
            keep: self.backup_keep.into(),
            key: key.flatten(),
        }))
    }
}
