//! Questions about one player, or a few side by side.

use std::collections::HashMap;

use crate::domain::{AsOf, Group, History, ProspectId, Role, Season, SnapshotId};
use crate::rankings::board::ranking::Board;
use crate::rankings::catalog::Catalog;
use crate::rankings::error::{RankingsError, SourceError};
use crate::rankings::group_shares::by_group;
use crate::rankings::profile::comparables::comparables;
use crate::rankings::profile::explain::Explained;
use crate::rankings::profile::known_on::known_on;
use crate::rankings::profile::page::{not_ranked_because, profile};
use crate::rankings::profile::stats::stats;
use crate::rankings::views::{
    ComparablesView, CompareView, ExplanationView, ProspectView, StatsView,
};

/// Comparables a profile shows; the others are a page of their own.
const SHOWN_COMPARABLES: usize = 5;

impl Catalog {
    /// A player's profile; with `as_of`, as it was at the end of that season.
    pub fn prospect(
        &self,
        id: ProspectId,
        as_of: Option<AsOf>,
    ) -> Result<ProspectView, RankingsError> {
        let board = self.board(as_of)?;
        let (history, until) = self.known(id, as_of)?;
        let newest = self
            .shelf()
            .seasons
            .first()
            .copied()
            .unwrap_or(board.season());
        let view = profile(
            &history,
            &board,
            &self.sources.features,
            &*self.sources.predictor,
            until,
            newest,
        );
        let day = matches!(as_of, Some(AsOf::Day(_)));
        Ok(ProspectView {
            as_of: as_of.map(|as_of| as_of.to_string()),
            // Comparables are kept of ends of seasons, not of days.
            comparables: self
                .nearest(&board, id, SHOWN_COMPARABLES)?
                .filter(|found| found.count > 0 && !day),
            ..view
        })
    }

    /// The nearest past snapshots of the player's, all of them.
    pub fn comparables(
        &self,
        id: ProspectId,
        as_of: Option<AsOf>,
    ) -> Result<ComparablesView, RankingsError> {
        let board = self.board(as_of)?;
        match self.nearest(&board, id, usize::MAX)? {
            Some(found) => Ok(found),
            None => Err(self.not_ranked(id, board.season())?),
        }
    }

    /// A player's stat lines, up to the end of `as_of` when given.
    pub fn stats(&self, id: ProspectId, as_of: Option<AsOf>) -> Result<StatsView, RankingsError> {
        let (history, until) = self.known(id, as_of)?;
        Ok(stats(&history, until))
    }

    /// Two to five players side by side.
    pub fn compare(
        &self,
        ids: &[ProspectId],
        as_of: Option<AsOf>,
    ) -> Result<CompareView, RankingsError> {
        let repeated = ids.iter().enumerate().any(|(i, id)| ids[..i].contains(id));
        if repeated || !(2..=5).contains(&ids.len()) {
            return Err(RankingsError::Comparison(ids.len()));
        }
        let board = self.board(as_of)?;
        let players = ids
            .iter()
            .map(|&id| self.prospect(id, as_of))
            .collect::<Result<Vec<_>, _>>()?;
        let groups = Group::ALL
            .iter()
            .map(|group| group.to_string())
            .filter(|group| {
                let bars = players
                    .iter()
                    .filter_map(|p| p.explanation.as_ref())
                    .flat_map(|e| &e.groups);
                bars.into_iter().any(|bar| bar.group == *group)
            });
        let groups = groups.collect();
        Ok(CompareView {
            season: board.season().0,
            simulated: board.simulated(),
            players,
            groups,
        })
    }

    /// The stored explanation of a board's prediction.
    pub fn explanation(
        &self,
        id: ProspectId,
        as_of: Option<AsOf>,
        role: Option<Role>,
    ) -> Result<ExplanationView, RankingsError> {
        let board = self.board(as_of)?;
        let shown = board.prediction(id, role).and_then(|(role, _)| {
            board.explanation(id, Some(role), self.sources.features.of(role))
        });
        match shown {
            Some(explanation) => Ok(explanation),
            None => Err(self.not_ranked(id, board.season())?),
        }
    }

    /// A prediction computed now from the board's features, with its explanation.
    pub fn predict(
        &self,
        id: ProspectId,
        as_of: Option<AsOf>,
    ) -> Result<ExplanationView, RankingsError> {
        let board = self.board(as_of)?;
        let Some(line) = board.line(id, None) else {
            return Err(self.not_ranked(id, board.season())?);
        };
        let features = board.features(id, None).ok_or(RankingsError::NoFeatures)?;
        let role = line.facts.role;
        let evaluated = line.prediction.evaluated;
        let predicted =
            self.sources
                .predictor
                .predict(board.model_id(), role, &features, evaluated);
        let (prediction, attribution) = predicted?;
        let explained = Explained {
            id,
            season: board.season(),
            role,
            model: board.model_id(),
            prediction,
            base: attribution.base,
            groups: by_group(&attribution.contributions, self.sources.features.of(role)),
            contributions: &attribution.contributions,
            features: self.sources.features.of(role),
            percentiles: board.percentiles(line).collect(),
        };
        Ok(explained.view())
    }

    /// The nearest past snapshots, `shown` of them in full; `None` without a
    /// board line.
    fn nearest(
        &self,
        board: &Board,
        id: ProspectId,
        shown: usize,
    ) -> Result<Option<ComparablesView>, RankingsError> {
        let Some(line) = board.line(id, None) else {
            return Ok(None);
        };
        let at = SnapshotId {
            prospect: id,
            season: board.season(),
            role: line.facts.role,
        };
        let source = &self.sources.stored;
        let found = source.comparables(at)?;
        let shown = shown.min(found.len());
        let names: HashMap<ProspectId, String> = found[..shown]
            .iter()
            .map(|c| {
                Ok((
                    c.id.prospect,
                    source.name(c.id.prospect)?.unwrap_or_default(),
                ))
            })
            .collect::<Result<_, SourceError>>()?;
        Ok(Some(comparables(at, &line.prediction, &found, &names)))
    }

    /// The error that says why the player is not on the season's board.
    fn not_ranked(&self, id: ProspectId, season: Season) -> Result<RankingsError, RankingsError> {
        let reason = not_ranked_because(&self.history(id)?, season);
        Ok(RankingsError::NotRanked { id, season, reason })
    }

    /// What was known of a player, and the last season to look at.
    fn known(
        &self,
        id: ProspectId,
        as_of: Option<AsOf>,
    ) -> Result<(History, Season), RankingsError> {
        let history = self.history(id)?;
        Ok(match as_of {
            None => (history, Season(u16::MAX)),
            Some(asked) => {
                let season = self.board(as_of)?.season();
                match asked {
                    AsOf::Season(_) => (history, season),
                    AsOf::Day(day) => (known_on(history, day), season),
                }
            }
        })
    }
}
