//! Changes one can make in a write transaction.
//!
//! Every method compares with what is stored and writes only what differs, so
//! that doing the same twice changes nothing. Bulk methods open their table once
//! and are fastest with rows sorted by player.

use std::ops::RangeBounds;

use jiff::civil::Date;
use redb::{Key, ReadableTable, ReadableTableMetadata, Table as RedbTable, WriteTransaction};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::error::StoreError;
use crate::store::record::player_facts::{PlayerFacts, merged, unknown};
use super::read::{Affiliation, BoardMeta, Quarantined, StoredPrediction};
use crate::store::record::{
    BattingRecord, BoardRecord, LimitsRecord, PitchingRecord, PredictionRecord, QuarantineRecord,
    day,
};
use crate::store::tables::{
    AFFILIATIONS, BATTING, BOARD_PAYLOADS, BOARDS, COMPARABLES, DRAFT_PICKS, GRADES, META,
    MLB_SEASONS, MONTHS, PITCHING, PREDICTIONS, PROSPECTS, QUARANTINE, ROOKIE_LIMITS, TEAMS, Table,
    VERDICTS,
};
use crate::domain::{
    BattingLine, Comparable, DraftPick, Grade, MlbSeason, PitchingLine, ProspectId, RookieLimits,
    Season, SnapshotId, Verdict,
};

/// What a row's arrival did to the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// There was none under its key.
    Added,
    /// It replaced or completed one.
    Updated,
    /// The store already held it.
    Unchanged,
}

/// What is called after a commit.
pub(in crate::store) type Hook = Box<dyn FnOnce() + Send>;

/// The one write transaction.
pub struct WriteTx {
    tx: WriteTransaction,
    /// True when data changed: bumps the change sequence.
    data: bool,
    /// True when anything changed: worth a commit.
    any: bool,
    hooks: Vec<Hook>,
}

impl WriteTx {
    pub(in crate::store) fn new(tx: WriteTransaction) -> Self {
        Self {
            tx,
            data: false,
            any: false,
            hooks: Vec::new(),
        }
    }

    /// Calls `hook` after the commit, in the order of registration; never when
    /// nothing was committed.
    pub fn on_commit(&mut self, hook: impl FnOnce() + Send + 'static) {
        self.hooks.push(Box::new(hook));
    }

    /// Merges what a source says of players.
    pub fn put_players(
        &mut self,
        rows: &[(ProspectId, PlayerFacts)],
    ) -> Result<Vec<Change>, StoreError> {
        self.edit(
            &PROSPECTS,
            rows.iter().map(|(id, facts)| (id.0, facts)),
            |old, facts| match old {
                None => merged(unknown(), facts),
                Some(old) => merged(old, facts),
            },
        )
    }

    /// Puts batting lines into their month's partition.
    pub fn put_batting(
        &mut self,
        rows: &[(ProspectId, BattingLine)],
    ) -> Result<Vec<Change>, StoreError> {
        let keyed = rows.iter().map(|(id, line)| {
            (
                line_key(*id, line.season, line.as_of),
                BattingRecord::from(line),
            )
        });
        let changes = self.put_lines(&BATTING, keyed, BattingRecord::key)?;
        self.put_months(
            rows.iter()
                .map(|(id, line)| line_key(*id, line.season, line.as_of)),
        )?;
        Ok(changes)
    }

    /// Puts pitching lines into their month's partition.
    pub fn put_pitching(
        &mut self,
        rows: &[(ProspectId, PitchingLine)],
    ) -> Result<Vec<Change>, StoreError> {
        let keyed = rows.iter().map(|(id, line)| {
            (
                line_key(*id, line.season, line.as_of),
                PitchingRecord::from(line),
            )
        });
        let changes = self.put_lines(&PITCHING, keyed, PitchingRecord::key)?;
        self.put_months(
            rows.iter()
                .map(|(id, line)| line_key(*id, line.season, line.as_of)),
        )?;
        Ok(changes)
    }

