//! The composition root: builds every part in the order of their dependencies,
//! and serves until told to stop.

mod backups;
pub mod doctor;
mod job_thread;
mod store_ports;
mod champion;
mod monitor;
pub mod search_index;
pub mod sources;
mod data_quality;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use anyhow::Context;
use jiff::civil::Date;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::domain::{
    Attribution, Comparable, Grade, History, Prediction, ProspectId, Role, Season, SnapshotId,
    Transaction, Verdict,
};
use crate::jobs::schedule;
use crate::ml::{self, Model};
use crate::ops;
use crate::ops::alerts::Sink;
use crate::pipeline;
use crate::rankings::models::Models as _;
use crate::rankings::view::{BacktestRow, FeatureDoc, ModelCardView, RoleCardView};
use crate::rankings::{BoardData, Catalog, FeatureSet, Predictor, Source, SourceError, Sources};
use crate::search::SearchIndex;
use crate::simulate::Settings;
use crate::store::{self, Opening, Store};
use crate::web;
use crate::web::arms::{Arm, ArmCounters};
use backups::Backups;
pub use backups::Scheduled;
use job_thread::Freshness;
use champion::Live;
use monitor::Watched;
use search_index::Names;
use sources::SourceConfig;

/// Memory for rendered responses and their compressed forms.
const RESPONSE_CACHE_BYTES: u64 = 32 << 20;

/// How often counts of a challenge's readers go to the store.
const COUNTS_KEPT_EVERY: Duration = Duration::from_secs(60);

/// How long the log may take for its last lines.
const LOG_PATIENCE: Duration = Duration::from_secs(1);

