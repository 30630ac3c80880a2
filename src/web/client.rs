//! Where a request comes from: the address of its connection, or what a proxy that is
//! trusted says of whom it speaks for.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Address of whoever sent a request; carried by the request's extensions. None is known
/// of a process of this machine that came through a socket without saying more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClientAddress(pub(super) Option<IpAddr>);

impl ClientAddress {
    /// The client of a connection from `peer`. The proxies that are `trusted` add whom
    /// they speak for to the end of a list, so it is read from there, up to the first
    /// who is none of them: what stands before, anybody may have written.
    pub(super) fn of(
        peer: Option<IpAddr>,
        trusted: impl Fn(IpAddr) -> bool,
        headers: &HeaderMap,
    ) -> Self {
        if peer.is_some_and(|peer| !trusted(peer)) {
            return Self(peer);
        }
        let lists: Vec<&str> = headers
            .get_all(FORWARDED_FOR)
            .iter()
            .filter_map(|list| list.to_str().ok())
            .collect();
        let mut client = peer;
        let named = lists.iter().rev().flat_map(|list| list.rsplit(','));
        for named in named {
            let Some(address) = address(named) else { break };
            client = Some(address);
            if !trusted(address) {
                break;
            }
        }
        Self(client)
    }
}

/// An address as proxies write it, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.trim_start_matches('[').split(']').next();
    let without_port = text.rsplit_once(':').map(|(host, _)| host);
    text.parse()
        .ok()
        .or_else(|| bare?.parse().ok())
        .or_else(|| without_port?.parse().ok())
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use axum::http::HeaderMap;

    use super::ClientAddress;

    fn client(peer: Option<&str>, lists: &[&'static str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for list in lists {
            headers.append("x-forwarded-for", list.parse().expect("a value"));
        }
        let parsed = |text: &str| text.parse::<IpAddr>().expect("an address");
        let trusted = |address: IpAddr| address.to_string().starts_with("10.");
        let ClientAddress(found) = ClientAddress::of(peer.map(parsed), trusted, &headers);
        found.map(|address| address.to_string())
    }

    #[test]
    fn only_a_trusted_proxy_speaks_for_others() {
        let is = |peer, lists: &[&'static str], wanted: Option<&str>| {
            assert_eq!(client(peer, lists).as_deref(), wanted, "{peer:?} {lists:?}");
        };
        is(Some("192.0.2.1"), &[], Some("192.0.2.1"));
        is(Some("192.0.2.1"), &["198.51.100.1"], Some("192.0.2.1"));
        is(Some("10.0.0.1"), &[], Some("10.0.0.1"));
        is(Some("10.0.0.1"), &["198.51.100.1"], Some("198.51.100.1"));
        is(
            Some("10.0.0.1"),
            &["1.1.1.1, 198.51.100.1, 10.0.0.2"],
            Some("198.51.100.1"),
        );
        is(
            Some("10.0.0.1"),
            &["1.1.1.1", "198.51.100.1"],
            Some("198.51.100.1"),
        );
        is(Some("10.0.0.1"), &["nonsense"], Some("10.0.0.1"));
        is(
            Some("10.0.0.1"),
            &["198.51.100.1:4711"],
            Some("198.51.100.1"),
        );
        is(
            Some("10.0.0.1"),
            &["[2001:db8::1]:4711"],
            Some("2001:db8::1"),
        );
        is(None, &["198.51.100.1"], Some("198.51.100.1"));
        is(None, &[], None);
    }
}
