//! What runs while the site is served, from the first request to the last line of
//! the log.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::Context;
use tokio_util::sync::CancellationToken;

use super::accounts;
use super::alerts::sinks as alert_sinks;
use super::backups::Backups;
use super::champion::Live;
use super::config::Config;
use super::job_thread::Freshness;
use super::monitor::{self, Watched};
use super::start_up::prepare;
use super::subscriptions;
use crate::auth::Accounts;
use crate::ops;
use crate::rankings::models::Models;
use crate::web;
use crate::web::experiment::{Arm, ArmCounters};
use crate::web::models::ModelRegistry;

/// Memory for rendered responses and their compressed forms.
const RESPONSE_CACHE_BYTES: u64 = 32 << 20;

/// How often counts of a challenge's readers go to the store.
const COUNTS_KEPT_EVERY: Duration = Duration::from_secs(60);

/// How long the log may take for its last lines.
const LOG_PATIENCE: Duration = Duration::from_secs(1);

/// Serves on `listener` until `stop` is cancelled.
///
/// # Errors
/// When a part can't be built, or the listener fails.
pub async fn serve(
    config: Config,
    listener: web::Listener,
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
    let site = site_address(&config, &listener);
    let accounts = accounts_of(&config, &live, fresh.as_ref(), site).await?;
    let billing = subscriptions::open(&config, &live)?;
    state = state
        .with_accounts(Arc::clone(&accounts))
        .with_plans(config.billing.premium(), billing.clone());
    let sweeping = billing.map(|billing| {
        tokio::spawn(subscriptions::sweep(
            billing,
            Arc::clone(&accounts),
            stop.clone(),
        ))
    });
    let tidying = tokio::spawn(accounts::tidy(accounts, stop.clone()));
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
    let queue = fresh.as_ref().map(|fresh| &fresh.operation.queue);
    let mailer = config.mailer.as_ref();
    let sinks = alert_sinks(&config.alerts, mailer, queue, &config.clock)?;
    let alerts = monitor::alert(&watched, sinks)?;
    let counting = tokio::spawn(keep_counts(live, Arc::clone(&state.arms), stop.clone()));
    if let Some(tls) = &config.serving.tls {
        tokio::spawn(Arc::clone(tls).follow(stop.clone()));
    }
    let router = web::router(state.with_monitor(watched, config.operator.metrics_open));
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
    tidying.await?;
    if let Some(sweeping) = sweeping {
        sweeping.await?;
    }
    if let Some(log) = access_log {
        let flushed = tokio::task::spawn_blocking(move || log.flush());
        // Whoever reads the log may have gone; nothing is lost but its last lines.
        let _ = tokio::time::timeout(LOG_PATIENCE, flushed).await;
    }
    served.context("the server failed")
}

/// The accounts, off the threads that answer: opening them makes a hash.
async fn accounts_of(
    config: &Config,
    live: &Arc<Live>,
    fresh: Option<&Freshness>,
    site: String,
) -> anyhow::Result<Arc<Accounts>> {
    let (config, live) = (config.clone(), Arc::clone(live));
    let queue = fresh.map(|fresh| Arc::clone(&fresh.operation.queue));
    let opened = tokio::task::spawn_blocking(move || {
        let accounts = accounts::open(&config, &live, queue.as_ref())?;
        accounts::welcome(&accounts, &live.data, &site)?;
        anyhow::Ok(accounts)
    });
    opened.await?
}

/// Where the site is: as the operator says, or as it listens.
fn site_address(config: &Config, listener: &web::Listener) -> String {
    let scheme = match config.serving.tls {
        Some(_) => "https",
        None => "http",
    };
    let own = || format!("{scheme}://{listener}{}", config.site.base);
    config.site.address().unwrap_or_else(own)
}

/// What handlers share.
fn state(config: &Config, live: &Arc<Live>, stop: &CancellationToken) -> web::AppState {
    let champion = Arc::clone(&live.champion);
    web::AppState::new(champion, RESPONSE_CACHE_BYTES, stop.clone())
        .with_models(
            Arc::clone(live) as Arc<dyn ModelRegistry>,
            Arc::clone(&live.challenger),
            config.operator.admin_token.clone(),
        )
        .by_https(config.serving.tls.is_some())
        .behind_gateway(config.gateway.limits(), config.gateway.cors_origins.clone())
        .at(web::Site {
            installation: live.instance.clone(),
            ..config.site.clone()
        })
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