/// What to serve.
#[derive(Clone)]
pub struct Config {
    /// The data directory.
    pub data: PathBuf,
    /// Serve the simulated league in `data/demo`.
    pub demo: bool,
    /// What changes of models must present; without it there are none.
    pub admin_token: Option<String>,
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

/// Serves on `listener` until `stop` is cancelled; alerts go to `sinks`.
///
/// # Errors
/// When a part can't be built, or the listener fails.
pub async fn serve(
    config: Config,
    sinks: Vec<Box<dyn Sink>>,
    listener: TcpListener,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let started = config.clock.now();
    let prepared = config.clone();
    let live = tokio::task::spawn_blocking(move || prepare(&prepared)).await??;
    let fresh = (!config.demo)
        .then(|| Freshness::start(&config, Arc::clone(&live)))
        .transpose()?;
    let backups = Backups::start(&config, &live)?;
    let access_log = config
        .access_log
        .map(|format| web::AccessLog::start(Arc::clone(&config.clock), format));
    let mut state = state(&config, &live, &stop).with_access_log(access_log.clone());
    if let Some(fresh) = &fresh {
        state = state.with_operation(Arc::clone(&fresh.operation));
    }
    let watched = Arc::new(Watched {
        live: Arc::clone(&live),
        operation: fresh.as_ref().map(|fresh| Arc::clone(&fresh.operation)),
        backups: backups.watch(),
        connections: Arc::clone(&config.serving.connections),
        traffic: Arc::clone(&state.traffic),
        clock: Arc::clone(&config.clock),
        started,
        alerts: OnceLock::new(),
    });
    let alerts = monitor::alert(&watched, sinks)?;
    let counting = tokio::spawn(keep_counts(live, Arc::clone(&state.arms), stop.clone()));
    if let Some(tls) = &config.serving.tls {
        tokio::spawn(Arc::clone(tls).follow(stop.clone()));
    }
    let router = web::router(state.with_monitor(watched, config.open_metrics));
    tracing::info!("ready");
    ops::supervision::ready();
    let served = web::serve(listener, router, stop.clone(), config.serving.clone()).await;
    stop.cancel();
    tokio::task::spawn_blocking(move || {
        if let Some(fresh) = fresh {
            fresh.stop();
        }
        backups.stop();
        alerts.stop();
    })
    .await?;
    counting.await?;
    if let Some(log) = access_log {
        let flushed = tokio::task::spawn_blocking(move || log.flush());
        // Whoever reads the log may have gone; nothing is lost but its last lines.
        let _ = tokio::time::timeout(LOG_PATIENCE, flushed).await;
    }
    served.context("the server failed")
}

/// What handlers share.
fn state(config: &Config, live: &Arc<Live>, stop: &CancellationToken) -> web::AppState {
    let champion = Arc::clone(&live.champion);
    web::AppState::new(champion, RESPONSE_CACHE_BYTES, stop.clone())
        .with_models(
            Arc::clone(live) as Arc<dyn crate::rankings::models::Models>,
            Arc::clone(&live.challenger),
            config.admin_token.clone(),
        )
        .by_https(config.serving.tls.is_some())
}

/// Keeps what readers of a challenge did, every minute and at the end.
async fn keep_counts(live: Arc<Live>, counters: Arc<ArmCounters>, stop: CancellationToken) {
    loop {
        let stopped = tokio::select! {
            () = stop.cancelled() => true,
            () = tokio::time::sleep(COUNTS_KEPT_EVERY) => false,
        };
        let (live, counters) = (Arc::clone(&live), Arc::clone(&counters));
        let kept = tokio::task::spawn_blocking(move || {
            let running = live.running();
            for arm in [Arm::Champion, Arm::Challenger] {
                let (views, opens) = counters.take(arm);
                let Some(running) = running.as_ref().filter(|_| views + opens > 0) else {
                    continue;
                };
                if let Err(error) = live.count(&running.name, arm.as_str(), views, opens) {
                    tracing::error!(?error, "readers of the challenge were not counted");
                }
            }
        });
        if kept.await.is_err() || stopped {
            return;
        }
    }
}

/// Opens the data, brings the newest board up to date and loads it.
fn prepare(config: &Config) -> anyhow::Result<Arc<Live>> {
    let data = if config.demo {
        config.data.join("demo")
    } else {
        config.data.clone()
    };
    ops::backup::recover(&data)?;
    let store = Store::open(&store::Config::new(&data), Opening::CreateIfAbsent)?;
    if config.demo {
        pipeline::demo::load(&store, &Settings::default())?;
    }
    let newest = pipeline::board::newest_season(&store)?;
    let mut say = |step: &str| tracing::info!("{step}");
    match newest {
        Some(season) if config.demo => {
            // The demo shows past seasons too; a simulated league is quick to predict.
            for season in (Settings::default().first_season.0..=season.0).map(Season) {
                pipeline::board::ensure(&store, &data, season, &*config.clock, &mut say)?;
                // A simulated league has no days: the ends of its seasons stand in.
                pipeline::days::keep_season(&store, season, season.last_day())?;
            }
        }
        Some(season) => {
            pipeline::board::ensure(&store, &data, season, &*config.clock, &mut say)?;
            let today = schedule::day(config.clock.now(), &schedule::new_york()?);
            pipeline::days::keep_season(&store, season, today)?;
        }
        None => tracing::warn!("no season imported yet: run `afwd import milb-hitting FILE...`"),
    }
    pipeline::model::report_damaged(&data, &mut |step| tracing::warn!("{step}"))?;
    let names = Arc::new(Names::open(&store, &data)?);
    let mut sources = sources(&store, &data, Arc::clone(&names))?;
    let champion = Arc::new(Catalog::new(sources.clone()));
    sources.stored = Arc::new(Stored {
        store: store.clone(),
        of: Arm::Challenger,
    });
    let live = Live {
        challenger: Arc::new(Catalog::new(sources).on_trial()),
        champion,
        running: RwLock::default(),
        clock: Arc::clone(&config.clock),
        names,
        store,
        data,
    };
    live.show()?;
    let live = Arc::new(live);
    if config.demo {
        put_on_record(live.store.clone(), Arc::clone(&live))?;
    }
    Ok(live)
}

/// The facts of the model that predicts the newest season.
fn newest_card(store: &Store, data: &Path) -> anyhow::Result<Option<ModelCardView>> {
    let newest = pipeline::board::newest_season(store)?.unwrap_or(Season(u16::MAX));
    let model = pipeline::model::existing(store, data, newest)?;
    Ok(model.as_ref().map(card))
}

/// Makes the demo's report card in the background: it trains several models, and
/// pages need not wait. A thread of its own, so that stopping does not wait either.
fn put_on_record(store: Store, live: Arc<Live>) -> anyhow::Result<()> {
    let work = move || {
        let made = pipeline::report::ensure_demo(&store, &mut |step| tracing::debug!("{step}"));
        let shown = made.and_then(|made| if made { live.show() } else { Ok(()) });
        if let Err(error) = shown {
            tracing::error!("the report card could not be made: {error:#}");
        }
    };
    let thread = std::thread::Builder::new().name("report-card".into());
    thread
        .spawn(work)
        .context("no thread for the report card")?;
    Ok(())
}

/// Makes restored data ready to be served: its store is opened, which brings it up
/// to date, and its index built.
///
/// # Errors
/// When the store can't be opened or the index not written.
pub fn make_ready(data: &Path) -> anyhow::Result<()> {
    let store = Store::open(&store::Config::new(data), Opening::MustExist)?;
    search_index(&store, data).map(drop)
}

/// The read model over a store, without a board loaded yet.
///
/// # Errors
/// When store, model or index can't be read.
pub fn catalog(store: &Store, data: &Path) -> anyhow::Result<Catalog> {
    let names = Arc::new(Names::followed(store, data)?);
    Ok(Catalog::new(sources(store, data, names)?))
}

fn sources(store: &Store, data: &Path, names: Arc<Names>) -> anyhow::Result<Sources> {
    let newest = pipeline::board::newest_season(store)?.unwrap_or(Season(u16::MAX));
    let model = match pipeline::model::existing(store, data, newest)? {
        Some(model) => model,
        None => Model::embedded()?,
    };
    Ok(Sources {
        stored: Arc::new(Stored {
            store: store.clone(),
            of: Arm::Champion,
        }),
        names,
        card: card(&model),
        predictor: Arc::new(Models::new(model, data)),
        features: FeatureSet::defined(),
    })
}

/// The index of names of `data`, rebuilt first when it lags behind the store.
///
/// # Errors
/// When the store can't be read or no index can be made.
pub fn search_index(store: &Store, data: &Path) -> anyhow::Result<SearchIndex> {
    Ok(Names::followed(store, data)?.index())
}

/// Store tables as the read model asks for them.
struct Stored {
    store: Store,
    /// Whose boards are shown: a challenger's are the champion's of seasons it has
    /// none of.
    of: Arm,
}

impl Source for Stored {
    fn seasons(&self) -> Result<Vec<Season>, SourceError> {
        let boards = self.store.read(|tx| tx.boards())?;
        Ok(boards.into_iter().map(|board| board.season).collect())
    }

