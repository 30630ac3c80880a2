//! Stat lines of a source that says all of a player's season at once.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::error::StoreError;
use crate::store::tx::read::ReadTx;
use crate::store::record::{BattingRecord, PitchingRecord};
use crate::store::tables::{BATTING, MONTHS, PITCHING, Table};
use crate::store::tx::write::{Change, WriteTx, line_key};
use crate::domain::{BattingLine, PitchingLine, ProspectId, Season};

/// Player, season and month: the key of a partition.
type Key = (u32, u16, u8);

impl ReadTx {
    /// How many players have lines in the newest month of a season.
    pub fn players_of(&self, season: Season) -> Result<usize, StoreError> {
        let whole = (season.0, 0, 0)..=(season.0, u8::MAX, u32::MAX);
        let months = self.scan(&MONTHS, whole, |(_, month, _), ()| Ok(month))?;
        let newest = months.last();
        Ok(months.iter().filter(|month| Some(*month) == newest).count())
    }
}

impl WriteTx {
    /// Makes these lines all that is known of each player's batting in the month's
    /// partition of a season. Lines that other sources left there are dropped:
    /// they tell the same games. Says what became of each partition.
    pub fn replace_batting(
        &mut self,
        rows: &[(ProspectId, BattingLine)],
    ) -> Result<Vec<Change>, StoreError> {
        let place = |line: &BattingLine| (line.season, line.as_of);
        self.replace(&BATTING, rows, place, BattingRecord::key)
    }

    /// As [`Self::replace_batting`], of pitching.
    pub fn replace_pitching(
        &mut self,
        rows: &[(ProspectId, PitchingLine)],
    ) -> Result<Vec<Change>, StoreError> {
        let place = |line: &PitchingLine| (line.season, line.as_of);
        self.replace(&PITCHING, rows, place, PitchingRecord::key)
    }

    fn replace<'a, L, R, C: Ord>(
        &mut self,
        table: &Table<Key, Vec<R>>,
        rows: &'a [(ProspectId, L)],
        place: impl Fn(&L) -> (Season, Date),
        club: impl Fn(&R) -> C,
    ) -> Result<Vec<Change>, StoreError>
    where
        R: Serialize + DeserializeOwned + From<&'a L>,
    {
        let mut partitions: BTreeMap<Key, Vec<R>> = BTreeMap::new();
        for (id, line) in rows {
            let (season, as_of) = place(line);
            let key = line_key(*id, season, as_of);
            partitions.entry(key).or_default().push(R::from(line));
        }
        for lines in partitions.values_mut() {
            lines.sort_by_key(&club);
        }
        let keys: Vec<Key> = partitions.keys().copied().collect();
        let changes = self.edit(table, partitions.into_iter(), |_, lines| lines)?;
        self.put_months(keys.into_iter())?;
        Ok(changes)
    }
}
