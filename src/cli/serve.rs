//! `afwd serve`.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use tokio_util::sync::CancellationToken;

use crate::app;
use crate::cli::global::Global;
use crate::cli::restore;
use crate::config::Settings;
use crate::config::accounts::AccountSettings;
use crate::config::alerts::AlertSettings;
use crate::config::backups::{BackupSettings, KeySettings};
use crate::config::billing::BillingSettings;
use crate::config::connections::{ConnectionSettings, ListenSettings};
use crate::config::gateway::GatewaySettings;
use crate::config::log::LogSettings;
use crate::config::mail::MailSettings;
use crate::config::objects::StorageSettings;
use crate::config::operator::OperatorSettings;
use crate::config::site::SiteSettings;
use crate::config::sources::SourceSettings;
use crate::ops::backup::Shelf;
use crate::ops::{supervision, token};
use crate::secret::Secret;
use crate::web::{self, ListenAddress, Listener};

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(flatten)]
    listen: ListenSettings,
    #[command(flatten)]
    site: SiteSettings,
    /// Serve a simulated league of fictional players, kept in DIR/demo
    #[arg(long)]
    demo: bool,
    #[command(flatten)]
    operator: OperatorSettings,
    #[command(flatten)]
    accounts: AccountSettings,
    /// Restore this backup first when the data directory holds no store yet
    #[arg(long, env = "AFWD_RESTORE_FROM", value_name = "FILE|URL")]
    restore_from: Option<String>,
    /// Ask no source by itself; `afwd refresh` and /admin/jobs still do
    #[arg(long, env = "AFWD_NO_DAILY")]
    no_daily: bool,
    #[command(flatten)]
    sources: SourceSettings,
    #[command(flatten)]
    backups: BackupSettings,
    #[command(flatten)]
    key: KeySettings,
    #[command(flatten)]
    storage: StorageSettings,
    #[command(flatten)]
    connections: ConnectionSettings,
    #[command(flatten)]
    gateway: GatewaySettings,
    #[command(flatten)]
    billing: BillingSettings,
    #[command(flatten)]
    log: LogSettings,
    #[command(flatten)]
    alerts: AlertSettings,
    #[command(flatten)]
    mail: MailSettings,
}

pub(super) fn run(global: &Global, settings: &Settings, args: &Args) -> anyhow::Result<()> {
    args.log.start()?;
    supervision::dump_no_memory();
    for (name, nearest) in settings.unknown(variables()) {
        tracing::warn!("{name} is no setting and does nothing; the nearest is {nearest}");
    }
    if let Some(from) = &args.restore_from {
        restore::into_empty(global, from, &args.key, &args.storage)?;
    }
    let config = config(global, args)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("can't start the async runtime")?;
    let served = runtime.block_on(async {
        let stop = CancellationToken::new();
        tokio::select! {
            served = serve(config, args, stop.clone()) => served,
            () = stopped_twice(stop) => Err(anyhow::anyhow!("stopped at once by a second signal")),
        }
    });
    // After a second signal nothing is waited for: the store survives that.
    runtime.shutdown_timeout(Duration::from_secs(u64::from(served.is_ok())));
    served
}

/// Names of the environment.
pub(super) fn variables() -> impl Iterator<Item = String> {
    std::env::vars_os().filter_map(|(name, _)| name.into_string().ok())
}

/// Checks the settings as far as that needs no store.
pub(super) fn check(global: &Global, args: &Args) -> anyhow::Result<()> {
    let config = config(global, args)?;
    app::alert_sinks(&config.alerts, config.mailer.as_ref(), None, &config.clock).map(drop)
}

fn config(global: &Global, args: &Args) -> anyhow::Result<app::Config> {
    args.accounts.first_operator()?;
    let sender = args.alerts.alert_mail.as_deref();
    let backups = args.backups.scheduled(Some(&args.key), &args.storage)?;
    if let Some(scheduled) = &backups {
        // What can't work should stop the start, not the first night's backup.
        Shelf::at(&scheduled.location, &scheduled.s3)?;
    }
    Ok(app::Config {
        data: global.data.clone(),
        demo: args.demo,
        operator: args.operator.clone(),
        accounts: args.accounts.clone(),
        sources: SourceSettings {
            daily: !args.no_daily,
            ..args.sources.clone()
        },
        backups,
        alerts: args.alerts.clone(),
        mailer: args.mail.mailer(sender)?,
        serving: args.connections.serving(&args.listen)?,
        gateway: args.gateway.clone(),
        billing: args.billing.clone(),
        site: args.site.site(),
        access_log: args.log.access(),
        clock: global.clock(),
    })
}

fn operator_token(data: &Path) -> anyhow::Result<Secret> {
    let token = token::ensure(data)?;
    let what = if token.new { "was made: see" } else { "is in" };
    tracing::info!("the operator's token {what} {}", token.path.display());
    Ok(token.secret)
}

async fn serve(
    mut config: app::Config,
    args: &Args,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let listener = listen(&args.listen.listen, "--listen").await?;
    let scheme = match config.serving.tls {
        Some(_) => "https",
        None => "http",
    };
    match &listener {
        Listener::Tcp(_) => eprintln!("listening on {scheme}://{listener}{}", args.site.base_path),
        Listener::Unix(..) => eprintln!("listening on {listener}"),
    }
    if config.operator.admin_token.is_none() {
        config.operator.admin_token = Some(operator_token(&config.data)?);
    }
    if let Some(plain) = &args.connections.https_redirect {
        let plain = listen(plain, "--https-redirect").await?;
        eprintln!("leading http://{plain} there");
        let limits = web::Serving {
            tls: None,
            ..config.serving.clone()
        };
        let router = web::to_https(listener.port().unwrap_or(443));
        tokio::spawn(web::serve(plain, router, stop.clone(), limits));
    }
    let supervised = supervision::watch(stop.clone());
    let served = app::serve(config, listener, stop).await;
    supervised.abort();
    served
}

async fn listen(address: &ListenAddress, option: &str) -> anyhow::Result<Listener> {
    address.bind().await.with_context(|| {
        format!(
            "can't listen on {address}: choose another address with {option}, such as 127.0.0.1:0"
        )
    })
}

/// Cancels `stop` at the first SIGINT or SIGTERM; over at the second.
async fn stopped_twice(stop: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    for _ in 0..2 {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        stop.cancel();
    }
}
