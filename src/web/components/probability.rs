//! A probability is never shown without its interval.

use maud::{Markup, html};

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

/// Whole percents; a decimal below 10 % and above 99 %, where a whole number
/// would hide differences. Never 0: nobody's chance is nothing.
pub(in crate::web) fn percent(value: f64) -> String {
    let hundredths = value * 100.0;
    if (9.95..99.0).contains(&hundredths) {
        format!("{hundredths:.0}")
    } else if hundredths < 0.05 {
        "<0.1".to_owned()
    } else {
        format!("{hundredths:.1}")
    }
}

/// The sentence with every percent sign kept on the line of its number.
pub(in crate::web) fn unbroken(sentence: &str) -> String {
    sentence.replace(" %", "\u{a0}%")
}

/// The number with commas between thousands.
pub(in crate::web) fn thousands(n: u32) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{percent, probability, thousands};

    #[test]
    fn long_numbers_have_commas() {
        assert_eq!([7, 1204, 37_623].map(thousands), ["7", "1,204", "37,623"]);
    }

    #[test]
    fn the_interval_stands_beside_the_number() {
        let text = probability(0.23, 0.15, 0.34).into_string();
        assert!(
            text.contains("<strong>23 %</strong>") && text.contains("(15 to 34 %)"),
            "{text}"
        );
        assert!(!text.contains("style="));
    }

    #[test]
    fn small_probabilities_keep_a_decimal() {
        assert_eq!(percent(0.0123), "1.2");
        assert_eq!(percent(0.0999), "10");
        assert_eq!(percent(0.0001), "<0.1");
        assert_eq!(percent(0.997), "99.7");
    }
}
