//! The search for hyper-parameters: random trials, scored walk-forward on early
//! seasons only, so that later ones still judge the choice.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::domain::{History, Role, Season};
use crate::ml::engine::closed::FIRST;
use crate::ml::engine::settings::{Hyper, Settings};
use crate::ml::error::Error;
use crate::ml::evaluation::walk_forward::Walk;
use crate::ml::features::{FeatureTable, extract};
use crate::ml::figures::paired::{Difference, difference};
use crate::ml::figures::probability;
use crate::ml::rng::Rng;

/// Keeps the trials' draws apart from every other use of a seed.
const STREAM: u64 = 2 << 48;

/// What to search.
#[derive(Clone, Debug, PartialEq)]
pub struct TuneConfig {
    /// Seasons that score a trial, each from what was known at its end.
    pub seasons: RangeInclusive<Season>,
    /// Trials, the current settings being the first.
    pub trials: usize,
    /// Seed of the trials and of every training run.
    pub seed: u64,
    /// Threads to use; the table does not depend on it.
    pub threads: usize,
}

/// One trial of one role.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// The role.
    pub role: Role,
    /// Number of the trial; 0 has the current settings.
    pub trial: usize,
    /// What was tried.
    pub settings: Settings,
    /// Mean log loss over the seasons, natural logarithm.
    pub log_loss: f64,
    /// Area under the ROC curve over the seasons.
    pub auc: f64,
    /// Against trial 0; absent for itself. Under zero is better.
    pub difference: Option<Difference>,
    /// Processor seconds it took, where they can be told; the one figure that
    /// another run does not repeat.
    pub cpu_seconds: Option<f64>,
    /// True for the role's lowest log loss.
    pub best: bool,
}

/// Runs the trials, hitters first. Both roles try the same settings. `spent` tells
/// the processor seconds used so far.
///
/// # Errors
/// When a season has too few closed windows before it.
pub fn tune(
    histories: &[History],
    config: &TuneConfig,
    spent: &dyn Fn() -> Option<f64>,
    progress: &mut dyn FnMut(&str),
) -> Result<Vec<Attempt>, Error> {
    let mut trials = Vec::new();
    for role in [Role::Hitter, Role::Pitcher] {
        let table = extract(histories, FIRST..=*config.seasons.end(), role);
        let mut of_role = search(&table, config, spent, progress)?;
        let best = (0..of_role.len()).min_by(|&a, &b| {
            let loss = |i: usize| of_role[i].log_loss;
            loss(a).total_cmp(&loss(b))
        });
        if let Some(best) = best {
            of_role[best].best = true;
        }
        trials.extend(of_role);
    }
    Ok(trials)
}

fn search(
    table: &FeatureTable,
    config: &TuneConfig,
    spent: &dyn Fn() -> Option<f64>,
    progress: &mut dyn FnMut(&str),
) -> Result<Vec<Attempt>, Error> {
    let role = table.role;
    let mut rng = Rng::new(config.seed, STREAM);
    let mut current: Option<Walk> = None;
    let mut trials = Vec::new();
    for trial in 0..config.trials {
        let drawn = draw(&mut rng);
        let settings = if trial == 0 {
            *Hyper::default().of(role)
        } else {
            drawn
        };
        let before = spent();
        let walk = Walk::of(
            table,
            &config.seasons,
            &settings,
            config.seed,
            config.threads,
        )?;
        let log_loss = probability::log_loss(walk.pairs());
        progress(&format!("{role} trial {trial}: log loss {log_loss:.5}"));
        trials.push(Attempt {
            role,
            trial,
            settings,
            log_loss,
            auc: probability::auc(walk.pairs()),
            difference: current
                .as_ref()
                .map(|first| difference(&first.beside(&walk), config.seed)),
            cpu_seconds: before.zip(spent()).map(|(before, after)| after - before),
            best: false,
        });
        current.get_or_insert(walk);
    }
    Ok(trials)
}

