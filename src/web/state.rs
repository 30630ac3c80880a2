//! What handlers share.

use std::sync::Arc;

use axum::extract::FromRef;
use maud::Markup;

use super::cache::ResponseCache;
use super::error::{Problem, plain_error_page};
use crate::rankings::Catalog;

/// Everything a handler may ask for.
#[derive(Clone)]
pub struct AppState {
    /// The read model.
    pub catalog: Arc<Catalog>,
    /// Rendered responses.
    pub cache: Arc<ResponseCache>,
    /// Draws the error page of everything that is not the API.
    pub error_page: fn(&Problem) -> Markup,
}

impl AppState {
    /// State over `catalog` with a response cache of `cache_bytes`, which is
    /// emptied whenever the catalog swaps its boards.
    pub fn new(catalog: Arc<Catalog>, cache_bytes: u64) -> Self {
        let cache = Arc::new(ResponseCache::new(cache_bytes));
        let dropped = Arc::downgrade(&cache);
        catalog.on_swap(move || {
            if let Some(cache) = dropped.upgrade() {
                cache.clear();
            }
        });
        Self {
            catalog,
            cache,
            error_page: plain_error_page,
        }
    }

    /// The same state with another error page.
    pub fn with_error_page(self, error_page: fn(&Problem) -> Markup) -> Self {
        Self { error_page, ..self }
    }
}

impl FromRef<AppState> for Arc<Catalog> {
    fn from_ref(state: &AppState) -> Self {
        Arc::clone(&state.catalog)
    }
}
