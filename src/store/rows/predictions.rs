//! What was predicted, of whom it reminds, and what became of it.

use crate::domain::{Comparable, ProspectId, Role, Season, SnapshotId, Verdict};
use crate::store::error::StoreError;
use crate::store::record::numbers::Numbered;
use crate::store::record::predictions::{
    ComparableRecord, ForecastRecord, PredictionRecord, StoredPrediction, VerdictRecord,
};
use crate::store::record::shape::Form;
use crate::store::tables::{COMPARABLES, PREDICTIONS, VERDICTS};
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::WriteTx;

impl ReadTx {
    /// Every prediction ever made of the player, by season, role and model.
    pub fn predictions(&self, id: ProspectId) -> Result<Vec<StoredPrediction>, StoreError> {
        self.scan(
            &PREDICTIONS,
            (id.0, 0, 0, "")..(id.0 + 1, 0, 0, ""),
            |(_, season, role, model), record| {
                let role = Role::of_number(role)?;
                Ok(StoredPrediction {
                    snapshot: SnapshotId {
                        prospect: id,
                        season: Season(season),
                        role,
                    },
                    model_id: model.to_owned(),
                    made_at: jiff::Timestamp::from_second(record.made_at)
                        .map_err(|e| e.to_string())?,
                    prediction: record.forecast.value(),
                })
            },
        )
    }

    /// Every past prediction of the report card with its outcome, by player,
    /// season and role.
    pub fn verdicts(&self) -> Result<Vec<Verdict>, StoreError> {
        self.scan(&VERDICTS, .., |_, verdict| Ok(verdict.value()))
    }

    /// The player's past predictions with their outcomes, oldest season first.
    pub fn verdicts_of(&self, id: ProspectId) -> Result<Vec<Verdict>, StoreError> {
        self.scan(&VERDICTS, (id.0, 0, 0)..(id.0 + 1, 0, 0), |_, verdict| {
            Ok(verdict.value())
        })
    }

    /// The nearest past snapshots of a snapshot, nearest first; empty when none
    /// are stored.
    pub fn comparables(&self, at: SnapshotId) -> Result<Vec<Comparable>, StoreError> {
        let key = (at.season.0, at.prospect.0, at.role.number());
        let found = self.row(&COMPARABLES, key)?;
        Ok(found.map(Form::value).unwrap_or_default())
    }
}

impl WriteTx {
    /// Keeps predictions. One that was already made by the same model keeps the
    /// time it was first made.
    pub fn put_predictions(&mut self, rows: &[StoredPrediction]) -> Result<(), StoreError> {
        let keyed = rows.iter().map(|row| {
            let at = row.snapshot;
            (
                (
                    at.prospect.0,
                    at.season.0,
                    at.role.number(),
                    row.model_id.as_str(),
                ),
                row,
            )
        });
        self.edit(&PREDICTIONS, keyed, |old, row| {
            let forecast = ForecastRecord::of(&row.prediction);
            let made_at = match old {
                Some(old) if old.forecast == forecast => old.made_at,
                _ => row.made_at.as_second(),
            };
            PredictionRecord { made_at, forecast }
        })?;
        Ok(())
    }

    /// Replaces the nearest past snapshots of every snapshot of a season.
    pub fn put_comparables(
        &mut self,
        season: Season,
        rows: &[(SnapshotId, Vec<Comparable>)],
    ) -> Result<(), StoreError> {
        let whole = (season.0, 0, 0)..=(season.0, u32::MAX, u8::MAX);
        self.remove_range(&COMPARABLES, whole)?;
        let keyed = rows.iter().map(|(at, found)| {
            let key = (season.0, at.prospect.0, at.role.number());
            (key, found)
        });
        self.edit(&COMPARABLES, keyed, |_, found| {
            found.iter().map(ComparableRecord::of).collect()
        })?;
        Ok(())
    }

    /// Replaces the report card's predictions: one run makes all of them.
    pub fn replace_verdicts(&mut self, rows: &[Verdict]) -> Result<(), StoreError> {
        self.clear(&VERDICTS)?;
        let keyed = rows.iter().map(|row| {
            let at = row.snapshot;
            ((at.prospect.0, at.season.0, at.role.number()), row)
        });
        self.edit(&VERDICTS, keyed, |_, row| VerdictRecord::of(row))?;
        Ok(())
    }
}
