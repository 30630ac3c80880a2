//! Other sites whose pages may use the API for their readers.

use std::str::FromStr;

use axum::http::HeaderValue;
use url::Url;

/// Origins, as browsers write them; none by default. What is public any site may read
/// without standing here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CrossOrigin(Vec<String>);

impl CrossOrigin {
    pub(super) fn allows(&self, origin: &HeaderValue) -> bool {
        self.0
            .iter()
            .any(|known| known.as_bytes() == origin.as_bytes())
    }
}

/// Why a list of origins can't be read.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no origin: write a list such as https://wine.example.org,http://localhost:3000")]
pub struct BadOrigin(String);

impl FromStr for CrossOrigin {
    type Err = BadOrigin;

    fn from_str(text: &str) -> Result<Self, BadOrigin> {
        let named = text.split(',').map(str::trim);
        let origin = |name: &str| {
            let bad = || BadOrigin(name.to_owned());
            let url = Url::parse(name).map_err(|_| bad())?;
            let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
            let nobody = url.username().is_empty() && url.password().is_none();
            let http = matches!(url.scheme(), "http" | "https");
            match bare && nobody && http {
                true => Ok(url.origin().ascii_serialization()),
                false => Err(bad()),
            }
        };
        let named = named.filter(|name| !name.is_empty());
        named.map(origin).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::CrossOrigin;

    #[test]
    fn an_origin_is_compared_whole() {
        let allowed: CrossOrigin = "https://a.example, http://localhost:3000/"
            .parse()
            .expect("origins");
        let allows = |origin: &'static str| allowed.allows(&HeaderValue::from_static(origin));
        assert!(allows("https://a.example") && allows("http://localhost:3000"));
        for other in [
            "http://a.example",
            "https://a.example.evil.org",
            "https://a.example:8443",
            "https://evil@a.example",
            "null",
            "",
        ] {
            assert!(!allows(other), "{other}");
        }
    }

    #[test]
    fn what_is_no_origin_is_refused_by_name() {
        assert_eq!(
            "".parse::<CrossOrigin>().expect("none"),
            CrossOrigin::default()
        );
        for bad in [
            "*",
            "null",
            "a.example",
            "https://a.example/path",
            "ftp://a.example",
            "https://u@a.example",
        ] {
            let error = bad
                .parse::<CrossOrigin>()
                .expect_err("no origin")
                .to_string();
            assert!(error.contains(bad), "{error}");
        }
    }
}
