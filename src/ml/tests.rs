//! Tests of the engine as a whole, on an invented league.

use super::engine::artefact::{sealed, unsealed};
use super::fixture::{FIRST, LAST, league};
use super::{Error, FeatureTable, Hyper, Model, TrainConfig, backtest, extract, registry, train};
use crate::domain::{History, Role, Season};

fn trained(seed: u64, threads: usize) -> Model {
    let config = TrainConfig {
        until: Season(LAST),
        seed,
        threads,
        hyper: Hyper::default(),
    };
    train(&league(800), &config, &mut |_| {}).expect("enough closed windows")
}

fn table(role: Role) -> FeatureTable {
    extract(&league(800), Season(FIRST)..=Season(LAST), role)
}

#[test]
fn explanations_add_up_and_rows_agree_with_tables() {
    let model = trained(1, 2);
    for role in [Role::Hitter, Role::Pitcher] {
        let table = table(role);
        let predictions = model.predict(&table).expect("predicts");
        let explained = model.explain_all(&table);
        for (i, (p, e)) in predictions.iter().zip(&explained).enumerate() {
            let log_odds = (p.probability / (1.0 - p.probability)).ln();
            assert!((log_odds - e.log_odds()).abs() < 1e-9);
            let single = model
                .predict_row(role, table.row(i), p.evaluated)
                .expect("predicts");
            assert!((single.probability - p.probability).abs() < 1e-12);
            assert_eq!(single.confidence, p.confidence);
        }
    }
}

#[test]
fn probabilities_by_season_rise_and_end_at_the_probability() {
    let model = trained(1, 2);
    let mut early = 0;
    for role in [Role::Hitter, Role::Pitcher] {
        let table = table(role);
        let predictions = model.predict(&table).expect("predicts");
        let horizons = model.horizons(&table, &predictions);
        for (h, p) in horizons.iter().zip(&predictions) {
            assert_eq!(h.success[3], p.probability);
            assert!(h.success.is_sorted() && h.debut.is_sorted());
            assert!(
                h.success
                    .iter()
                    .zip(&h.debut)
                    .all(|(s, d)| s <= d && *d <= 1.0)
            );
            early += usize::from(h.success[0] < h.success[3]);
        }
    }
    assert!(early > 0);
}

#[test]
fn same_seed_same_bytes_whatever_the_threads() {
    let dir = tempfile::tempdir().expect("a directory");
    let files = |model: &Model, name: &str| {
        let dir = dir.path().join(name);
        model.save(&dir).expect("saves");
        [
            "manifest.toml",
            "config.json",
            "weights.safetensors",
            "card.md",
        ]
        .map(|f| std::fs::read(dir.join(f)).expect("is there"))
    };
    let one = files(&trained(5, 1), "one");
    assert!(one == files(&trained(5, 2), "two"));
    assert!(one[2] != files(&trained(6, 2), "other")[2]);
}

#[test]
fn a_saved_model_predicts_the_same_and_damage_is_refused() {
    let dir = tempfile::tempdir().expect("a directory");
    let model = trained(1, 2);
    let path = dir.path().join("m");
    model.save(&path).expect("saves");
    let loaded = Model::load(&path).expect("loads");
    assert_eq!(model.card(), loaded.card());
    let table = table(Role::Pitcher);
    assert_eq!(
        model.predict(&table).expect("a"),
        loaded.predict(&table).expect("b")
    );
    assert_eq!(
        registry::models_in(dir.path()).expect("lists"),
        vec![path.clone()]
    );

    let manifest = path.join("manifest.toml");
    let good = std::fs::read(&manifest).expect("reads");
    for at in (0..good.len()).step_by(97) {
        let mut bytes = good.clone();
        bytes[at] ^= 4;
        std::fs::write(&manifest, bytes).expect("writes");
        assert!(Model::load(&path).is_err(), "a changed bit at {at}");
    }
    std::fs::write(&manifest, good).expect("writes");
    let weights = path.join("weights.safetensors");
    let mut bytes = std::fs::read(&weights).expect("reads");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&weights, bytes).expect("writes");
    assert!(matches!(Model::load(&path), Err(Error::Refused(why)) if why.contains("weights")));
}

#[test]
fn the_settings_of_a_run_are_in_its_manifest() {
    let mut hyper = Hyper::default();
    hyper.pitcher.penalty = 77.5;
    hyper.hitter.trees = 12;
    let config = TrainConfig {
        until: Season(LAST),
        seed: 1,
        threads: 2,
        hyper,
    };
    let dir = tempfile::tempdir().expect("a directory");
    let model = train(&league(800), &config, &mut |_| {}).expect("trains");
    model.save(dir.path()).expect("saves");
    let loaded = Model::load(dir.path()).expect("loads");
    assert_eq!(loaded.card().hyper, Some(hyper));
    let table = table(Role::Pitcher);
    assert_ne!(
        loaded.predict(&table).expect("predicts"),
        trained(1, 2).predict(&table).expect("predicts"),
        "the settings change the model"
    );
}

#[test]
fn a_model_of_other_features_is_refused() {
    let dir = tempfile::tempdir().expect("a directory");
    let model = trained(1, 2);
    model.save(dir.path()).expect("saves");
    let manifest = dir.path().join("manifest.toml");
    let bytes = std::fs::read(&manifest).expect("reads");
    let text = unsealed(&bytes).expect("is whole");
    let schema = &model.card().roles[0].feature_schema;
    let other = sealed(&text.replace(schema, "0123456789abcdef"));
    std::fs::write(&manifest, other).expect("writes");
    assert!(
        matches!(Model::load(dir.path()), Err(Error::Refused(why)) if why.contains("features"))
    );
}

