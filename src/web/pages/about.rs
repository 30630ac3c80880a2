//! What the number means, how it is made and how it did: the model card.

use maud::{Markup, html};

use super::page::Page;
use crate::ml::{HorizonFigures, Validation};
use crate::rankings::view::{BacktestRow, FeatureDoc, ModelCardView, RoleCardView};
use crate::web::extract::{Here, Shown};
use crate::web::layout::{Frame, page};
use crate::web::lifetime::Lifetime;
use crate::web::whose::Public;

const DESCRIPTION: &str =
    "What the probability means, how the model is trained, and how it did season by season.";

pub(super) async fn show(shown: Shown, here: Here) -> Page {
    let answer = shown.answer(|catalog| {
        let frame = here.frame(catalog, "How it works".to_owned(), DESCRIPTION);
        let page = about_page(&catalog.model_card(), &frame);
        Ok(Public::html(page, Lifetime::Profile))
    });
    answer.await
}

/// The page about the model and the data.
fn about_page(card: &ModelCardView, frame: &Frame) -> Markup {
    page(
        frame,
        &html! {
            article.prose {
                p.eyebrow { "How it works" }
                h1 { "What the number means" }
                p.lead { "The probability that a player collects more than 500 plate appearances or more than 100 innings in the
                    majors within the four seasons after the season shown. Nothing more: not stardom, not fantasy value." }
                p { "Of all players given 20 %, about one in five should succeed. Whether that is so can be checked below: every
                    season in the table was predicted by a model that had seen only what was known at its end." }
                h2 { "Interval, confidence, tiers" }
                p { "The interval says where the probability would lie, four times in five, had the model been trained on another
                draw of players like these. Confidence is high when the interval is narrow and the season held enough playing
                time, low when it is wide or the data are thin. Players of one tier can't be told apart by the model: their
                order is not worth an argument." }
                h2 { "Why you can trust the reasons" }
                p { "The model is a penalised logistic regression with small decision trees on top, all of whose parts add up. The
                    share of each feature is computed exactly, not estimated, so the bars of a player's page sum to the number shown." }
                p { a.action href="/report-card" { "The report card: every past season, with names" } }
                (training(card))
                (backtest(&card.backtest))
                @if let Some(validation) = &card.validation { (beside(validation)) }
                (features(&card.features))
                (data(frame.simulated))
            }
        },
    )
}

fn training(card: &ModelCardView) -> Markup {
    html! {
        h2 id="card" { "The model" }
        p { "Version " code { (card.model) } ", trained on outcomes until " (card.trained_until) " with seed " (card.seed)
            ". Data " code { (short(&card.data_hash)) } ", features " code { (card.feature_schema) } "." }
        div.scroll tabindex="0" role="region" aria-label="Training data" {
            table.lines {
                caption { "What it was trained on" }
                thead { tr { th scope="col" { "Role" } th scope="col" { "Seasons" } th.num scope="col" { "Snapshots" } th.num scope="col" { "Succeeded" } } }
                tbody { @for role in &card.roles { (training_row(role)) } }
            }
        }
    }
}

fn training_row(role: &RoleCardView) -> Markup {
    html! {
        tr {
            th scope="row" { (role.role) }
            td { (role.first_season) " to " (role.last_season) }
            td.num { (role.snapshots) }
            td.num { (format!("{:.1} %", role.base_rate * 100.0)) }
        }
    }
}

fn backtest(rows: &[BacktestRow]) -> Markup {
    html! {
        h2 id="record" { "How it did" }
        @if rows.is_empty() {
            p { "This model carries no walk-forward figures; " code { "afwd backtest" } " measures them." }
        } @else {
            p { "AUC is the chance that a player who succeeded was rated above one who did not. Brier skill is the share of the
                base rate's error that is gone. Always saying no would be right as often as the majority column says, which is
                why accuracy alone means nothing here." }
            div.scroll tabindex="0" role="region" aria-label="Walk-forward figures" {
                table.lines {
                    caption { "Walk-forward figures on real players" }
                    thead { tr {
                        th scope="col" { "Season" } th scope="col" { "Role" }
                        @for head in ["Players", "Base rate", "Majority", "AUC", "Brier skill", "Log loss", "ECE", "Observed / expected", "Top 100"] {
                            th.num scope="col" { (head) }
                        }
                    } }
                    tbody { @for row in rows { (backtest_row(row)) } }
                }
            }
        }
    }
}

fn backtest_row(row: &BacktestRow) -> Markup {
    html! {
        tr class=[(row.season == 0).then_some("pooled")] {
            th scope="row" { @if row.season == 0 { "all" } @else { (row.season) } }
            td { (row.role) }
            td.num { (row.n) }
            td.num { (format!("{:.1} %", row.base_rate * 100.0)) }
            td.num { (format!("{:.1} %", row.majority * 100.0)) }
            td.num { (format!("{:.4}", row.auc)) }
            td.num { (format!("{:.3}", row.brier_skill)) }
            td.num { (format!("{:.4}", row.log_loss)) }
            td.num { (format!("{:.4}", row.ece)) }
            td.num { (format!("{:.2}", row.observed_to_expected)) }
            td.num { (format!("{:.0} %", row.precision_at_100 * 100.0)) }
        }
    }
}

/// Figures of what stands beside the probability.
fn beside(validation: &Validation) -> Markup {
    let (found, covered) = (&validation.comparables, &validation.coverage);
    html! {
        h2 id="beside" { "What stands beside the number" }
        p { "By season: success and debut are probabilities of their own, and were right to this degree. The last column but one is
            the log loss of dividing every probability over the seasons in the same proportion, the best one in hindsight." }
        div.scroll tabindex="0" role="region" aria-label="Probabilities by season" {
            table.lines {
                caption { "Probabilities by season, walk-forward" }
                thead { tr { th scope="col" { "By the end of season" }
                    @for head in ["Players", "Base rate", "AUC", "Brier skill", "Log loss", "In one proportion", "Observed / expected"] {
                        th.num scope="col" { (head) }
                    } } }
                tbody { @for row in &validation.horizons { (horizon_row(row)) } }
            }
        }
        p { "Comparables: the share of the 20 nearest past players who succeeded has an AUC of " (format!("{:.3}", found.auc))
            ", a Brier skill of " (format!("{:.3}", found.brier_skill)) " and a correlation of " (format!("{:.2}", found.correlation))
            " with the probability, from which it differs by " (format!("{:.1}", found.mean_difference * 100.0)) " points on average ("
            (found.n) " players)." }
        p { "Intervals: a single probability is never observed, a group's successes are. Of " (covered.groups) " groups of like players, "
            (format!("{:.0}", covered.common * 100.0)) " % came out within the range their intervals and chance allow when errors are common
            to a group, and " (format!("{:.0}", covered.own * 100.0)) " % when every player's error is his own; "
            (format!("{:.0}", covered.nominal * 100.0)) " % is the aim." }
    }
}

fn horizon_row(row: &HorizonFigures) -> Markup {
    html! {
        tr {
            th scope="row" { (row.event) ", " (row.seasons) }
            td.num { (row.n) }
            td.num { (format!("{:.1} %", row.base_rate * 100.0)) }
            td.num { (format!("{:.4}", row.auc)) }
            td.num { (format!("{:.3}", row.brier_skill)) }
            td.num { (format!("{:.4}", row.log_loss)) }
            td.num { (format!("{:.4}", row.log_loss_one_proportion)) }
            td.num { (format!("{:.2}", row.observed_to_expected)) }
        }
    }
}

fn features(features: &[FeatureDoc]) -> Markup {
    html! {
        h2 id="features" { "What it looks at" }
        p { "Every feature uses only what was known on the last day of the season." }
        @for role in ["hitter", "pitcher"] {
            details {
                summary { (features.iter().filter(|f| f.role == role).count()) " features of " (role) "s" }
                dl.features {
                    @for feature in features.iter().filter(|f| f.role == role) {
                        dt { (feature.label) " " small { (feature.group) ", " (feature.unit) } }
                        dd { (feature.doc) }
                    }
                }
            }
        }
    }
}

fn data(simulated: bool) -> Markup {
    html! {
        h2 id="data" { "The data" }
        @if simulated {
            p { strong { "This is a simulated league." } " Its players, clubs and careers are made up by the program, so that everything
                can be tried without any data. The model that scores them was trained on real players." }
        }
        p { "Real players come from files of the host's own: season lines, birth dates, drafts and lists that he may use, read by "
            code { "afwd import" } ". Grades and lists belong to their publishers; the program brings none." }
        p { "Everything here is also JSON and CSV: see " a href="/api/openapi.json" { "the API's description" } "." }
    }
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

#[cfg(test)]
mod tests {
    use super::about_page;
    use crate::rankings::view::{BacktestRow, ModelCardView};
    use crate::web::pages::sample::{Drawn, frame};

    fn card() -> ModelCardView {
        ModelCardView {
            model: "2021-test".into(),
            trained_until: 2021,
            seed: 1,
            data_hash: "0123456789abcdef".into(),
            feature_schema: "f".into(),
            roles: Vec::new(),
            backtest: Vec::new(),
            validation: None,
            features: Vec::new(),
        }
    }

    #[test]
    fn figures_are_shown_season_by_season_and_pooled() {
        let bare = Drawn::of(&about_page(&card(), &frame()));
        assert!(bare.said().contains("carries no walk-forward figures"));
        assert!(bare.said().contains("0123456789ab") && !bare.said().contains("0123456789abc"));
        let row = |season| BacktestRow {
            season,
            role: "hitter".into(),
            n: 10,
            base_rate: 0.1,
            majority: 0.9,
            auc: 0.8,
            brier_skill: 0.3,
            log_loss: 0.2,
            ece: 0.01,
            observed_to_expected: 1.0,
            precision_at_100: 0.5,
        };
        let judged = ModelCardView {
            backtest: vec![row(2015), row(0)],
            ..card()
        };
        let page = Drawn::of(&about_page(&judged, &frame()));
        assert_eq!(page.texts("table.lines tbody th"), ["2015", "all"]);
        assert_eq!(page.count("tr.pooled"), 1);
    }
}
