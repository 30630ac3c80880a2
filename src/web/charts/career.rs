//! The climb: the highest level of each season, with the season's key rate.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::domain::Level;
use crate::rankings::view::StatsView;

const COLUMN: f64 = 74.0;
const STEP: f64 = 26.0;
const LEFT: f64 = 46.0;
const TOP: f64 = 14.0;

/// One season of a career.
struct Year {
    season: u16,
    /// 0 is rookie ball, [`MAJORS`] the majors.
    rung: usize,
    note: String,
}

const MAJORS: usize = 6;

/// The chart; the tables of stat lines beside it hold the same facts.
pub(in crate::web) fn career(stats: &StatsView, pitcher: bool) -> Markup {
    let years = years(stats, pitcher);
    html! { @if years.len() > 1 { figure.career { (chart(&years)) } } }
}

fn chart(years: &[Year]) -> Markup {
    let width = LEFT + COLUMN * years.len() as f64;
    let height = TOP + STEP * (MAJORS as f64 + 1.0) + 40.0;
    let x = |at: usize| LEFT + COLUMN * (at as f64 + 0.5);
    let y = |rung: usize| TOP + STEP * (MAJORS - rung) as f64 + 10.0;
    let path: Vec<String> = years
        .iter()
        .enumerate()
        .map(|(at, year)| format!("{:.0},{:.0}", x(at), y(year.rung)))
        .collect();
    html! {
        div.scroll tabindex="0" role="region" aria-label="Level by season" {
            svg viewBox=(format!("0 0 {width} {height}")) width=(width) height=(height) role="img" aria-labelledby="career-title career-desc" {
                title id="career-title" { "Highest level by season" }
                desc id="career-desc" {
                    @for year in years { (year.season) ": " (rung_name(year.rung)) ", " (year.note) ". " }
                }
                @for rung in 0..=MAJORS {
                    line.grid x1=(LEFT) x2=(width) y1=(y(rung)) y2=(y(rung)) {}
                    text.tick x=(LEFT - 8.0) y=(y(rung) + 4.0) text-anchor="end" { (rung_name(rung)) }
                }
                polyline.climb points=(path.join(" ")) fill="none" {}
                @for (at, year) in years.iter().enumerate() {
                    circle.stop cx=(x(at)) cy=(y(year.rung)) r="5" {}
                    text.tick x=(x(at)) y=(height - 22.0) text-anchor="middle" { (year.season) }
                    text.tick.note x=(x(at)) y=(height - 6.0) text-anchor="middle" { (year.note) }
                }
            }
        }
    }
}

fn rung_name(rung: usize) -> &'static str {
    Level::ALL.get(rung).map_or("MLB", |level| level.as_str())
}

fn rung(level: &str) -> usize {
    Level::ALL
        .iter()
        .position(|known| known.as_str() == level)
        .unwrap_or(0)
}

fn years(stats: &StatsView, pitcher: bool) -> Vec<Year> {
    // Per season: highest rung, trials, strikeouts or on-base events.
    let mut seasons: BTreeMap<u16, (usize, f32, f32)> = BTreeMap::new();
    let mut add = |season, rung: usize, trials: f32, sum: f32| {
        let year = seasons.entry(season).or_default();
        *year = (year.0.max(rung), year.1 + trials, year.2 + sum);
    };
    if pitcher {
        stats.pitching.iter().for_each(|l| {
            add(
                l.season,
                rung(&l.level),
                l.bf.into(),
                f32::from(l.so) - f32::from(l.bb),
            )
        });
    } else {
        stats.batting.iter().for_each(|l| {
            add(
                l.season,
                rung(&l.level),
                l.pa.into(),
                f32::from(l.h) + f32::from(l.bb) + f32::from(l.hbp),
            )
        });
    }
    stats
        .mlb
        .iter()
        .filter(|l| l.pa > 0 || l.ip != "0.0")
        .for_each(|l| add(l.season, MAJORS, 0.0, 0.0));
    let note = |trials: f32, sum: f32| match trials > 0.0 {
        true if pitcher => format!("K−BB {:.0} %", 100.0 * sum / trials),
        true => format!(
            "OBP {}",
            format!("{:.3}", sum / trials).trim_start_matches('0')
        ),
        false => "majors".to_owned(),
    };
    seasons
        .into_iter()
        .map(|(season, (rung, trials, sum))| Year {
            season,
            rung,
            note: note(trials, sum),
        })
        .collect()
}
