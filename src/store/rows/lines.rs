//! Stat lines, by player, season and month.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::domain::{BattingLine, ClubLine, PitchingLine, ProspectId, Season, without_totals};
use crate::store::error::StoreError;
use crate::store::record::lines::{BattingRecord, PitchingRecord};
use crate::store::record::shape::{Day, Record};
use crate::store::tables::{BATTING, MONTHS, PITCHING, Table};
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::{Change, WriteTx};

/// Player, season and month: the key of a partition.
type Key = (u32, u16, u8);

impl ReadTx {
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

    /// How many players have lines in the newest month of a season.
    pub fn players_of(&self, season: Season) -> Result<usize, StoreError> {
        let whole = (season.0, 0, 0)..=(season.0, u8::MAX, u32::MAX);
        let months = self.scan(&MONTHS, whole, |(_, month, _), ()| Ok(month))?;
        let newest = months.last();
        Ok(months.iter().filter(|month| Some(*month) == newest).count())
    }

    /// The lines of the players `from..=to`: per player and season those of the
    /// newest month, since lines are cumulative, and of a traded player either those of
    /// his clubs or their sum.
    pub(super) fn lines<R, L: ClubLine>(
        &self,
        table: &Table<Key, Vec<R>>,
        (from, to): (u32, u32),
        line: impl Fn(R, Season) -> L,
    ) -> Result<std::vec::IntoIter<(u32, Vec<L>)>, StoreError>
    where
        Vec<R>: Record,
    {
        let mut found: Vec<(u32, Vec<L>)> = Vec::new();
        let mut last = None;
        let range = (from, 0, 0)..=(to, u16::MAX, u8::MAX);
        self.scan(table, range, |(id, season, _), records| {
            let records = records.into_iter();
            let mut lines = records.map(|record| line(record, Season(season))).collect();
            without_totals(&mut lines);
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

/// The lines of one player's seasons in one list.
pub(super) fn flat<L>(seasons: impl Iterator<Item = (u32, Vec<L>)>) -> Vec<L> {
    seasons.flat_map(|(_, lines)| lines).collect()
}

impl WriteTx {
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
        let changes = self.put_lines(&BATTING, keyed, BattingRecord::key, BattingRecord::day)?;
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
        let changes = self.put_lines(&PITCHING, keyed, PitchingRecord::key, PitchingRecord::day)?;
        self.put_months(
            rows.iter()
                .map(|(id, line)| line_key(*id, line.season, line.as_of)),
        )?;
        Ok(changes)
    }

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
        R: From<&'a L>,
        Vec<R>: Record,
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

    fn put_lines<R: PartialEq, C: Ord>(
        &mut self,
        table: &Table<Key, Vec<R>>,
        rows: impl Iterator<Item = (Key, R)>,
        club: impl Fn(&R) -> C,
        as_of: impl Fn(&R) -> Day,
    ) -> Result<Vec<Change>, StoreError>
    where
        Vec<R>: Record,
    {
        let mut partitions = self.editing(table)?;
        let mut rows = rows.peekable();
        let mut changes = Vec::new();
        while let Some((key, first)) = rows.next() {
            let mut group = vec![first];
            group.extend(std::iter::from_fn(|| {
                rows.next_if(|row| row.0 == key).map(|row| row.1)
            }));
            partitions.edit(key, |old| {
                let mut lines = old.unwrap_or_default();
                // Stores written before have organisations under other codes.
                lines.sort_by_key(&club);
                let group = group.into_iter();
                changes.extend(group.map(|line| put_line(&mut lines, line, &club, &as_of)));
                lines
            })?;
        }
        Ok(changes)
    }

    /// Keeps `months` in step with lines put under these keys.
    fn put_months(&mut self, keys: impl Iterator<Item = Key>) -> Result<(), StoreError> {
        let keys = keys.map(|(id, season, month)| (season, month, id));
        let keys: BTreeSet<_> = keys.collect();
        self.edit(&MONTHS, keys.into_iter().map(|key| (key, ())), |_, ()| ())?;
        Ok(())
    }
}

/// Puts a line among a partition's lines, which stay sorted by club; one of an earlier
/// day never replaces a later.
fn put_line<R: PartialEq, C: Ord>(
    lines: &mut Vec<R>,
    line: R,
    club: &impl Fn(&R) -> C,
    as_of: &impl Fn(&R) -> Day,
) -> Change {
    match lines.binary_search_by(|held| club(held).cmp(&club(&line))) {
        Ok(at) if lines[at] == line || as_of(&lines[at]) > as_of(&line) => Change::Unchanged,
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
fn line_key(id: ProspectId, season: Season, as_of: Date) -> (u32, u16, u8) {
    (id.0, season.0, as_of.month() as u8)
}
