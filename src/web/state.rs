//! What handlers share.

use std::sync::Arc;

use axum::extract::FromRef;

use super::cache::ResponseCache;
use crate::rankings::Catalog;

/// Everything a handler may ask for.
#[derive(Clone)]
pub struct AppState {
    /// The read model.
    pub catalog: Arc<Catalog>,
    /// Rendered responses.
    pub cache: Arc<ResponseCache>,
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
        Self { catalog, cache }
    }
}

impl FromRef<AppState> for Arc<Catalog> {
    fn from_ref(state: &AppState) -> Self {
        Arc::clone(&state.catalog)
    }
}
