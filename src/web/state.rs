//! What handlers share.

use std::sync::Arc;

use axum::extract::FromRef;
use tokio_util::sync::CancellationToken;

use super::access_log::AccessLog;
use super::experiment::{Arm, ArmCounters};
use super::response_cache::ResponseCache;
use super::jobs::Jobs;
use super::board_events::BoardEvents;
use super::monitor::Monitor;
use super::quality::Quality;
use super::reviews::Reviews;
use super::traffic::Traffic;
use crate::rankings::Catalog;
use crate::rankings::models::Models;
use crate::secret::Secret;

/// Everything a handler may ask for.
#[derive(Clone)]
pub struct AppState {
    /// The read model.
    pub catalog: Arc<Catalog>,
    /// Rendered responses.
    pub cache: Arc<ResponseCache>,
    /// The registry of models, where there is one.
    pub models: Option<Arc<dyn Models>>,
    /// What readers of a challenge did since it was last kept.
    pub arms: Arc<ArmCounters>,
    /// Whoever is told of newer boards.
    pub landings: Arc<BoardEvents>,
    /// The queue of jobs, where there is one.
    pub jobs: Option<Arc<dyn Jobs>>,
    /// Whoever knows how good the data is, where there is one.
    pub quality: Option<Arc<dyn Quality>>,
    /// Whoever keeps decisions about people of lists, where there is one.
    pub reviews: Option<Arc<dyn Reviews>>,
    /// What was asked and how it was answered.
    pub traffic: Arc<Traffic>,
    challenger: Option<Arc<Catalog>>,
    pub(super) access_log: Option<Arc<AccessLog>>,
    pub(super) monitor: Option<Arc<dyn Monitor>>,
    pub(super) open_metrics: bool,
    /// True when the site is served by HTTPS.
    pub(super) secure: bool,
    pub(super) admin_token: Option<Arc<Secret>>,
}

impl AppState {
    /// State over `catalog` with a response cache of `cache_bytes`, which is
    /// emptied whenever the catalog swaps its boards. Open streams end with `stop`.
    pub fn new(catalog: Arc<Catalog>, cache_bytes: u64, stop: CancellationToken) -> Self {
        let state = Self {
            catalog,
            cache: Arc::new(ResponseCache::new(cache_bytes)),
            models: None,
            arms: Arc::default(),
            landings: Arc::new(BoardEvents::new(stop)),
            jobs: None,
            quality: None,
            reviews: None,
            traffic: Arc::default(),
            challenger: None,
            access_log: None,
            monitor: None,
            open_metrics: false,
            secure: false,
            admin_token: None,
        };
        state.empty_with(&state.catalog);
        state.tell_of(&state.catalog);
        state
    }

    /// With a registry of models, the boards of its challenger, and the token
    /// that changes of models need; without a token there are none.
    pub fn with_models(
        mut self,
        models: Arc<dyn Models>,
        challenger: Arc<Catalog>,
        admin_token: Option<Secret>,
    ) -> Self {
        self.empty_with(&challenger);
        self.models = Some(models);
        self.challenger = Some(challenger);
        self.admin_token = admin_token.filter(|token| !token.is_empty()).map(Arc::new);
        self
    }

    /// With the parts that keep the data fresh.
    pub fn with_operation(
        mut self,
        operation: Arc<impl Jobs + Quality + Reviews + 'static>,
    ) -> Self {
        self.jobs = Some(Arc::clone(&operation) as Arc<dyn Jobs>);
        self.quality = Some(Arc::clone(&operation) as Arc<dyn Quality>);
        self.reviews = Some(operation);
        self
    }

    /// With a line in `log` for each request.
    pub fn with_access_log(mut self, log: Option<Arc<AccessLog>>) -> Self {
        self.access_log = log;
        self
    }

    /// With figures and health of the parts behind the site; `open_metrics` when
    /// anybody may read the figures.
    pub fn with_monitor(mut self, monitor: Arc<dyn Monitor>, open_metrics: bool) -> Self {
        self.monitor = Some(monitor);
        self.open_metrics = open_metrics;
        self
    }

    /// Served by HTTPS, which browsers are told to keep to.
    pub fn by_https(mut self, secure: bool) -> Self {
        self.secure = secure;
        self
    }

    /// The read model of an arm.
    pub(super) fn catalog_of(&self, arm: Option<Arm>) -> &Arc<Catalog> {
        match (arm, &self.challenger) {
            (Some(Arm::Challenger), Some(challenger)) => challenger,
            _ => &self.catalog,
        }
    }

    fn tell_of(&self, catalog: &Arc<Catalog>) {
        let told = Arc::downgrade(&self.board_events);
        let swapped = Arc::downgrade(catalog);
        catalog.on_swap(move || {
            if let Some((told, swapped)) = told.upgrade().zip(swapped.upgrade()) {
                told.tell(swapped.version());
            }
        });
    }

    fn empty_with(&self, catalog: &Catalog) {
        let dropped = Arc::downgrade(&self.cache);
        catalog.on_swap(move || {
            if let Some(cache) = dropped.upgrade() {
                cache.clear();
            }
        });
    }
}

impl FromRef<AppState> for Arc<Catalog> {
    fn from_ref(state: &AppState) -> Self {
        Arc::clone(&state.catalog)
    }
}
