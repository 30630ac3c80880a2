//! What a store may answer: the model that faults are judged by.

use std::collections::BTreeMap;

use afwd::domain::ProspectId;
use afwd::store::{PlayerFacts, Store, StoreError};

const FIRST: u32 = 700_000;

/// Every player with the names he may have, `None` while he is unknown: one, but
/// for writes whose end nobody knows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger(BTreeMap<u32, Vec<Option<String>>>);

impl Ledger {
    /// Renames players `ids` in one transaction, for the time `round`.
    pub(crate) fn put(
        &mut self,
        store: &Store,
        ids: std::ops::Range<u32>,
        round: u16,
    ) -> Result<(), StoreError> {
        let name = |id| format!("Player {id} of round {round} {}", "x".repeat(200));
        let rows: Vec<_> = ids.clone().map(|id| facts(id, name(id), round)).collect();
        let written = store.write(|tx| tx.put_players(&rows)).map(drop);
        for id in ids {
            let names = self.0.entry(id).or_insert_with(|| vec![None]);
            match &written {
                Ok(()) => *names = vec![Some(name(id))],
                Err(StoreError::Unsettled(_)) => names.push(Some(name(id))),
                Err(_) => {}
            }
        }
        written
    }

    /// Reads every player; what is answered must be what may be, and is so from then on.
    pub(crate) fn check(&mut self, store: &Store) -> Result<(), StoreError> {
        for (&id, names) in &mut self.0 {
            let found = store.read(|tx| tx.prospect(ProspectId(FIRST + id)))?;
            let name = found.map(|prospect| prospect.name);
            assert!(
                names.contains(&name),
                "player {id} is {name:?}, not {names:?}"
            );
            *names = vec![name];
        }
        Ok(())
    }

    /// Number of players.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

fn facts(id: u32, name: String, rank: u16) -> (ProspectId, PlayerFacts) {
    let facts = PlayerFacts {
        name,
        name_rank: rank,
        ..PlayerFacts::default()
    };
    (ProspectId(FIRST + id), facts)
}
