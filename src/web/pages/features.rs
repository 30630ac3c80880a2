//! Every feature of a prediction with its exact share.

use maud::{Markup, html};

use super::page::Page;
use crate::rankings::view::{ExplanationView, FeatureView};
use crate::web::components::confidence::confidence;
use crate::web::components::probability::percent;
use crate::web::extract::{Asked, Here, Moment, ProspectPath, Shown};
use crate::web::layout::{Frame, page};
use crate::web::lifetime::Lifetime;
use crate::web::whose::Public;

pub(super) async fn show(
    ProspectPath(id): ProspectPath,
    shown: Shown,
    here: Here,
    Asked(Moment(as_of)): Asked<Moment>,
) -> Page {
    let answer = shown.answer(move |catalog| {
        let (name, view) = (catalog.name(id)?, catalog.explanation(id, as_of, None)?);
        let about =
            format!("Every feature behind the probability of {name}, with its exact share.");
        let frame = here.frame(catalog, format!("{name}, every feature"), &about);
        let page = features_page(&name, &view, &frame);
        Ok(Public::html(page, Lifetime::Prediction))
    });
    answer.await
}

/// The table behind the waterfall of `name`.
fn features_page(name: &str, view: &ExplanationView, frame: &Frame) -> Markup {
    let profile = format!("/prospects/{}?as_of={}", view.id, view.season);
    page(
        frame,
        &html! {
            p.eyebrow { a href=(profile) { (name) } " · " (view.role) ", end of " (view.season) }
            h1 { "Every feature, exactly" }
            p { "Model " (view.model) ". The typical prospect's " (format!("{:.3}", view.base_log_odds)) " plus every number in the
                last column is " (format!("{:.3}", view.log_odds)) ", the log-odds of " (format!("{:.1}", view.probability * 100.0))
                " % (" (percent(view.lower)) " to " (percent(view.upper)) " %, confidence " (confidence(&view.confidence)) ")." }
            @if view.features.is_empty() {
                p { "Of past days the shares of the groups are kept, and not the features behind them." }
            }
            div.scroll tabindex="0" role="region" aria-label="All features" {
                table.lines {
                    caption { "Features by size of their effect" }
                    thead { tr { th scope="col" { "Feature" } th scope="col" { "Group" } th.num scope="col" { "Value" }
                        th.num scope="col" { "Percentile" } th.num scope="col" { "Log-odds" } } }
                    tbody { @for feature in &view.features { (feature_row(feature)) } }
                }
            }
        },
    )
}

fn feature_row(feature: &FeatureView) -> Markup {
    html! {
        tr {
            th scope="row" { (feature.label) }
            td { (feature.group) }
            td.num { @match feature.value { Some(value) => { (format!("{value:.3}")) " " small { (feature.unit) } } None => "missing" } }
            td.num { @if let Some(share) = feature.percentile { (format!("{:.0}", share * 100.0)) } @else { "–" } }
            td.num { (format!("{:+.4}", feature.log_odds).replace('-', "−")) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::features_page;
    use crate::web::pages::sample::{Drawn, explanation, frame};

    #[test]
    fn every_feature_has_a_row_and_what_is_missing_says_so() {
        let page = Drawn::of(&features_page("Ada", &explanation(), &frame()));
        assert_eq!(page.texts("tbody th"), ["Isolated power", "Walk rate"]);
        assert_eq!(
            page.texts("tbody tr:nth-child(1) td"),
            ["Power", "0.250 per PA", "25", "+1.2000"]
        );
        assert_eq!(
            page.texts("tbody tr:nth-child(2) td"),
            ["Power", "missing", "–", "−0.2000"]
        );
    }
}
