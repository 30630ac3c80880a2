//! Serving until told to stop.

use std::io;

use axum::Router;
use tokio::net::TcpListener;
use tokio::time::{Duration, timeout};
use tokio_util::sync::CancellationToken;

/// How long requests under way may take to finish after the stop signal.
const DRAIN: Duration = Duration::from_secs(5);

/// Serves `router` on `listener` until `stop` is cancelled; then takes no new
/// connections and gives requests under way five seconds.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: CancellationToken,
) -> io::Result<()> {
    let stopping = stop.clone();
    let server = axum::serve(listener, router).with_graceful_shutdown(stopping.cancelled_owned());
    let server = async { server.await };
    tokio::pin!(server);
    tokio::select! {
        ended = &mut server => ended,
        () = stop.cancelled() => timeout(DRAIN, server).await.unwrap_or_else(|_| {
            tracing::warn!("some requests were still running {DRAIN:?} after the stop signal");
            Ok(())
        }),
    }
}
