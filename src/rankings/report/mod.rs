//! The report card: what would have been said at the end of past seasons, and
//! what happened.
//!
//! Made once from all verdicts when boards are loaded; only aggregates and the
//! named few stay in memory, single players are looked up in the store.

mod lists;
mod markdown;
mod scores;
mod sentences;
mod view;

pub use view::{
    Bin, Cut, ListComparison, Named, PlayerVerdicts, Reached, ReportCard, Scores, Section, Top,
};

use crate::domain::{Grade, ProspectId, Season, Verdict};
use crate::rankings::profile::stats::innings;

/// Names in each list of hits and misses.
const SHOWN: usize = 12;
/// Names of a season's highest.
const HIGHEST: usize = 100;

impl ReportCard {
    /// The card of `verdicts`; `ranked` are entries of published lists, `name`
    /// gives a player's name.
    pub fn of(
        verdicts: &[Verdict],
        ranked: &[(ProspectId, Grade)],
        simulated: bool,
        name: &dyn Fn(ProspectId) -> String,
    ) -> Self {
        let mut by_season: Vec<(Season, Vec<&Verdict>)> = Vec::new();
        let mut order: Vec<&Verdict> = verdicts.iter().collect();
        order.sort_by_key(|v| (v.snapshot.season, v.rank, v.snapshot));
        for verdict in order {
            match by_season.last_mut() {
                Some((season, set)) if *season == verdict.snapshot.season => set.push(verdict),
                _ => by_season.push((verdict.snapshot.season, vec![verdict])),
            }
        }
        let seasons: Vec<Section> = by_season
            .iter()
            .filter_map(|(season, set)| {
                let mut section = section(&[set.as_slice()], name)?;
                section.season = Some(season.0);
                section.lists = lists::compare(*season, set, ranked);
                Some(section)
            })
            .collect();
        let sets: Vec<&[&Verdict]> = by_season.iter().map(|(_, set)| set.as_slice()).collect();
        let mut pooled = section(&sets, name);
        if let Some(pooled) = &mut pooled {
            pooled.highest.clear();
            pooled.lists = seasons.iter().flat_map(|s| s.lists.clone()).collect();
        }
        Self {
            simulated,
            sentences: sentences::of(pooled.as_ref(), &seasons),
            pooled,
            seasons,
        }
    }

    /// The part of one season.
    pub fn season(&self, season: Season) -> Option<&Section> {
        self.seasons.iter().find(|s| s.season == Some(season.0))
    }
}

/// The figures of one or several seasons; `None` when nobody was evaluated.
fn section(sets: &[&[&Verdict]], name: &dyn Fn(ProspectId) -> String) -> Option<Section> {
    let evaluated: Vec<Vec<&Verdict>> = sets
        .iter()
        .map(|set| {
            set.iter()
                .copied()
                .filter(|v| v.prediction.evaluated)
                .collect()
        })
        .collect();
    let all = evaluated.concat();
    if all.is_empty() {
        return None;
    }
    let mut models: Vec<String> = all.iter().map(|v| v.model_id.clone()).collect();
    models.sort();
    models.dedup();
    let holds_2020 = |v: &&Verdict| (2016..2020).contains(&v.snapshot.season.0);
    let names = |set: Vec<&Verdict>, most: usize| -> Vec<Named> {
        set.into_iter()
            .take(most)
            .map(|v| named(v, name(v.snapshot.prospect)))
            .collect()
    };
    let picked = |keep: fn(&Verdict) -> bool, order: fn(&Verdict) -> f64| {
        let mut set: Vec<&Verdict> = all.iter().copied().filter(|v| keep(v)).collect();
        set.sort_by(|a, b| {
            order(b)
                .total_cmp(&order(a))
                .then(a.snapshot.cmp(&b.snapshot))
        });
        names(set, SHOWN)
    };
    Some(Section {
        season: None,
        models,
        model: scores::scores(&all, scores::model),
        baseline: scores::scores(&all, scores::baseline),
        in_full_seasons: all
            .iter()
            .any(holds_2020)
            .then(|| scores::scores(&all, scores::in_full_seasons)),
        thin: (sets.iter().map(|set| set.len()).sum::<usize>() - all.len()) as u32,
        reached: scores::reached(&all),
        reliability: scores::reliability(&all),
        top: scores::top(&evaluated),
        cuts: scores::cuts(&all),
        hits: picked(|v| v.success, |v| v.prediction.probability),
        finds: picked(|v| v.success, |v| v.prediction.probability - v.baseline),
        misses: picked(|v| !v.success, |v| v.prediction.probability),
        overlooked: picked(|v| v.success, |v| -v.prediction.probability),
        highest: names(evaluated.iter().flatten().copied().collect(), HIGHEST),
        lists: Vec::new(),
    })
}

/// A verdict as it is shown.
pub(crate) fn named(v: &Verdict, name: String) -> Named {
    let p = v.prediction;
    Named {
        id: v.snapshot.prospect.0,
        name,
        season: v.snapshot.season.0,
        role: v.snapshot.role.to_string(),
        level: v.level.to_string(),
        age: v.age.map(|age| (age * 10.0).round() / 10.0),
        model: v.model_id.clone(),
        rank: (v.rank > 0).then_some(v.rank),
        probability: p.probability,
        lower: p.lower,
        upper: p.upper,
        confidence: p.confidence.to_string(),
        baseline: v.baseline,
        success: v.success,
        reached_majors: v.majors.reached,
        majors_pa: v.majors.pa,
        majors_innings: innings(v.majors.outs),
    }
}

