//! Debuts and rookie limits.

use super::shape::Shape;
use crate::domain::{ProspectId, RookieLimits};
use crate::ingest::plausible::check;
use crate::ingest::report::Options;
use crate::ingest::row::{Row, season};
use crate::store::{Change, StoreError, WriteTx};

/// A row about one player's rookie limits.
#[derive(PartialEq)]
pub(crate) struct Eligibility {
    player: ProspectId,
    limits: RookieLimits,
}

impl Shape for Eligibility {
    const REQUIRED: &'static [&'static str] = &["mlbam_id"];
    const ANY_OF: &'static [&'static str] = &[
        "over_rookie_limits_by_end_of",
        "mlb_debut_date",
        "rookie_until",
    ];
    type Key = ProspectId;

    fn parse(row: &Row<'_>, _options: &Options) -> Result<Self, String> {
        let limits = RookieLimits {
            debut: row.date("mlb_debut_date"),
            passed_on: row.date("rookie_until"),
            passed_by: row.optional("over_rookie_limits_by_end_of", season),
        };
        check(limits != RookieLimits::default(), || {
            "no debut and no rookie limit given".to_owned()
        })?;
        Ok(Self {
            player: row.player()?,
            limits,
        })
    }

    fn key(&self) -> ProspectId {
        self.player
    }

    fn put(rows: &[&Self], tx: &mut WriteTx) -> Result<Vec<Change>, StoreError> {
        tx.put_rookie_limits(
            &rows
                .iter()
                .map(|row| (row.player, row.limits))
                .collect::<Vec<_>>(),
        )
    }
}