    /// Drops a month's partition: every line dated in it. Returns how many players had one.
    pub fn drop_month(&mut self, season: Season, month: u8) -> Result<usize, StoreError> {
        let range = (season.0, month, 0)..=(season.0, month, u32::MAX);
        let mut months = self.tx.open_table(MONTHS.definition())?;
        let players = months
            .range(range.clone())?
            .map(|row| Ok(row?.0.value().2))
            .collect::<Result<Vec<_>, StoreError>>()?;
        months.retain_in(range, |_, _| false)?;
        let mut batting = self.tx.open_table(BATTING.definition())?;
        let mut pitching = self.tx.open_table(PITCHING.definition())?;
        for &player in &players {
            batting.remove((player, season.0, month))?;
            pitching.remove((player, season.0, month))?;
        }
        self.data |= !players.is_empty();
        self.any |= self.data;
        Ok(players.len())
    }

    /// Puts major-league seasons.
    pub fn put_mlb_seasons(
        &mut self,
        rows: &[(ProspectId, MlbSeason)],
    ) -> Result<Vec<Change>, StoreError> {
        self.edit(
            &MLB_SEASONS,
            rows.iter().map(|(id, mlb)| ((id.0, mlb.season.0), mlb)),
            |_, mlb| *mlb,
        )
    }

    /// Completes what is known of players' rookie limits. The earliest date wins.
    pub fn put_rookie_limits(
        &mut self,
        rows: &[(ProspectId, RookieLimits)],
    ) -> Result<Vec<Change>, StoreError> {
        self.edit(
            &ROOKIE_LIMITS,
            rows.iter().map(|(id, limits)| (id.0, limits)),
            |old, limits| {
                let (old, new) = (old.unwrap_or_default(), LimitsRecord::from(limits));
                LimitsRecord {
                    debut: earliest(old.debut, new.debut),
                    passed_on: earliest(old.passed_on, new.passed_on),
                    passed_by: earliest(old.passed_by, new.passed_by),
                }
            },
        )
    }

    /// Puts published grades and ranks.
    pub fn put_grades(&mut self, rows: &[(ProspectId, Grade)]) -> Result<Vec<Change>, StoreError> {
        let keys: Vec<String> = rows.iter().map(|(_, grade)| grade_key(grade)).collect();
        let keyed = rows
            .iter()
            .zip(&keys)
            .map(|((id, grade), key)| ((id.0, key.as_str()), grade));
        self.edit(&GRADES, keyed, |_, grade| grade.into())
    }

    /// Puts draft selections.
    pub fn put_draft_picks(
        &mut self,
        rows: &[(ProspectId, DraftPick)],
    ) -> Result<Vec<Change>, StoreError> {
        self.edit(
            &DRAFT_PICKS,
            rows.iter().map(|(id, pick)| ((id.0, pick.year.0), pick)),
            |_, pick| pick.clone(),
        )
    }

    /// Puts the names of clubs in a season.
    pub fn put_team_names<'a>(
        &mut self,
        rows: impl Iterator<Item = (u32, Season, &'a str)>,
    ) -> Result<Vec<Change>, StoreError> {
        self.edit(
            &TEAMS,
            rows.map(|(team, season, name)| ((team, season.0), name)),
            |_, name| name.to_owned(),
        )
    }

    /// Puts where players were on a day.
    pub fn put_affiliations(
        &mut self,
        rows: &[(ProspectId, Affiliation)],
    ) -> Result<Vec<Change>, StoreError> {
        self.edit(
            &AFFILIATIONS,
            rows.iter().map(|(id, at)| ((id.0, day(at.as_of)), at)),
            |_, at| at.into(),
        )
    }