#[cfg(test)]
mod tests {
    use super::ReportCard;
    use super::scores::wilson;
    use crate::domain::{
        Confidence, Grade, Level, MajorsInWindow, Prediction, ProspectId, Role, Sample, Season,
        SnapshotId, Verdict,
    };

    fn verdict(id: u32, probability: f64, baseline: f64, success: bool) -> Verdict {
        Verdict {
            snapshot: SnapshotId {
                prospect: ProspectId(id),
                season: Season(2012),
                role: Role::Hitter,
            },
            model_id: "2012-test".into(),
            prediction: Prediction {
                probability,
                lower: probability / 2.0,
                upper: probability,
                confidence: Confidence::High,
                evaluated: true,
            },
            baseline,
            rank: id,
            level: Level::ALL[0],
            age: Some(21.0),
            success,
            success_in_full_seasons: success,
            majors: MajorsInWindow {
                reached: id <= 3,
                pa: 0,
                outs: 301,
            },
        }
    }

    fn four() -> Vec<Verdict> {
        vec![
            verdict(1, 0.9, 0.2, true),
            verdict(2, 0.6, 0.5, false),
            verdict(3, 0.4, 0.3, true),
            verdict(4, 0.1, 0.1, false),
        ]
    }

    fn card(verdicts: &[Verdict], ranked: &[(ProspectId, Grade)]) -> ReportCard {
        ReportCard::of(verdicts, ranked, true, &|id| format!("Player {id}"))
    }

    #[test]
    fn figures_match_hand_calculation() {
        let mut verdicts = four();
        let mut thin = verdict(5, 0.99, 0.1, false);
        (thin.prediction.evaluated, thin.rank) = (false, 0);
        verdicts.push(thin);
        let card = card(&verdicts, &[]);
        let pooled = card.pooled.as_ref().expect("four were evaluated");
        assert_eq!(
            (pooled.model.n, pooled.model.successes, pooled.thin),
            (4, 2, 1)
        );
        assert_eq!(pooled.model.auc, Some(0.75));
        assert_eq!(pooled.baseline.auc, Some(0.5));
        assert!((pooled.model.brier - 0.185).abs() < 1e-12);
        // Three reached the majors, two succeeded; of the two highest one did.
        assert_eq!(pooled.reached.accuracy, Some(1.0 - 2.0 / 3.0));
        assert_eq!(pooled.reached.majority, Some(2.0 / 3.0));
        assert_eq!(pooled.misses[0].name, "Player 2");
        assert_eq!(pooled.finds[0].id, 1);
        assert_eq!(pooled.overlooked[0].id, 3);
        assert_eq!(pooled.hits[0].majors_innings, "100.1");
        assert_eq!(card.seasons[0].highest.len(), 4);
        let bins: Vec<u32> = pooled.reliability.iter().map(|b| b.n).collect();
        assert_eq!(bins, [1, 1, 1, 1]);
    }

    #[test]
    fn wilson_intervals_are_the_textbook_ones() {
        let (lower, upper) = wilson(2, 10);
        assert!((lower - 0.0567).abs() < 1e-3 && (upper - 0.5098).abs() < 1e-3);
        assert_eq!(wilson(0, 5).0, 0.0);
    }

    #[test]
    fn one_season_says_nothing_of_another() {
        let first = four();
        let mut both = first.clone();
        both.extend(four().into_iter().map(|mut v| {
            v.snapshot.season = Season(2013);
            v.success = !v.success;
            v
        }));
        assert_eq!(card(&first, &[]).seasons[0], card(&both, &[]).seasons[0]);
    }

    #[test]
    fn an_empty_card_has_no_figures() {
        let card = card(&[], &[]);
        assert!(card.pooled.is_none() && card.seasons.is_empty());
    }

    #[test]
    fn lists_of_that_winter_stand_beside_ours_and_later_ones_do_not() {
        let verdicts: Vec<Verdict> = (1..=40)
            .map(|id| verdict(id, 1.0 - f64::from(id) / 50.0, 0.1, id <= 10))
            .collect();
        let grade = |id: u32, published| {
            let grade = Grade {
                source: "paper".into(),
                list: "top100".into(),
                list_year: Season(2013),
                published: Some(published),
                sample: Sample::Full,
                rank: Some(id as u16),
                org_rank: None,
                future_value: None,
                tools: Vec::new(),
            };
            (ProspectId(id), grade)
        };
        let winter = jiff::civil::date(2013, 2, 1);
        let ranked: Vec<_> = (6..=35).map(|id| grade(id, winter)).collect();
        let season = &card(&verdicts, &ranked).seasons[0];
        assert_eq!(season.lists.len(), 1);
        let list = &season.lists[0];
        assert_eq!((list.n, list.successes, list.ours), (30, 5, 10));
        let summer = jiff::civil::date(2013, 7, 1);
        let late: Vec<_> = (6..=35).map(|id| grade(id, summer)).collect();
        assert!(card(&verdicts, &late).seasons[0].lists.is_empty());
    }
}
