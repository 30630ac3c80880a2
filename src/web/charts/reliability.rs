//! Reliability: what was given against what happened, with counts and intervals.

use maud::{Markup, html};

use crate::rankings::report::Bin;
use crate::web::components::probability::percent;

const SIZE: f64 = 400.0;
const LEFT: f64 = 48.0;
const TOP: f64 = 12.0;
/// Ends of both axes; what lies beyond is drawn at the end.
const ENDS: (f64, f64) = (0.001, 0.95);
const TICKS: [f64; 8] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.25, 0.5, 0.8];

/// The chart on axes of log-odds, so that small probabilities can be told apart,
/// and the table with the same numbers.
pub(in crate::web) fn reliability(bins: &[Bin], caption: &str) -> Markup {
    html! {
        figure.reliability {
            div.scroll tabindex="0" role="region" aria-label="Reliability curve" { (chart(bins, caption)) }
            figcaption.small { "Each point is a group of predictions, the larger the more; the bar is the 95 % interval of the share
                that succeeded. On the diagonal the numbers are right; both axes stretch small probabilities." }
            details { summary { "The same as a table" } (table(bins, caption)) }
        }
    }
}

/// Where a probability lies, from 0 to 1 along an axis.
fn along(p: f64) -> f64 {
    let logit = |p: f64| (p / (1.0 - p)).ln();
    let (low, high) = (logit(ENDS.0), logit(ENDS.1));
    (logit(p.clamp(ENDS.0, ENDS.1)) - low) / (high - low)
}

fn x(p: f64) -> f64 {
    (LEFT + along(p) * SIZE).round()
}

fn y(p: f64) -> f64 {
    (TOP + (1.0 - along(p)) * SIZE).round()
}

fn chart(bins: &[Bin], caption: &str) -> Markup {
    let (width, height) = (LEFT + SIZE + 20.0, TOP + SIZE + 46.0);
    html! {
        svg viewBox=(format!("0 0 {width} {height}")) role="img" aria-labelledby="reliability-title reliability-desc" {
            title id="reliability-title" { (caption) }
            desc id="reliability-desc" {
                @for b in bins { "Given " (percent(b.predicted)) " %: " (percent(b.observed)) " % of " (b.n) " succeeded. " }
            }
            @for p in TICKS {
                line.grid x1=(LEFT) x2=(LEFT + SIZE) y1=(y(p)) y2=(y(p)) {}
                line.grid y1=(TOP) y2=(TOP + SIZE) x1=(x(p)) x2=(x(p)) {}
                text.tick x=(LEFT - 6.0) y=(y(p) + 4.0) text-anchor="end" { (tick(p)) }
                text.tick x=(x(p)) y=(TOP + SIZE + 17.0) text-anchor="middle" { (tick(p)) }
            }
            line.joint x1=(x(ENDS.0)) y1=(y(ENDS.0)) x2=(x(ENDS.1)) y2=(y(ENDS.1)) {}
            @for b in bins {
                line.interval x1=(x(b.predicted)) x2=(x(b.predicted)) y1=(y(b.lower)) y2=(y(b.upper)) {}
                circle.point cx=(x(b.predicted)) cy=(y(b.observed)) r=(radius(b.n)) {}
            }
            text.tick x=(LEFT + SIZE / 2.0) y=(height - 6.0) text-anchor="middle" { "probability given, %" }
            text.tick x=(LEFT + 6.0) y=(TOP + 14.0) { "share that succeeded, %" }
        }
    }
}

fn tick(p: f64) -> String {
    format!("{}", (p * 1000.0).round() / 10.0)
}

/// Radius by count: 3 for a handful, 9 for tens of thousands.
fn radius(n: u32) -> f64 {
    (2.0 + f64::from(n).log10() * 1.6).round().clamp(3.0, 9.0)
}

fn table(bins: &[Bin], caption: &str) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Reliability table" { table.lines {
            caption { (caption) }
            thead { tr { th scope="col" { "Given" } @for head in ["Players", "Mean given", "Succeeded", "Share", "95 % interval"] { th.num scope="col" { (head) } } } }
            tbody { @for b in bins { tr {
                th scope="row" { (tick(b.from)) " to " (tick(b.to)) " %" }
                td.num { (b.n) }
                td.num { (fine(b.predicted)) }
                td.num { (b.successes) }
                td.num { (fine(b.observed)) }
                td.num { (fine(b.lower)) " to " (fine(b.upper)) }
            } } }
        } }
    }
}

fn fine(p: f64) -> String {
    format!("{:.1} %", p * 100.0)
}