    fn board(&self, season: Season) -> Result<Option<BoardData>, SourceError> {
        let own = match self.of {
            Arm::Champion => None,
            Arm::Challenger => self.store.read(|tx| tx.challenger_board(season))?,
        };
        let stored = match own {
            Some(own) => Some(own),
            None => self.store.read(|tx| tx.board(season))?,
        };
        Ok(stored.map(|stored| stored.board))
    }

    fn days(&self) -> Result<Vec<Date>, SourceError> {
        let kept = self.store.read(|tx| tx.day_boards())?;
        Ok(kept.into_iter().map(|(day, _)| day).collect())
    }

    fn day_board(&self, day: Date) -> Result<Option<BoardData>, SourceError> {
        Ok(pipeline::days::board(&self.store, day)?)
    }

    fn transactions(
        &self,
        from: Date,
        to: Date,
    ) -> Result<Vec<(ProspectId, Transaction)>, SourceError> {
        Ok(self.store.read(|tx| tx.transactions_between(from, to))?)
    }

    fn history(&self, id: ProspectId) -> Result<Option<History>, SourceError> {
        Ok(self.store.read(|tx| tx.history(id))?)
    }

    fn name(&self, id: ProspectId) -> Result<Option<String>, SourceError> {
        Ok(self.store.read(|tx| tx.prospect(id))?.map(|p| p.name))
    }

