//! What systemd is told, where it asks (`Type=notify`, `WatchdogSec=`), elsewhere
//! nothing; and what the system is not to do with this process.

use std::time::Duration;

use rustix::process::{Resource, Rlimit, setrlimit};
use sd_notify::NotifyState;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Leaves no image of the memory, with the secrets in it, when the process dies.
pub fn dump_no_memory() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    if let Err(error) = setrlimit(Resource::Core, none) {
        tracing::warn!(%error, "the system may keep an image of the memory");
    }
}

/// The server can be used.
pub fn ready() {
    tell(NotifyState::Ready);
}

/// Says now and then that the server is alive, and once that it stops.
pub fn watch(stop: CancellationToken) -> JoinHandle<()> {
    let every = sd_notify::watchdog_enabled().map(|limit| limit / 3);
    tokio::spawn(async move {
        let every = every.unwrap_or(Duration::MAX);
        while tokio::time::timeout(every, stop.cancelled()).await.is_err() {
            tell(NotifyState::Watchdog);
        }
        tell(NotifyState::Stopping);
    })
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "systemd could not be told");
    }
}
