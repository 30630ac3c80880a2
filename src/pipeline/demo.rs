//! The simulated league as a store of its own.

use crate::domain::{History, ProspectId, Season};
use crate::simulate::{self, LeagueSettings};
use crate::store::{PlayerFacts, Result, Store, WriteTx};

/// Fills an empty store with the simulated league; one that has it is left alone.
///
/// # Errors
/// When the store holds other data, or fails.
pub fn load(store: &Store, settings: &LeagueSettings) -> anyhow::Result<()> {
    let (simulated, changes) = store.read(|tx| Ok((tx.is_simulated()?, tx.change_seq()?)))?;
    if simulated {
        return Ok(());
    }
    anyhow::ensure!(
        changes == 0,
        "this store holds real data: the demo league needs a directory of its own"
    );
    let histories = simulate::league(settings);
    store.write(|tx| put(tx, &histories, settings))?;
    Ok(())
}

fn put(tx: &mut WriteTx, histories: &[History], settings: &LeagueSettings) -> Result<()> {
    tx.set_simulated()?;
    tx.put_players(
        &histories
            .iter()
            .map(|h| (h.prospect.id, facts(h)))
            .collect::<Vec<_>>(),
    )?;
    tx.put_batting(&rows(histories, |h| &h.batting))?;
    tx.put_pitching(&rows(histories, |h| &h.pitching))?;
    tx.put_mlb_seasons(&rows(histories, |h| &h.mlb))?;
    tx.put_draft_picks(&rows(histories, |h| &h.draft))?;
    tx.put_grades(&rows(histories, |h| &h.grades))?;
    let limits: Vec<_> = histories
        .iter()
        .map(|h| (h.prospect.id, h.rookie_limits))
        .collect();
    tx.put_rookie_limits(&limits)?;
    let teams = simulate::teams();
    let seasons = settings.first_season.0..=settings.last_season.0;
    let names = teams.iter().flat_map(|team| {
        seasons
            .clone()
            .map(|season| (team.team_id, Season(season), team.name.as_str()))
    });
    tx.put_team_names(names)?;
    Ok(())
}

fn rows<T: Clone>(histories: &[History], of: impl Fn(&History) -> &Vec<T>) -> Vec<(ProspectId, T)> {
    let rows = histories
        .iter()
        .flat_map(|h| of(h).iter().map(|row| (h.prospect.id, row.clone())));
    rows.collect()
}

fn facts(history: &History) -> PlayerFacts {
    let prospect = &history.prospect;
    PlayerFacts {
        name: prospect.name.clone(),
        name_rank: 1,
        birth_date: prospect.birth_date,
        birth_rank: 1,
        bats: prospect.bats,
        throws: prospect.throws,
        other_ids: prospect.other_ids.clone(),
    }
}
