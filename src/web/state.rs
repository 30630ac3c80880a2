//! What handlers share.

use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode};
use tokio_util::sync::CancellationToken;

use super::access_log::AccessLog;
use super::board_events::BoardEvents;
use super::cookies::{ACCESS, Scope};
use super::cross_origin::CrossOrigin;
use super::error::WebError;
use super::experiment::{Arm, ArmCounters};
use super::forms::FormKey;
use super::jobs::Jobs;
use super::models::ModelRegistry;
use super::monitor::Monitor;
use super::off_thread::OffThread;
use super::operator::{Proof, bearer};
use super::quality::Quality;
use super::rate_limit::{RateLimiter, RateLimits};
use super::response_cache::ResponseCache;
use super::reviews::Reviews;
use super::site::Site;
use super::traffic::Traffic;
use crate::auth::{Accounts, Member, OperatorToken};
use crate::billing::Billing;
use crate::domain::{PremiumFor, Season};
use crate::rankings::Catalog;
use crate::rankings::models::Running;
use crate::secret::Secret;

/// Everything a handler may ask for. What may block is held as an `OffThread`.
#[derive(Clone)]
pub struct AppState {
    /// What readers of a challenge did since it was last kept.
    pub arms: Arc<ArmCounters>,
    /// What was asked and how it was answered.
    pub traffic: Arc<Traffic>,
    pub(super) cache: Arc<ResponseCache>,
    pub(super) board_events: Arc<BoardEvents>,
    pub(super) access_log: Option<Arc<AccessLog>>,
    pub(super) monitor: Option<OffThread<dyn Monitor>>,
    pub(super) open_metrics: bool,
    /// True when the site is served by HTTPS.
    pub(super) secure: bool,
    pub(super) site: Site,
    /// `None` where everybody may ask any number of times.
    pub(super) rate_limiter: Option<Arc<RateLimiter>>,
    /// Other sites that may use the API for their readers.
    pub(super) cross_origin: CrossOrigin,
    pub(super) operator_token: Option<OperatorToken>,
    pub(super) form_key: FormKey,
    catalog: Arc<Catalog>,
    challenger: Option<Arc<Catalog>>,
    models: Option<Arc<dyn ModelRegistry>>,
    jobs: Option<OffThread<dyn Jobs>>,
    quality: Option<OffThread<dyn Quality>>,
    reviews: Option<OffThread<dyn Reviews>>,
    accounts: Option<Arc<Accounts>>,
    /// The subscriptions, where they are sold.
    pub(super) billing: Option<Arc<Billing>>,
    /// Who has the tier premium without buying it.
    pub(super) premium: PremiumFor,
}

impl AppState {
    /// State over `catalog` with a response cache of `cache_bytes`, which is
    /// emptied whenever the catalog swaps its boards. Open streams end with `stop`.
    pub fn new(catalog: Arc<Catalog>, cache_bytes: u64, stop: CancellationToken) -> Self {
        let state = Self {
            arms: Arc::default(),
            traffic: Arc::default(),
            cache: Arc::new(ResponseCache::new(cache_bytes)),
            board_events: Arc::new(BoardEvents::new(stop)),
            access_log: None,
            monitor: None,
            open_metrics: false,
            secure: false,
            site: Site::default(),
            rate_limiter: None,
            cross_origin: CrossOrigin::default(),
            operator_token: None,
            form_key: FormKey::random(),
            catalog,
            challenger: None,
            models: None,
            jobs: None,
            quality: None,
            reviews: None,
            accounts: None,
            billing: None,
            premium: PremiumFor::default(),
        };
        state.empty_with(&state.catalog);
        state.tell_of(&state.catalog);
        state
    }

    /// With a registry of models, the boards of its challenger, and the token
    /// that changes of models need; without a token there are none.
    pub fn with_models(
        mut self,
        models: Arc<dyn ModelRegistry>,
        challenger: Arc<Catalog>,
        operator_token: Option<Secret>,
    ) -> Self {
        self.empty_with(&challenger);
        self.models = Some(models);
        self.challenger = Some(challenger);
        self.operated_by(operator_token)
    }

    /// Operated by whoever has this token; by nobody without one.
    pub fn operated_by(mut self, token: Option<Secret>) -> Self {
        self.operator_token = token.and_then(OperatorToken::new);
        if let Some(token) = &self.operator_token {
            self.form_key = FormKey::new(token.form_key());
        }
        self
    }

    /// With the parts that keep the data fresh.
    pub fn with_operation(
        mut self,
        operation: Arc<impl Jobs + Quality + Reviews + 'static>,
    ) -> Self {
        self.jobs = Some(OffThread::new(Arc::clone(&operation) as Arc<dyn Jobs>));
        self.quality = Some(OffThread::new(Arc::clone(&operation) as Arc<dyn Quality>));
        self.reviews = Some(OffThread::new(operation as Arc<dyn Reviews>));
        self
    }

    /// With readers who have accounts.
    pub fn with_accounts(mut self, accounts: Arc<Accounts>) -> Self {
        self.accounts = Some(accounts);
        self
    }

    /// With the tier premium for whom the operator wants to have it, and sold by
    /// `billing` where it is.
    pub fn with_plans(mut self, premium: PremiumFor, billing: Option<Arc<Billing>>) -> Self {
        self.premium = premium;
        self.billing = billing;
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
        self.monitor = Some(OffThread::new(monitor));
        self.open_metrics = open_metrics;
        self
    }

