//! What the season's features are like before anything is predicted from them: a
//! field that a source no longer gives shows here first, as a feature that most
//! players lack and the model has learnt to rely on.

use std::path::Path;

use jiff::Timestamp;

use crate::domain::{Check, Finding, Role, Season, Severity};
use crate::ml;
use crate::ml::drift::FeatureDrift;
use crate::store::{QualityReport, Store};

/// Name under which the quality page shows what is found.
const SOURCE: &str = "features";
/// Share of players lacking a feature, beyond that in training, from which it is said.
const LOST: f64 = 0.5;

/// Looks at both roles' features of `season` as the model that would predict it
/// does. Without a model only the snapshots are counted.
///
/// # Errors
/// When the store fails, or the champion is missing or damaged.
pub(super) fn check(
    store: &Store,
    data: &Path,
    season: Season,
    at: Timestamp,
) -> anyhow::Result<QualityReport> {
    let histories = super::histories(store)?;
    let model = super::choice::existing(store, data, season)?;
    let (mut rows, mut findings) = (0, Vec::new());
    for &role in Role::ALL {
        let table = ml::extract(&histories, season..=season, role);
        rows += table.len() as u64;
        let drift = model.as_ref().map(|model| model.drift(&table));
        findings.extend(lost(role, &drift.unwrap_or_default()));
    }
    Ok(super::source_state::report(
        SOURCE, rows, true, &findings, at,
    ))
}

/// The features that far more players lack than in training.
fn lost(role: Role, drift: &[FeatureDrift]) -> Option<Finding> {
    let lost: Vec<&FeatureDrift> = drift
        .iter()
        .filter(|feature| feature.missing_now > feature.missing_then + LOST)
        .collect();
    let examples = lost.iter().take(Finding::EXAMPLES).map(|feature| {
        let percent = |share: f64| 100.0 * share;
        format!(
            "{}: {:.0} % lack it, {:.0} % in training",
            feature.label,
            percent(feature.missing_now),
            percent(feature.missing_then)
        )
    });
    (!lost.is_empty()).then(|| Finding {
        check: Check::Completeness,
        severity: Severity::Warning,
        source: SOURCE.to_owned(),
        what: format!(
            "most {role}s lack {} features the model relies on: has a source stopped giving a field?",
            lost.len()
        ),
        count: lost.len() as u32,
        examples: examples.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::lost;
    use crate::domain::Role;
    use crate::ml::drift::FeatureDrift;

    #[test]
    fn a_feature_that_vanished_is_named_and_one_always_rare_is_not() {
        let feature = |label, missing_then, missing_now| FeatureDrift {
            name: "name",
            label,
            psi: 0.0,
            missing_then,
            missing_now,
        };
        let drift = [feature("Whiffs", 0.2, 0.98), feature("Grade", 0.7, 1.0)];
        let found = lost(Role::Hitter, &drift).expect("a finding");
        assert_eq!((found.count, found.examples.len()), (1, 1));
        assert!(found.examples[0].starts_with("Whiffs: 98 % lack it"));
        assert_eq!(lost(Role::Pitcher, &drift[1..]), None);
    }
}
