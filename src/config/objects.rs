//! Settings of object storage.

use std::path::PathBuf;

use anyhow::Context;

use crate::objects::{Bucket, S3Config};
use crate::secret::Secret;

/// How to reach S3-compatible object storage.
#[derive(clap::Args, Debug, Clone)]
#[command(next_help_heading = "Object storage (s3://BUCKET/PREFIX/)")]
pub struct StorageSettings {
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

impl StorageSettings {
    /// How to reach it.
    ///
    /// # Errors
    /// When a file with a key can't be read.
    pub fn config(&self) -> anyhow::Result<S3Config> {
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
    ///
    /// # Errors
    /// As [`Self::config`], and when a setting is missing.
    pub fn bucket(
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