    /// Keeps the refused rows of a file for the operator, in place of those an
    /// earlier import of the file left.
    pub fn put_quarantined(
        &mut self,
        file: &str,
        rows: &[Quarantined],
    ) -> Result<Vec<Change>, StoreError> {
        let lines: std::collections::HashSet<u32> = rows.iter().map(|row| row.line).collect();
        let mut table = self.tx.open_table(QUARANTINE.definition())?;
        let before = table.len()?;
        table.retain_in((file, 0)..=(file, u32::MAX), |(_, line), _| {
            lines.contains(&line)
        })?;
        self.data |= table.len()? != before;
        self.any |= self.data;
        drop(table);
        let keyed = rows.iter().map(|row| ((file, row.line), row));
        self.edit(&QUARANTINE, keyed, |_, row| QuarantineRecord {
            kind: row.kind.clone(),
            reason: row.reason.clone(),
            row: row.row.clone(),
        })
    }

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

    /// Keeps the newest board of a season.
    pub fn put_board(
        &mut self,
        meta: &BoardMeta,
        board: &impl Serialize,
    ) -> Result<(), StoreError> {
        let bytes = crate::store::codec::encode_value(board).map_err(StoreError::Encode)?;
        let record = BoardRecord {
            model_id: meta.model_id.clone(),
            data_seq: meta.data_seq,
        };
        self.tx
            .open_table(BOARDS.definition())?
            .insert(meta.season.0, BOARDS.encode(&record)?.as_slice())?;
        self.tx
            .open_table(BOARD_PAYLOADS.definition())?
            .insert(meta.season.0, bytes.as_slice())?;
        self.any = true;
        Ok(())
    }

    /// Marks the store as holding the fictional demo league.
    pub fn set_simulated(&mut self) -> Result<(), StoreError> {
        self.tx
            .open_table(META)?
            .insert("simulated", [1].as_slice())?;
        self.any = true;
        Ok(())
    }

