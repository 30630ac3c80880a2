//! Questions one can ask of a snapshot of the store.

use std::ops::RangeBounds;

use redb::{Key, ReadOnlyTable, ReadTransaction, ReadableTableMetadata, TableError};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::digest::Digest;
use crate::store::error::StoreError;
use crate::store::record::day;
use crate::store::tables::{
    AFFILIATIONS, BATTING, BOARD_PAYLOADS, BOARDS, COMPARABLES, DRAFT_PICKS, GRADES, META,
    MLB_SEASONS, MONTHS, PITCHING, PREDICTIONS, PROSPECTS, QUARANTINE, ROOKIE_LIMITS, TEAMS, Table,
    VERDICTS,
};
use crate::domain::{
    Code, Comparable, Grade, History, Level, Position, Prediction, Prospect, ProspectId, Role,
    Season, SnapshotId, Verdict,
};

/// One consistent snapshot of the store.
pub struct ReadTx {
    pub(in crate::store) tx: ReadTransaction,
}

/// Where a player was as of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affiliation {
    /// The day the fact was recorded for.
    pub as_of: jiff::civil::Date,
    /// Organisation code, when known.
    pub organisation: Code,
    /// Organisation name, empty when unknown.
    pub organisation_name: String,
    /// Club name, empty when unknown.
    pub club: String,
    /// Level, when known.
    pub level: Option<Level>,
    /// Position on that day, when known.
    pub position: Option<Position>,
}

/// Facts of a stored board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardMeta {
    /// Season whose end it describes.
    pub season: Season,
    /// Version of the model that made it.
    pub model_id: String,
    /// Change sequence of the data it was made from.
    pub data_seq: u64,
}

/// A board and its facts.
#[derive(Clone, Debug)]
pub struct StoredBoard<T> {
    /// Its facts.
    pub meta: BoardMeta,
    /// The board.
    pub board: T,
}

/// A prediction as it was made.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredPrediction {
    /// What was predicted.
    pub snapshot: SnapshotId,
    /// By which model.
    pub model_id: String,
    /// When it was first made.
    pub made_at: jiff::Timestamp,
    /// The prediction.
    pub prediction: Prediction,
}

/// A row an import refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quarantined {
    /// Name of the file.
    pub file: String,
    /// Line in the file, from 1; the header is line 1.
    pub line: u32,
    /// Kind of import.
    pub kind: String,
    /// Why it was refused.
    pub reason: String,
    /// The row as read.
    pub row: String,
}

type Rows<K> = Option<ReadOnlyTable<K, &'static [u8]>>;

impl ReadTx {
    pub(in crate::store) fn new(tx: ReadTransaction) -> Self {
        Self { tx }
    }

    /// Who the player is; `None` when unknown.
    pub fn prospect(&self, id: ProspectId) -> Result<Option<Prospect>, StoreError> {
        let record = self.row(&PROSPECTS, id.0)?;
        Ok(record.map(|record| record.prospect(id)))
    }

    /// Every player, by id.
    pub fn prospects(&self) -> Result<Vec<Prospect>, StoreError> {
        self.scan(&PROSPECTS, .., |id, record| {
            Ok(record.prospect(ProspectId(id)))
        })
    }

    /// Everything known about the player; `None` when unknown.
    pub fn history(&self, id: ProspectId) -> Result<Option<History>, StoreError> {
        let Some(prospect) = self.prospect(id)? else {
            return Ok(None);
        };
        let ids = (id.0, id.0);
        let mut history = empty_history(prospect);
        history.batting = self
            .lines(&BATTING, ids, |record, season| record.line(season))?
            .flat();
        history.pitching = self
            .lines(&PITCHING, ids, |record, season| record.line(season))?
            .flat();
        history.mlb = self.scan(&MLB_SEASONS, (id.0, 0)..=(id.0, u16::MAX), |_, mlb| Ok(mlb))?;
        history.rookie_limits = self.row(&ROOKIE_LIMITS, id.0)?.unwrap_or_default().into();
        history.draft = self.scan(&DRAFT_PICKS, (id.0, 0)..=(id.0, u16::MAX), |_, pick| {
            Ok(pick)
        })?;
        history.grades = self.scan(&GRADES, (id.0, "")..(id.0 + 1, ""), |_, grade| {
            Ok(grade.into())
        })?;
        history.grades.sort_by_key(|grade| grade.published);
        Ok(Some(history))
    }

