//! Pages of a board: filtered, sorted, continued.

use super::cursor::Cursor;
use super::query::{BoardQuery, Key, Sort};
use super::ranking::Board;
use super::row::row;
use crate::domain::name::fold_name;
use crate::domain::{Code, Franchise, ProspectId};
use crate::rankings::error::RankingsError;
use crate::rankings::views::BoardPage;

impl Board {
    /// The page of the board that `query` asks for.
    ///
    /// # Errors
    /// When the cursor is of another list, and when nobody knows the organisation.
    pub fn page(&self, query: &BoardQuery) -> Result<BoardPage, RankingsError> {
        let query = &self.understood(query)?;
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

    /// True when some name on the board answers the text.
    pub(in crate::rankings) fn has_named(&self, text: &str) -> bool {
        let typed = fold_name(text);
        (0..self.shown_lines().len()).any(|place| self.name_at(place).answers(&typed))
    }

    fn matching(&self, query: &BoardQuery) -> Vec<usize> {
        let typed = query.name.as_deref().map(fold_name);
        let named = |place: usize| match (&query.among, &typed) {
            (Some(among), _) => among.contains(&self.id_at(place)),
            // What is all punctuation asks for nobody in particular.
            (None, Some(typed)) if typed.words.is_empty() => true,
            (None, Some(typed)) => self.name_at(place).answers(typed),
            (None, None) => true,
        };
        let lines = self.filterable.iter().enumerate();
        lines
            .filter(|(place, line)| query.admits(line) && named(*place))
            .map(|(p, _)| p)
            .collect()
    }

    /// The query with its organisation as this board writes it.
    fn understood(&self, query: &BoardQuery) -> Result<BoardQuery, RankingsError> {
        let mut query = query.clone();
        let Some(wanted) = query.organisation else {
            return Ok(query);
        };
        let held = |is: &dyn Fn(Code) -> bool| {
            let codes = self.filterable.iter().map(|line| line.organisation);
            codes.into_iter().find(|code| is(*code))
        };
        let same = |code: Code| code.as_str().eq_ignore_ascii_case(wanted.as_str());
        let known = Franchise::named(wanted.as_str()).map(Franchise::code);
        // A league of its own may use a code of another club.
        query.organisation = held(&same).or(known);
        match query.organisation {
            Some(_) => Ok(query),
            None => Err(RankingsError::unknown_organisation(wanted.as_str())),
        }
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
