//! When a player is expected: the debut spread over the seasons of the window.

use maud::{Markup, html};

use crate::rankings::view::TimelineView;
use crate::web::components::probability::percent;

const COLUMN: f64 = 64.0;
const HEIGHT: f64 = 92.0;
const TOP: f64 = 18.0;
const FOOT: f64 = 20.0;

/// Bars for the seasons of a debut, and a table of both probabilities by season.
pub(in crate::web) fn timeline(view: &TimelineView) -> Markup {
    html! {
        p { (sentence(view)) }
        @if !view.debuted { figure.timeline { (chart(view)) } }
        div.scroll tabindex="0" role="region" aria-label="Probabilities by season" {
            table.when {
                caption { "Probability by the end of each season, in percent" }
                thead { tr { th scope="col" { "By the end of" } @for s in &view.seasons { th.num scope="col" { (s.season) } } } }
                tbody {
                    @if !view.debuted {
                        tr { th scope="row" { "Major-league debut" } @for s in &view.seasons { td.num { (percent(s.debut)) } } }
                    }
                    tr { th scope="row" { "Success" } @for s in &view.seasons { td.num { (percent(s.success)) } } }
                }
            }
        }
    }
}

fn sentence(view: &TimelineView) -> String {
    let last = view.seasons.last();
    match (view.debuted, view.likely_debut, last) {
        (true, ..) => "He has already played in the majors.".to_owned(),
        (false, Some(season), _) => {
            format!("He is more likely than not to have reached the majors by the end of {season}.")
        }
        (false, None, Some(last)) => format!(
            "He is not expected in the majors by the end of {}: the chance is {} %.",
            last.season,
            percent(last.debut)
        ),
        (false, None, None) => String::new(),
    }
}

/// Bars: one a season, and one for later or never.
fn chart(view: &TimelineView) -> Markup {
    let rest = 1.0 - view.seasons.last().map_or(0.0, |s| s.debut);
    let named = view
        .seasons
        .iter()
        .map(|s| (s.season.to_string(), s.debut_in_season));
    let bars: Vec<(String, f64)> = named.chain([("later, never".to_owned(), rest)]).collect();
    let most = bars.iter().map(|b| b.1).fold(0.01, f64::max);
    let width = COLUMN * bars.len() as f64 + 24.0;
    html! {
        svg viewBox=(format!("0 0 {width} {HEIGHT}")) width=(width) height=(HEIGHT) role="img" aria-labelledby="eta-title eta-desc" {
            title id="eta-title" { "Season of the major-league debut" }
            desc id="eta-desc" { @for (name, share) in &bars { (name) ": " (percent(*share)) " %. " } }
            @for (at, (name, share)) in bars.iter().enumerate() { (bar(at, name, *share, most)) }
        }
    }
}

fn bar(at: usize, name: &str, share: f64, most: f64) -> Markup {
    let room = HEIGHT - TOP - FOOT;
    let tall = (room * share / most).max(1.0);
    let middle = COLUMN * (at as f64 + 0.5) + 12.0;
    let top = HEIGHT - FOOT - tall;
    html! {
        rect.eta x=(middle - 20.0) y=(format!("{top:.1}")) width="40" height=(format!("{tall:.1}")) rx="2" {}
        text.tick x=(middle) y=(format!("{:.1}", top - 5.0)) text-anchor="middle" { (percent(share)) " %" }
        text.tick x=(middle) y=(HEIGHT - 5.0) text-anchor="middle" { (name) }
    }
}

#[cfg(test)]
mod tests {
    use super::timeline;
    use crate::rankings::view::{TimelineSeason, TimelineView};

    fn view(debuted: bool) -> TimelineView {
        let seasons = (1..=4).map(|k| TimelineSeason {
            season: 2026 + k,
            success: 0.05 * f64::from(k),
            debut: 0.2 * f64::from(k),
            debut_in_season: 0.2,
        });
        TimelineView {
            debuted,
            likely_debut: (!debuted).then_some(2029),
            seasons: seasons.collect(),
        }
    }

    #[test]
    fn says_when_and_lists_every_season() {
        let text = timeline(&view(false)).into_string();
        assert!(text.contains("by the end of 2029"));
        for season in 2027..=2030 {
            assert!(text.contains(&season.to_string()));
        }
        assert!(text.contains("later, never: 20 %"));
    }

    #[test]
    fn a_debut_behind_him_is_not_predicted() {
        let text = timeline(&view(true)).into_string();
        assert!(text.contains("already played") && !text.contains("<svg"));
    }
}
