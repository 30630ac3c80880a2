//! The site with accounts, and a browser without scripts.

use std::sync::Arc;

use afwd::domain::{Registration, UserRole};
use afwd::secret::Secret;
use afwd::web::{AppState, Site, router};
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use scraper::{Html, Selector};
use tokio_util::sync::CancellationToken;

use super::{PASSWORD, Place, from};
use crate::models::ask;
use crate::support::league::catalog;

pub(super) const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
pub(super) const JSON: (&str, &str) = ("content-type", "application/json");
pub(super) const OWN_PAGE: (&str, &str) = ("sec-fetch-site", "same-origin");
/// The operator's token.
pub(super) const TOKEN: &str = "s3cret";

/// A site, and the accounts behind it.
pub(super) struct Served {
    pub(super) place: Place,
    pub(super) site: Router,
}

impl Served {
    pub(super) fn new() -> Self {
        Self::with(Registration::Open, Site::default())
    }

    pub(super) fn with(registration: Registration, site: Site) -> Self {
        Self::of(registration, site, |_, state| state)
    }

    /// With more than accounts.
    pub(super) fn of(
        registration: Registration,
        site: Site,
        more: impl FnOnce(&Place, AppState) -> AppState,
    ) -> Self {
        let place = Place::with(|config| config.registration = registration);
        let state = AppState::new(catalog(), 8 << 20, CancellationToken::new())
            .operated_by(Some(Secret::new(TOKEN)))
            .with_accounts(Arc::clone(&place.accounts))
            .at(site);
        let state = more(&place, state);
        Self {
            place,
            site: router(state),
        }
    }

    /// An access token of somebody who signs in.
    pub(super) fn access(&self, mail: &str) -> String {
        let tokens = self.place.sign_in(mail, PASSWORD, &from("192.0.2.1"));
        tokens.expect("signed in").access.expose().to_owned()
    }

    pub(super) fn add(&self, mail: &str, role: UserRole) {
        self.place.add(mail, role);
    }
}

/// A browser: it keeps cookies and sends forms.
pub(super) struct Browser<'a> {
    site: &'a Router,
    cookies: Vec<(String, String)>,
}

/// What a browser was shown.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) page: String,
}

impl Shown {
    /// Where it leads.
    pub(super) fn location(&self) -> &str {
        let to = self.headers.get("location");
        to.map_or("", |to| to.to_str().expect("plain text"))
    }

    /// The value of the first field with a name.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        let page = Html::parse_document(&self.page);
        let field = Selector::parse(&format!("input[name={name}]")).expect("a selector");
        let field = page.select(&field).next()?;
        Some(field.value().attr("value").unwrap_or_default().to_owned())
    }

    /// The texts of what a selector finds.
    pub(super) fn texts(&self, selector: &str) -> Vec<String> {
        let page = Html::parse_document(&self.page);
        let selector = Selector::parse(selector).expect("a selector");
        let found = page.select(&selector);
        found
            .map(|element| element.text().collect::<String>().trim().to_owned())
            .collect()
    }
}

impl<'a> Browser<'a> {
    pub(super) fn new(site: &'a Router) -> Self {
        Self {
            site,
            cookies: Vec::new(),
        }
    }

    pub(super) fn cookie_line(&self) -> String {
        let pairs = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        let held = self.cookies.iter().find(|(held, _)| held == name);
        held.map(|(_, value)| value.as_str())
    }

    pub(super) fn forget(&mut self, name: &str) {
        self.cookies.retain(|(held, _)| held != name);
    }

    pub(super) async fn get(&mut self, path: &str) -> Shown {
        self.send("GET", path, &[], "").await
    }

    /// Sends the form that stands on a page, with these fields.
    pub(super) async fn submit(
        &mut self,
        page: &str,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Shown {
        let shown = self.get(page).await;
        let token = shown.field("form_token").expect("a form");
        self.post(action, &token, fields).await
    }

    pub(super) async fn post(
        &mut self,
        action: &str,
        token: &str,
        fields: &[(&str, &str)],
    ) -> Shown {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("form_token", token);
        form.extend_pairs(fields);
        let form = form.finish();
        self.send("POST", action, &[FORM, OWN_PAGE], &form).await
    }

    pub(super) async fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Shown {
        let line = self.cookie_line();
        let mut all = headers.to_vec();
        if !line.is_empty() {
            all.push(("cookie", &line));
        }
        let (status, headers, page) = ask(self.site, method, path, &all, body).await;
        for set in headers.get_all("set-cookie") {
            let set = set.to_str().expect("plain text");
            let pair = set.split(';').next().expect("a pair");
            let (name, value) = pair.split_once('=').expect("a pair");
            self.forget(name);
            if !set.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        Shown {
            status,
            headers,
            page,
        }
    }

    /// Signs in through the page.
    pub(super) async fn sign_in(&mut self, mail: &str) {
        let fields = [("mail", mail), ("password", PASSWORD)];
        let shown = self.submit("/sign-in", "/sign-in", &fields).await;
        assert_eq!(shown.status, StatusCode::SEE_OTHER, "{}", shown.page);
        assert_eq!(shown.location(), "/account");
    }
}
