//! The waterfall: from the typical prospect's probability, group by group, to
//! the shown one.
//!
//! Bars are drawn where they add up exactly, on a scale of log-odds whose ticks
//! are labelled with probabilities.

use maud::{Markup, html};

use crate::rankings::view::{ExplanationView, GroupView};

const ROW: f64 = 30.0;
const TOP: f64 = 26.0;
const LEFT: f64 = 132.0;
const WIDTH: f64 = 640.0;
/// Probabilities that may be labelled on the axis.
const TICKS: [f64; 11] = [
    0.0001, 0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999,
];

/// The chart and, next to it, the table with the same numbers. Direction is
/// told by position and sign, never by colour alone.
pub(in crate::web) fn waterfall(view: &ExplanationView) -> Markup {
    html! {
        figure.waterfall {
            div.scroll tabindex="0" role="region" aria-label="Waterfall" { (chart(view)) }
            details {
                summary { "The same as a table" }
                (table(view))
            }
        }
    }
}

fn table(view: &ExplanationView) -> Markup {
    html! {
        table {
            caption { "Log-odds add up from the typical prospect to this probability" }
            thead { tr { th scope="col" { "Group" } th.num scope="col" { "Log-odds" } th.num scope="col" { "Probability then" } } }
            tbody {
                tr { th scope="row" { "Typical prospect" } td.num { (format!("{:.3}", view.base_log_odds)) }
                    td.num { (fine(view.base_probability)) } }
                @for group in &view.groups {
                    tr { th scope="row" { (group.group) } td.num { (signed(group.log_odds)) } td.num { (fine(group.to)) } }
                }
            }
            tfoot { tr { th scope="row" { "Sum" } td.num { (format!("{:.3}", view.log_odds)) } td.num { (fine(view.probability)) } } }
        }
    }
}

/// Places log-odds on the drawing.
struct Scale {
    low: f64,
    per_unit: f64,
}

impl Scale {
    fn of(view: &ExplanationView) -> Self {
        let mut at = view.base_log_odds;
        let (mut low, mut high) = (at, at);
        for group in &view.groups {
            at += group.log_odds;
            (low, high) = (low.min(at), high.max(at));
        }
        let (low, high) = (low - 0.3, high + 0.3);
        Self {
            low,
            per_unit: (WIDTH - LEFT - 64.0) / (high - low),
        }
    }

    fn x(&self, log_odds: f64) -> f64 {
        LEFT + (log_odds - self.low) * self.per_unit
    }
}

fn chart(view: &ExplanationView) -> Markup {
    let key = format!("{}-{}-{}", view.id, view.season, view.role);
    let (title, desc) = (format!("wt-{key}"), format!("wd-{key}"));
    let scale = Scale::of(view);
    let height = TOP + ROW * (view.groups.len() as f64 + 1.0) + 6.0;
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-labelledby={ (title) " " (desc) } {
            title id=(title) { "From the typical prospect to this probability" }
            desc id=(desc) {
                "Starts at " (fine(view.base_probability)) ", the typical prospect, and ends at "
                (fine(view.probability)) " after " (view.groups.len()) " steps. The table below lists each."
            }
            (axis(&scale, height))
            (bars(view, &scale))
            (end(view, &scale))
        }
    }
}

fn axis(scale: &Scale, height: f64) -> Markup {
    let mut last = f64::NEG_INFINITY;
    let mut shown = Vec::new();
    for tick in TICKS {
        let x = scale.x((tick / (1.0 - tick)).ln());
        if (LEFT..=WIDTH - 40.0).contains(&x) && x - last > 46.0 {
            shown.push((tick, x));
            last = x;
        }
    }
    html! {
        @for (tick, x) in shown {
            line.grid x1=(px(x)) x2=(px(x)) y1=(TOP - 6.0) y2=(px(height)) {}
            text.tick x=(px(x)) y="14" text-anchor="middle" { (tick_label(tick)) }
        }
    }
}

