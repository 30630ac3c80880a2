//! The parts that keep the data fresh, built in the order of their dependencies.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::runtime::Handle;

use super::store_ports::Stored;
use crate::clock::Clock;
use crate::config::sources::{ChosenSource, SourceSettings};
use crate::domain::Job;
use crate::http::{self, Client, Host};
use crate::ingest::mlb;
use crate::ingest::sources::{Asked, DataSource, MLB};
use crate::jobs::{JobKind, Lane, NewJob, Queue, schedule};
use crate::mail::Mailer;
use crate::pipeline;
use crate::pipeline::daily::{Chain, Landing};
use crate::pipeline::fetch::{Upstream, Upstreams};
use crate::store::Store;
use crate::work;

/// Queue and chain over a store.
pub struct Operation {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) settings: SourceSettings,
    /// The queue; whoever serves works each lane off on a thread of its own.
    pub queue: Arc<Queue>,
}

/// What an [`Operation`] is built over.
pub struct OperationConfig {
    /// The sources as the operator set them.
    pub sources: SourceSettings,
    /// The way to send mail, where there is one.
    pub mailer: Option<Mailer>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Shows what was made.
    pub landing: Arc<dyn Landing>,
    /// Where futures of the outbound client run.
    pub runtime: Handle,
}

impl Operation {
    /// Builds the parts over `store`; `heard` is called with progress and warnings.
    ///
    /// # Errors
    /// When a source's address can't be used.
    pub fn new(
        store: &Store,
        data: &Path,
        config: OperationConfig,
        heard: impl Fn(&Job, &str) + Send + Sync + 'static,
    ) -> anyhow::Result<Self> {
        let settings = config.sources;
        let (clock, runtime) = (config.clock, config.runtime);
        let mut upstreams = Upstreams::default();
        for chosen in settings.chosen().iter().filter(|chosen| is_wanted(chosen)) {
            let upstream = upstream(store, &settings, chosen, Arc::clone(&clock), &runtime)?;
            upstreams.add(chosen.source, upstream);
        }
        let chain = Chain {
            store: store.clone(),
            data: data.to_owned(),
            clock: Arc::clone(&clock),
            upstreams,
            rules: match settings.mlb_small_league {
                true => mlb::Rules::lenient(),
                false => mlb::Rules::default(),
            },
            landing: config.landing,
        };
        let mut kinds = kinds(&chain);
        kinds.extend(config.mailer.map(mails));
        let queue = Queue::new(Arc::new(Stored(store.clone())), Arc::clone(&clock), kinds);
        Ok(Self {
            store: store.clone(),
            clock,
            settings,
            queue: Arc::new(queue.on_progress(heard)),
        })
    }

    /// True when `source` may be asked: its terms are accepted, in the settings or on
    /// the command line once, or it is turned on.
    ///
    /// # Errors
    /// When the store fails.
    pub fn may_ask(&self, source: &'static DataSource) -> anyhow::Result<bool> {
        let on = self.settings.of(source).on;
        Ok(match source.asked {
            Asked::WhenTurnedOn(_) => on,
            Asked::OnceAccepted(_) => {
                let state = self.store.read(|tx| tx.source(source.name))?;
                on || state.terms_accepted.is_some()
            }
        })
    }

    /// Adds what is due by the clock: the day's run, the week's training.
    ///
    /// # Errors
    /// When the store fails.
    pub fn tick(&self) -> anyhow::Result<()> {
        if !self.settings.daily || !self.may_ask(&MLB)? {
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
        self.ask(work::DAILY, &payload)
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
        self.ask(work::BACKFILL, payload)
    }

    fn ask(&self, name: &str, payload: &impl serde::Serialize) -> anyhow::Result<Job> {
        let new = NewJob {
            name,
            key: "",
            payload,
            due: self.clock.now(),
        };
        self.queue
            .add(&new)?
            .context("a job without a key is always added")
    }

    fn terms(&self) -> anyhow::Result<()> {
        let (title, name) = (MLB.title, MLB.name);
        anyhow::ensure!(
            self.may_ask(&MLB)?,
            "the {title} is asked only once its terms are accepted: read them with \
             `afwd sources terms {name}`, then run `afwd sources accept {name}`"
        );
        Ok(())
    }
}

/// True when a way to the source is kept open: terms may yet be accepted, a source
/// that is not turned on is never asked.
fn is_wanted(chosen: &ChosenSource) -> bool {
    chosen.on || chosen.source.terms().is_some()
}

fn upstream(
    store: &Store,
    settings: &SourceSettings,
    chosen: &ChosenSource,
    clock: Arc<dyn Clock>,
    runtime: &Handle,
) -> anyhow::Result<Upstream> {
    let host = Host {
        origin: chosen.url.clone(),
        per_second: chosen.per_second,
        per_day: chosen.source.per_day,
        private: chosen.is_elsewhere(),
    };
    let usual = http::Config::new(&settings.contact, vec![host]);
    let http = http::Config {
        total_timeout: settings.timeout,
        pause: settings.pause,
        attempts: chosen.source.attempts.unwrap_or(usual.attempts),
        ..usual
    };
    let client = Client::new(http, Arc::new(Stored(store.clone())), clock)?;
    Ok(Upstream {
        base: chosen.url.clone(),
        client,
        runtime: runtime.clone(),
    })
}

fn kinds(chain: &Chain) -> Vec<JobKind> {
    let (daily, backfill, training) = (chain.clone(), chain.clone(), chain.clone());
    vec![
        JobKind::new(work::DAILY, move |context| daily.run(context)),
        JobKind::new(work::BACKFILL, move |context| backfill.backfill(context)),
        JobKind::new(work::TRAINING, move |context| training.train(context)),
    ]
}

/// Mails, which never wait for the rest and are forgotten once they are sent.
fn mails(mailer: Mailer) -> JobKind {
    JobKind::new(work::MAIL, move |context| {
        pipeline::mail::send(&mailer, context)
    })
    .in_lane(Lane::Light)
    .tried_again_after(&pipeline::mail::PAUSES)
    .forgets_payloads()
}

/// Shows nothing: for runs beside no server. The next start shows what was made.
#[derive(Clone, Copy, Debug)]
pub struct Unseen;

impl Landing for Unseen {
    fn show(&self) -> anyhow::Result<()> {
        Ok(())
    }
}
