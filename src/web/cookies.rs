//! Every cookie of the site, and how each is set and read.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};

/// A cookie: its name, how long it lives, and when browsers send it.
#[derive(Debug)]
pub(super) struct Kind {
    name: &'static str,
    /// Seconds; `None` until the browser is closed.
    seconds: Option<i64>,
    same_site: SameSite,
    /// True when it lets somebody in: where the site is secure, its name then says that
    /// it was set by this host, by HTTPS, and browsers see to it.
    guarded: bool,
}

const DAY: i64 = 24 * 3600;

/// The operator's sign-in.
pub(super) const OPERATOR: Kind = Kind {
    name: "afwd_operator",
    seconds: Some(30 * DAY),
    same_site: SameSite::Strict,
    guarded: true,
};
/// Who a reader is, for a quarter of an hour.
pub(super) const ACCESS: Kind = Kind {
    name: "afwd_access",
    seconds: Some(15 * 60),
    // A link in a mail leads to a page that knows its reader.
    same_site: SameSite::Lax,
    guarded: true,
};
/// What gets a reader the next of [`ACCESS`], once.
pub(super) const REFRESH: Kind = Kind {
    name: "afwd_refresh",
    seconds: Some(30 * DAY),
    same_site: SameSite::Lax,
    guarded: true,
};
/// By what a device is known that a reader signed in with before.
pub(super) const DEVICE: Kind = Kind {
    name: "afwd_device",
    seconds: Some(365 * DAY),
    same_site: SameSite::Strict,
    guarded: true,
};
/// Which of two models a reader sees while one is tried; longer than any challenge.
pub(super) const READER: Kind = Kind {
    name: "afwd_viewer",
    seconds: Some(365 * DAY),
    same_site: SameSite::Lax,
    guarded: false,
};
/// The colours a reader chose.
pub(super) const THEME: Kind = Kind {
    name: "theme",
    seconds: Some(365 * DAY),
    same_site: SameSite::Lax,
    guarded: false,
};
/// What binds a form to a browser that is not signed in.
pub(super) const FORM: Kind = Kind {
    name: "afwd_form",
    seconds: None,
    same_site: SameSite::Strict,
    guarded: true,
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
    pub(super) fn of(&self, headers: &HeaderMap, scope: &Scope) -> Option<String> {
        let name = self.name(scope);
        let lists = headers.get_all(header::COOKIE).iter();
        let mut cookies = lists
            .filter_map(|list| list.to_str().ok())
            .flat_map(Cookie::split_parse)
            .flatten();
        let own = cookies.find(|cookie| cookie.name() == name)?;
        Some(own.value().to_owned())
    }

    fn name(&self, scope: &Scope) -> Cow<'static, str> {
        match (self.guarded && scope.secure, scope.path.as_str()) {
            (false, _) => Cow::Borrowed(self.name),
            (true, "/") => Cow::Owned(format!("__Host-{}", self.name)),
            // Such a name asks for the root; this one only for HTTPS.
            (true, _) => Cow::Owned(format!("__Secure-{}", self.name)),
        }
    }

    /// The header that sets it; no script ever reads it.
    pub(super) fn set(&self, value: &str, scope: &Scope) -> Option<HeaderValue> {
        self.header(value, self.seconds.map(Duration::seconds), scope)
    }

    /// The header that takes it away.
    pub(super) fn removed(&self, scope: &Scope) -> Option<HeaderValue> {
        self.header("", Some(Duration::ZERO), scope)
    }

    fn header(&self, value: &str, age: Option<Duration>, scope: &Scope) -> Option<HeaderValue> {
        let mut cookie = Cookie::build((self.name(scope), value))
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
            "__Secure-afwd_operator=77; HttpOnly; SameSite=Strict; Secure; Path=/wine; Max-Age=2592000"
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
        let of = |text: &'static str, scope: &Scope| {
            let mut headers = HeaderMap::new();
            headers.append("cookie", text.parse().expect("a value"));
            OPERATOR.of(&headers, scope)
        };
        let plain = scope(false);
        assert_eq!(of("a=b; afwd_operator=77", &plain).as_deref(), Some("77"));
        assert_eq!(of("xafwd_operator=77; afwd_operatorx=1", &plain), None);
        // Where the name is guarded, a host beside this one can't give it.
        let root = Scope {
            path: "/".to_owned(),
            secure: true,
        };
        assert_eq!(of("afwd_operator=77", &root), None);
        let guarded = of("__Host-afwd_operator=77", &root);
        assert_eq!(guarded.as_deref(), Some("77"));
    }
}
