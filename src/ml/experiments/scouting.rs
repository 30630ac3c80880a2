//! What published scouting adds, for the players it lists and for the others.
//!
//! Surveys exist from 2014 on, so their first snapshots have closed windows only
//! at the end of 2018 and no season up to 2017 can be predicted walk-forward by
//! a model that has seen one. Instead every snapshot is predicted by members
//! that have not seen its player.
//!
//! A missing grade also tells the era, since seasons before 2014 have none. So
//! that this is not taken for scouting, one variant is told nothing else.

use serde::{Deserialize, Serialize};

use crate::domain::{History, Role, Season};
use crate::ml::engine::closed::{FIRST, check, closed_by};
use crate::ml::engine::fit;
use crate::ml::engine::settings::Hyper;
use crate::ml::error::Error;
use crate::ml::features::{FeatureTable, definitions, extract};
use crate::ml::figures::odds::logistic;
use crate::ml::figures::paired::{Difference, Pairing, difference};
use crate::ml::figures::probability::{self, Pair};

/// The features that come from published scouting.
const FEATURES: [&str; 2] = ["scouting_listed", "scouting_grade"];

/// What to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScoutingConfig {
    /// Last season of outcomes.
    pub until: Season,
    /// Seed of every random choice.
    pub seed: u64,
    /// Threads to use; the figures do not depend on it.
    pub threads: usize,
}

/// Snapshots by what surveys of their season said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cohort {
    /// On a survey.
    Listed,
    /// On none, though there was one.
    Unlisted,
    /// There was none that season.
    Unsurveyed,
}

/// What a model is told of published scouting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// Nothing.
    Nothing,
    /// Only whether there was a survey in the season.
    Era,
    /// Whom a survey lists and how, and whether there was one.
    Everything,
    /// Whom a survey lists and how; no survey counts as being on none.
    Listed,
}

/// Figures of one variant in one cohort.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scouted {
    /// The role.
    pub role: Role,
    /// Whose figures these are.
    pub cohort: Cohort,
    /// What the model was told.
    pub variant: Variant,
    /// Snapshots.
    pub n: usize,
    /// Share that succeeded.
    pub base_rate: f64,
    /// Mean log loss, natural logarithm.
    pub log_loss: f64,
    /// Area under the ROC curve.
    pub auc: f64,
    /// Observed successes over expected ones.
    pub observed_to_expected: f64,
    /// Log loss against [`Variant::Nothing`]; under zero is better.
    pub difference: Option<Difference>,
}

/// Measures each role and cohort.
///
/// # Errors
/// When a role has too few closed windows.
pub fn measure(
    histories: &[History],
    config: &ScoutingConfig,
    progress: &mut dyn FnMut(&str),
) -> Result<Vec<Scouted>, Error> {
    let mut found = Vec::new();
    for role in [Role::Hitter, Role::Pitcher] {
        let last = config.until.minus(Season::WINDOW);
        let table = closed_by(&extract(histories, FIRST..=last, role), config.until);
        check(&table, config.until)?;
        let mut variants = Vec::new();
        for variant in Variant::ALL {
            progress(&format!("{role}: {}", variant.label()));
            variants.push((variant, unseen(&variant.tell(&table), config)?));
        }
        for cohort in [Cohort::Listed, Cohort::Unlisted, Cohort::Unsurveyed] {
            let (_, nothing) = &variants[0];
            for (variant, found_by) in &variants {
                found.extend(
                    compare(&table, cohort, (nothing, found_by), config.seed).map(|row| Scouted {
                        variant: *variant,
                        difference: row.difference.filter(|_| *variant != Variant::Nothing),
                        ..row
                    }),
                );
            }
        }
    }
    Ok(found)
}

/// The figures as a Markdown table.
pub fn markdown(rows: &[Scouted]) -> String {
    let mut text = String::from(
        "| role | players | n | base rate | told | log loss | difference x 1000 (95 %) | AUC | obs / exp |\n\
         | --- | --- | ---: | ---: | --- | ---: | ---: | ---: | ---: |\n",
    );
    for r in rows {
        text += &format!(
            "| {} | {} | {} | {:.4} | {} | {:.5} | {} | {:.4} | {:.3} |\n",
            r.role,
            r.cohort.label(),
            r.n,
            r.base_rate,
            r.variant.label(),
            r.log_loss,
            r.difference.map_or_else(String::new, |d| d.markdown()),
            r.auc,
            r.observed_to_expected,
        );
    }
    text
}

impl Variant {
    const ALL: [Self; 4] = [Self::Nothing, Self::Era, Self::Everything, Self::Listed];

