//! A harvest into the store.

use super::harvest::Harvest;
use crate::store::{Change, Quarantined, StoreError, WriteTx};

/// What became of rows of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counted {
    /// New to the store.
    pub added: u64,
    /// Replaced or completed what was stored.
    pub updated: u64,
    /// Held already.
    pub unchanged: u64,
}

/// What a harvest changed. Lines are counted by player and season.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tally {
    /// Minor-league batting.
    pub batting: Counted,
    /// Minor-league pitching.
    pub pitching: Counted,
    /// Major-league seasons.
    pub mlb: Counted,
    /// Names, birth dates, hands.
    pub players: Counted,
    /// Where players are.
    pub affiliations: Counted,
    /// Debuts.
    pub limits: Counted,
    /// Names of clubs.
    pub teams: Counted,
    /// Roster transactions.
    pub transactions: Counted,
    /// Places on 40-man rosters.
    pub rosters: Counted,
    /// Draft selections.
    pub draft: Counted,
}

impl Tally {
    /// Rows of every kind.
    pub fn total(&self) -> Counted {
        let kinds = [
            self.batting,
            self.pitching,
            self.mlb,
            self.players,
            self.affiliations,
            self.limits,
            self.teams,
            self.transactions,
            self.rosters,
            self.draft,
        ];
        kinds
            .into_iter()
            .fold(Counted::default(), |sum, kind| Counted {
                added: sum.added + kind.added,
                updated: sum.updated + kind.updated,
                unchanged: sum.unchanged + kind.unchanged,
            })
    }
}

/// Puts a harvest into the store, all in this transaction. Doing it again
/// changes nothing.
///
/// # Errors
/// When the store fails.
pub fn apply(harvest: &Harvest, tx: &mut WriteTx) -> Result<Tally, StoreError> {
    let teams = harvest.teams.iter();
    let teams = teams.map(|(id, season, name)| (*id, *season, name.as_str()));
    let tally = Tally {
        teams: counted(tx.put_team_names(teams)?),
        players: counted(tx.put_players(&harvest.players)?),
        batting: counted(tx.replace_batting(&harvest.batting)?),
        pitching: counted(tx.replace_pitching(&harvest.pitching)?),
        mlb: counted(tx.put_mlb_seasons(&harvest.mlb)?),
        limits: counted(tx.put_rookie_limits(&harvest.limits)?),
        affiliations: counted(tx.put_new_affiliations(&harvest.affiliations)?),
        transactions: counted(tx.put_transactions(&harvest.transactions)?),
        rosters: counted(rosters(harvest, tx)?),
        draft: counted(tx.put_draft_picks(&harvest.draft)?),
    };
    quarantine(harvest, tx)?;
    Ok(tally)
}

fn rosters(harvest: &Harvest, tx: &mut WriteTx) -> Result<Vec<Change>, StoreError> {
    let mut changes = Vec::new();
    for roster in &harvest.rosters {
        changes.extend(tx.put_rosters(roster.day, &roster.clubs, &roster.players)?);
    }
    Ok(changes)
}

/// Every answer that was read replaces what an earlier reading of it refused.
fn quarantine(harvest: &Harvest, tx: &mut WriteTx) -> Result<(), StoreError> {
    for file in &harvest.files {
        let refused = harvest.refused.iter().filter(|row| row.file == *file);
        let rows: Vec<Quarantined> = refused.cloned().collect();
        tx.put_quarantined(file, &rows)?;
    }
    Ok(())
}

fn counted(changes: Vec<Change>) -> Counted {
    let count = |wanted| changes.iter().filter(|&&change| change == wanted).count() as u64;
    Counted {
        added: count(Change::Added),
        updated: count(Change::Updated),
        unchanged: count(Change::Unchanged),
    }
}