    /// Served by HTTPS, which browsers are told to keep to.
    pub fn by_https(mut self, secure: bool) -> Self {
        self.secure = secure;
        self
    }

    /// Below the path, and known by the address, that `site` names.
    pub fn at(mut self, site: Site) -> Self {
        self.site = site;
        self
    }

    /// Where each caller has so much of the API, and pages of `sites` may use it for
    /// their readers.
    pub fn behind_gateway(mut self, limits: RateLimits, sites: CrossOrigin) -> Self {
        self.rate_limiter = Some(Arc::new(RateLimiter::new(limits)));
        self.cross_origin = sites;
        self
    }

    /// The read model of an arm.
    pub(super) fn shown(&self, arm: Option<Arm>) -> OffThread<Catalog> {
        OffThread::new(Arc::clone(self.catalog_of(arm)))
    }

    /// Number of the boards an arm shows: part of the key of everything cached.
    pub(super) fn version(&self, arm: Option<Arm>) -> u64 {
        self.catalog_of(arm).version()
    }

    /// Season of the newest board.
    pub(super) fn newest_season(&self) -> Option<Season> {
        self.catalog.seasons().first().copied()
    }

    /// Whether the boards are those of the fictional demo league.
    pub(super) fn is_simulated(&self) -> bool {
        self.catalog.is_simulated()
    }

    /// The challenge whose boards can be shown, told from memory.
    pub(super) fn running(&self) -> Option<Arc<Running>> {
        self.models.as_ref()?.running()
    }

    /// The registry of models, where there is one.
    pub(super) fn models(&self) -> Result<OffThread<dyn ModelRegistry>, WebError> {
        let absent = "This server shows boards only and keeps no models.";
        let none = || WebError::new(StatusCode::SERVICE_UNAVAILABLE, "no_registry", absent);
        self.models.clone().map(OffThread::new).ok_or_else(none)
    }

    /// True where a queue of jobs runs.
    pub(super) fn runs_jobs(&self) -> bool {
        self.jobs.is_some()
    }

    /// The queue of jobs, where there is one.
    pub(super) fn jobs(&self) -> Result<OffThread<dyn Jobs>, WebError> {
        self.jobs.clone().ok_or_else(no_jobs)
    }

    /// Whoever knows how good the data is, where there is one.
    pub(super) fn quality(&self) -> Result<OffThread<dyn Quality>, WebError> {
        self.quality.clone().ok_or_else(no_jobs)
    }

    /// Whoever keeps decisions about people of lists, where there is one.
    pub(super) fn reviews(&self) -> Result<OffThread<dyn Reviews>, WebError> {
        self.reviews.clone().ok_or_else(no_jobs)
    }

    /// The accounts, where there are any.
    pub(super) fn accounts(&self) -> Result<OffThread<Accounts>, WebError> {
        let absent = "This server keeps no accounts.";
        let none = || WebError::new(StatusCode::SERVICE_UNAVAILABLE, "no_accounts", absent);
        self.accounts.clone().map(OffThread::new).ok_or_else(none)
    }

    /// True where readers have accounts.
    pub(super) fn has_accounts(&self) -> bool {
        self.accounts.is_some()
    }

    /// The member a request is from, told from memory, and what proves it: a token in its
    /// header, or else the cookie of a sign-in whose quarter of an hour is not over.
    pub(super) fn member(&self, headers: &HeaderMap, scope: &Scope) -> Option<(Member, Proof)> {
        let accounts = self.accounts.as_ref()?;
        if let Some(given) = bearer(headers) {
            let by_token = self.recognise_api_token(given);
            let member = by_token.or_else(|| accounts.recognise(given).ok())?;
            return Some((member, Proof::Header));
        }
        let member = accounts.recognise(&ACCESS.of(headers, scope)?).ok()?;
        let session = member.signed_in()?.session();
        Some((member, Proof::Cookie(session)))
    }

    /// The member of a token for programs, told from memory. That it was used is kept
    /// once in a while, and nobody waits for that.
    fn recognise_api_token(&self, token: &str) -> Option<Member> {
        let accounts = self.accounts.as_ref()?;
        let (member, stale) = accounts.recognise_api_token(token)?;
        if stale {
            let token = Secret::new(token);
            OffThread::new(Arc::clone(accounts)).begin(move |accounts| {
                if let Err(error) = accounts.keep_use(token.expose()) {
                    tracing::warn!("the use of a token was not kept: {error}");
                }
            });
        }
        Some(member)
    }

    /// How much of the API may be asked.
    pub(super) fn rate_limits(&self) -> RateLimits {
        let unlimited = RateLimits {
            free: 0,
            premium: 0,
            predictions: 0,
        };
        self.rate_limiter
            .as_ref()
            .map_or(unlimited, |limiter| limiter.limits())
    }

    /// True when readers reach the site by HTTPS, here or at a proxy.
    pub(super) fn is_secure(&self) -> bool {
        self.secure || self.site.is_secure()
    }

    /// Where this site's cookies hold.
    pub(super) fn cookie_scope(&self) -> Scope {
        Scope {
            path: match self.site.base.prefix() {
                "" => "/".to_owned(),
                base => base.to_owned(),
            },
            secure: self.is_secure(),
        }
    }

    fn catalog_of(&self, arm: Option<Arm>) -> &Arc<Catalog> {
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

/// What a server answers that has neither jobs nor sources.
fn no_jobs() -> WebError {
    let absent = "This server shows boards only and runs no jobs.";
    WebError::new(StatusCode::SERVICE_UNAVAILABLE, "no_jobs", absent)
}
