//! Where a request arrived: what the frame of its page says of it.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;

use crate::rankings::Catalog;
use crate::web::layout::Frame;

/// Path and query of the request.
pub(in crate::web) struct Here(String);

impl<S: Send + Sync> FromRequestParts<S> for Here {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let OriginalUri(uri) = OriginalUri::from_request_parts(parts, state).await?;
        let path = uri.path_and_query();
        Ok(Self(path.map_or("/".to_owned(), ToString::to_string)))
    }
}

impl Here {
    /// The frame of the page at this address.
    pub(in crate::web) fn frame(self, catalog: &Catalog, title: String, about: &str) -> Frame {
        Frame {
            title,
            description: about.to_owned(),
            path: self.0,
            search: String::new(),
            simulated: catalog.is_simulated(),
            note: catalog.note(),
            trial: catalog.trial(),
        }
    }
}
