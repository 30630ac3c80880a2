//! Where the site stands: the path below which it is served, and how it is called from
//! outside.

use std::fmt;
use std::str::FromStr;

use axum::http::{HeaderMap, HeaderName, header};
use url::Url;

const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Where the site stands.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// The path below which everything is.
    pub base: BasePath,
    /// The address readers know, where the operator named one.
    pub public_url: Option<PublicUrl>,
    /// Random name of this installation; ids of the feed are made of it.
    pub installation: String,
}

/// A path below which the site is served: nothing, or `/wine` without a slash at its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BasePath(String);

/// Scheme and host by which readers reach the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

/// Why a path or an address can't be used.
#[derive(Debug, thiserror::Error)]
pub enum BadAddress {
    /// Not a path below which a site can be.
    #[error(
        "`{0}` is no path to serve below: write one such as /wine, of letters, digits, - . _ ~ and /"
    )]
    Path(String),
    /// Not an address of a site.
    #[error(
        "`{0}` is no address of a site: write one such as https://wine.example.org, without a path (that is --base-path)"
    )]
    Url(String),
}

impl FromStr for BasePath {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let path = text.trim_end_matches('/');
        let plain = |part: &str| {
            let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
            !part.is_empty() && part != "." && part != ".." && part.bytes().all(unreserved)
        };
        match path.strip_prefix('/') {
            None if path.is_empty() => Ok(Self::default()),
            Some(parts) if parts.split('/').all(plain) => Ok(Self(path.to_owned())),
            _ => Err(BadAddress::Path(text.to_owned())),
        }
    }
}

impl FromStr for PublicUrl {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let bad = || BadAddress::Url(text.to_owned());
        let url = Url::parse(text).map_err(|_| bad())?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let http = matches!(url.scheme(), "http" | "https");
        let nobody = url.username().is_empty() && url.password().is_none();
        match bare && http && nobody {
            true => Ok(Self(url.origin().ascii_serialization())),
            false => Err(bad()),
        }
    }
}

impl fmt::Display for BasePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl BasePath {
    /// The prefix of every path; empty at the root.
    pub(super) fn prefix(&self) -> &str {
        &self.0
    }

    /// `path` of this program below the base.
    pub(super) fn below(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// What `path` is called inside: without the base. A proxy may have taken it off
    /// already; what comes without it is taken as it is.
    pub(super) fn inside<'p>(&self, path: &'p str) -> &'p str {
        match path.strip_prefix(&self.0) {
            Some("") => "/",
            Some(rest) if rest.starts_with('/') => rest,
            Some(rest) if rest.starts_with('?') => rest,
            _ => path,
        }
    }

    /// `html` of a page with its links below the base. Pages write their links as if
    /// they were at the root, and markup quotes every attribute and escapes every quote
    /// in a text: so only attributes are found.
    pub(super) fn rebased(&self, html: &str) -> String {
        let mut moved = html.to_owned();
        for attribute in ["href", "src", "action"] {
            let (root, below) = (
                format!(" {attribute}=\"/"),
                format!(" {attribute}=\"{}/", self.0),
            );
            moved = moved.replace(&root, &below);
        }
        moved
    }
}

impl Site {
    /// True when the operator says that readers reach it by HTTPS, through a proxy.
    pub(super) fn is_secure(&self) -> bool {
        let url = self.public_url.as_ref();
        url.is_some_and(|PublicUrl(origin)| origin.starts_with("https:"))
    }

    /// The address of the site with its path, where the operator named one.
    pub fn address(&self) -> Option<String> {
        let PublicUrl(origin) = self.public_url.as_ref()?;
        Some(format!("{origin}{}", self.base))
    }

    /// Scheme and host for links that must be whole: the operator's, else those of the
    /// request. Forwarded headers are a proxy's: strangers' are gone by now (`serve`).
    pub(super) fn origin(&self, headers: &HeaderMap, secure: bool) -> Option<String> {
        if let Some(PublicUrl(origin)) = &self.public_url {
            return Some(origin.clone());
        }
        let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let scheme = match text(&FORWARDED_PROTO) {
            Some("https") => "https",
            Some("http") => "http",
            _ if secure => "https",
            _ => "http",
        };
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b);
        let host = text(&FORWARDED_HOST).or_else(|| text(&header::HOST));
        let host = host.filter(|host| host.bytes().all(plain))?;
        let origin: PublicUrl = format!("{scheme}://{host}").parse().ok()?;
        Some(origin.0)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::{BasePath, PublicUrl, Site};

    #[test]
    fn a_base_is_a_plain_path() {
        for (text, prefix) in [
            ("", ""),
            ("/", ""),
            ("/wine", "/wine"),
            ("/a/b-1/", "/a/b-1"),
        ] {
            assert_eq!(text.parse::<BasePath>().expect("a path").prefix(), prefix);
        }
        for text in ["wine", "/a//b", "/a b", "/a/../b", "/<x>", "/a?b", "/é"] {
            assert!(text.parse::<BasePath>().is_err(), "{text}");
        }
    }

    #[test]
    fn paths_lose_and_links_gain_the_base() {
        let base: BasePath = "/wine".parse().expect("a path");
        for (asked, inside) in [
            ("/wine/about?a=1", "/about?a=1"),
            ("/wine", "/"),
            ("/wine/", "/"),
            ("/about", "/about"),
            ("/winery", "/winery"),
        ] {
            assert_eq!(base.inside(asked), inside);
        }
        let page = r#"<a href="/"></a><a href="/x?a=/b">"/y</a><form action="/z"><a href="https://e.org/"></a>"#;
        let moved = r#"<a href="/wine/"></a><a href="/wine/x?a=/b">"/y</a><form action="/wine/z"><a href="https://e.org/"></a>"#;
        assert_eq!(base.rebased(page), moved);
    }

    #[test]
    fn the_origin_is_the_operators_or_the_requests() {
        let origin = |site: &Site, pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().expect("a value"));
            }
            site.origin(&headers, false)
        };
        let own = Site::default();
        let host = ("host", "wine.example.org");
        let of = |pairs: &[_]| origin(&own, pairs);
        assert_eq!(of(&[host]).as_deref(), Some("http://wine.example.org"));
        let proxied = [host, ("x-forwarded-proto", "https")];
        assert_eq!(of(&proxied).as_deref(), Some("https://wine.example.org"));
        let renamed = [host, ("x-forwarded-host", "a.example:8443")];
        assert_eq!(of(&renamed).as_deref(), Some("http://a.example:8443"));
        for host in ["", "a b", "x@y", "a/b", "a\"b"] {
            assert_eq!(of(&[("host", host)]), None, "{host}");
        }
        let named = Site {
            public_url: Some("https://Wine.example.org/".parse().expect("an address")),
            ..Site::default()
        };
        let named = origin(&named, &[host, ("x-forwarded-host", "evil.example")]);
        assert_eq!(named.as_deref(), Some("https://wine.example.org"));
        for bad in [
            "wine.example.org",
            "ftp://a",
            "https://a/b",
            "https://u:p@a",
            "https://a?b",
        ] {
            assert!(bad.parse::<PublicUrl>().is_err(), "{bad}");
        }
    }
}
