//! Questions about how past predictions turned out.

use std::sync::Arc;

use crate::domain::{ProspectId, Season};
use crate::rankings::catalog::Catalog;
use crate::rankings::error::RankingsError;
use crate::rankings::report::{PlayerVerdicts, ReportCard, Section, named};

impl Catalog {
    /// How past predictions turned out.
    pub fn report_card(&self) -> Arc<ReportCard> {
        Arc::clone(&self.shelf().report)
    }

    /// The report card of one season.
    pub fn report_of(&self, season: Season) -> Result<Section, RankingsError> {
        let card = self.report_card();
        let section = card.season(season).cloned();
        section.ok_or(RankingsError::NotOnRecord(season))
    }

    /// What would have been said of a player season by season, and what happened.
    pub fn verdicts(&self, id: ProspectId) -> Result<PlayerVerdicts, RankingsError> {
        let name = self.name(id)?;
        let verdicts = self.sources.stored.verdicts_of(id)?;
        Ok(PlayerVerdicts {
            id: id.0,
            verdicts: verdicts.iter().map(|v| named(v, name.clone())).collect(),
            name,
        })
    }
}
