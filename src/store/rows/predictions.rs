//! What was predicted, of whom it reminds, and what became of it.

use crate::domain::{Comparable, ProspectId, Role, Season, SnapshotId, Verdict};
use crate::store::error::StoreError;
use crate::store::record::predictions::{PredictionRecord, StoredPrediction};
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
                let role = *Role::ALL.get(usize::from(role)).ok_or("unknown role")?;
                Ok(StoredPrediction {
                    snapshot: SnapshotId {
                        prospect: id,
                        season: Season(season),
                        role,
                    },
                    model_id: model.to_owned(),
                    made_at: jiff::Timestamp::from_second(record.made_at)
                        .map_err(|e| e.to_string())?,
                    prediction: record.prediction(),
                })
            },
        )
    }

    /// Every past prediction of the report card with its outcome, by player,
    /// season and role.
    pub fn verdicts(&self) -> Result<Vec<Verdict>, StoreError> {
        self.scan(&VERDICTS, .., |_, verdict| Ok(verdict))
    }

    /// The player's past predictions with their outcomes, oldest season first.
    pub fn verdicts_of(&self, id: ProspectId) -> Result<Vec<Verdict>, StoreError> {
        self.scan(&VERDICTS, (id.0, 0, 0)..(id.0 + 1, 0, 0), |_, verdict| {
            Ok(verdict)
        })
    }

    /// The nearest past snapshots of a snapshot, nearest first; empty when none
    /// are stored.
    pub fn comparables(&self, at: SnapshotId) -> Result<Vec<Comparable>, StoreError> {
        let Some(rows) = self.open(&COMPARABLES)? else {
            return Ok(Vec::new());
        };
        let key = (at.season.0, at.prospect.0, at.role as u8);
        Ok(COMPARABLES.get(&rows, key)?.unwrap_or_default())
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
                    at.role as u8,
                    row.model_id.as_str(),
                ),
                row,
            )
        });
        let data = self.data;
        self.edit(&PREDICTIONS, keyed, |old, row| match old {
            Some(old) if old.prediction() == row.prediction => old,
            _ => PredictionRecord::new(&row.prediction, row.made_at.as_second()),
        })?;
        self.data = data;
        Ok(())
    }

    /// Replaces the nearest past snapshots of every snapshot of a season.
    pub fn put_comparables(
        &mut self,
        season: Season,
        rows: &[(SnapshotId, Vec<Comparable>)],
    ) -> Result<(), StoreError> {
        let mut table = self.tx.open_table(COMPARABLES.definition())?;
        let whole = (season.0, 0, 0)..=(season.0, u32::MAX, u8::MAX);
        table.retain_in(whole, |_, _| false)?;
        for (at, found) in rows {
            let key = (season.0, at.prospect.0, at.role as u8);
            table.insert(key, COMPARABLES.encode(found)?.as_slice())?;
        }
        self.any = true;
        Ok(())
    }

    /// Replaces the report card's predictions: one run makes all of them.
    pub fn replace_verdicts(&mut self, rows: &[Verdict]) -> Result<(), StoreError> {
        self.tx.delete_table(VERDICTS.definition())?;
        let mut stored = self.tx.open_table(VERDICTS.definition())?;
        for row in rows {
            let at = row.snapshot;
            let key = (at.prospect.0, at.season.0, at.role as u8);
            stored.insert(key, VERDICTS.encode(row)?.as_slice())?;
        }
        self.any = true;
        Ok(())
    }
}
