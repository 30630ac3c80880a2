//! The facts of a model, as its page and the API show them.

use std::path::Path;

use crate::domain::{Role, Season};
use crate::ml::{self, Model};
use crate::pipeline;
use crate::rankings::views::{BacktestRow, FeatureDoc, ModelCardView, RoleCardView};
use crate::store::Store;

/// The facts of the model that predicts the newest season.
pub(super) fn newest_card(store: &Store, data: &Path) -> anyhow::Result<Option<ModelCardView>> {
    let newest = pipeline::board::newest_season(store)?.unwrap_or(Season(u16::MAX));
    let model = pipeline::choice::existing(store, data, newest)?;
    Ok(model.as_ref().map(card))
}

/// The facts of `model`.
pub(super) fn card(model: &Model) -> ModelCardView {
    let card = model.card();
    ModelCardView {
        model: card.id.clone(),
        trained_until: card.trained_until,
        seed: card.seed,
        data_hash: card.data_hash.clone(),
        feature_schema: card
            .roles
            .iter()
            .map(|role| role.feature_schema.as_str())
            .collect::<Vec<_>>()
            .join("-"),
        roles: card.roles.iter().map(role_card).collect(),
        validation: card.validation.clone(),
        backtest: card
            .backtest
            .iter()
            .filter(|row| row.confidence.is_none())
            .map(backtest_row)
            .collect(),
        features: Role::ALL
            .iter()
            .flat_map(|&role| feature_docs(role))
            .collect(),
    }
}

fn role_card(role: &ml::RoleCard) -> RoleCardView {
    RoleCardView {
        role: role.role.to_string(),
        first_season: role.first_season,
        last_season: role.last_season,
        snapshots: role.snapshots,
        base_rate: role.base_rate,
    }
}

fn backtest_row(row: &ml::Figures) -> BacktestRow {
    BacktestRow {
        season: row.season.map_or(0, |season| season.0),
        role: row.role.map_or("both".to_owned(), |role| role.to_string()),
        n: row.n,
        base_rate: row.base_rate,
        majority: row.majority,
        auc: row.auc,
        brier_skill: row.brier_skill,
        log_loss: row.log_loss,
        ece: row.ece,
        observed_to_expected: row.observed_to_expected,
        precision_at_100: row.precision_at_100,
    }
}

fn feature_docs(role: Role) -> impl Iterator<Item = FeatureDoc> {
    ml::definitions(role).iter().map(move |def| FeatureDoc {
        name: def.name.to_owned(),
        label: def.label.to_owned(),
        role: role.to_string(),
        group: def.group.to_string(),
        unit: def.unit.to_owned(),
        doc: def.doc.to_owned(),
    })
}
