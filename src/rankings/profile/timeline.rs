//! When: the probabilities by season, and the season they point to.

use crate::domain::{Horizons, Season};
use crate::rankings::views::{TimelineSeason, TimelineView};

/// The seasons after `season`, with the first by which a debut is likelier
/// than not.
pub(in crate::rankings) fn timeline(horizons: &Horizons, season: Season) -> TimelineView {
    let by_season = horizons.success.iter().zip(&horizons.debut);
    let mut before = 0.0;
    let seasons: Vec<TimelineSeason> = (1..)
        .zip(by_season)
        .map(|(k, (&success, &debut))| {
            let in_season = debut - before;
            before = debut;
            TimelineSeason {
                season: season.plus(k).0,
                success,
                debut,
                debut_in_season: in_season,
            }
        })
        .collect();
    let debuted = horizons.debut[0] >= 1.0;
    let likely = seasons.iter().find(|s| s.debut > 0.5).map(|s| s.season);
    TimelineView {
        debuted,
        likely_debut: likely.filter(|_| !debuted),
        seasons,
    }
}

#[cfg(test)]
mod tests {
    use super::timeline;
    use crate::domain::{Horizons, Season};

    #[test]
    fn the_shares_of_a_debut_add_up_and_the_likely_season_passes_half() {
        let horizons = Horizons {
            success: [0.0, 0.1, 0.2, 0.3],
            debut: [0.1, 0.4, 0.6, 0.7],
        };
        let view = timeline(&horizons, Season(2026));
        assert_eq!(view.likely_debut, Some(2029));
        let sum: f64 = view.seasons.iter().map(|s| s.debut_in_season).sum();
        assert!((sum - 0.7).abs() < 1e-12);
        assert_eq!(view.seasons[3].season, 2030);
    }

    #[test]
    fn one_who_has_debuted_has_no_debut_ahead() {
        let horizons = Horizons {
            success: [0.1; 4],
            debut: [1.0; 4],
        };
        let view = timeline(&horizons, Season(2026));
        assert!(view.debuted && view.likely_debut.is_none());
    }
}
