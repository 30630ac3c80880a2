//! Every cookie of the site, and how each is set and read.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};

/// A cookie: its name, how long it lives, and when browsers send it.
#[derive(Debug)]
pub(super) struct Kind {
    name: &'static str,
    /// Days; `None` until the browser is closed.
    days: Option<i64>,
    same_site: SameSite,
}

/// The operator's sign-in.
pub(super) const OPERATOR: Kind = Kind {
    name: "afwd_operator",
    days: Some(30),
    same_site: SameSite::Strict,
};
/// Which of two models a reader sees while one is tried; longer than any challenge.
pub(super) const READER: Kind = Kind {
    name: "afwd_viewer",
    days: Some(365),
    same_site: SameSite::Lax,
};
/// The colours a reader chose.
pub(super) const THEME: Kind = Kind {
    name: "theme",
    days: Some(365),
    same_site: SameSite::Lax,
};
/// What binds a form to a browser that is not signed in.
pub(super) const FORM: Kind = Kind {
    name: "afwd_form",
    days: None,
    same_site: SameSite::Strict,
};

/// Where cookies hold.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    /// The path of the site: `/`, or its base.
    pub(super) path: String,
    /// Whether they are sent by HTTPS only.
    pub(super) secure: bool,
}

impl Kind {
    /// The value a request brings.
    pub(super) fn of(&self, headers: &HeaderMap) -> Option<String> {
        let lists = headers.get_all(header::COOKIE).iter();
        let mut cookies = lists
            .filter_map(|list| list.to_str().ok())
            .flat_map(Cookie::split_parse)
            .flatten();
        let own = cookies.find(|cookie| cookie.name() == self.name)?;
        Some(own.value().to_owned())
    }

    /// The header that sets it; no script ever reads it.
    pub(super) fn set(&self, value: &str, scope: &Scope) -> Option<HeaderValue> {
        self.header(value, self.days.map(Duration::days), scope)
    }

    /// The header that takes it away.
    pub(super) fn removed(&self, scope: &Scope) -> Option<HeaderValue> {
        self.header("", Some(Duration::ZERO), scope)
    }

    fn header(&self, value: &str, age: Option<Duration>, scope: &Scope) -> Option<HeaderValue> {
        let mut cookie = Cookie::build((self.name, value))
            .path(scope.path.as_str())
            .http_only(true)
            .same_site(self.same_site);
        if let Some(age) = age {
            cookie = cookie.max_age(age);
        }
        if scope.secure {
            cookie = cookie.secure(true);
        }
        HeaderValue::try_from(cookie.build().to_string()).ok()
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::{FORM, OPERATOR, Scope};

    fn scope(secure: bool) -> Scope {
        Scope {
            path: "/wine".to_owned(),
            secure,
        }
    }

    #[test]
    fn a_cookie_says_where_how_long_and_to_whom() {
        let set = OPERATOR.set("77", &scope(true)).expect("a header");
        assert_eq!(
            set,
            "afwd_operator=77; HttpOnly; SameSite=Strict; Secure; Path=/wine; Max-Age=2592000"
        );
        let until_closed = FORM.set("1", &scope(false)).expect("a header");
        assert_eq!(
            until_closed,
            "afwd_form=1; HttpOnly; SameSite=Strict; Path=/wine"
        );
        let removed = OPERATOR.removed(&scope(false)).expect("a header");
        assert!(removed.to_str().expect("text").contains("Max-Age=0"));
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let of = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.append("cookie", text.parse().expect("a value"));
            OPERATOR.of(&headers)
        };
        assert_eq!(of("a=b; afwd_operator=77").as_deref(), Some("77"));
        assert_eq!(of("xafwd_operator=77; afwd_operatorx=1"), None);
    }
}
