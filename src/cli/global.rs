//! Options that every verb takes.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use crate::clock::{Clock, ShiftedClock, SystemClock};
use crate::ops::backup;
use crate::store::{self, Opening, Store};

/// Options every verb takes.
#[derive(clap::Args, Debug, Clone)]
pub(super) struct Global {
    /// Directory that holds the store, the search index and trained models
    #[arg(
        long,
        global = true,
        env = "AFWD_DATA",
        default_value = "./afwd-data",
        value_name = "DIR"
    )]
    pub(super) data: PathBuf,
    /// Configuration file [default: DIR/afwd.toml, where there is one]
    #[arg(long, global = true, env = "AFWD_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print machine-readable JSON on stdout
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// Take this for the current time, as tests and demonstrations need it
    #[arg(
        long,
        global = true,
        env = "AFWD_NOW",
        value_name = "TIME",
        hide = true
    )]
    now: Option<Timestamp>,
}

impl Global {
    /// The clock of the run.
    pub(super) fn clock(&self) -> Arc<dyn Clock> {
        match self.now {
            Some(now) => Arc::new(ShiftedClock::set_to(now)),
            None => Arc::new(SystemClock),
        }
    }

    /// Opens a store that must already hold data.
    pub(super) fn open_store(&self) -> anyhow::Result<Store> {
        self.open(Opening::MustExist)
    }

    /// Opens the store, after what an interrupted restore left is finished.
    pub(super) fn open(&self, opening: Opening) -> anyhow::Result<Store> {
        backup::recover(&self.data)?;
        Ok(Store::open(&store::Config::new(&self.data), opening)?)
    }
}
