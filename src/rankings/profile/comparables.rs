//! Nearest past snapshots as shown, each with what became of him.

use std::collections::HashMap;

use super::stats::innings;
use crate::domain::{Comparable, Prediction, ProspectId, Role, Season, SnapshotId};
use crate::rankings::views::{ComparableView, ComparablesView};

/// The view of `found`; those with a name are listed, all are counted.
pub(in crate::rankings) fn comparables(
    at: SnapshotId,
    prediction: &Prediction,
    found: &[Comparable],
    names: &HashMap<ProspectId, String>,
) -> ComparablesView {
    let successes = found.iter().filter(|c| c.aftermath.success.is_some());
    let debuts = found.iter().filter(|c| c.aftermath.debut.is_some());
    let successes = successes.count() as u32;
    ComparablesView {
        id: at.prospect.0,
        season: at.season.0,
        role: at.role.to_string(),
        probability: prediction.probability,
        count: found.len() as u32,
        successes,
        debuts: debuts.count() as u32,
        success_share: (!found.is_empty()).then(|| f64::from(successes) / found.len() as f64),
        comparables: found
            .iter()
            .filter_map(|c| Some(comparable(c, names.get(&c.id.prospect)?.clone())))
            .collect(),
    }
}

fn comparable(found: &Comparable, name: String) -> ComparableView {
    ComparableView {
        id: found.id.prospect.0,
        name,
        season: found.id.season.0,
        age: found.age.map(|age| (age * 10.0).round() / 10.0),
        level: found.level.to_string(),
        distance: found.distance,
        success: found.aftermath.success.is_some(),
        pa: found.aftermath.pa,
        ip: innings(found.aftermath.outs),
        outcome: outcome(found),
    }
}

fn outcome(found: &Comparable) -> String {
    let season = found.id.season;
    let year = |k: u8| season.plus(u16::from(k));
    let end = season.plus(Season::WINDOW);
    let played = match found.id.role {
        Role::Hitter => format!("{} PA", found.aftermath.pa),
        Role::Pitcher => format!("{} IP", innings(found.aftermath.outs)),
    };
    match (found.aftermath.success, found.aftermath.debut) {
        (Some(k), _) => format!("Succeeded in {}: {played} through {end}", year(k)),
        (None, Some(0)) => format!("Already debuted; {played} from {} to {end}", year(1)),
        (None, Some(k)) => format!("Debuted in {}: {played} through {end}", year(k)),
        (None, None) => format!("Not in the majors through {end}"),
    }
}

#[cfg(test)]
mod tests {
    use super::comparables;
    use crate::domain::{
        Aftermath, Comparable, Confidence, Level, Prediction, ProspectId, Role, Season, SnapshotId,
    };

    fn found(player: u32, pa: u32, success: Option<u8>, debut: Option<u8>) -> Comparable {
        Comparable {
            id: SnapshotId {
                prospect: ProspectId(player),
                season: Season(2012),
                role: Role::Hitter,
            },
            age: Some(20.44),
            level: Level::DoubleA,
            distance: 0.5,
            aftermath: Aftermath {
                pa,
                debut,
                success,
                ..Aftermath::default()
            },
        }
    }

    #[test]
    fn the_share_is_of_all_and_outcomes_are_told_in_words() {
        let rows = [
            found(1, 900, Some(3), Some(2)),
            found(2, 40, None, Some(4)),
            found(3, 0, None, None),
            found(4, 0, None, None),
        ];
        let at = SnapshotId {
            prospect: ProspectId(9),
            season: Season(2026),
            role: Role::Hitter,
        };
        let prediction = Prediction {
            probability: 0.3,
            lower: 0.2,
            upper: 0.4,
            confidence: Confidence::Medium,
            evaluated: true,
        };
        let names = (1..=3).map(|id| (ProspectId(id), format!("Player {id}")));
        let view = comparables(at, &prediction, &rows, &names.collect());
        assert_eq!((view.successes, view.debuts), (1, 2));
        assert_eq!(view.success_share, Some(0.25));
        let told: Vec<&str> = view
            .comparables
            .iter()
            .map(|c| c.outcome.as_str())
            .collect();
        assert_eq!(
            told,
            [
                "Succeeded in 2015: 900 PA through 2016",
                "Debuted in 2016: 40 PA through 2016",
                "Not in the majors through 2016"
            ]
        );
    }
}
