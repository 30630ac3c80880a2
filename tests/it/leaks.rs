//! On real data: that something is missing must not tell who succeeded. The
//! leaks that can be planted are tested beside the features.

use std::collections::HashMap;
use std::path::PathBuf;

use afwd::domain::{Level, Role, Season};
use afwd::ingest::{FileKind, Options, Silent, import};
use afwd::ml::{self, FeatureTable, probability};
use afwd::store::{Config, Opening, Store};

use crate::support::skip::outside_data;

#[test]
fn that_a_feature_is_missing_tells_nothing() {
    let Some(data) = outside_data("data") else {
        return;
    };
    let dir = tempfile::tempdir().expect("a directory");
    let store = Store::open(&Config::new(dir.path()), Opening::CreateIfAbsent).expect("a store");
    for (kind, file) in [
        (FileKind::MilbHitting, "milb_api/hitting.csv.gz"),
        (FileKind::MilbPitching, "milb_api/pitching.csv.gz"),
        (FileKind::MlbSeasons, "outcomes/mlb_season_lines.csv.gz"),
        (FileKind::Players, "outcomes/player_ids.csv.gz"),
        (FileKind::Draft, "draft/draft.csv.gz"),
        (FileKind::Scouting, "scouting/prospect_rankings.csv.gz"),
    ] {
        let path: PathBuf = data.join(file);
        import(&store, kind, &path, &Options::default(), &Silent).expect("an import");
    }
    let histories = store.read(|tx| tx.histories()).expect("the histories");
    for &role in Role::ALL {
        let table = ml::extract(&histories, Season(2005)..=Season(2017), role);
        assert!(table.len() > 40_000, "{role}: {} snapshots", table.len());
        for (feature, definition) in ml::definitions(role).iter().enumerate() {
            for (level, auc) in missing_auc(&table, feature) {
                assert!(
                    (0.4..0.6).contains(&auc),
                    "{role} {} at {level}: {auc:.3}",
                    definition.name
                );
            }
        }
    }
}

/// Per level, how well "the feature is missing" alone tells who succeeded.
fn missing_auc(table: &FeatureTable, feature: usize) -> Vec<(Level, f64)> {
    let mut levels: HashMap<Level, Vec<(f64, bool)>> = HashMap::new();
    for (row, snapshot) in table
        .snapshots
        .iter()
        .enumerate()
        .filter(|(_, snapshot)| snapshot.evaluated)
    {
        let Some(label) = snapshot.label else {
            continue;
        };
        let missing = f64::from(u8::from(table.row(row)[feature].is_nan()));
        levels
            .entry(snapshot.level)
            .or_default()
            .push((missing, label));
    }
    // Where fewer succeed, one player moves the figure.
    levels.retain(|_, pairs| pairs.iter().filter(|(_, success)| *success).count() >= 50);
    levels
        .into_iter()
        .map(|(level, pairs)| (level, probability::auc(&pairs)))
        .collect()
}
