//! A probability is never shown without its interval.

use maud::{Markup, html};

pub(in crate::web) use crate::rankings::wording::{short_percent as percent, thousands};

/// `23 % (15 to 34 %)` beside a band that shows where the interval lies from 0 to 100 %.
pub(in crate::web) fn probability(value: f64, lower: f64, upper: f64) -> Markup {
    html! {
        span.probability {
            (band(value, lower, upper))
            span.figures {
                strong { (percent(value)) " %" }
                " "
                span.interval { "(" (percent(lower)) " to " (percent(upper)) " %)" }
            }
        }
    }
}

/// The band alone, for where the numbers stand beside it.
pub(in crate::web) fn band(value: f64, lower: f64, upper: f64) -> Markup {
    let (low, high) = (lower * 100.0, upper * 100.0);
    html! {
        svg.band viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect.track x="0" y="4" width="100" height="2" {}
            rect.extent x=(format!("{low:.1}")) y="1.5" width=(format!("{:.1}", (high - low).max(0.8))) height="7" {}
            rect.point x=(format!("{:.1}", (value * 100.0 - 0.6).clamp(0.0, 98.8))) y="0" width="1.2" height="10" {}
        }
    }
}

/// The sentence with every percent sign kept on the line of its number.
pub(in crate::web) fn unbroken(sentence: &str) -> String {
    sentence.replace(" %", "\u{a0}%")
}

#[cfg(test)]
mod tests {
    use super::probability;

    #[test]
    fn the_interval_stands_beside_the_number() {
        let text = probability(0.23, 0.15, 0.34).into_string();
        assert!(
            text.contains("<strong>23 %</strong>") && text.contains("(15 to 34 %)"),
            "{text}"
        );
        assert!(!text.contains("style="));
    }
}
