//! How far to rely on a number: told by a shape and a word, not by colour.

use maud::{Markup, html};

/// A badge for `high`, `medium` or `low`.
pub(in crate::web) fn confidence(level: &str) -> Markup {
    let shape = match level {
        "high" => "●",
        "medium" => "◐",
        _ => "○",
    };
    html! { span class={ "confidence " (level) } { span aria-hidden="true" { (shape) } " " (level) } }
}

/// A badge for a season with too little playing time.
pub(in crate::web) fn thin_data() -> Markup {
    html! { span.thin title="Too little playing time this season to evaluate it" { "thin data" } }
}
