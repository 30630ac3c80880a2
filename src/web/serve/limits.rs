//! What a connection may cost.

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;

/// Limits of the server. The defaults suit a public server.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Open connections.
    pub connections: usize,
    /// Open connections of one address; 0 for any number.
    pub per_address: usize,
    /// Who may open any number of them.
    pub trusted: Networks,
    /// Longest time for a TLS handshake, or for a request's head from its first byte.
    pub head: Duration,
    /// Longest time for a request's body, and a second more for every 16 KiB of it.
    pub body: Duration,
    /// Longest pause between requests.
    pub idle: Duration,
    /// Longest pause between requests when most connections are taken.
    pub idle_when_full: Duration,
    /// Longest time without an answer: a backstop behind the edge's own.
    pub answer: Duration,
    /// Longest time that a reader may take under 1 KiB a second of an answer.
    pub stalled: Duration,
    /// How long requests under way may take to finish after the stop signal.
    pub drain: Duration,
}

impl Limits {
    /// Bytes of a body that buy a millisecond: 16 KiB a second.
    pub(super) const BODY_RATE: usize = 16;
    /// Bytes of an answer taken that buy a millisecond: 1 KiB a second.
    pub(super) const READ_RATE: usize = 1;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            per_address: 100,
            trusted: Networks::loopback(),
            head: Duration::from_secs(5),
            body: Duration::from_secs(8),
            idle: Duration::from_secs(75),
            idle_when_full: Duration::from_secs(5),
            answer: Duration::from_secs(35),
            stalled: Duration::from_secs(10),
            drain: Duration::from_secs(5),
        }
    }
}

/// Networks whose members are proxies: they speak for many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// This machine.
    pub fn loopback() -> Self {
        Self::from_str("127.0.0.0/8,::1/128").unwrap_or_default()
    }

    pub(super) fn contains(&self, address: IpAddr) -> bool {
        // One who listens on every address sees the older kind inside the newer.
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// Why a list of networks can't be read.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no network: write a list such as 10.0.0.0/8,192.0.2.7 or `none`")]
pub struct BadNetwork(String);

impl FromStr for Networks {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Self, BadNetwork> {
        if text.trim() == "none" {
            return Ok(Self::default());
        }
        let named = text
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        named.map(network).collect::<Result<_, _>>().map(Self)
    }
}

fn network(name: &str) -> Result<IpNet, BadNetwork> {
    let single = || name.parse::<IpAddr>().map(IpNet::from);
    name.parse()
        .or_else(|_| single())
        .map_err(|_| BadNetwork(name.to_owned()))
}

/// Whom connections of `peer` count for: an address, or the network of /64 that one
/// subscriber of IPv6 has.
pub(in crate::web) fn holder(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(v6) => {
            let prefix = u128::from(v6) >> 64 << 64;
            Ipv6Addr::from(prefix).into()
        }
        v4 => v4,
    }
}

/// Raises the limit of open files as far as it goes, and says how many connections
/// leave room for the store, the index and the outbound client.
pub fn affordable_connections() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    const OTHER_FILES: usize = 512;
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    let current = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    let files = current.and_then(|files| usize::try_from(files).ok());
    let files = files.unwrap_or(1 << 20).min(1 << 20);
    files.saturating_sub(OTHER_FILES).max(files / 2).max(16)
}

#[cfg(test)]
mod tests {
    use super::{Networks, holder};

    #[test]
    fn networks_are_read_and_compared() {
        let networks: Networks = "10.0.0.0/8, 2001:db8::/32,192.0.2.7"
            .parse()
            .expect("reads");
        for (address, inside) in [
            ("10.1.2.3", true),
            ("11.1.2.3", false),
            ("2001:db8::1", true),
            ("192.0.2.7", true),
            ("::ffff:192.0.2.7", true),
            ("192.0.2.8", false),
        ] {
            assert_eq!(
                networks.contains(address.parse().expect("an address")),
                inside
            );
        }
        assert!("10.0.0.0/33".parse::<Networks>().is_err());
        let none: Networks = "none".parse().expect("reads");
        assert!(!none.contains("127.0.0.1".parse().expect("an address")));
    }

    #[test]
    fn a_subscriber_is_one_holder() {
        let of = |text: &str| holder(text.parse().expect("an address"));
        assert_eq!(of("2001:db8:1:2::5"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::5"), of("2001:db8:1:3::5"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