    fn label(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Era => "whether there was a survey",
            Self::Everything => "lists, grades and absence of a survey",
            Self::Listed => "lists and grades",
        }
    }

    /// The table as a model of this variant sees it.
    fn tell(self, table: &FeatureTable) -> FeatureTable {
        match self {
            Self::Nothing => table.offering(|d| !FEATURES.contains(&d.name)),
            Self::Era => table
                .mapping(FEATURES[0], |v| v * 0.0)
                .mapping(FEATURES[1], |v| v * 0.0),
            Self::Everything => table.clone(),
            Self::Listed => {
                let or = |absent: f32| move |v: f32| if v.is_nan() { absent } else { v };
                table
                    .mapping(FEATURES[0], or(0.0))
                    .mapping(FEATURES[1], or(30.0))
            }
        }
    }
}

impl Cohort {
    fn label(self) -> &'static str {
        match self {
            Self::Listed => "on a survey",
            Self::Unlisted => "on none of the season's",
            Self::Unsurveyed => "season without a survey",
        }
    }

    /// Where a value of the feature `scouting_listed` belongs.
    fn of(listed: f32) -> Self {
        if listed.is_nan() {
            Self::Unsurveyed
        } else if listed > 0.0 {
            Self::Listed
        } else {
            Self::Unlisted
        }
    }
}

/// A row, and its probability by a member that had not seen the player.
type Unseen = (usize, f64);

/// Every evaluated row of the table.
fn unseen(table: &FeatureTable, config: &ScoutingConfig) -> Result<Vec<Unseen>, Error> {
    let settings = *Hyper::default().of(table.role);
    let no_days = FeatureTable::empty(table.role);
    let (until, seed) = (config.until, config.seed);
    let training = fit::fit_until(table, &no_days, until, &settings, seed, config.threads)?;
    let rows = training.unseen.into_iter();
    Ok(rows.map(|(row, z)| (row, logistic(z))).collect())
}

fn compare(
    table: &FeatureTable,
    cohort: Cohort,
    (without, with): (&[Unseen], &[Unseen]),
    seed: u64,
) -> Option<Scouted> {
    let listed = definitions(table.role)
        .iter()
        .position(|d| d.name == FEATURES[0])?;
    let both = without.iter().zip(with);
    let rows: Vec<Pairing> = both
        .filter(|((row, _), _)| Cohort::of(table.row(*row)[listed]) == cohort)
        .map(|(&(row, a), &(_, b))| {
            let snapshot = &table.snapshots[row];
            let success = snapshot.succeeded_in_full_seasons();
            (snapshot.id.prospect, success, a, b)
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let pairs: Vec<Pair> = rows.iter().map(|r| (r.3, r.1)).collect();
    Some(Scouted {
        role: table.role,
        cohort,
        variant: Variant::Nothing,
        n: rows.len(),
        base_rate: probability::base_rate(&pairs),
        log_loss: probability::log_loss(&pairs),
        auc: probability::auc(&pairs),
        observed_to_expected: probability::observed_to_expected(&pairs),
        difference: Some(difference(&rows, seed)),
    })
}

#[cfg(test)]
mod tests {
    use std::ops::RangeInclusive;

    use super::{Cohort, Scouted, ScoutingConfig, Variant, markdown, measure};
    use crate::domain::{History, Sample, Season};
    use crate::ml::fixture::{LAST, grade, league};

    /// Surveys of some seasons that list everyone who will reach the majors, and
    /// a third of the others.
    fn scouted(years: RangeInclusive<u16>) -> Vec<History> {
        let mut histories = league(1000);
        for (i, history) in histories.iter_mut().enumerate() {
            let reached = !history.mlb.is_empty();
            for year in years.clone().filter(|_| reached || i % 3 == 0) {
                let value = if reached { 60.0 } else { 40.0 };
                history.grades.push(grade(year, Sample::Full, value));
            }
        }
        histories
    }

    #[test]
    fn telling_grades_help_those_they_list() {
        let config = ScoutingConfig {
            until: Season(LAST),
            seed: 1,
            threads: 2,
        };
        let rows = measure(&scouted(LAST - 8..=LAST - 5), &config, &mut |_| {}).expect("measures");
        let differences = |cohort: Cohort, variant: Variant| {
            let of = move |r: &&Scouted| r.cohort == cohort && r.variant == variant;
            let of: Vec<_> = rows.iter().filter(of).collect();
            assert_eq!(of.len(), 2, "both roles");
            of.into_iter().filter_map(|r| r.difference)
        };
        for told in [Variant::Everything, Variant::Listed] {
            for d in differences(Cohort::Listed, told) {
                assert!(d.upper < 0.0, "{told:?} {d:?}");
            }
        }
        for d in differences(Cohort::Listed, Variant::Era) {
            assert!(d.lower > -0.05, "an era tells nobody apart: {d:?}");
        }
        assert!(markdown(&rows).contains("| hitter | on a survey |"));
    }
}