    /// Everything known about every player who has a minor-league line, by id.
    pub fn histories(&self) -> Result<Vec<History>, StoreError> {
        let everybody = (0, u32::MAX);
        let mut batting = self
            .lines(&BATTING, everybody, |record, season| record.line(season))?
            .peekable();
        let mut pitching = self
            .lines(&PITCHING, everybody, |record, season| record.line(season))?
            .peekable();
        let mut mlb = self
            .scan(&MLB_SEASONS, .., |(id, _), mlb| Ok((id, mlb)))?
            .into_iter()
            .peekable();
        let mut limits = self
            .scan(&ROOKIE_LIMITS, .., |id, limits| Ok((id, limits)))?
            .into_iter()
            .peekable();
        let mut draft = self
            .scan(&DRAFT_PICKS, .., |(id, _), pick| Ok((id, pick)))?
            .into_iter()
            .peekable();
        let mut grades = self
            .scan(&GRADES, .., |(id, _), grade| Ok((id, grade)))?
            .into_iter()
            .peekable();
        let mut histories = Vec::new();
        for prospect in self.prospects()? {
            let id = prospect.id.0;
            let mut history = empty_history(prospect);
            history.batting = take(&mut batting, id).flatten().collect();
            history.pitching = take(&mut pitching, id).flatten().collect();
            history.mlb = take(&mut mlb, id).collect();
            history.rookie_limits = take(&mut limits, id).next().unwrap_or_default().into();
            history.draft = take(&mut draft, id).collect();
            history.grades = take(&mut grades, id).map(Into::into).collect();
            history.grades.sort_by_key(|grade| grade.published);
            if !(history.batting.is_empty() && history.pitching.is_empty()) {
                histories.push(history);
            }
        }
        Ok(histories)
    }

    /// Seasons with a minor-league line, oldest first.
    pub fn seasons(&self) -> Result<Vec<Season>, StoreError> {
        let Some(rows) = self.open(&MONTHS)? else {
            return Ok(Vec::new());
        };
        let mut seasons = Vec::new();
        let mut from = 0;
        while let Some(row) = rows.range((from, 0, 0)..)?.next() {
            let season = row?.0.value().0;
            seasons.push(Season(season));
            let Some(next) = season.checked_add(1) else {
                break;
            };
            from = next;
        }
        Ok(seasons)
    }

    /// Last season in which each player has a minor-league line, by id.
    pub fn last_seasons(
        &self,
    ) -> Result<std::collections::BTreeMap<ProspectId, Season>, StoreError> {
        let mut last = std::collections::BTreeMap::new();
        for (season, id) in self.scan(&MONTHS, .., |(season, _, id), ()| Ok((season, id)))? {
            // Keys ascend by season, so the last one wins.
            last.insert(ProspectId(id), Season(season));
        }
        Ok(last)
    }

    /// Name of a club in a season.
    pub fn team_name(&self, team_id: u32, season: Season) -> Result<Option<String>, StoreError> {
        self.row(&TEAMS, (team_id, season.0))
    }

    /// The player's newest affiliation known on the last day of `season`.
    pub fn affiliation(
        &self,
        id: ProspectId,
        season: Season,
    ) -> Result<Option<Affiliation>, StoreError> {
        let until = day(season.last_day());
        let mut found = self.scan(
            &AFFILIATIONS,
            (id.0, i32::MIN)..=(id.0, until),
            |(_, as_of), record| Ok(record.affiliation(as_of)),
        )?;
        Ok(found.pop())
    }

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

    /// Every dated entry with an overall rank of a published list, by player.
    pub fn overall_ranks(&self) -> Result<Vec<(ProspectId, Grade)>, StoreError> {
        let mut grades = self.scan(&GRADES, .., |(id, _), grade| {
            Ok((ProspectId(id), Grade::from(grade)))
        })?;
        grades.retain(|(_, grade)| grade.rank.is_some() && grade.published.is_some());
        Ok(grades)
    }

    /// Facts of the stored boards, oldest season first.
    pub fn boards(&self) -> Result<Vec<BoardMeta>, StoreError> {
        self.scan(&BOARDS, .., |season, record| {
            let (model_id, data_seq) = (record.model_id, record.data_seq);
            Ok(BoardMeta {
                season: Season(season),
                model_id,
                data_seq,
            })
        })
    }

