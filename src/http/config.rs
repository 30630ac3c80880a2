//! How the client behaves, and whom it may ask.

use std::time::Duration;

/// How the client behaves.
#[derive(Clone, Debug)]
pub struct Config {
    /// `User-Agent`: names the program and a way to reach the operator.
    pub user_agent: String,
    /// The only hosts that are ever asked.
    pub hosts: Vec<Host>,
    /// Longest time to connect.
    pub connect_timeout: Duration,
    /// Longest silence while a body is read.
    pub read_timeout: Duration,
    /// Longest time for a whole attempt.
    pub total_timeout: Duration,
    /// Tries of a request, the first included.
    pub attempts: u32,
    /// First pause before trying again; doubles each time, with jitter.
    pub pause: Duration,
    /// Longest `Retry-After` that is waited out; a longer one closes the host.
    pub patience: Duration,
    /// Largest body, decompressed, in bytes.
    pub largest_body: usize,
    /// Failures in a row after which a host is left alone.
    pub tolerated_failures: u32,
    /// For how long it is left alone.
    pub rest: Duration,
}

/// A host that may be asked.
#[derive(Clone, Debug)]
pub struct Host {
    /// Scheme, host and port, such as `https://statsapi.mlb.com`.
    pub origin: String,
    /// Requests a second.
    pub per_second: f64,
    /// Requests a day (UTC).
    pub per_day: u32,
    /// True when the operator named this address himself, so that it may be a
    /// private one (a mirror in his own network, a test peer).
    pub private: bool,
}

impl Config {
    /// The usual figures for `hosts`; `contact` (a mail address or URL) goes into
    /// the user agent.
    pub fn new(contact: &str, hosts: Vec<Host>) -> Self {
        let contact = if contact.is_empty() {
            String::new()
        } else {
            format!(" ({contact})")
        };
        Self {
            user_agent: format!("afwd/{}{contact}", env!("CARGO_PKG_VERSION")),
            hosts,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(20),
            total_timeout: Duration::from_secs(60),
            attempts: 4,
            pause: Duration::from_millis(500),
            patience: Duration::from_secs(60),
            largest_body: 32 << 20,
            tolerated_failures: 5,
            rest: Duration::from_secs(600),
        }
    }
}
