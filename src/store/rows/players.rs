//! Who players are, and everything that is known of one.

use super::lines::flat;
use crate::domain::{DraftPick, History, MlbSeason, Prospect, ProspectId, RookieLimits};
use crate::store::error::StoreError;
use crate::store::record::player_facts::{PlayerFacts, merged, unknown};
use crate::store::record::players::{DraftRecord, LimitsRecord, MlbRecord};
use crate::store::record::shape::Form;
use crate::store::tables::{
    BATTING, DRAFT_PICKS, GRADES, MLB_SEASONS, PITCHING, PROSPECTS, ROOKIE_LIMITS,
};
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::{Change, WriteTx};

impl ReadTx {
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
        history.batting = flat(self.lines(&BATTING, ids, |record, season| record.line(season))?);
        history.pitching = flat(self.lines(&PITCHING, ids, |record, season| record.line(season))?);
        history.mlb = self.scan(&MLB_SEASONS, (id.0, 0)..=(id.0, u16::MAX), |_, mlb| {
            Ok(mlb.value())
        })?;
        let limits = self.row(&ROOKIE_LIMITS, id.0)?;
        history.rookie_limits = limits.map(Form::value).unwrap_or_default();
        history.draft = self.scan(&DRAFT_PICKS, (id.0, 0)..=(id.0, u16::MAX), |_, pick| {
            Ok(pick.value())
        })?;
        history.grades = self.scan(&GRADES, (id.0, "")..(id.0 + 1, ""), |_, grade| {
            Ok(grade.value())
        })?;
        history.grades.sort_by_key(|grade| grade.published);
        history.roster = self
            .roster_moves((id.0, id.0))?
            .into_iter()
            .map(|row| row.1)
            .collect();
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
        let mut roster = self.roster_moves(everybody)?.into_iter().peekable();
        let mut histories = Vec::new();
        for prospect in self.prospects()? {
            let id = prospect.id.0;
            let mut history = empty_history(prospect);
            history.batting = take(&mut batting, id).flatten().collect();
            history.pitching = take(&mut pitching, id).flatten().collect();
            history.mlb = take(&mut mlb, id).map(Form::value).collect();
            let passed = take(&mut limits, id).next();
            history.rookie_limits = passed.map(Form::value).unwrap_or_default();
            history.draft = take(&mut draft, id).map(Form::value).collect();
            history.grades = take(&mut grades, id).map(Form::value).collect();
            history.grades.sort_by_key(|grade| grade.published);
            history.roster = take(&mut roster, id).collect();
            if !(history.batting.is_empty() && history.pitching.is_empty()) {
                histories.push(history);
            }
        }
        Ok(histories)
    }
}

impl ReadTx {
    /// Every draft selection, by player and year.
    pub fn draft_picks(&self) -> Result<Vec<(ProspectId, DraftPick)>, StoreError> {
        self.scan(&DRAFT_PICKS, .., |(id, _), pick| {
            Ok((ProspectId(id), pick.value()))
        })
    }
}

impl WriteTx {
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

    /// Puts major-league seasons.
    pub fn put_mlb_seasons(
        &mut self,
        rows: &[(ProspectId, MlbSeason)],
    ) -> Result<Vec<Change>, StoreError> {
        self.edit(
            &MLB_SEASONS,
            rows.iter().map(|(id, mlb)| ((id.0, mlb.season.0), mlb)),
            |_, mlb| MlbRecord::of(mlb),
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
                let new = LimitsRecord::of(limits);
                match old {
                    None => new,
                    Some(old) => LimitsRecord {
                        debut: earliest(old.debut, new.debut),
                        passed_on: earliest(old.passed_on, new.passed_on),
                        passed_by: earliest(old.passed_by, new.passed_by),
                    },
                }
            },
        )
    }

    /// Puts draft selections.
    pub fn put_draft_picks(
        &mut self,
        rows: &[(ProspectId, DraftPick)],
    ) -> Result<Vec<Change>, StoreError> {
        self.edit(
            &DRAFT_PICKS,
            rows.iter().map(|(id, pick)| ((id.0, pick.year.0), pick)),
            |_, pick| DraftRecord::of(pick),
        )
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
        roster: Vec::new(),
    }
}

fn earliest<T: Ord>(a: Option<T>, b: Option<T>) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
