//! Parts that may block or compute for long, out of reach of the threads that answer.
//!
//! A handler holds such a part as an [`OffThread`], which lends it only to work on a
//! thread for computing. So none can hold up other requests, by rule and not by memory.

use std::sync::Arc;

use tracing::Span;

use super::error::WebError;

/// A part that is asked on threads for computing only.
pub(super) struct OffThread<T: ?Sized>(Arc<T>);

impl<T: ?Sized> Clone for OffThread<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: ?Sized + Send + Sync + 'static> OffThread<T> {
    pub(super) fn new(part: Arc<T>) -> Self {
        Self(part)
    }

    /// What `question` makes of the part; log lines keep the request's id.
    ///
    /// # Errors
    /// When the question panics.
    pub(super) fn ask<A, Q>(
        &self,
        question: Q,
    ) -> impl Future<Output = Result<A, WebError>> + Send + use<A, Q, T>
    where
        A: Send + 'static,
        Q: FnOnce(&T) -> A + Send + 'static,
    {
        let part = Arc::clone(&self.0);
        async move {
            let span = Span::current();
            let asked = tokio::task::spawn_blocking(move || span.in_scope(|| question(&part)));
            asked.await.map_err(|error| WebError::internal(&error))
        }
    }

    /// Begins work that the answer does not wait for.
    pub(super) fn begin(&self, work: impl FnOnce(&T) + Send + 'static) {
        let part = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || work(&part));
    }
}
