//! What another service counts, kept to be compared with our own lines.

use crate::domain::{LeaderLine, ProspectId, Role, Season};
use crate::store::error::StoreError;
use crate::store::record::leaders::LeaderRecord;
use crate::store::record::numbers::Numbered;
use crate::store::record::shape::Form;
use crate::store::tables::LEADERS;
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::{Change, WriteTx};

impl ReadTx {
    /// Every row of a season's leaderboards, by player.
    pub fn leaders(&self, season: Season) -> Result<Vec<LeaderLine>, StoreError> {
        let rows = self.scan(&LEADERS, .., |(id, year, role, level), counts| {
            let role = Role::of_number(role)?;
            Ok(LeaderLine {
                player: ProspectId(id),
                season: Season(year),
                role,
                level: level.to_owned(),
                counts: counts.value(),
            })
        })?;
        Ok(rows
            .into_iter()
            .filter(|row| row.season == season)
            .collect())
    }
}

impl WriteTx {
    /// Puts rows of leaderboards; older figures never replace newer ones.
    pub fn put_leaders(&mut self, rows: &[LeaderLine]) -> Result<Vec<Change>, StoreError> {
        let keyed = rows.iter().map(|row| {
            let key = (
                row.player.0,
                row.season.0,
                row.role.number(),
                row.level.as_str(),
            );
            (key, LeaderRecord::of(&row.counts))
        });
        self.edit(&LEADERS, keyed, |old, new| match old {
            Some(old) if old.published > new.published => old,
            _ => new,
        })
    }
}