    /// The row at `key` of a table of made things.
    pub(in crate::store) fn made<'k, K: Key, R: Serialize + DeserializeOwned>(
        &self,
        table: &Table<K, R>,
        key: K::SelfType<'k>,
    ) -> Result<Option<R>, StoreError> {
        table.get(&self.tx.open_table(table.definition())?, key)
    }

    /// The last row of a key range, as `map` makes it.
    pub(in crate::store) fn last<'k, K: Key, R: Serialize + DeserializeOwned, T>(
        &self,
        table: &Table<K, R>,
        range: impl RangeBounds<K::SelfType<'k>> + 'k,
        map: impl FnOnce(K::SelfType<'_>, R) -> T,
    ) -> Result<Option<T>, StoreError> {
        let rows = self.tx.open_table(table.definition())?;
        let Some(row) = rows.range(range)?.next_back() else {
            return Ok(None);
        };
        let (key, value) = row?;
        let record = table.decode(value.value(), || format!("{:?}", key.value()))?;
        Ok(Some(map(key.value(), record)))
    }

    /// Every key of a table, as `map` makes it.
    pub(in crate::store) fn keys<K: Key, R: Serialize + DeserializeOwned, T>(
        &self,
        table: &Table<K, R>,
        map: impl Fn(K::SelfType<'_>) -> T,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self.tx.open_table(table.definition())?;
        rows.iter()?.map(|row| Ok(map(row?.0.value()))).collect()
    }

    /// Puts a row that is made, not imported: the change sequence stays.
    pub(in crate::store) fn put_made<'k, K: Key, R: Serialize + DeserializeOwned>(
        &mut self,
        table: &Table<K, R>,
        key: K::SelfType<'k>,
        record: &R,
    ) -> Result<(), StoreError> {
        self.put_raw(table, key, &table.encode(record)?)
    }

    /// As [`Self::put_made`], with bytes that only their owner can decode.
    pub(in crate::store) fn put_raw<'k, K: Key, R: Serialize + DeserializeOwned>(
        &mut self,
        table: &Table<K, R>,
        key: K::SelfType<'k>,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        self.tx.open_table(table.definition())?.insert(key, bytes)?;
        self.any = true;
        Ok(())
    }

    /// Every row of a table of made things, in the order of the keys.
    pub(in crate::store) fn all_made<K: Key, R: Serialize + DeserializeOwned>(
        &self,
        table: &Table<K, R>,
    ) -> Result<Vec<R>, StoreError> {
        let rows = self.tx.open_table(table.definition())?;
        rows.iter()?
            .map(|row| {
                let (key, value) = row?;
                table.decode(value.value(), || format!("{:?}", key.value()))
            })
            .collect()
    }

    /// Drops the row at `key` of a table of made things.
    pub(in crate::store) fn drop_made<'k, K: Key, R: Serialize + DeserializeOwned>(
        &mut self,
        table: &Table<K, R>,
        key: K::SelfType<'k>,
    ) -> Result<(), StoreError> {
        self.any |= self
            .tx
            .open_table(table.definition())?
            .remove(&key)?
            .is_some();
        Ok(())
    }

    /// Drops a range of rows of a table of made things.
    pub(in crate::store) fn drop_range<'k, K: Key, R: Serialize + DeserializeOwned>(
        &mut self,
        table: &Table<K, R>,
        range: impl RangeBounds<K::SelfType<'k>> + 'k,
    ) -> Result<(), StoreError> {
        let mut rows = self.tx.open_table(table.definition())?;
        let before = rows.len()?;
        rows.retain_in::<K::SelfType<'k>, _>(range, |_, _| false)?;
        self.any |= rows.len()? != before;
        Ok(())
    }

    /// Drops the rows of a table of made things whose keys `keep` does not name.
    pub(in crate::store) fn keep_where<K: Key, R: Serialize + DeserializeOwned>(
        &mut self,
        table: &Table<K, R>,
        keep: impl Fn(K::SelfType<'_>) -> bool,
    ) -> Result<(), StoreError> {
        let mut rows = self.tx.open_table(table.definition())?;
        let before = rows.len()?;
        rows.retain(|key, _| keep(key))?;
        self.any |= rows.len()? != before;
        Ok(())
    }

    /// The highest key.
    pub(in crate::store) fn last_key<R: Serialize + DeserializeOwned>(
        &self,
        table: &Table<u64, R>,
    ) -> Result<Option<u64>, StoreError> {
        let rows = self.tx.open_table(table.definition())?;
        Ok(rows.last()?.map(|(key, _)| key.value()))
    }

    /// One more than the highest key; 1 in an empty table.
    pub(in crate::store) fn next_key<R: Serialize + DeserializeOwned>(
        &self,
        table: &Table<u32, R>,
    ) -> Result<u32, StoreError> {
        let rows = self.tx.open_table(table.definition())?;
        Ok(rows.last()?.map_or(0, |(key, _)| key.value()) + 1)
    }

    /// Drops every row of a table of made things.
    pub(in crate::store) fn clear<K: Key, R: Serialize + DeserializeOwned>(
        &mut self,
        table: &Table<K, R>,
    ) -> Result<(), StoreError> {
        self.tx
            .open_table(table.definition())?
            .retain(|_, _| false)?;
        self.any = true;
        Ok(())
    }

    /// Commits when something changed; returns the hooks to run.
    pub(in crate::store) fn finish(self) -> Result<Vec<Hook>, StoreError> {
        if !self.any {
            self.tx.abort()?;
            return Ok(Vec::new());
        }
        if self.data {
            let mut meta = self.tx.open_table(META)?;
            let stored = meta
                .get("changes")?
                .and_then(|row| row.value().try_into().ok());
            let next = stored.map_or(0, u64::from_le_bytes) + 1;
            meta.insert("changes", next.to_le_bytes().as_slice())?;
        }
        self.tx.commit().map_err(StoreError::of_commit)?;
        Ok(self.hooks)
    }

    /// Writes `make(stored, row)` under each key where it differs from what is stored.
    pub(in crate::store) fn edit<'k, K: Key, R, N>(
        &mut self,
        table: &Table<K, R>,
        rows: impl Iterator<Item = (K::SelfType<'k>, N)>,
        mut make: impl FnMut(Option<R>, N) -> R,
    ) -> Result<Vec<Change>, StoreError>
    where
        R: Serialize + DeserializeOwned,
    {
        let mut stored = self.tx.open_table(table.definition())?;
        let mut changes = Vec::new();
        for (key, row) in rows {
            let change = edit_one(table, &mut stored, key, |old| make(old, row))?;
            changes.push(change);
        }
        drop(stored);
        self.note(&changes);
        Ok(changes)
    }

    fn put_lines<R: Serialize + DeserializeOwned + PartialEq, C: Ord>(
        &mut self,
        table: &Table<(u32, u16, u8), Vec<R>>,
        rows: impl Iterator<Item = ((u32, u16, u8), R)>,
        club: impl Fn(&R) -> C,
    ) -> Result<Vec<Change>, StoreError> {
        let mut stored = self.tx.open_table(table.definition())?;
        let mut rows = rows.peekable();
        let mut changes = Vec::new();
        while let Some((key, first)) = rows.next() {
            let mut group = vec![first];
            group.extend(std::iter::from_fn(|| {
                rows.next_if(|row| row.0 == key).map(|row| row.1)
            }));
            edit_one(table, &mut stored, key, |old| {
                let mut lines = old.unwrap_or_default();
                changes.extend(
                    group
                        .into_iter()
                        .map(|line| put_line(&mut lines, line, &club)),
                );
                lines
            })?;
        }
        drop(stored);
        self.note(&changes);
        Ok(changes)
    }

    /// Keeps `months` in step with lines put under these keys.
    pub(in crate::store) fn put_months(
        &mut self,
        keys: impl Iterator<Item = (u32, u16, u8)>,
    ) -> Result<(), StoreError> {
        let keys: std::collections::BTreeSet<_> = keys
            .map(|(id, season, month)| (season, month, id))
            .collect();
        let present = MONTHS.encode(&())?;
        let mut months = self.tx.open_table(MONTHS.definition())?;
        let mut changes = Vec::with_capacity(keys.len());
        for key in keys {
            changes.push(match months.insert(key, present.as_slice())? {
                Some(_) => Change::Unchanged,
                None => Change::Added,
            });
        }
        drop(months);
        self.note(&changes);
        Ok(())
    }

    fn note(&mut self, changes: &[Change]) {
        self.data |= changes.iter().any(|change| *change != Change::Unchanged);
        self.any |= self.data;
    }
}

