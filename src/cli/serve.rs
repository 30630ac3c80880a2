use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app;
use crate::cli::alerts::AlertArgs;
use crate::cli::archives::{KeyArgs, S3Args, ScheduleArgs};
use crate::cli::global::Global;
use crate::cli::logs::LogArgs;
use crate::cli::restore;
use crate::cli::serve_options::ServingArgs;
use crate::cli::sources::SourceArgs;
use crate::config::Settings;
use crate::ops::{supervision, token};
use crate::secret::Secret;
use crate::web;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Address to listen on; port 0 takes a free one
    #[arg(
        long,
        env = "AFWD_LISTEN",
        default_value = "127.0.0.1:8080",
        value_name = "ADDR"
    )]
    listen: SocketAddr,
    /// Serve a simulated league of fictional players, kept in DIR/demo
    #[arg(long)]
    demo: bool,
    /// The operator's token, which /admin and changes need [default: made on the first
    /// start and kept in DIR/operator-token]
    #[arg(
        long,
        env = "AFWD_ADMIN_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    admin_token: Option<Secret>,
    /// Show /metrics to anybody, not only to whoever has the operator's token
    #[arg(long, env = "AFWD_METRICS_OPEN")]
    metrics_open: bool,
    #[command(flatten)]
    sources: SourceArgs,
    /// Ask no source by itself; `afwd refresh` and /admin/jobs still do
    #[arg(long, env = "AFWD_NO_DAILY")]
    no_daily: bool,
    #[command(flatten)]
    backups: ScheduleArgs,
    /// Restore this backup first when the data directory holds no store yet
    #[arg(long, env = "AFWD_RESTORE_FROM", value_name = "FILE|URL")]
    restore_from: Option<String>,
    #[command(flatten)]
    key: KeyArgs,
    #[command(flatten)]
    s3: S3Args,
    #[command(flatten)]
    serving: ServingArgs,
    #[command(flatten)]
    logs: LogArgs,
    #[command(flatten)]
    alerts: AlertArgs,
}

pub(super) fn run(global: &Global, settings: &Settings, args: &Args) -> anyhow::Result<()> {
    args.logs.start()?;
    for (name, nearest) in settings.unknown(variables()) {
        tracing::warn!("{name} is no setting and does nothing; the nearest is {nearest}");
    }
    if let Some(from) = &args.restore_from {
        restore::into_empty(global, from, &args.key, &args.s3)?;
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
    args.alerts.sinks(&global.clock())?;
    config(global, args).map(drop)
}

fn config(global: &Global, args: &Args) -> anyhow::Result<app::Config> {
    Ok(app::Config {
        data: global.data.clone(),
        demo: args.demo,
        admin_token: args.admin_token.clone(),
        sources: args.sources.config(!args.no_daily),
        backups: args.backups.config(&args.key, &args.s3)?,
        serving: args.serving.config()?,
        access_log: args.logs.access(),
        open_metrics: args.metrics_open,
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
    let listener = listen(args.listen, "--listen").await?;
    let address = listener.local_addr()?;
    let scheme = match config.serving.tls {
        Some(_) => "https",
        None => "http",
    };
    eprintln!("listening on {scheme}://{address}");
    if config.admin_token.is_none() {
        config.admin_token = Some(operator_token(&config.data)?);
    }
    if let Some(plain) = args.serving.redirect() {
        let plain = listen(plain, "--https-redirect").await?;
        eprintln!("leading http://{} there", plain.local_addr()?);
        let limits = web::Serving {
            tls: None,
            ..config.serving.clone()
        };
        let router = web::to_https(address.port());
        tokio::spawn(web::serve(plain, router, stop.clone(), limits));
    }
    let sinks = args.alerts.sinks(&config.clock)?;
    let supervised = supervision::watch(stop.clone());
    let served = app::serve(config, sinks, listener, stop).await;
    supervised.abort();
    served
}

async fn listen(address: SocketAddr, option: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
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
