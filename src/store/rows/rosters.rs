//! Where players are and how they got there: transactions, 40-man rosters, and
//! affiliations as a daily source sees them.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::domain::{ProspectId, RosterMove, RosterStep, Season, Transaction};
use crate::store::error::StoreError;
use crate::store::record::rosters::{
    Affiliation, AffiliationRecord, RosterRecord, RosterStatus, TransactionRecord,
};
use crate::store::record::shape::{Form, date, day};
use crate::store::tables::{AFFILIATIONS, ROSTER_STATUS, TEAMS, TRANSACTIONS};
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::{Change, WriteTx};

/// Player and day.
type Key = (u32, i32);

impl ReadTx {
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

    /// Where everybody was on which day, by player and day.
    pub fn affiliations(&self) -> Result<Vec<(ProspectId, Affiliation)>, StoreError> {
        self.scan(&AFFILIATIONS, .., |(id, as_of), record| {
            Ok((ProspectId(id), record.affiliation(as_of)))
        })
    }

    /// Everybody's transactions from the first to the last of some days, by day,
    /// then player.
    pub fn transactions_between(
        &self,
        from: Date,
        to: Date,
    ) -> Result<Vec<(ProspectId, Transaction)>, StoreError> {
        let mut found = self.scan(&TRANSACTIONS, .., |(id, _, _), transaction| {
            Ok((ProspectId(id), transaction.value()))
        })?;
        found.retain(|(_, transaction)| (from..=to).contains(&transaction.day));
        found.sort_by_key(|(id, transaction)| (transaction.day, *id, transaction.id));
        Ok(found)
    }

    /// The player's changes of roster status, oldest first.
    pub fn roster_status_of(&self, id: ProspectId) -> Result<Vec<RosterStatus>, StoreError> {
        let his = (id.0, i32::MIN)..=(id.0, i32::MAX);
        self.scan(&ROSTER_STATUS, his, |(_, from), record| {
            Ok(RosterStatus {
                day: date(from),
                code: record.code,
                club: record.club,
            })
        })
    }
}

impl ReadTx {
    /// What transactions and rosters say of the players' places on 40-man rosters,
    /// by player, then day.
    pub(super) fn roster_moves(
        &self,
        (from, to): (u32, u32),
    ) -> Result<Vec<(u32, RosterMove)>, StoreError> {
        let range = (from, i32::MIN, 0)..=(to, i32::MAX, u32::MAX);
        let mut moves = self.scan(&TRANSACTIONS, range, |(id, _, _), transaction| {
            Ok((id, RosterMove::of(&transaction.value())))
        })?;
        let range = (from, i32::MIN)..=(to, i32::MAX);
        moves.extend(self.scan(&ROSTER_STATUS, range, |(id, since), record| {
            let listed = !record.code.is_empty();
            let step = if listed {
                RosterStep::Listed
            } else {
                RosterStep::Unlisted
            };
            let day = date(since);
            Ok((id, RosterMove { day, step }))
        })?);
        // Moves of a day keep the source's order; what its roster says comes after them.
        moves.sort_by_key(|(id, step)| (*id, step.day));
        Ok(moves)
    }
}

impl WriteTx {
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

    /// Puts transactions under their day and number.
    pub fn put_transactions(
        &mut self,
        rows: &[(ProspectId, Transaction)],
    ) -> Result<Vec<Change>, StoreError> {
        let keyed = rows.iter().map(|(id, transaction)| {
            let key = (id.0, day(transaction.day), transaction.id);
            (key, transaction)
        });
        self.edit(&TRANSACTIONS, keyed, |_, transaction| {
            TransactionRecord::of(transaction)
        })
    }

    /// Puts where players are today, for those of whom something else was known.
    /// What stands under a day stays: the first word of a day is kept.
    pub fn put_new_affiliations(
        &mut self,
        rows: &[(ProspectId, Affiliation)],
    ) -> Result<Vec<Change>, StoreError> {
        let mut new = Vec::new();
        let mut changes = Vec::with_capacity(rows.len());
        for (id, at) in rows {
            let today = day(at.as_of);
            let until = (id.0, i32::MIN)..=(id.0, today);
            let held = self.last(&AFFILIATIONS, until, |(_, from), record| (from, record))?;
            let record = AffiliationRecord::from(at);
            let known = held.is_some_and(|(from, held)| from == today || held == record);
            changes.push(if known {
                Change::Unchanged
            } else {
                Change::Added
            });
            if !known {
                new.push(((id.0, today), record));
            }
        }
        self.edit(&AFFILIATIONS, new.into_iter(), |_, record| record)?;
        Ok(changes)
    }

    /// Takes over the 40-man rosters of some clubs on a day: a status is put where
    /// it differs from the player's newest, and who was on one of these rosters
    /// and now is on none has left.
    pub fn put_rosters(
        &mut self,
        on: Date,
        clubs: &[u32],
        rows: &[(ProspectId, RosterStatus)],
    ) -> Result<Vec<Change>, StoreError> {
        let today = day(on);
        let mut changes = Vec::with_capacity(rows.len());
        let mut new = Vec::new();
        for (id, status) in rows {
            let record = RosterRecord {
                code: status.code.clone(),
                club: status.club,
            };
            let known = self.roster_status(*id, today)?.as_ref() == Some(&record);
            changes.push(if known {
                Change::Unchanged
            } else {
                Change::Added
            });
            if !known {
                new.push(((id.0, today), record));
            }
        }
        let listed: BTreeSet<u32> = rows.iter().map(|(id, _)| id.0).collect();
        new.extend(self.left(today, clubs, &listed)?);
        self.edit(&ROSTER_STATUS, new.into_iter(), |_, record| record)?;
        Ok(changes)
    }

    /// Players whose newest status is with one of the clubs, but who are not listed.
    fn left(
        &self,
        today: i32,
        clubs: &[u32],
        listed: &BTreeSet<u32>,
    ) -> Result<Vec<(Key, RosterRecord)>, StoreError> {
        let known: BTreeSet<u32> = self
            .keys(&ROSTER_STATUS, |(id, _)| id)?
            .into_iter()
            .collect();
        let mut left = Vec::new();
        for &id in known.difference(listed) {
            let newest = self.roster_status(ProspectId(id), today)?;
            if newest.is_some_and(|status| clubs.contains(&status.club)) {
                let gone = RosterRecord {
                    code: String::new(),
                    club: 0,
                };
                left.push(((id, today), gone));
            }
        }
        Ok(left)
    }

    fn roster_status(
        &self,
        id: ProspectId,
        today: i32,
    ) -> Result<Option<RosterRecord>, StoreError> {
        let until = (id.0, i32::MIN)..=(id.0, today);
        self.last(&ROSTER_STATUS, until, |_, record| record)
    }
}
