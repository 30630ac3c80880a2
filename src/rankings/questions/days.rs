//! Questions about days: what happened between two, and a player's probability on
//! each.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::movers::{Between, KINDS};
use crate::domain::{AsOf, ProspectId};
use crate::rankings::board::ranking::Board;
use crate::rankings::catalog::Catalog;
use crate::rankings::error::RankingsError;
use crate::rankings::views::{HistoryPoint, HistoryView, KindCount, MoversView};

/// Moves of a page unless asked otherwise.
const MOVES: usize = 100;

/// Which days to compare, and what to show of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MoversQuery {
    /// The earlier day; the kept day before the later one when absent.
    pub from: Option<Date>,
    /// The later day; the newest kept one when absent.
    pub to: Option<Date>,
    /// One kind of news only.
    pub kind: Option<&'static str>,
    /// At most so many.
    pub limit: Option<usize>,
}

impl Catalog {
    /// What happened between two kept days, or since the last.
    pub fn movers(&self, query: &MoversQuery) -> Result<MoversView, RankingsError> {
        loop {
            let days = self.days()?;
            let pair = pair(&days, query);
            let mut view = MoversView {
                from: pair.from.map(|day| day.to_string()),
                to: pair.to.map(|day| day.to_string()),
                other_model: false,
                simulated: self.is_simulated(),
                days: days.iter().rev().map(ToString::to_string).collect(),
                moves: Vec::new(),
                counts: Vec::new(),
            };
            let Some((from, to)) = pair.from.zip(pair.to) else {
                return Ok(view);
            };
            // A day that can't be read is no longer among the days: others are tried.
            if let Some((before, after)) = self.day_board(from)?.zip(self.day_board(to)?) {
                self.tell(&mut view, (from, &before), (to, &after), query)?;
                return Ok(view);
            }
        }
    }

    /// What every board says of a player, oldest first. Boards that can't be read are
    /// left out.
    pub fn history_of(&self, id: ProspectId) -> Result<HistoryView, RankingsError> {
        let name = self.name(id)?;
        let mut points = Vec::new();
        let mut seasons = self.seasons();
        seasons.reverse();
        for season in seasons {
            match self.board(Some(AsOf::Season(season))) {
                Ok(board) => points.extend(point(&board, id, season.to_string())),
                Err(RankingsError::NoBoard(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let days = self.sources.stored.standings(id)?.into_iter();
        points.extend(days.map(|(day, standing)| HistoryPoint {
            as_of: day.to_string(),
            rank: standing.rank,
            probability: standing.probability,
            lower: standing.lower,
            upper: standing.upper,
            model: standing.model_id,
        }));
        Ok(HistoryView {
            id: id.0,
            name,
            points,
        })
    }

    fn tell(
        &self,
        view: &mut MoversView,
        (from, before): (Date, &Board),
        (to, after): (Date, &Board),
        query: &MoversQuery,
    ) -> Result<(), RankingsError> {
        let first = from.saturating_add(1.day());
        let transactions = self.sources.stored.transactions(first, to)?;
        let between = Between {
            before,
            after,
            features: &self.sources.features,
            debuts: self.debuts(after, from, to)?,
            transactions,
        };
        let mut moves = between.moves();
        view.counts = KINDS
            .iter()
            .map(|&kind| KindCount {
                kind,
                count: moves.iter().filter(|m| m.kind == kind).count(),
            })
            .filter(|count| count.count > 0)
            .collect();
        moves.retain(|m| query.kind.is_none_or(|kind| m.kind == kind));
        moves.truncate(query.limit.unwrap_or(MOVES));
        view.other_model = before.model_id() != after.model_id();
        view.simulated = after.simulated();
        view.moves = moves;
        Ok(())
    }

    /// Who first played in the majors after `from` and up to `to`. Only players near
    /// the majors are looked up.
    fn debuts(
        &self,
        board: &Board,
        from: Date,
        to: Date,
    ) -> Result<HashMap<ProspectId, Date>, RankingsError> {
        let mut debuts = HashMap::new();
        for line in board
            .shown_lines()
            .iter()
            .filter(|line| line.horizons.debut[0] > 0.2)
        {
            let id = line.facts.id;
            let history = self.sources.stored.history(id)?;
            let debut = history.and_then(|history| history.rookie_limits.debut);
            if let Some(day) = debut.filter(|day| *day > from && *day <= to) {
                debuts.insert(id, day);
            }
        }
        Ok(debuts)
    }
}

/// The days to compare.
struct Pair {
    from: Option<Date>,
    to: Option<Date>,
}

/// Those asked for, or the newest ones before them that are kept.
fn pair(days: &[Date], query: &MoversQuery) -> Pair {
    let to = query
        .to
        .and_then(|to| days.iter().rev().find(|day| **day <= to))
        .or(days.last());
    let from = to.and_then(|to| {
        let latest = query.from.unwrap_or(to.saturating_sub(1.day()));
        days.iter().rev().find(|day| **day <= latest && *day < to)
    });
    Pair {
        from: from.copied(),
        to: to.copied(),
    }
}

fn point(board: &Board, id: ProspectId, as_of: String) -> Option<HistoryPoint> {
    let line = board.line(id, None)?;
    Some(HistoryPoint {
        as_of,
        rank: line.rank,
        probability: line.prediction.probability,
        lower: line.prediction.lower,
        upper: line.prediction.upper,
        model: board.model_id().to_owned(),
    })
}
