//! Champion and challenger over the same past seasons, and their mean in
//! log-odds with a weight learnt on the seasons before.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::challenger::Challenger;
use crate::domain::{History, Role, Season};
use crate::ml::engine::closed::{FIRST, scored_in};
use crate::ml::engine::settings::Hyper;
use crate::ml::error::Error;
use crate::ml::evaluation::walk_forward::Walk;
use crate::ml::features::{FeatureTable, extract};
use crate::ml::figures::odds::log_odds;
use crate::ml::figures::paired::{Difference, difference};
use crate::ml::figures::probability::{self, Pair};
use crate::ml::learners::linear::{Design, Logistic};

/// Seasons before the scored ones that choose the weight.
const CHOOSING: u16 = 2;

/// What to score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContestConfig {
    /// Seasons to score; the two before them choose the weight.
    pub seasons: RangeInclusive<Season>,
    /// Seed of every random choice.
    pub seed: u64,
    /// Threads to use; the figures do not depend on it.
    pub threads: usize,
}

/// Who predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entrant {
    /// The served model.
    Champion,
    /// The network alone.
    Challenger,
    /// Their weighted mean in log-odds.
    Blend,
}

/// Walk-forward figures of one entrant.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// The role.
    pub role: Role,
    /// Who predicted.
    pub entrant: Entrant,
    /// The challenger's share in what is predicted, 0 to 1.
    pub weight: f64,
    /// Snapshots.
    pub n: usize,
    /// Mean log loss, natural logarithm.
    pub log_loss: f64,
    /// Area under the ROC curve.
    pub auc: f64,
    /// Brier skill against the set's base rate.
    pub brier_skill: f64,
    /// Log loss against the champion's; under zero is better.
    pub difference: Option<Difference>,
}

/// Scores both and their blend, per role; with two threads the roles run side by
/// side.
///
/// # Errors
/// When a season has too few closed windows before it.
pub fn contest(histories: &[History], config: &ContestConfig) -> Result<Vec<Score>, Error> {
    let run = |role: Role| of_role(histories, role, config);
    if config.threads < 2 {
        return Ok([run(Role::Hitter)?, run(Role::Pitcher)?].concat());
    }
    let [hitters, pitchers] = std::thread::scope(|scope| {
        [Role::Hitter, Role::Pitcher]
            .map(|role| scope.spawn(move || run(role)))
            .map(|thread| thread.join().expect("scoring does not panic"))
    });
    Ok([hitters?, pitchers?].concat())
}

fn of_role(histories: &[History], role: Role, config: &ContestConfig) -> Result<Vec<Score>, Error> {
    let table = extract(histories, FIRST..=*config.seasons.end(), role);
    let hyper = Hyper::default();
    let both = |seasons: &RangeInclusive<Season>| -> Result<(Walk, Walk), Error> {
        let champion = Walk::of(&table, seasons, hyper.of(role), config.seed, 1)?;
        Ok((champion, walk_challenger(&table, seasons, config.seed)?))
    };
    let before = config.seasons.start().minus(CHOOSING)..=config.seasons.start().minus(1);
    let (champion, challenger) = both(&before)?;
    let weight = weight(champion.pairs(), challenger.pairs())?;
    let (champion, challenger) = both(&config.seasons)?;
    let blend = champion.blend(&challenger, weight);
    let entrants = [
        (Entrant::Champion, 0.0, &champion),
        (Entrant::Challenger, 1.0, &challenger),
        (Entrant::Blend, weight, &blend),
    ];
    let score = |(entrant, weight, walk): (Entrant, f64, &Walk)| {
        let pairs = walk.pairs();
        Score {
            role,
            entrant,
            weight,
            n: pairs.len(),
            log_loss: probability::log_loss(pairs),
            auc: probability::auc(pairs),
            brier_skill: probability::brier_skill(pairs),
            difference: (entrant != Entrant::Champion)
                .then(|| difference(&champion.beside(walk), config.seed)),
        }
    };
    Ok(entrants.map(score).to_vec())
}

/// The scores as a Markdown table.
pub fn markdown(scores: &[Score]) -> String {
    let mut text = String::from(
        "| role | who | challenger's weight | n | log loss | difference x 1000 (95 %) | AUC | Brier skill |\n\
         | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for s in scores {
        let who = match s.entrant {
            Entrant::Champion => "champion",
            Entrant::Challenger => "challenger",
            Entrant::Blend => "blend",
        };
        text += &format!(
            "| {} | {who} | {:.2} | {} | {:.5} | {} | {:.4} | {:.4} |\n",
            s.role,
            s.weight,
            s.n,
            s.log_loss,
            s.difference.map_or_else(String::new, |d| d.markdown()),
            s.auc,
            s.brier_skill
        );
    }
    text
}

fn walk_challenger(
    table: &FeatureTable,
    seasons: &RangeInclusive<Season>,
    seed: u64,
) -> Result<Walk, Error> {
    Walk::with(table, seasons, |season| {
        Challenger::train_until(table, season, seed)?.predict(&scored_in(table, season))
    })
}

/// The challenger's share in the mean of log-odds that predicts best; neither's
/// is negative.
fn weight(champion: &[Pair], challenger: &[Pair]) -> Result<f64, Error> {
    let both = champion.iter().zip(challenger);
    let values: Vec<f32> = both
        .flat_map(|(a, b)| [log_odds(a.0) as f32, log_odds(b.0) as f32])
        .collect();
    let labels: Vec<f32> = champion.iter().map(|p| f32::from(u8::from(p.1))).collect();
    let design = Design {
        values: &values,
        width: 2,
        labels: &labels,
    };
    let weights = Logistic::fit(&design, 1e-6)?.weights;
    let (own, other) = (weights[0].max(0.0), weights[1].max(0.0));
    Ok(if own + other > 0.0 {
        other / (own + other)
    } else {
        0.0
    })
}

#[cfg(test)]
mod tests {
    use super::{ContestConfig, Entrant, contest, markdown, weight};
    use crate::domain::Season;
    use crate::ml::figures::probability::Pair;
    use crate::ml::fixture::{LAST, league};

    #[test]
    fn the_weight_goes_to_who_is_right() {
        let right: Vec<Pair> = (0..300)
            .map(|i| {
                (
                    if i % 3 == 0 { 0.7 } else { 0.2 },
                    i % 3 == 0 || i % 11 == 0,
                )
            })
            .collect();
        let lost: Vec<Pair> = right
            .iter()
            .enumerate()
            .map(|(i, p)| (0.2 + 0.001 * (i % 7) as f64, p.1))
            .collect();
        assert!(weight(&right, &lost).expect("fits") < 0.35);
        assert!(weight(&lost, &right).expect("fits") > 0.65);
    }

    #[test]
    fn both_and_their_blend_are_scored_on_the_same_snapshots() {
        let config = ContestConfig {
            seasons: Season(LAST - 4)..=Season(LAST - 4),
            seed: 1,
            threads: 2,
        };
        let scores = contest(&league(800), &config).expect("scores");
        assert_eq!(scores.len(), 6);
        for of_role in scores.chunks(3) {
            assert!(of_role.iter().all(|s| s.n == of_role[0].n && s.auc > 0.6));
            assert!((0.0..=1.0).contains(&of_role[2].weight));
            assert_eq!(of_role[0].entrant, Entrant::Champion);
            assert!(of_role[0].difference.is_none() && of_role[1].difference.is_some());
        }
        assert!(markdown(&scores).contains("| hitter | blend |"));
    }
}