fn bars(view: &ExplanationView, scale: &Scale) -> Markup {
    let mut from = view.base_log_odds;
    let steps: Vec<(usize, &GroupView, f64)> = view
        .groups
        .iter()
        .enumerate()
        .map(|(at, group)| {
            let start = from;
            from += group.log_odds;
            (at, group, start)
        })
        .collect();
    html! { @for (at, group, start) in steps { (bar(group, start, TOP + ROW * at as f64, scale)) } }
}

fn bar(group: &GroupView, start: f64, top: f64, scale: &Scale) -> Markup {
    let (a, b) = (scale.x(start), scale.x(start + group.log_odds));
    let (left, right) = (a.min(b), a.max(b));
    let up = group.log_odds >= 0.0;
    html! {
        text.name x=(LEFT - 8.0) y=(px(top + 19.0)) text-anchor="end" { (group.group) }
        rect class=(if up { "up" } else { "down" }) x=(px(left)) y=(px(top + 5.0)) width=(px((right - left).max(1.0)))
            height=(ROW - 10.0) rx="2" {}
        line.joint x1=(px(b)) x2=(px(b)) y1=(px(top + 5.0)) y2=(px(top + ROW + 5.0)) {}
        text.amount x=(px(right + 6.0)) y=(px(top + 19.0)) { (signed(group.log_odds)) }
    }
}

fn end(view: &ExplanationView, scale: &Scale) -> Markup {
    let top = TOP + ROW * view.groups.len() as f64;
    let x = scale.x(view.log_odds);
    html! {
        text.name.total x=(LEFT - 8.0) y=(px(top + 19.0)) text-anchor="end" { "This player" }
        circle.total cx=(px(x)) cy=(px(top + 14.0)) r="6" {}
        text.amount.total x=(px(x + 12.0)) y=(px(top + 19.0)) { (fine(view.probability)) }
    }
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}

fn signed(log_odds: f64) -> String {
    format!("{log_odds:+.2}").replace('-', "−")
}

/// A probability with enough digits for the table to be followed.
fn fine(probability: f64) -> String {
    format!("{:.1} %", probability * 100.0)
}

fn tick_label(probability: f64) -> String {
    let text = format!("{}", (probability * 1e4).round() / 100.0);
    format!("{text} %")
}

#[cfg(test)]
mod tests {
    use scraper::{Html, Selector};

    use super::waterfall;
    use crate::rankings::view::{ExplanationView, GroupView};

    #[test]
    fn the_waterfall_lists_every_step_and_ends_at_the_probability() {
        let steps = [("Power", 1.2), ("Contact", -0.7), ("Level", 0.4)];
        let log_odds = -3.0 + steps.iter().map(|step| step.1).sum::<f64>();
        let probability = 1.0 / (1.0 + f64::exp(-log_odds));
        let group = |&(group, log_odds): &(&'static str, f64)| GroupView {
            group,
            log_odds,
            from: 0.0,
            to: 0.0,
        };
        let view = ExplanationView {
            id: 7,
            season: 2024,
            role: "hitter".into(),
            model: "m".into(),
            probability,
            lower: 0.05,
            upper: 0.2,
            confidence: "high".into(),
            log_odds,
            base_log_odds: -3.0,
            base_probability: 0.047,
            groups: steps.iter().map(group).collect(),
            features: Vec::new(),
        };
        let page = Html::parse_fragment(&waterfall(&view).into_string());
        let texts = |selector: &str| -> Vec<String> {
            let selector = Selector::parse(selector).expect("a selector");
            let found = page.select(&selector);
            found.map(|element| element.text().collect()).collect()
        };
        assert_eq!(texts("svg rect.up, svg rect.down").len(), 3);
        let numbers: Vec<f64> = texts("tbody td:nth-child(2)")
            .iter()
            .map(|text| text.replace('−', "-").parse().expect("a number"))
            .collect();
        let sum: f64 = texts("tfoot td:nth-child(2)")[0].parse().expect("a number");
        assert!(
            (numbers.iter().sum::<f64>() - sum).abs() < 0.01,
            "{numbers:?} {sum}"
        );
        assert!(
            texts("svg text.amount.total")[0].starts_with(&format!("{:.1}", probability * 100.0))
        );
    }
}