/// Settings drawn at random. Trees times rate stays between 2 and 12, so that no
/// trial costs much more than the model does.
fn draw(rng: &mut Rng) -> Settings {
    let trees = [40, 60, 80, 120][rng.below(4)];
    let growth = spread(rng, 2.0, 12.0);
    Settings {
        penalty: rounded(spread(rng, 8.0, 250.0)),
        trees,
        rate: rounded(growth / trees as f64),
        leaf_penalty: rounded(spread(rng, 5.0, 80.0)),
        rows: [0.5, 0.6, 0.7, 0.8, 1.0][rng.below(5)],
        columns: [0.2, 0.3, 0.4, 0.5, 0.7][rng.below(5)],
        softness: [0.5, 0.75, 1.0, 1.0][rng.below(4)],
        beyond: [0.0, 0.25, 0.5, 0.75][rng.below(4)],
        calibration_seasons: [2, 3, 4, 6][rng.below(4)],
    }
}

/// A number between two, every ratio as likely as another.
fn spread(rng: &mut Rng, low: f64, high: f64) -> f64 {
    low * (high / low).powf(rng.unit())
}

/// Two significant digits: settings that can be read and written.
fn rounded(value: f64) -> f64 {
    let scale = 10f64.powi(1 - value.log10().floor() as i32);
    (value * scale).round() / scale
}

/// The trials as Markdown, one table per role, the best in bold.
pub fn markdown(trials: &[Attempt]) -> String {
    let mut text = String::new();
    for of_role in trials.chunk_by(|a, b| a.role == b.role) {
        text += &format!(
            "\n## {}s\n\n\
             | trial | penalty | trees | rate | leaf penalty | rows | columns | softness | beyond \
             | calibration seasons | log loss | difference x 1000 (95 %) | AUC | CPU s |\n\
             | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
            of_role[0].role
        );
        for trial in of_role {
            text += &trial.markdown();
        }
    }
    text.trim_start().to_owned()
}

impl Attempt {
    fn markdown(&self) -> String {
        let s = &self.settings;
        let mark = if self.best { "**" } else { "" };
        format!(
            "| {mark}{}{mark} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {mark}{:.5}{mark} | {} | {:.4} | {} |\n",
            self.trial,
            s.penalty,
            s.trees,
            s.rate,
            s.leaf_penalty,
            s.rows,
            s.columns,
            s.softness,
            s.beyond,
            s.calibration_seasons,
            self.log_loss,
            self.difference.map_or_else(String::new, |d| d.markdown()),
            self.auc,
            self.cpu_seconds
                .map_or_else(String::new, |s| format!("{s:.1}")),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{TuneConfig, draw, markdown, rounded, tune};
    use crate::domain::{Role, Season};
    use crate::ml::Hyper;
    use crate::ml::fixture::{LAST, league};
    use crate::ml::rng::Rng;

    #[test]
    fn the_same_seed_gives_the_same_table_whatever_the_threads() {
        let config = TuneConfig {
            seasons: Season(LAST - 4)..=Season(LAST - 4),
            trials: 3,
            seed: 5,
            threads: 1,
        };
        let league = league(800);
        let table =
            |config: &TuneConfig| tune(&league, config, &|| None, &mut |_| {}).expect("searches");
        let trials = table(&config);
        let two = TuneConfig {
            threads: 2,
            ..config.clone()
        };
        assert_eq!(trials, table(&two));
        let other = TuneConfig { seed: 6, ..config };
        assert_ne!(markdown(&trials), markdown(&table(&other)));

        for role in [Role::Hitter, Role::Pitcher] {
            let mut of_role = trials.iter().filter(|t| t.role == role);
            let first = of_role.clone().next().expect("a trial");
            assert_eq!(first.settings, *Hyper::default().of(role));
            let best = of_role.find(|t| t.best).expect("one is best");
            assert!(
                trials
                    .iter()
                    .all(|t| t.role != role || t.log_loss >= best.log_loss)
            );
        }
        assert_eq!(trials.iter().filter(|t| t.best).count(), 2);
    }

    #[test]
    fn drawn_settings_are_short_numbers_within_bounds() {
        assert_eq!(rounded(123.4), 120.0);
        assert_eq!(rounded(0.0876), 0.088);
        let mut rng = Rng::new(1, 1);
        for _ in 0..100 {
            let s = draw(&mut rng);
            assert!((8.0..=250.0).contains(&s.penalty));
            assert!((1.9..=12.6).contains(&(s.rate * s.trees as f64)), "{s:?}");
        }
    }
}
