//! Players by name.

use crate::domain::{Franchise, History};
use crate::rankings::board::ranking::Board;
use crate::rankings::catalog::Catalog;
use crate::rankings::error::RankingsError;
use crate::rankings::views::{SearchResult, SearchView};

impl Catalog {
    /// Players by name, the best match first.
    pub fn search(&self, query: &str, limit: usize) -> Result<SearchView, RankingsError> {
        let hits = self.sources.names.search(query, limit)?;
        let board = self.shelf().newest.clone();
        let mut results = Vec::with_capacity(hits.len());
        for (id, _score) in hits {
            let history = self.sources.stored.history(id)?;
            results.extend(history.map(|history| found(&history, board.as_deref())));
        }
        let stale = self.sources.names.is_stale();
        Ok(SearchView {
            query: query.to_owned(),
            results,
            stale,
        })
    }
}

fn found(history: &History, board: Option<&Board>) -> SearchResult {
    let batting = history.batting.iter().map(|line| line.season.0);
    let seasons = batting.chain(history.pitching.iter().map(|line| line.season.0));
    SearchResult {
        id: history.prospect.id.0,
        name: history.prospect.name.clone(),
        birth_year: history.prospect.birth_date.map(|date| date.year()),
        board: board.and_then(|board| board.row(history.prospect.id)),
        last_season: seasons.max(),
        organisation: organisation(history),
    }
}

/// The organisation of his last line; who has not played is with the club that drafted
/// him.
fn organisation(history: &History) -> Option<String> {
    let batted = history
        .batting
        .iter()
        .map(|line| (line.season, line.level, line.club));
    let pitched = history
        .pitching
        .iter()
        .map(|line| (line.season, line.level, line.club));
    let last = batted
        .chain(pitched)
        .max_by_key(|&(season, level, _)| (season, level))
        .map(|(.., club)| club.organisation);
    let code = match (last, history.draft.last()) {
        (Some(code), _) => code,
        (None, Some(pick)) => Franchise::named(&pick.team)?.code(),
        (None, None) => return None,
    };
    (!code.is_unknown()).then(|| code.to_string())
}
