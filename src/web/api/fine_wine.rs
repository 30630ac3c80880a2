//! `/api/fine-wine`: late bloomers and what became of earlier ones.

use super::respond::json;
use crate::rankings::view::FineWineView;
use crate::web::error::{Problem, WebError};
use crate::web::extract::{Asked, FineWineParams, FineWineQuestion, Shown};
use crate::web::lifetime::Lifetime;
use crate::web::whose::Public;

/// Late bloomers of a season, the most probable first, and what became of
/// those of seasons whose windows have closed.
#[utoipa::path(get, path = "/api/fine-wine", tag = "prospects", params(FineWineParams), responses(
    (status = 200, description = "The late bloomers", body = FineWineView),
    (status = 400, description = "A parameter is wrong", body = Problem),
    (status = 404, description = "The season has no board", body = Problem)))]
pub(super) async fn show(
    shown: Shown,
    Asked(asked): Asked<FineWineQuestion>,
) -> Result<Public, WebError> {
    let answer = shown.answer(move |catalog| {
        let view = catalog.fine_wine(asked.as_of, asked.role)?;
        json(&view, Lifetime::Rankings)
    });
    answer.await
}
