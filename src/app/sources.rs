//! The parts that keep the data fresh, built in the order of their dependencies.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::runtime::Handle;

use super::store_ports::Stored;
use crate::clock::Clock;
use crate::domain::Job;
use crate::http::{self, Client, Host};
use crate::ingest::mlb;
use crate::jobs::{Kind, NewJob, Queue, schedule};
use crate::pipeline::daily::{Chain, Landing, MLB};
use crate::pipeline::fetch::Upstream;
use crate::store::Store;
use crate::work;

/// Address of the MLB Stats API.
pub const MLB_URL: &str = "https://statsapi.mlb.com";
/// Requests a day that the MLB Stats API is asked at most.
pub const MLB_BUDGET: u32 = 1000;
/// Address of FanGraphs.
pub const FANGRAPHS_URL: &str = "https://www.fangraphs.com";
/// Requests a day that FanGraphs is asked at most.
pub const FANGRAPHS_BUDGET: u32 = 60;
/// Requests a second to FanGraphs, its limit.
const FANGRAPHS_PER_SECOND: f64 = 1.0;

/// The outside sources as the operator set them.
#[derive(Clone, Debug)]
pub struct SourceConfig {
    /// Scheme, host and port of the MLB Stats API or a mirror of it.
    pub mlb_url: String,
    /// Requests a second to it.
    pub mlb_per_second: f64,
    /// True when the source may hold fewer clubs than baseball has.
    pub mlb_small: bool,
    /// Longest time for an attempt to ask it.
    pub timeout: Duration,
    /// First pause before asking again after a failure.
    pub pause: Duration,
    /// Mail address or URL in the user agent.
    pub contact: String,
    /// True when the daily chain runs by itself.
    pub daily: bool,
    /// True when the operator has accepted the terms of the MLB Stats API in the
    /// settings, and not on the command line once.
    pub mlb_terms: bool,
    /// True when FanGraphs is asked for its leaders.
    pub fangraphs: bool,
    /// Scheme, host and port of FanGraphs or a stand-in.
    pub fangraphs_url: String,
}

impl Default for SourceConfig {
    fn default() -> Self {
        Self {
            mlb_url: MLB_URL.to_owned(),
            mlb_per_second: 1.0,
            mlb_small: false,
            timeout: Duration::from_secs(60),
            pause: Duration::from_millis(500),
            contact: String::new(),
            daily: true,
            mlb_terms: false,
            fangraphs: false,
            fangraphs_url: FANGRAPHS_URL.to_owned(),
        }
    }
}

/// Queue and chain over a store.
pub struct Operation {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) config: SourceConfig,
    /// The queue; whoever serves works it off on a thread of its own.
    pub queue: Arc<Queue>,
}

impl Operation {
    /// Builds the parts. Futures of the outbound client run on `runtime`.
    ///
    /// # Errors
    /// When a source's address can't be used.
    pub fn new(
        store: &Store,
        data: &Path,
        config: SourceConfig,
        clock: Arc<dyn Clock>,
        landing: Arc<dyn Landing>,
        runtime: Handle,
        heard: impl Fn(&Job, &str) + Send + Sync + 'static,
    ) -> anyhow::Result<Self> {
        let chain = Chain {
            store: store.clone(),
            data: data.to_owned(),
            clock: Arc::clone(&clock),
            mlb: upstream(
                store,
                &config,
                mlb_host(&config),
                Arc::clone(&clock),
                &runtime,
            )?,
            fangraphs: match config.fangraphs {
                true => {
                    let host = fangraphs_host(&config);
                    Some(upstream(
                        store,
                        &config,
                        host,
                        Arc::clone(&clock),
                        &runtime,
                    )?)
                }
                false => None,
            },
            rules: match config.mlb_small {
                true => mlb::Rules::lenient(),
                false => mlb::Rules::default(),
            },
            landing,
        };
        let queue = Queue::new(
            Arc::new(Stored(store.clone())),
            Arc::clone(&clock),
            kinds(&chain),
        );
        let queue = Arc::new(queue.on_progress(heard));
        Ok(Self {
            store: store.clone(),
            clock,
            config,
            queue,
        })
    }

    /// True once the operator has accepted the terms of the MLB Stats API.
    ///
    /// # Errors
    /// When the store fails.
    pub fn may_ask_mlb(&self) -> anyhow::Result<bool> {
        let accepted = self
            .store
            .read(|tx| tx.source(MLB))?
            .terms_accepted
            .is_some();
        Ok(accepted || self.config.mlb_terms)
    }

