use std::net::SocketAddr;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app;
use crate::cli::archives::{KeyArgs, S3Args, ScheduleArgs};
use crate::cli::sources::SourceArgs;
use crate::cli::{Global, restore};

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
    /// Token that changes of models through the API need; without it there are none
    #[arg(
        long,
        env = "AFWD_ADMIN_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    admin_token: Option<String>,
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
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    start_logging();
    if let Some(from) = &args.restore_from {
        restore::into_empty(global, from, &args.key, &args.s3)?;
    }
    let config = app::Config {
        data: global.data.clone(),
        demo: args.demo,
        admin_token: args.admin_token.clone(),
        sources: args.sources.config(!args.no_daily),
        backups: args.backups.config(&args.key, &args.s3)?,
        clock: global.clock(),
    };
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("can't start the async runtime")?
        .block_on(serve(config, args.listen))
}

async fn serve(config: app::Config, address: SocketAddr) -> anyhow::Result<()> {
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!(
            "can't listen on {address}: choose another address with --listen, such as 127.0.0.1:0"
        )
    })?;
    eprintln!("listening on http://{}", listener.local_addr()?);
    let stop = CancellationToken::new();
    tokio::spawn(stop_on_signal(stop.clone()));
    app::serve(config, listener, stop).await
}

/// Cancels `stop` at the first SIGINT or SIGTERM.
async fn stop_on_signal(stop: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    stop.cancel();
}

fn start_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("AFWD_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,tantivy=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