fn edit_one<'k, K: Key, R: Serialize + DeserializeOwned>(
    table: &Table<K, R>,
    stored: &mut RedbTable<'_, K, &'static [u8]>,
    key: K::SelfType<'k>,
    make: impl FnOnce(Option<R>) -> R,
) -> Result<Change, StoreError> {
    let old = stored.get(&key)?.map(|value| value.value().to_vec());
    let record = old
        .as_deref()
        .map(|bytes| table.decode(bytes, || format!("{key:?}")))
        .transpose()?;
    let new = table.encode(&make(record))?;
    let change = match old {
        Some(old) if old == new => return Ok(Change::Unchanged),
        Some(_) => Change::Updated,
        None => Change::Added,
    };
    stored.insert(key, new.as_slice())?;
    Ok(change)
}

/// Puts a line among a partition's lines, which stay sorted by club.
fn put_line<R: PartialEq, C: Ord>(lines: &mut Vec<R>, line: R, club: &impl Fn(&R) -> C) -> Change {
    match lines.binary_search_by(|held| club(held).cmp(&club(&line))) {
        Ok(at) if lines[at] == line => Change::Unchanged,
        Ok(at) => {
            lines[at] = line;
            Change::Updated
        }
        Err(at) => {
            lines.insert(at, line);
            Change::Added
        }
    }
}

/// The partition of a line.
pub(in crate::store) fn line_key(id: ProspectId, season: Season, as_of: Date) -> (u32, u16, u8) {
    (id.0, season.0, as_of.month() as u8)
}

pub(in crate::store) fn grade_key(grade: &Grade) -> String {
    let published = grade
        .published
        .map(|day| day.to_string())
        .unwrap_or_default();
    format!(
        "{}/{}/{}/{published}",
        grade.source, grade.list, grade.list_year
    )
}

fn earliest<T: Ord>(a: Option<T>, b: Option<T>) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
