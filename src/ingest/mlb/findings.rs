//! How findings of this source are worded and kept short.

use crate::domain::{Check, Finding, Severity};
use crate::ingest::sources::MLB;

/// A finding of this source with the first of its examples.
pub(super) fn finding(
    check: Check,
    severity: Severity,
    what: String,
    count: u32,
    examples: impl IntoIterator<Item = String>,
) -> Finding {
    Finding {
        check,
        severity,
        source: MLB.name.to_owned(),
        what,
        count,
        examples: examples.into_iter().take(Finding::EXAMPLES).collect(),
    }
}

/// A finding that speaks for itself.
pub(super) fn plain(check: Check, severity: Severity, what: String) -> Finding {
    finding(check, severity, what, 1, [])
}
