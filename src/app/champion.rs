//! The registry as the running server changes and shows it.

use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::RwLock;

use super::model_card::newest_card;
use super::search_index::NameIndex;
use crate::clock::Clock;
use crate::pipeline::registry::{Reason, decide};
use crate::pipeline::{self, versions};
use crate::rankings::models::{
    DecisionView, DriftView, ModelChange, ModelComparison, Models, ModelsError, ModelsView, Running,
};
use crate::rankings::{Catalog, SourceError};
use crate::store::{ArmCounts, Store, StoreError};
use crate::web::models::ModelRegistry;
use crate::web::operator::Operator;

/// The registry over a store, and the catalogs that show its boards.
pub(super) struct Live {
    pub(super) store: Store,
    pub(super) data: PathBuf,
    /// Random name of the installation.
    pub(super) instance: String,
    pub(super) champion: Arc<Catalog>,
    pub(super) challenger: Arc<Catalog>,
    pub(super) running: RwLock<Option<Arc<Running>>>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) names: Arc<NameIndex>,
}

impl Live {
    /// Shows the boards there are, and the challenger's once its newest is made.
    pub(super) fn show(&self) -> anyhow::Result<()> {
        self.champion.refresh()?;
        let (state, boards) = self
            .store
            .read(|tx| Ok((tx.model_state()?, tx.challenger_boards()?)))?;
        let newest = pipeline::board::newest_season(&self.store)?;
        let running = state.challenge.filter(|challenge| {
            let made = boards.last();
            made.is_some_and(|b| Some(b.season) == newest && b.model_id == challenge.model_id)
        });
        if running.is_some() {
            self.challenger.refresh()?;
        }
        *self.running.write() = running.map(|challenge| {
            Arc::new(Running {
                name: challenge.name,
                model: challenge.model_id,
                share: challenge.share,
            })
        });
        Ok(())
    }

    fn remake(&self) -> anyhow::Result<()> {
        let mut say = |step: &str| tracing::info!("{step}");
        if let Some(season) = pipeline::board::newest_season(&self.store)? {
            pipeline::board::ensure(&self.store, &self.data, season, &*self.clock, &mut say)?;
        }
        self.land()
    }

    /// Shows the newest boards, their model's facts and everybody's name.
    pub(super) fn land(&self) -> anyhow::Result<()> {
        self.names.follow()?;
        if let Some(card) = newest_card(&self.store, &self.data)? {
            self.champion.set_card(card);
        }
        self.show()
    }
}

impl Models for Live {
    fn models(&self) -> Result<ModelsView, ModelsError> {
        versions::models(&self.store, &self.data).map_err(failed)
    }

    fn compare(&self, a: &str, b: &str) -> Result<ModelComparison, ModelsError> {
        for id in [a, b] {
            self.known(id)?;
        }
        versions::compare(&self.store, &self.data, a, b).map_err(failed)
    }

    fn drift(&self) -> Result<Option<DriftView>, ModelsError> {
        versions::drift(&self.store).map_err(failed)
    }

    fn running(&self) -> Option<Arc<Running>> {
        self.running.read().clone()
    }

    fn count(&self, challenge: &str, arm: &str, views: u64, opens: u64) -> Result<(), ModelsError> {
        let more = ArmCounts { views, opens };
        let counted = self
            .store
            .write(|tx| tx.add_arm_counts(challenge, arm, more));
        counted.map_err(|error| failed(error.into()))
    }
}

impl ModelRegistry for Live {
    fn change(
        &self,
        _: &Operator,
        change: &ModelChange,
        why: &str,
    ) -> Result<DecisionView, ModelsError> {
        if let ModelChange::Promote(id) | ModelChange::Challenge(id, _) = change {
            self.known(id)?;
        }
        let reason = Reason { by: "API", why };
        let decision =
            decide(&self.store, &self.data, change, reason, &*self.clock).map_err(refused)?;
        Ok(versions::decision(&decision))
    }

    fn follow(&self) -> Result<(), ModelsError> {
        self.remake().map_err(failed)
    }
}

impl Live {
    fn known(&self, id: &str) -> Result<(), ModelsError> {
        let view = self.models()?;
        let known = view.models.iter().any(|model| model.model == id);
        known
            .then_some(())
            .ok_or_else(|| ModelsError::Unknown(id.to_owned()))
    }
}

fn failed(error: anyhow::Error) -> ModelsError {
    ModelsError::Source(source(error))
}

/// A change that makes no sense, unless it is the store that failed.
fn refused(error: anyhow::Error) -> ModelsError {
    match error.downcast::<StoreError>() {
        Ok(error) => ModelsError::Source(Box::new(error)),
        Err(error) => ModelsError::Refused(error.to_string()),
    }
}

/// `error` as the pages and the API take it: they ask whether it was the store,
/// which an `anyhow` error in a box does not tell.
pub(super) fn source(error: anyhow::Error) -> SourceError {
    match error.downcast::<StoreError>() {
        Ok(error) => Box::new(error),
        Err(error) => error.into(),
    }
}