    /// The stored board of a season; `None` when there is none, or when it was
    /// written in a shape this version does not know (it is then made again).
    pub fn board<T: DeserializeOwned>(
        &self,
        season: Season,
    ) -> Result<Option<StoredBoard<T>>, StoreError> {
        let Some(meta) = self
            .boards()?
            .into_iter()
            .find(|meta| meta.season == season)
        else {
            return Ok(None);
        };
        let Some(rows) = self.open(&BOARD_PAYLOADS)? else {
            return Ok(None);
        };
        let Some(bytes) = rows.get(season.0)? else {
            return Ok(None);
        };
        Ok(crate::store::codec::decode_value(bytes.value())
            .ok()
            .map(|board| StoredBoard { meta, board }))
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

    /// Sequence number of the last change of the data (boards and predictions,
    /// which are made from it, do not count).
    pub fn change_seq(&self) -> Result<u64, StoreError> {
        Ok(self
            .meta("changes")?
            .and_then(|b| b.try_into().ok().map(u64::from_le_bytes))
            .unwrap_or(0))
    }

    /// True when the store holds the fictional demo league.
    pub fn is_simulated(&self) -> Result<bool, StoreError> {
        Ok(self.meta("simulated")?.is_some())
    }

    /// Content hash over all tables: equal data, equal digest.
    pub fn digest(&self) -> Result<Digest, StoreError> {
        Digest::of(&self.tx)
    }

    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self
            .tx
            .open_table(META)?
            .get(name)?
            .map(|value| value.value().to_vec()))
    }

    /// The row at `key`; `None` when there is none.
    pub(in crate::store) fn row<'k, K: Key, R: Serialize + DeserializeOwned>(
        &self,
        table: &Table<K, R>,
        key: K::SelfType<'k>,
    ) -> Result<Option<R>, StoreError> {
        match self.open(table)? {
            Some(rows) => table.get(&rows, key),
            None => Ok(None),
        }
    }

    /// The table, or `None` while nothing was ever written to it.
    fn open<K: Key, R: Serialize + DeserializeOwned>(
        &self,
        table: &Table<K, R>,
    ) -> Result<Rows<K>, StoreError> {
        match self.tx.open_table(table.definition()) {
            Ok(rows) => Ok(Some(rows)),
            Err(TableError::TableDoesNotExist(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The bytes at `key` of a table whose values only their owner can decode.
    pub(in crate::store) fn raw<K: Key, R: Serialize + DeserializeOwned>(
        &self,
        table: &Table<K, R>,
        key: K::SelfType<'_>,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(rows) = self.open(table)? else {
            return Ok(None);
        };
        Ok(rows.get(key)?.map(|value| value.value().to_vec()))
    }

    /// Decodes the rows of a key range; `map` may refuse a row as damaged.
    pub(in crate::store) fn scan<'k, K: Key, R: Serialize + DeserializeOwned, T>(
        &self,
        table: &Table<K, R>,
        range: impl RangeBounds<K::SelfType<'k>> + 'k,
        mut map: impl for<'v> FnMut(K::SelfType<'v>, R) -> Result<T, String>,
    ) -> Result<Vec<T>, StoreError> {
        let Some(rows) = self.open(table)? else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        for row in rows.range(range)? {
            let (key, value) = row?;
            let record = table.decode(value.value(), || format!("{:?}", key.value()))?;
            found.push(
                map(key.value(), record)
                    .map_err(|reason| table.damaged(format!("{:?}", key.value()), reason))?,
            );
        }
        Ok(found)
    }

    /// The lines of the players `from..=to`: per player and season those of the
    /// newest month, since lines are cumulative.
    fn lines<R: Serialize + DeserializeOwned, L>(
        &self,
        table: &Table<(u32, u16, u8), Vec<R>>,
        (from, to): (u32, u32),
        line: impl Fn(&R, Season) -> Result<L, String>,
    ) -> Result<std::vec::IntoIter<(u32, Vec<L>)>, StoreError> {
        let mut found: Vec<(u32, Vec<L>)> = Vec::new();
        let mut last = None;
        let range = (from, 0, 0)..=(to, u16::MAX, u8::MAX);
        self.scan(table, range, |(id, season, _), records| {
            let lines = records
                .iter()
                .map(|r| line(r, Season(season)))
                .collect::<Result<Vec<_>, _>>()?;
            match found.last_mut().filter(|_| last == Some((id, season))) {
                Some(newest) => newest.1 = lines,
                None => found.push((id, lines)),
            }
            last = Some((id, season));
            Ok(())
        })?;
        Ok(found.into_iter())
    }
}

trait Flat<L> {
    fn flat(self) -> Vec<L>;
}

impl<L, I: Iterator<Item = (u32, Vec<L>)>> Flat<L> for I {
    fn flat(self) -> Vec<L> {
        self.flat_map(|(_, lines)| lines).collect()
    }
}

/// The rows of `id` from the front of an iterator sorted by id; earlier ones are
/// of players nobody knows and are dropped.
fn take<'a, T, I: Iterator<Item = (u32, T)>>(
    rows: &'a mut std::iter::Peekable<I>,
    id: u32,
) -> impl Iterator<Item = T> + use<'a, T, I> {
    while rows.next_if(|row| row.0 < id).is_some() {}
    std::iter::from_fn(move || rows.next_if(|row| row.0 == id).map(|row| row.1))
}

fn empty_history(prospect: Prospect) -> History {
    History {
        prospect,
        batting: Vec::new(),
        pitching: Vec::new(),
        mlb: Vec::new(),
        rookie_limits: Default::default(),
        draft: Vec::new(),
        grades: Vec::new(),
    }
}
