//! Whose an answer is: everybody's, or one reader's.
//!
//! A handler answers with [`Public`] or [`Private`]. A public answer depends on nothing
//! but path, query and boards; the edge keeps it under these and shows it to all. A
//! private one is never kept, by us or anybody. Whoever looks at who is asking (see
//! `extract::Viewer` and `extract::Jar`) marks the request with a [`Glance`], and the
//! edge then treats the answer as private whatever its type says: a page made for one
//! reader can't reach another by mistake.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Body;
use axum::body::Bytes;
use axum::http::{Extensions, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use parking_lot::Mutex;

use super::lifetime::Lifetime;

/// `Cache-Control` of what is one reader's.
pub(super) const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-store");

/// The same for everybody who asks for the same address.
pub(super) struct Public {
    lifetime: Lifetime,
    content_type: &'static str,
    file: Option<String>,
    body: Bytes,
}

impl Public {
    /// An answer that may be kept for `lifetime`.
    pub(super) fn new(
        lifetime: Lifetime,
        content_type: &'static str,
        body: impl Into<Bytes>,
    ) -> Self {
        Self {
            lifetime,
            content_type,
            file: None,
            body: body.into(),
        }
    }

    /// As a page.
    pub(super) fn html(page: maud::Markup, lifetime: Lifetime) -> Self {
        Self::new(lifetime, "text/html; charset=utf-8", page.into_string())
    }

    /// To be saved as the file `name`, which holds no quotes.
    pub(super) fn saved_as(mut self, name: &str) -> Self {
        self.file = Some(format!("attachment; filename=\"{name}\""));
        self
    }
}

impl IntoResponse for Public {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        response.extensions_mut().insert(Kept(self.lifetime));
        let headers = response.headers_mut();
        let content_type = HeaderValue::from_static(self.content_type);
        headers.insert(header::CONTENT_TYPE, content_type);
        let file = self.file.map(HeaderValue::try_from);
        if let Some(Ok(file)) = file {
            headers.insert(header::CONTENT_DISPOSITION, file);
        }
        response
    }
}

/// How long the edge may keep a response.
#[derive(Clone, Copy)]
struct Kept(Lifetime);

/// How long `response` may be kept; `None` for what is never kept.
pub(super) fn lifetime(response: &Response) -> Option<Lifetime> {
    let Kept(lifetime) = response.extensions().get::<Kept>()?;
    Some(*lifetime).filter(|lifetime| *lifetime != Lifetime::Unkept)
}

/// One reader's: never kept, not even by his browser.
pub(super) struct Private<T>(pub(super) T);

impl<T: IntoResponse> IntoResponse for Private<T> {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, PRIVATE);
        response
    }
}

/// Remembers of one request whether its handler looked at who is asking, and the cookies
/// that the reader is to be given for that, whatever the answer.
#[derive(Clone, Default)]
pub(super) struct Glance(Arc<Look>);

#[derive(Default)]
struct Look {
    taken: AtomicBool,
    cookies: Mutex<Vec<HeaderValue>>,
}

impl Glance {
    /// Notes the look on the request these extensions belong to.
    pub(super) fn mark(extensions: &Extensions) {
        if let Some(Self(look)) = extensions.get() {
            look.taken.store(true, Ordering::Relaxed);
        }
    }

    /// Gives the reader of the request these extensions belong to cookies.
    pub(super) fn set_cookies(extensions: &Extensions, set: impl IntoIterator<Item = HeaderValue>) {
        if let Some(Self(look)) = extensions.get() {
            look.cookies.lock().extend(set);
        }
    }

    pub(super) fn was_taken(&self) -> bool {
        self.0.taken.load(Ordering::Relaxed)
    }

    pub(super) fn cookies(&self) -> Vec<HeaderValue> {
        std::mem::take(&mut self.0.cookies.lock())
    }
}
