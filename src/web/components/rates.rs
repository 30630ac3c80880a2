//! Rates of the season beside the level's average.

use maud::{Markup, html};

use crate::rankings::view::RateView;

/// A table with a bar per percentile.
pub(in crate::web) fn rates(rates: &[RateView], caption: &str) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table.rates {
                caption { (caption) }
                thead {
                    tr {
                        th scope="col" { "Rate" }
                        th.num scope="col" { "His" }
                        th.num scope="col" { "Level" }
                        th scope="col" { "Percentile at his level" }
                    }
                }
                tbody { @for rate in rates { (row(rate)) } }
            }
        }
    }
}

fn row(rate: &RateView) -> Markup {
    let share = f64::from(rate.percentile) * 100.0;
    html! {
        tr {
            th scope="row" { (rate.label) }
            td.num { (figure(rate, rate.value)) }
            td.num { (figure(rate, rate.level_average)) }
            td.percentile {
                svg.bar viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                    rect.track x="0" y="4" width="100" height="2" {}
                    rect.fill x="0" y="1.5" width=(format!("{share:.1}")) height="7" {}
                    rect.half x="49.8" y="0" width="0.4" height="10" {}
                }
                span.figures { (ordinal(share.round() as u32)) }
            }
        }
    }
}

/// Rates as percents, isolated power as the usual three decimals.
fn figure(rate: &RateView, value: f32) -> String {
    if rate.label.starts_with("Isolated") {
        return format!("{value:.3}").trim_start_matches('0').to_owned();
    }
    format!("{:.1} %", value * 100.0)
}

fn ordinal(n: u32) -> String {
    let suffix = match (n % 10, n % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    };
    format!("{n}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::ordinal;

    #[test]
    fn ordinals_read_as_spoken() {
        let spoken = [1, 2, 3, 4, 11, 12, 13, 21, 92, 100].map(ordinal);
        assert_eq!(
            spoken,
            [
                "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "92nd", "100th"
            ]
        );
    }
}
