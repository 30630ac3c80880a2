//! Walking forward over one role, for comparisons of variants of its model.

use std::ops::RangeInclusive;

use crate::domain::{ProspectId, Season};
use crate::ml::engine::closed::{check, closed_by, scored_in};
use crate::ml::engine::fit;
use crate::ml::engine::scorer::Scorer;
use crate::ml::engine::settings::Settings;
use crate::ml::error::Error;
use crate::ml::features::FeatureTable;
use crate::ml::figures::odds::{log_odds, logistic};
use crate::ml::figures::paired::Pairing;
use crate::ml::figures::probability::Pair;

/// A variant's walk-forward predictions: one entry per evaluated snapshot with a
/// closed window, in the order of the table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Walk {
    players: Vec<ProspectId>,
    pairs: Vec<Pair>,
}

impl Walk {
    /// Predicts every season of `seasons` with a model of `settings` trained on
    /// the windows closed by its end.
    pub(crate) fn of(
        table: &FeatureTable,
        seasons: &RangeInclusive<Season>,
        settings: &Settings,
        seed: u64,
        threads: usize,
    ) -> Result<Self, Error> {
        Self::with(table, seasons, |season| {
            check(&closed_by(table, season), season)?;
            let no_days = FeatureTable::empty(table.role);
            let training = fit::fit_until(table, &no_days, season, settings, seed, threads)?;
            let fitted = training.fitted;
            let test = scored_in(table, season);
            let evaluated = vec![true; test.len()];
            let scorer = Scorer::new(fitted, table.role)?;
            let found = scorer.predict(test.values(), test.width(), &evaluated)?;
            Ok(found.into_iter().map(|p| p.probability).collect())
        })
    }

    /// Gathers what `predict` says of the snapshots [`scored_in`] each season.
    pub(crate) fn with(
        table: &FeatureTable,
        seasons: &RangeInclusive<Season>,
        predict: impl Fn(Season) -> Result<Vec<f64>, Error>,
    ) -> Result<Self, Error> {
        let (mut players, mut pairs) = (Vec::new(), Vec::new());
        for season in (seasons.start().0..=seasons.end().0).map(Season) {
            let test = scored_in(table, season);
            if test.is_empty() {
                continue;
            }
            for (snapshot, probability) in test.snapshots.iter().zip(predict(season)?) {
                players.push(snapshot.id.prospect);
                pairs.push((probability, snapshot.label == Some(true)));
            }
        }
        Ok(Self { players, pairs })
    }

    /// The mean of both in log-odds, `weight` being the other's share.
    pub(crate) fn blend(&self, other: &Self, weight: f64) -> Self {
        let both = self.pairs.iter().zip(&other.pairs);
        let mean = |a: f64, b: f64| (1.0 - weight) * log_odds(a) + weight * log_odds(b);
        Self {
            players: self.players.clone(),
            pairs: both.map(|(a, b)| (logistic(mean(a.0, b.0)), a.1)).collect(),
        }
    }

    /// The predictions with their outcomes.
    pub(crate) fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// These predictions beside another variant's of the same snapshots.
    pub(crate) fn beside(&self, other: &Self) -> Vec<Pairing> {
        let both = self.players.iter().zip(&self.pairs).zip(&other.pairs);
        both.map(|((&player, a), b)| (player, a.1, a.0, b.0))
            .collect()
    }
}
