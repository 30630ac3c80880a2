//! What is remembered of a source: what its checks found, and why it failed.

use jiff::Timestamp;

use crate::domain::Finding;
use crate::store::{QualityReport, Store};

/// The report of a check of `source`.
pub(super) fn report(
    source: &str,
    rows: u64,
    applied: bool,
    findings: &[Finding],
    at: Timestamp,
) -> QualityReport {
    QualityReport {
        source: source.to_owned(),
        checked: at,
        rows,
        applied,
        findings: findings.to_vec(),
    }
}

/// Remembers why a source could not be read; what it gave before stays.
pub(super) fn note_failure(
    store: &Store,
    source: &str,
    error: &anyhow::Error,
    at: Timestamp,
) -> anyhow::Result<()> {
    let interrupted = error.is::<crate::jobs::Interrupted>();
    let blocked = matches!(
        error.downcast_ref(),
        Some(crate::http::HttpError::Challenge { .. })
    );
    Ok(store.write(|tx| {
        tx.change_source(source, |state| {
            if !interrupted {
                state.error = format!("{error:#}");
            }
            if blocked {
                state.blocked_since = state.blocked_since.or(Some(at));
            }
        })
    })?)
}
