//! Debuts and rookie limits.

use super::{Shape, check};
use crate::domain::{ProspectId, RookieLimits};
use crate::ingest::import::Options;
use crate::ingest::row::Row;
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
        let passed_by = match row.text("over_rookie_limits_by_end_of") {
            "" => None,
            _ => Some(row.season("over_rookie_limits_by_end_of")?),
        };
        let limits = RookieLimits {
            debut: row.date("mlb_debut_date")?,
            passed_on: row.date("rookie_until")?,
            passed_by,
        };
        check(limits != RookieLimits::default(), || {
            "no debut and no rookie limit given".to_owned()
        })?;
        let ordered = limits
            .debut
            .zip(limits.passed_on)
            .is_none_or(|(debut, passed)| debut <= passed);
        check(ordered, || {
            "rookie limits passed before the debut".to_owned()
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
