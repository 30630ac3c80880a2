//! Everything a server is started with.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::SignedDuration;

use super::sources::SourceConfig;
use crate::clock::Clock;
use crate::objects::S3Config;
use crate::ops::backup::{Key, Location};
use crate::secret::Secret;
use crate::web;

/// What to serve.
#[derive(Clone)]
pub struct Config {
    /// The data directory.
    pub data: PathBuf,
    /// Serve the simulated league in `data/demo`.
    pub demo: bool,
    /// What changes of models must present; without it there are none.
    pub admin_token: Option<Secret>,
    /// The outside sources.
    pub sources: SourceConfig,
    /// Backups made by themselves, where there are any.
    pub backups: Option<Scheduled>,
    /// How requests are logged; `None` when they are not.
    pub access_log: Option<web::LogFormat>,
    /// True when anybody may read the figures.
    pub open_metrics: bool,
    /// How connections are served.
    pub serving: web::Serving,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Backups to make by themselves.
#[derive(Clone, Debug)]
pub struct Scheduled {
    /// Where they go.
    pub place: Location,
    /// How to reach object storage.
    pub s3: S3Config,
    /// Time from one to the next.
    pub every: SignedDuration,
    /// How many stay.
    pub keep: usize,
    /// What they are sealed with.
    pub key: Option<Key>,
}