#[test]
fn too_few_closed_windows_are_refused() {
    let config = TrainConfig {
        until: Season(FIRST + 3),
        seed: 1,
        threads: 1,
        hyper: Hyper::default(),
    };
    let result = train(&league(100), &config, &mut |_| {});
    assert!(matches!(result, Err(Error::TooLittle { .. })));
}

#[test]
fn walking_forward_beats_chance_and_pools() {
    let seasons = Season(LAST - 5)..=Season(LAST - 4);
    let found = backtest(&league(800), seasons, 1, 2, &mut |_| {}).expect("runs");
    let pooled = found
        .figures
        .iter()
        .find(|f| f.season.is_none() && f.role.is_none());
    let pooled = pooled.expect("a pooled row");
    assert_eq!(pooled.n as usize, found.predictions.len());
    assert!(pooled.auc > 0.7, "{pooled:?}");
    assert!(found.predictions.iter().all(|p| p.prediction.evaluated));
}

#[test]
fn the_shipped_model_loads_and_serves_from_its_season_on() {
    let model = Model::embedded().expect("belongs to these features");
    let none = tempfile::tempdir().expect("a directory");
    let newest = |season| registry::newest_for(none.path(), season).expect("reads");
    assert!(newest(Season(model.trained_until().0 - 1)).is_none());
    assert_eq!(
        newest(model.trained_until()).map(|m| m.id().to_owned()),
        Some(model.id().to_owned())
    );
    assert!(
        registry::newest_for_simulated(none.path())
            .expect("reads")
            .is_some()
    );
}

#[test]
fn what_is_said_of_a_season_does_not_know_what_happened_after_it() {
    let season = Season(LAST - 4);
    let said = |players: &[History]| {
        let made = backtest(players, season..=season, 1, 2, &mut |_| {}).expect("scores");
        let one = |v: crate::domain::Verdict| (v.snapshot, v.prediction, v.baseline, v.rank);
        made.verdicts.into_iter().map(one).collect::<Vec<_>>()
    };
    let told = league(800);
    let mut changed = told.clone();
    for history in &mut changed {
        for line in history.mlb.iter_mut().filter(|m| m.season > season) {
            (line.pa, line.outs) = (900 - line.pa.min(900), 600 - line.outs.min(600));
        }
    }
    let before = said(&told);
    assert!(before.iter().any(|v| v.3 == 0) && before.iter().any(|v| v.3 == 1));
    assert_eq!(before, said(&changed));
}

/// Everything dated after a season is another player's.
fn another_future(players: &[History], season: Season) -> Vec<History> {
    let donors = players.iter().cycle().skip(players.len() / 3);
    let change = |(history, donor): (&History, &History)| {
        let mut h = history.clone();
        h.batting.retain(|l| l.season <= season);
        h.pitching.retain(|l| l.season <= season);
        h.mlb.retain(|m| m.season <= season);
        h.mlb.extend(donor.mlb.iter().filter(|m| m.season > season));
        let later = donor.batting.iter().filter(|l| l.season > season);
        h.batting.extend(later.cloned());
        h
    };
    players.iter().zip(donors).map(change).collect()
}

#[test]
fn windows_still_open_teach_what_was_seen_of_them_and_nothing_later() {
    let until = Season(LAST - 4);
    let weights = |players: &[History]| {
        let config = TrainConfig {
            until,
            seed: 1,
            threads: 2,
            hyper: Hyper::default(),
        };
        let model = train(players, &config, &mut |_| {}).expect("enough closed windows");
        (
            model.card().weights_hash.clone(),
            model.card().data_hash.clone(),
        )
    };
    let told = league(1200);
    let known = weights(&told);
    assert_eq!(known, weights(&another_future(&told, until)));
    let mut seen = told;
    for history in &mut seen {
        history.mlb.retain(|m| m.season != until);
    }
    assert_ne!(known, weights(&seen), "a season of open windows was seen");
}

#[test]
fn a_day_on_which_nothing_happens_moves_nobody() {
    let (model, season) = (trained(1, 2), Season(LAST));
    let mut players = league(800);
    let at = |players: &mut Vec<History>, day: i8| {
        for h in players.iter_mut() {
            for line in h.batting.iter_mut().filter(|l| l.season == season) {
                line.as_of = jiff::civil::date(LAST as i16, 6, day);
            }
        }
        let table = extract(players, season..=season, Role::Hitter);
        let said = model.predict(&table).expect("predicts");
        let explained = model.explain_all(&table);
        for (p, e) in said.iter().zip(explained) {
            let log_odds = (p.probability / (1.0 - p.probability)).ln();
            assert!(
                (log_odds - e.log_odds()).abs() < 1e-9,
                "an explanation adds up on any day"
            );
        }
        said
    };
    players
        .iter_mut()
        .for_each(|h| h.pitching.retain(|l| l.season < season));
    let (one, next) = (at(&mut players, 11), at(&mut players, 12));
    assert!(one.len() > 50 && one.len() == next.len());
    let moved = one
        .iter()
        .zip(&next)
        .map(|(a, b)| (a.probability - b.probability).abs());
    let most = moved.fold(0.0, f64::max);
    assert!(most > 0.0 && most < 0.015, "{most}");
}