    /// Adds what is due by the clock: the day's run, the week's training.
    ///
    /// # Errors
    /// When the store fails.
    pub fn tick(&self) -> anyhow::Result<()> {
        if !self.config.daily || !self.may_ask_mlb()? {
            return Ok(());
        }
        let (zone, now) = (schedule::new_york()?, self.clock.now());
        let day = schedule::current_run(now, &zone);
        self.queue.add(&NewJob {
            name: work::DAILY,
            key: &day.to_string(),
            payload: &work::DailyRun {
                day,
                at_once: false,
            },
            due: now,
        })?;
        if let Some(monday) = schedule::current_training(now, &zone) {
            self.queue.add(&NewJob {
                name: work::TRAINING,
                key: &monday.to_string(),
                payload: &work::Training { monday },
                due: now,
            })?;
        }
        Ok(())
    }

    /// Asks for a run of the daily chain now, or hastens the one that is open.
    ///
    /// # Errors
    /// When the terms are not accepted, or the store fails.
    pub fn refresh(&self) -> anyhow::Result<Job> {
        self.terms()?;
        let (zone, now) = (schedule::new_york()?, self.clock.now());
        let payload = work::DailyRun {
            day: schedule::day(now, &zone),
            at_once: true,
        };
        if let Some(open) = self.queue.hasten(work::DAILY, &payload)? {
            return Ok(open);
        }
        let new = NewJob {
            name: work::DAILY,
            key: "",
            payload: &payload,
            due: now,
        };
        self.queue
            .add(&new)?
            .context("a job without a key is always added")
    }

    /// Asks for past seasons, or goes on with the backfill that is open.
    ///
    /// # Errors
    /// When the terms are not accepted, or the store fails.
    pub fn backfill(&self, payload: &work::Backfill) -> anyhow::Result<Job> {
        self.terms()?;
        if let Some(open) = self.queue.resume(work::BACKFILL)? {
            return Ok(open);
        }
        let new = NewJob {
            name: work::BACKFILL,
            key: "",
            payload,
            due: self.clock.now(),
        };
        self.queue
            .add(&new)?
            .context("a job without a key is always added")
    }

    fn terms(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.may_ask_mlb()?,
            "the MLB Stats API is asked only once its terms are accepted: read them with \
             `afwd sources terms mlb`, then run `afwd sources accept mlb`"
        );
        Ok(())
    }
}

fn mlb_host(config: &SourceConfig) -> Host {
    let origin = config.mlb_url.trim_end_matches('/').to_owned();
    Host {
        // Another address than MLB's was named by the operator himself.
        private: origin != MLB_URL,
        origin,
        per_second: config.mlb_per_second,
        per_day: MLB_BUDGET,
    }
}

fn fangraphs_host(config: &SourceConfig) -> Host {
    let origin = config.fangraphs_url.trim_end_matches('/').to_owned();
    Host {
        private: origin != FANGRAPHS_URL,
        origin,
        per_second: FANGRAPHS_PER_SECOND,
        per_day: FANGRAPHS_BUDGET,
    }
}

fn upstream(
    store: &Store,
    config: &SourceConfig,
    host: Host,
    clock: Arc<dyn Clock>,
    runtime: &Handle,
) -> anyhow::Result<Upstream> {
    let base = host.origin.clone();
    let asked_once = host.origin == config.fangraphs_url.trim_end_matches('/');
    let mut http = http::Config {
        total_timeout: config.timeout,
        pause: config.pause,
        ..http::Config::new(&config.contact, vec![host])
    };
    if asked_once {
        // Whoever answers with a page instead of data is not asked again.
        http.attempts = 1;
    }
    let client = Client::new(http, Arc::new(Stored(store.clone())), clock)?;
    Ok(Upstream {
        base,
        client,
        runtime: runtime.clone(),
    })
}

fn kinds(chain: &Chain) -> Vec<Kind> {
    let (daily, backfill, training) = (chain.clone(), chain.clone(), chain.clone());
    vec![
        Kind::new(work::DAILY, move |context| daily.run(context)),
        Kind::new(work::BACKFILL, move |context| backfill.backfill(context)),
        Kind::new(work::TRAINING, move |context| training.train(context)),
    ]
}

/// Shows nothing: for runs beside no server. The next start shows what was made.
#[derive(Clone, Copy, Debug)]
pub struct Unseen;

impl Landing for Unseen {
    fn show(&self) -> anyhow::Result<()> {
        Ok(())
    }
}
