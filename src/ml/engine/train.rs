//! Training a model on every window closed by a season, and on what the newer ones show.

use super::card::{Card, RoleCard};
use super::closed::{FIRST, check, closed_by, is_closed_by};
use super::fit;
use super::model::Model;
use super::scorer::Scorer;
use super::settings::Hyper;
use crate::domain::{History, Role, SEASONS, Season};
use crate::ml::error::Error;
use crate::ml::features::{FeatureTable, extract, extract_days, schema_hash};
use crate::ml::figures::odds::logistic;
use crate::ml::figures::probability::{Figures, Pair};

/// What to train.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrainConfig {
    /// Last season of outcomes: snapshots up to four seasons earlier are used, and later
    /// ones with what had been seen of their windows.
    pub until: Season,
    /// Seed of every random choice.
    pub seed: u64,
    /// Threads to use; the model does not depend on it.
    pub threads: usize,
    /// How each role is fitted.
    pub hyper: Hyper,
}

/// What models are trained on: the snapshots of both roles, hitters first.
#[derive(Clone, Debug)]
pub struct Material {
    /// At the ends of seasons.
    pub ends: [FeatureTable; 2],
    /// On other days.
    pub days: [FeatureTable; 2],
}

impl Material {
    /// All there is up to the end of `last`.
    pub fn through(histories: &[History], last: Season) -> Self {
        let roles = [Role::Hitter, Role::Pitcher];
        Self {
            ends: roles.map(|role| extract(histories, FIRST..=last, role)),
            days: roles.map(|role| extract_days(histories, FIRST..=last, role)),
        }
    }
}

/// Trains a model on what was known at the end of `config.until`; nothing later is
/// looked at. The same data and seed give the same bytes.
///
/// # Errors
/// When a role has too few closed windows.
pub fn train(
    histories: &[History],
    config: &TrainConfig,
    progress: &mut dyn FnMut(&str),
) -> Result<Model, Error> {
    progress("computing features");
    train_on(
        &Material::through(histories, config.until),
        config,
        progress,
    )
}

/// As [`train`], on material that may hold later seasons than may be seen: those are
/// left out.
///
/// # Errors
/// When a role has too few closed windows.
pub fn train_on(
    material: &Material,
    config: &TrainConfig,
    progress: &mut dyn FnMut(&str),
) -> Result<Model, Error> {
    let mut hasher = blake3::Hasher::new();
    let mut scorers = Vec::new();
    let mut cards = Vec::new();
    for (table, days) in material.ends.iter().zip(&material.days) {
        let closed = closed_by(table, config.until);
        check(&closed, config.until)?;
        progress(&format!(
            "fitting {} {} snapshots",
            closed.len(),
            closed.role
        ));
        let settings = config.hyper.of(closed.role);
        let (until, seed) = (config.until, config.seed);
        let training = fit::fit_until(table, days, until, settings, seed, config.threads)?;
        hash_rows(&training.rows, config.until, &mut hasher);
        cards.push(role_card(&training.rows, &training.unseen, config.until));
        scorers.push(Scorer::new(training.fitted, closed.role)?);
    }
    let card = Card {
        id: String::new(),
        trained_until: config.until.0,
        seed: config.seed,
        code_version: env!("CARGO_PKG_VERSION").to_owned(),
        data_hash: hasher.finalize().to_hex().to_string(),
        weights_hash: String::new(),
        config_hash: String::new(),
        hyper: Some(config.hyper),
        roles: cards,
        backtest: Vec::new(),
        validation: None,
    };
    let [hitters, pitchers]: [_; 2] = scorers
        .try_into()
        .map_err(|_| Error::Refused("a role is missing".to_owned()))?;
    Model::new(hitters, pitchers, card)
}

/// Counts what was learnt from into a hash: of windows still open at the end of
/// `until` only what had been seen of them.
fn hash_rows(table: &FeatureTable, until: Season, hasher: &mut blake3::Hasher) {
    for (i, s) in table.snapshots.iter().enumerate() {
        let seen = usize::from(until.0 - s.id.season.0).min(SEASONS);
        hasher.update(&s.id.prospect.0.to_le_bytes());
        hasher.update(&s.id.season.0.to_le_bytes());
        hasher.update(&[s.id.role as u8]);
        for progress in &s.seen[..seen] {
            hasher.update(&progress.to_le_bytes());
        }
        for value in table.row(i) {
            hasher.update(&value.to_le_bytes());
        }
    }
}

fn role_card(table: &FeatureTable, unseen: &[(usize, f64)], until: Season) -> RoleCard {
    let closed: Vec<usize> = (0..table.len())
        .filter(|&i| is_closed_by(&table.snapshots[i], until))
        .collect();
    let seasons = || table.snapshots.iter().map(|s| s.id.season.0);
    let hit = |i: usize| table.snapshots[i].succeeded_in_full_seasons();
    let pairs: Vec<Pair> = unseen
        .iter()
        .map(|&(i, log_odds)| (logistic(log_odds), hit(i)))
        .collect();
    let hits = closed.iter().filter(|&&i| hit(i)).count();
    RoleCard {
        role: table.role,
        feature_schema: schema_hash(table.role),
        first_season: seasons().min().unwrap_or(0),
        last_season: seasons().max().unwrap_or(0),
        snapshots: table.len() as u32,
        base_rate: hits as f64 / closed.len() as f64,
        unseen: Figures::of(&pairs, None, Some(table.role)),
    }
}
