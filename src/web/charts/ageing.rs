//! The ageing curve: how often late bloomers of each age succeeded, beside
//! players of the same age whose skills did not rise.

use maud::{Markup, html};

use crate::rankings::view::{AgeingCurveView, RateByAge};

const COLUMN: f64 = 74.0;
const LEFT: f64 = 52.0;
const TOP: f64 = 18.0;
const HEIGHT: f64 = 150.0;
const BAR: f64 = 24.0;

/// The chart and a table with the same numbers; the two kinds of bar differ in
/// place, width and legend, not in colour alone.
pub(in crate::web) fn ageing(curve: &AgeingCurveView) -> Markup {
    let highest = curve
        .by_age
        .iter()
        .flat_map(|age| [age.rate, age.other_rate])
        .flatten()
        .fold(0.0, f64::max);
    html! {
        figure.ageing {
            @if highest > 0.0 {
                div.scroll tabindex="0" role="region" aria-label={ "Success by age, " (curve.role) "s" } { (chart(curve, highest)) }
            }
            details {
                summary { "The same as a table" }
                (table(curve))
            }
        }
    }
}

fn chart(curve: &AgeingCurveView, highest: f64) -> Markup {
    let width = LEFT + COLUMN * curve.by_age.len() as f64 + 8.0;
    let bottom = TOP + HEIGHT;
    let step = step(highest);
    let y = |rate: f64| bottom - HEIGHT * rate / (highest * 1.1);
    let (title, desc) = (
        format!("age-{}-title", curve.role),
        format!("age-{}-desc", curve.role),
    );
    html! {
        svg viewBox=(format!("0 0 {width} {}", bottom + 62.0)) width=(width) height=(bottom + 62.0) role="img"
            aria-labelledby={ (title) " " (desc) } {
            title id=(title) { "Share of late-blooming " (curve.role) "s who succeeded, by age" }
            desc id=(desc) { "Two bars per age: late bloomers, and others of the age. The table below lists each." }
            @for tick in (0..).map(|n| f64::from(n) * step).take_while(|tick| *tick <= highest * 1.1) {
                line.grid x1=(LEFT) x2=(width) y1=(px(y(tick))) y2=(px(y(tick))) {}
                text.tick x=(LEFT - 8.0) y=(px(y(tick) + 4.0)) text-anchor="end" { (label(tick)) }
            }
            @for (at, age) in curve.by_age.iter().enumerate() {
                (bars(age, at + 1 == curve.by_age.len(), LEFT + COLUMN * (at as f64 + 0.5), bottom, &y))
            }
            rect.fill x=(LEFT) y=(px(bottom + 44.0)) width="12" height="12" {}
            text.tick x=(LEFT + 18.0) y=(px(bottom + 54.0)) { "skills rose" }
            rect.extent x=(LEFT + 104.0) y=(px(bottom + 44.0)) width="7" height="12" {}
            text.tick x=(LEFT + 118.0) y=(px(bottom + 54.0)) { "others of the age" }
        }
    }
}

fn bars(age: &RateByAge, last: bool, middle: f64, bottom: f64, y: &dyn Fn(f64) -> f64) -> Markup {
    html! {
        @if let Some(rate) = age.rate {
            rect.fill x=(px(middle - BAR)) y=(px(y(rate))) width=(BAR) height=(px(bottom - y(rate))) {}
            text.amount x=(px(middle - BAR / 2.0)) y=(px(y(rate) - 4.0)) text-anchor="middle" { (age.successes) "/" (age.n) }
        }
        @if let Some(rate) = age.other_rate {
            rect.extent x=(px(middle + 3.0)) y=(px(y(rate))) width=(BAR / 2.0) height=(px(bottom - y(rate))) {}
        }
        text.tick x=(px(middle)) y=(px(bottom + 16.0)) text-anchor="middle" { "age " (age.age) @if last { "+" } }
    }
}

fn table(curve: &AgeingCurveView) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label={ "Success by age as a table, " (curve.role) "s" } {
            table {
                caption { "Player-seasons from " (curve.first_season) " to " (curve.last_season) " and how many succeeded" }
                thead { tr { th scope="col" { "Age" } th.num scope="col" { "Skills rose" } th.num scope="col" { "Succeeded" }
                    th.num scope="col" { "Share" } th.num scope="col" { "Others" } th.num scope="col" { "Succeeded" } th.num scope="col" { "Share" } } }
                tbody {
                    @for (at, age) in curve.by_age.iter().enumerate() {
                        tr {
                            th scope="row" { (age.age) @if at + 1 == curve.by_age.len() { " and over" } }
                            td.num { (age.n) } td.num { (age.successes) } td.num { (percent(age.rate)) }
                            td.num { (age.others) } td.num { (age.other_successes) } td.num { (percent(age.other_rate)) }
                        }
                    }
                }
            }
        }
    }
}

/// A round distance of the grid's lines that leaves three to six of them.
fn step(highest: f64) -> f64 {
    let steps = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2];
    steps
        .into_iter()
        .find(|step| highest / step <= 5.0)
        .unwrap_or(0.25)
}

fn label(rate: f64) -> String {
    format!("{} %", (rate * 1000.0).round() / 10.0)
}

fn percent(rate: Option<f64>) -> String {
    rate.map_or("–".to_owned(), |rate| format!("{:.1} %", rate * 100.0))
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}
