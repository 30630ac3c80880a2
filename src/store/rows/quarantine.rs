//! Rows that imports refused.

use std::collections::HashSet;

use redb::ReadableTableMetadata;

use crate::store::error::StoreError;
use crate::store::record::quarantine::{QuarantineRecord, Quarantined};
use crate::store::tables::QUARANTINE;
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::{Change, WriteTx};

impl ReadTx {
    /// How many rows are set aside.
    pub fn quarantine_len(&self) -> Result<u64, StoreError> {
        match self.open(&QUARANTINE)? {
            Some(rows) => Ok(rows.len()?),
            None => Ok(0),
        }
    }

    /// Refused rows by file and line, at most `limit`.
    pub fn quarantined(&self, limit: usize) -> Result<Vec<Quarantined>, StoreError> {
        let Some(rows) = self.open(&QUARANTINE)? else {
            return Ok(Vec::new());
        };
        rows.range::<(&str, u32)>(..)?
            .take(limit)
            .map(|row| {
                let (key, value) = row?;
                let (file, line) = key.value();
                let record = QUARANTINE.decode(value.value(), || format!("{file}:{line}"))?;
                Ok(Quarantined {
                    file: file.to_owned(),
                    line,
                    kind: record.kind,
                    reason: record.reason,
                    row: record.row,
                })
            })
            .collect()
    }
}

impl WriteTx {
    /// Keeps the refused rows of a file for the operator, in place of those an
    /// earlier import of the file left.
    pub fn put_quarantined(
        &mut self,
        file: &str,
        rows: &[Quarantined],
    ) -> Result<Vec<Change>, StoreError> {
        let lines: HashSet<u32> = rows.iter().map(|row| row.line).collect();
        let whole = (file, 0)..=(file, u32::MAX);
        self.retain_in(&QUARANTINE, whole, |(_, line)| lines.contains(line))?;
        let keyed = rows.iter().map(|row| ((file, row.line), row));
        self.edit(&QUARANTINE, keyed, |_, row| QuarantineRecord {
            kind: row.kind.clone(),
            reason: row.reason.clone(),
            row: row.row.clone(),
        })
    }
}