    fn comparables(&self, at: SnapshotId) -> Result<Vec<Comparable>, SourceError> {
        Ok(self.store.read(|tx| tx.comparables(at))?)
    }

    fn verdicts(&self) -> Result<Vec<Verdict>, SourceError> {
        Ok(self.store.read(|tx| tx.verdicts())?)
    }

    fn verdicts_of(&self, id: ProspectId) -> Result<Vec<Verdict>, SourceError> {
        Ok(self.store.read(|tx| tx.verdicts_of(id))?)
    }

    fn overall_ranks(&self) -> Result<Vec<(ProspectId, Grade)>, SourceError> {
        Ok(self.store.read(|tx| tx.overall_ranks())?)
    }
}

/// The models that made the boards, loaded as they are asked for.
struct Models {
    data: PathBuf,
    loaded: Mutex<Vec<Arc<Model>>>,
}

impl Models {
    fn new(newest: Model, data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            loaded: Mutex::new(vec![Arc::new(newest)]),
        }
    }

    fn model(&self, id: &str) -> anyhow::Result<Arc<Model>> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(model) = loaded.iter().find(|model| model.id() == id) {
            return Ok(Arc::clone(model));
        }
        let embedded = Model::embedded()?;
        let model = if embedded.id() == id {
            embedded
        } else {
            Model::load(&pipeline::models_dir(&self.data).join(id))?
        };
        loaded.push(Arc::new(model));
        Ok(Arc::clone(&loaded[loaded.len() - 1]))
    }
}

impl Predictor for Models {
    fn predict(
        &self,
        model_id: &str,
        role: Role,
        features: &[f32],
        evaluated: bool,
    ) -> Result<(Prediction, Attribution), SourceError> {
        let model = self.model(model_id)?;
        Ok((
            model.predict_row(role, features, evaluated)?,
            model.explain(role, features)?,
        ))
    }
}

fn card(model: &Model) -> ModelCardView {
    let card = model.card();
    ModelCardView {
        model: card.id.clone(),
        trained_until: card.trained_until,
        seed: card.seed,
        data_hash: card.data_hash.clone(),
        feature_schema: card
            .roles
            .iter()
            .map(|role| role.feature_schema.as_str())
            .collect::<Vec<_>>()
            .join("-"),
        roles: card.roles.iter().map(role_card).collect(),
        validation: card.validation.clone(),
        backtest: card
            .backtest
            .iter()
            .filter(|row| row.confidence.is_none())
            .map(backtest_row)
            .collect(),
        features: Role::ALL
            .iter()
            .flat_map(|&role| feature_docs(role))
            .collect(),
    }
}

fn role_card(role: &ml::RoleCard) -> RoleCardView {
    RoleCardView {
        role: role.role.to_string(),
        first_season: role.first_season,
        last_season: role.last_season,
        snapshots: role.snapshots,
        base_rate: role.base_rate,
    }
}

fn backtest_row(row: &ml::evaluate::Figures) -> BacktestRow {
    BacktestRow {
        season: row.season.map_or(0, |season| season.0),
        role: row.role.map_or("both".to_owned(), |role| role.to_string()),
        n: row.n,
        base_rate: row.base_rate,
        majority: row.majority,
        auc: row.auc,
        brier_skill: row.brier_skill,
        log_loss: row.log_loss,
        ece: row.ece,
        observed_to_expected: row.observed_to_expected,
        precision_at_100: row.precision_at_100,
    }
}

fn feature_docs(role: Role) -> impl Iterator<Item = FeatureDoc> {
    ml::definitions(role).iter().map(move |def| FeatureDoc {
        name: def.name.to_owned(),
        label: def.label.to_owned(),
        role: role.to_string(),
        group: def.group.to_string(),
        unit: def.unit.to_owned(),
        doc: def.doc.to_owned(),
    })
}
