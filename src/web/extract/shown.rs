//! The read model as the request's reader sees it.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::rankings::Catalog;
use crate::web::error::WebError;
use crate::web::experiment::Arm;
use crate::web::off_thread::OffThread;
use crate::web::state::AppState;
use crate::web::whose::Public;

/// The read model of the request's arm.
pub(in crate::web) struct Shown(OffThread<Catalog>);

impl FromRequestParts<AppState> for Shown {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let arm = parts.extensions.get::<Arm>().copied();
        Ok(Self(state.shown(arm)))
    }
}

impl Shown {
    /// The answer that `made` makes of the read model, on a thread for computing.
    pub(in crate::web) async fn answer(
        self,
        made: impl FnOnce(&Catalog) -> Result<Public, WebError> + Send + 'static,
    ) -> Result<Public, WebError> {
        self.0.ask(made).await?
    }
}
