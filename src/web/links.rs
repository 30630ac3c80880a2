//! Building addresses: query strings from named values.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Named values of a query string, in order; empty ones are left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Query(Vec<(&'static str, String)>);

impl Query {
    /// The values that are there.
    pub(super) fn new(values: impl IntoIterator<Item = (&'static str, Option<String>)>) -> Self {
        let given = values
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        Self(given.filter(|(_, value)| !value.is_empty()).collect())
    }

    /// The value of `name`, empty when absent.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(held, _)| *held == name)
            .map_or("", |(_, value)| value)
    }

    /// The same values with `name` set; an empty value takes it out.
    pub(super) fn with(&self, name: &'static str, value: &str) -> Self {
        let mut values = self.0.clone();
        values.retain(|(held, _)| *held != name);
        if !value.is_empty() {
            values.push((name, value.to_owned()));
        }
        Self(values)
    }

    /// `path` with these values.
    pub(super) fn href(&self, path: &str) -> String {
        let pairs: Vec<String> = self
            .0
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        if pairs.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", pairs.join("&"))
        }
    }
}

/// Everything that has a meaning inside a query value.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// `text` as it stands in a query value.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A path of this site: never another host's, whatever a link says.
pub(super) fn is_local(back: &str) -> bool {
    let plain = back
        .bytes()
        .all(|byte| (0x21..0x7f).contains(&byte) && byte != b'\\');
    plain && back.starts_with('/') && !back.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::{Query, encoded, is_local};

    #[test]
    fn a_value_keeps_its_meaning_inside_a_query() {
        assert_eq!(encoded("/?a=1&b=é"), "/%3Fa%3D1%26b%3D%C3%A9");
        let query = Query::new([("level", Some("A+".to_owned())), ("role", None)]);
        assert_eq!(query.href("/"), "/?level=A%2B");
        assert_eq!(
            query.with("level", "").with("role", "hitter").href("/"),
            "/?role=hitter"
        );
    }

    #[test]
    fn only_our_own_paths_are_returned_to() {
        assert!(is_local("/prospects/1?as_of=2020"));
        for back in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/a\r\nX: y",
            "javascript:1",
        ] {
            assert!(!is_local(back), "{back}");
        }
    }
}
