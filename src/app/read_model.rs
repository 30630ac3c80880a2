//! The store and the models as the read model asks for them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use parking_lot::Mutex;

use super::model_card::card;
use super::search_index::NameIndex;
use crate::domain::{
    Attribution, Comparable, Grade, History, Prediction, ProspectId, Role, Season, SnapshotId,
    Transaction, Verdict,
};
use crate::ml::Model;
use crate::pipeline;
use crate::rankings::{
    BoardData, Catalog, DayAnswer, FeatureSet, Predictor, Source, SourceError, Sources,
};
use crate::store::{DayStanding, Store};
use crate::web::experiment::Arm;

/// The read model over a store, without a board loaded yet.
///
/// # Errors
/// When store, model or index can't be read.
pub fn catalog(store: &Store, data: &Path) -> anyhow::Result<Catalog> {
    let names = Arc::new(NameIndex::followed(store, data)?);
    Ok(Catalog::new(sources(store, data, names)?))
}

/// What the read model asks, over a store.
pub(super) fn sources(
    store: &Store,
    data: &Path,
    names: Arc<NameIndex>,
) -> anyhow::Result<Sources> {
    let newest = pipeline::board::newest_season(store)?.unwrap_or(Season(u16::MAX));
    let model = match pipeline::choice::existing(store, data, newest)? {
        Some(model) => model,
        None => Model::embedded()?,
    };
    Ok(Sources {
        stored: Arc::new(Stored {
            store: store.clone(),
            of: Arm::Champion,
        }),
        names,
        card: card(&model),
        predictor: Arc::new(Models::new(model, data)),
        features: FeatureSet::defined(),
    })
}

/// Store tables as the read model asks for them.
pub(super) struct Stored {
    pub(super) store: Store,
    /// Whose boards are shown: a challenger's are the champion's of seasons it has
    /// none of.
    pub(super) of: Arm,
}

impl Source for Stored {
    fn seasons(&self) -> Result<Vec<Season>, SourceError> {
        let boards = self.store.read(|tx| tx.boards())?;
        Ok(boards.into_iter().map(|board| board.season).collect())
    }

    fn board(&self, season: Season) -> Result<Option<BoardData>, SourceError> {
        let own = match self.of {
            Arm::Champion => None,
            Arm::Challenger => self.store.read(|tx| tx.challenger_board(season))?,
        };
        let stored = match own {
            Some(own) => Some(own),
            None => self.store.read(|tx| tx.board(season))?,
        };
        Ok(stored.map(|stored| stored.board))
    }

    fn days(&self) -> Result<Vec<Date>, SourceError> {
        let kept = self.store.read(|tx| tx.day_boards())?;
        Ok(kept.into_iter().map(|(day, _)| day).collect())
    }

    fn day_board(&self, day: Date) -> Result<DayAnswer, SourceError> {
        Ok(pipeline::daily_boards::board(&self.store, day)?)
    }

    fn standings(&self, id: ProspectId) -> Result<Vec<(Date, DayStanding)>, SourceError> {
        Ok(pipeline::daily_boards::standings(&self.store, id)?)
    }

    fn transactions(
        &self,
        from: Date,
        to: Date,
    ) -> Result<Vec<(ProspectId, Transaction)>, SourceError> {
        Ok(self.store.read(|tx| tx.transactions_between(from, to))?)
    }

    fn history(&self, id: ProspectId) -> Result<Option<History>, SourceError> {
        Ok(self.store.read(|tx| tx.history(id))?)
    }

    fn name(&self, id: ProspectId) -> Result<Option<String>, SourceError> {
        Ok(self.store.read(|tx| tx.prospect(id))?.map(|p| p.name))
    }

    fn comparables(&self, at: SnapshotId) -> Result<Vec<Comparable>, SourceError> {
        Ok(self.store.read(|tx| tx.comparables(at))?)
    }

    fn verdicts(&self) -> Result<Vec<Verdict>, SourceError> {
        Ok(self.store.read(|tx| tx.verdicts())?)
    }

    fn verdicts_of(&self, id: ProspectId) -> Result<Vec<Verdict>, SourceError> {
        Ok(self.store.read(|tx| tx.verdicts_of(id))?)
    }

    fn overall_ranks(&self) -> Result<Vec<(ProspectId, Grade)>, SourceError> {
        Ok(self.store.read(|tx| tx.overall_ranks())?)
    }
}

/// The models that made the boards, loaded as they are asked for.
struct Models {
    data: PathBuf,
    loaded: Mutex<Vec<Arc<Model>>>,
}

impl Models {
    fn new(newest: Model, data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            loaded: Mutex::new(vec![Arc::new(newest)]),
        }
    }

    fn model(&self, id: &str) -> anyhow::Result<Arc<Model>> {
        let mut loaded = self.loaded.lock();
        if let Some(model) = loaded.iter().find(|model| model.id() == id) {
            return Ok(Arc::clone(model));
        }
        let embedded = Model::embedded()?;
        let model = if embedded.id() == id {
            embedded
        } else {
            Model::load(&pipeline::models_dir(&self.data).join(id))?
        };
        loaded.push(Arc::new(model));
        Ok(Arc::clone(&loaded[loaded.len() - 1]))
    }
}

impl Predictor for Models {
    fn predict(
        &self,
        model_id: &str,
        role: Role,
        features: &[f32],
        evaluated: bool,
    ) -> Result<(Prediction, Attribution), SourceError> {
        let model = self.model(model_id)?;
        Ok((
            model.predict_row(role, features, evaluated)?,
            model.explain(role, features)?,
        ))
    }
}
