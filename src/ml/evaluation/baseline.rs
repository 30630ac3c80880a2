//! What age and level alone tell: the plain reference every figure stands beside.

use candle_core::Result;

use crate::domain::{Level, Season};
use crate::ml::features::{FeatureTable, Snapshot};
use crate::ml::figures::odds::logistic;
use crate::ml::learners::linear::{Design, Logistic};

/// Keeps rarely seen levels near the rest; small against thousands of rows.
const PENALTY: f64 = 1.0;
/// Age put at zero, and years per unit.
const AGE: (f32, f32) = (22.0, 3.0);

/// A logistic regression of success on level, age and age at each level.
pub(crate) struct Baseline(Logistic);

impl Baseline {
    /// Fits the evaluated snapshots of `table` whose windows closed by the end
    /// of `until`; later rows are not looked at.
    pub(crate) fn fit(table: &FeatureTable, until: Season) -> Result<Self> {
        let last = until.minus(Season::WINDOW);
        let closed = table
            .snapshots
            .iter()
            .filter(|s| s.id.season <= last && s.evaluated && s.progress.is_some());
        let (mut values, mut labels) = (Vec::new(), Vec::new());
        for snapshot in closed {
            values.extend(columns(snapshot));
            labels.push(f32::from(u8::from(snapshot.succeeded_in_full_seasons())));
        }
        let design = Design {
            values: &values,
            width: 2 * Level::ALL.len() + 2,
            labels: &labels,
        };
        Ok(Self(Logistic::fit(&design, PENALTY)?))
    }

    /// Probability of success of a snapshot.
    pub(crate) fn probability(&self, snapshot: &Snapshot) -> f64 {
        logistic(self.0.log_odds(&columns(snapshot)))
    }
}

/// Age, whether it is unknown, then per level whether it is his and his age there.
fn columns(snapshot: &Snapshot) -> Vec<f32> {
    let age = snapshot.age.map_or(0.0, |age| (age - AGE.0) / AGE.1);
    let mut row = vec![age, f32::from(u8::from(snapshot.age.is_none()))];
    for &level in Level::ALL {
        let here = f32::from(u8::from(level == snapshot.level));
        row.extend([here, here * age]);
    }
    row
}

#[cfg(test)]
mod tests {
    use super::Baseline;
    use crate::domain::{Level, Role, Season};
    use crate::ml::features::extract;
    use crate::ml::fixture::{FIRST, LAST, league};

    #[test]
    fn outcomes_after_the_window_change_nothing() {
        let table = extract(&league(400), Season(FIRST)..=Season(LAST), Role::Hitter);
        let until = Season(LAST - 2);
        let before = Baseline::fit(&table, until).expect("fits");
        let mut later = table.clone();
        for s in &mut later.snapshots {
            if s.id.season > until.minus(Season::WINDOW) {
                (s.label, s.progress) = (Some(true), Some(9.0));
            }
        }
        let after = Baseline::fit(&later, until).expect("fits");
        for s in &table.snapshots {
            assert_eq!(before.probability(s), after.probability(s));
        }
    }

    #[test]
    fn one_level_and_age_gets_its_own_rate() {
        let mut table = extract(&league(400), Season(FIRST)..=Season(LAST), Role::Hitter);
        table = table.filter(|s| s.evaluated);
        for (i, s) in table.snapshots.iter_mut().enumerate() {
            (s.level, s.age) = (Level::ALL[i % 2], Some(22.0));
            s.progress = Some(if i % 10 == i % 2 { 2.0 } else { 0.0 });
        }
        let fit = Baseline::fit(&table, Season(LAST + 4)).expect("fits");
        let p = fit.probability(&table.snapshots[0]);
        assert!((p - 0.2).abs() < 0.02, "{p}");
    }
}
