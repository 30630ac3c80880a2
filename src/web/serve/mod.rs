//! Serving until told to stop.
//!
//! Connections are taken by hand, since `axum::serve` lets a peer hold one for
//! ever. Each notes what it is doing ([`activity`]); one watcher looks at all of them
//! twice a second and closes those over their time ([`connections`]). A request costs a
//! few stores to memory for it: no timer, no lock, no allocation.

mod activity;
mod body;
mod connections;
mod io;
mod limits;
mod listener;
mod redirect;
mod tls;

use std::io::Result as IoResult;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, header};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Duration, Instant, MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;
use tower_service::Service;

pub use connections::Connections;
pub(super) use limits::holder as subscriber;
pub use limits::{BadNetwork, Limits, Networks, affordable_connections};
pub use listener::{BadListenAddress, ListenAddress, Listener};
pub use redirect::to_https;
pub use tls::{Tls, TlsError};

use activity::{Activity, Phase};
use body::{Answered, Asked};
use connections::{ConnectionSet, Place, Refused};
use io::Guarded;
use listener::Stream;

use super::client::ClientAddress;

/// Largest head of a request, in bytes.
const LARGEST_HEAD: usize = 16 * 1024;
/// How often the watcher looks.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How often it looks while the server stops.
const LOOK_WHILE_STOPPING: Duration = Duration::from_millis(20);
/// How long idle connections may still ask while the server stops.
const LINGER: Duration = Duration::from_millis(300);
/// Rest after the system had no file for a connection.
const REST: Duration = Duration::from_millis(50);
/// Headers in which a proxy says what its client asked for. Nobody else is believed.
const FORWARDED: [&str; 4] = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
];
/// What is said to connections that there is no room for.
const NO_ROOM: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\n\
Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nContent-Length: 37\r\n\r\n\
Too many connections; try again soon.";

/// How to serve.
#[derive(Clone, Default)]
pub struct Serving {
    /// What connections may cost.
    pub limits: Limits,
    /// Certificate and key; without them HTTP is spoken in the clear.
    pub tls: Option<Arc<Tls>>,
    /// Counts of connections.
    pub connections: Arc<Connections>,
}

/// Serves `router` on `listener` until `stop` is cancelled; then takes no new
/// connections and gives requests under way some seconds.
///
/// # Errors
/// None so far: failures of single connections are theirs.
pub async fn serve(
    listener: impl Into<Listener>,
    router: Router,
    stop: CancellationToken,
    serving: Serving,
) -> IoResult<()> {
    let listener = listener.into();
    let set = Arc::new(ConnectionSet::new(serving.limits, serving.connections));
    let watching = tokio::spawn(watch(Arc::clone(&set)));
    tokio::select! {
        () = stop.cancelled() => {}
        () = take(&listener, &router, &set, serving.tls.as_ref()) => {}
    }
    drop(listener);
    drain(&set).await;
    watching.abort();
    Ok(())
}

async fn watch(set: Arc<ConnectionSet>) {
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        set.look();
    }
}

async fn take(
    listener: &Listener,
    router: &Router,
    set: &Arc<ConnectionSet>,
    tls: Option<&Arc<Tls>>,
) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => admit(stream, peer, router, set, tls),
            Err(error) if is_of_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                sleep(REST).await;
            }
        }
    }
}

fn is_of_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

fn admit(
    stream: Stream,
    peer: Option<IpAddr>,
    router: &Router,
    set: &Arc<ConnectionSet>,
    tls: Option<&Arc<Tls>>,
) {
    let mut stream = Some(stream);
    let phase = match tls {
        Some(_) => Phase::Opening,
        None => Phase::Idle,
    };
    let admitted = set.admit(peer, phase, |place, activity| {
        let router = router.clone();
        let acceptor = tls.map(|tls| tls.acceptor());
        let guarded = stream
            .take()
            .map(|s| Guarded::new(s, Arc::clone(&activity)));
        tokio::spawn(async move {
            let Some(guarded) = guarded else { return };
            let Some(acceptor) = acceptor else {
                return converse(guarded, router, place, activity).await;
            };
            // Boxed, so that a connection without TLS stays small.
            match Box::pin(acceptor.accept(guarded)).await {
                Ok(secured) => {
                    activity.change(Phase::Opening, Phase::Idle);
                    Box::pin(converse(secured, router, place, activity)).await;
                }
                Err(error) => tracing::debug!(%error, "a TLS handshake failed"),
            }
        })
    });
    if let (Err(refused), Some(stream)) = (admitted, stream) {
        turn_away(&stream, refused, set, tls.is_none());
    }
}

fn turn_away(stream: &Stream, refused: Refused, set: &ConnectionSet, plain: bool) {
    let count = match refused {
        Refused::Full => &set.counts.refused_full,
        Refused::Address => &set.counts.refused_address,
    };
    count.fetch_add(1, Ordering::Relaxed);
    if plain {
        // What does not fit at once is not worth waiting for.
        let _ = stream.try_write(NO_ROOM);
    }
}

/// Answers the requests of one connection.
async fn converse<S>(stream: S, router: Router, place: Place, activity: Arc<Activity>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (set, trusted, peer) = (place.set(), place.is_trusted(), place.peer());
    let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
        let activity = Arc::clone(&activity);
        let mut request = request.map(|body| Asked::of(body, &activity));
        if !trusted {
            forget_forwarded(request.headers_mut());
        }
        let speaks_for_others = |address| set.limits.trusted.contains(address);
        let client = ClientAddress::of(peer, speaks_for_others, request.headers());
        request.extensions_mut().insert(client);
        let answering = router.clone().call(request);
        async move {
            let mut response = answering.await?;
            if set.stopping.load(Ordering::Relaxed) {
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(header::CONNECTION, close);
            }
            Ok::<_, std::convert::Infallible>(response.map(|body| Answered::new(body, activity)))
        }
    });
    let connection = http1::Builder::new()
        .max_header_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection failed");
    }
}

/// Takes out what only a proxy may say of a request.
fn forget_forwarded(headers: &mut HeaderMap) {
    for name in FORWARDED {
        headers.remove(name);
    }
}

/// Lets requests under way finish; closes what waits for a next one.
async fn drain(set: &ConnectionSet) {
    set.stopping.store(true, Ordering::Relaxed);
    let deadline = Instant::now() + set.limits.drain;
    // A request that is on its way is still answered.
    let linger = Instant::now() + LINGER;
    while !set.is_empty() && Instant::now() < deadline {
        set.emptying
            .store(Instant::now() >= linger, Ordering::Relaxed);
        set.look();
        sleep(LOOK_WHILE_STOPPING).await;
    }
    let left = set.clear();
    if left > 0 {
        tracing::warn!(
            "{left} connections were still open {:?} after the stop signal",
            set.limits.drain
        );
    }
}
