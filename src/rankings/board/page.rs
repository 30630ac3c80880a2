//! Pages of a board: filtered, sorted, continued.

use super::cursor::Cursor;
use super::query::{BoardQuery, Key, Sort};
use super::ranking::Board;
use super::row::row;
use crate::domain::ProspectId;
use crate::rankings::error::RankingsError;
use crate::rankings::views::BoardPage;

impl Board {
    /// The page of the board that `query` asks for.
    pub fn page(&self, query: &BoardQuery) -> Result<BoardPage, RankingsError> {
        let list = query.list();
        let after = query
            .cursor
            .as_deref()
            .map(|text| Cursor::read(text, self.season(), &list));
        let mut places = self.matching(query);
        let total = places.len() as u32;
        if let Some(cursor) = after.transpose()? {
            places.retain(|&place| self.comes_after(query, place, &cursor));
        }
        let more = self.first_in_order(query, &mut places);
        let next_cursor = places.last().filter(|_| more).map(|&place| {
            let id = self.shown_lines()[place].facts.id;
            Cursor::new(key(query.sort, self, place), id).write(self.season(), &list)
        });
        Ok(BoardPage {
            season: self.season().0,
            model: self.model_id().to_owned(),
            simulated: self.simulated(),
            total,
            board_size: self.len() as u32,
            rows: places
                .iter()
                .map(|&place| row(&self.shown_lines()[place]))
                .collect(),
            next_cursor,
        })
    }

    fn matching(&self, query: &BoardQuery) -> Vec<usize> {
        let name = query.name.as_deref().map(str::to_lowercase);
        let named = |place| {
            name.as_ref()
                .is_none_or(|n| self.folded_name(place).contains(n))
        };
        let lines = self.filterable.iter().enumerate();
        lines
            .filter(|(place, line)| query.admits(line) && named(*place))
            .map(|(p, _)| p)
            .collect()
    }

    /// Keeps the first page of `places`, in order; true when more follow.
    /// Selecting before sorting keeps a page of thousands of rows linear.
    fn first_in_order(&self, query: &BoardQuery, places: &mut Vec<usize>) -> bool {
        let limit = query.limit();
        let more = places.len() > limit;
        if query.follows_rank() {
            places.truncate(limit);
            return more;
        }
        let compare = |a: &usize, b: &usize| {
            let (x, y) = (key(query.sort, self, *a), key(query.sort, self, *b));
            x.compare(y, query.order())
                .then_with(|| self.id_at(*a).cmp(&self.id_at(*b)))
        };
        if more {
            places.select_nth_unstable_by(limit, compare);
            places.truncate(limit);
        }
        places.sort_unstable_by(compare);
        more
    }

    fn comes_after(&self, query: &BoardQuery, place: usize, cursor: &Cursor) -> bool {
        let by_key = key(query.sort, self, place).compare(cursor.key(), query.order());
        by_key
            .then_with(|| self.id_at(place).cmp(&cursor.id))
            .is_gt()
    }

    fn id_at(&self, place: usize) -> ProspectId {
        self.shown_lines()[place].facts.id
    }
}

/// What the line at a place is sorted by.
fn key(sort: Sort, board: &Board, place: usize) -> Key<'_> {
    let line = &board.shown_lines()[place];
    match sort {
        Sort::Rank => Key::Number(line.rank.into()),
        Sort::Probability => Key::Number(line.prediction.probability),
        Sort::Age => Key::Number(line.facts.age.into()),
        Sort::Level => Key::Number(line.facts.level as u8 as f64),
        Sort::PlayingTime => Key::Number(line.facts.playing_time.into()),
        Sort::Name => Key::Text(board.folded_name(place)),
    }
}
