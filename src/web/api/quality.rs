//! `/api/quality`, for the operator.

use axum::Json;
use axum::extract::State;

use crate::web::error::{Problem, WebError};
use crate::web::operator::Operator;
use crate::web::quality::QualityView;
use crate::web::state::AppState;
use crate::web::whose::Private;

/// How fresh each source is and what the newest checks found.
#[utoipa::path(get, path = "/api/quality", tag = "operation", responses(
    (status = 200, description = "Sources and findings", body = QualityView),
    (status = 403, description = "No token is set, or another one", body = Problem)))]
pub(super) async fn quality(
    _: Operator,
    State(state): State<AppState>,
) -> Result<Private<Json<QualityView>>, WebError> {
    let view = state.quality()?.ask(|quality| quality.quality()).await?;
    let view = view.map_err(|cause| WebError::internal(&*cause))?;
    Ok(Private(Json(view)))
}
