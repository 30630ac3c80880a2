//! Questions to a board: filters, orders and pages.

use std::cmp::Ordering;
use std::str::FromStr;

use super::board::{Board, Line};
use super::cursor::Cursor;
use super::error::RankingsError;
use super::view::BoardPage;
use crate::domain::{Code, Confidence, Level, Position, ProspectId, Role};

/// Rows of a page when the request names no number.
pub const DEFAULT_LIMIT: usize = 50;
/// Most rows of one page.
pub const MAX_LIMIT: usize = 200;

/// Which rows of a board to show, in which order. The default is everybody by rank.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoardQuery {
    /// Only this role.
    pub role: Option<Role>,
    /// Only this position.
    pub position: Option<Position>,
    /// Only this level.
    pub level: Option<Level>,
    /// Only this league.
    pub league: Option<Code>,
    /// Only this organisation.
    pub organisation: Option<Code>,
    /// Only this confidence.
    pub confidence: Option<Confidence>,
    /// Youngest age, in years.
    pub age_min: Option<f32>,
    /// Oldest age, in years.
    pub age_max: Option<f32>,
    /// Fewest plate appearances or batters faced.
    pub min_playing_time: Option<u32>,
    /// Only names that contain this text, letter case aside.
    pub name: Option<String>,
    /// What to sort by.
    pub sort: Sort,
    /// Direction; each sort has its own usual one.
    pub order: Option<Order>,
    /// Rows of the page, 1 to [`MAX_LIMIT`]; 0 means [`DEFAULT_LIMIT`].
    pub limit: usize,
    /// Continue after the page that gave this token.
    pub cursor: Option<String>,
}

/// What a board is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Rank on the whole board.
    #[default]
    Rank,
    /// Probability of success.
    Probability,
    /// Age; players without a birth date come last either way.
    Age,
    /// Level.
    Level,
    /// Playing time of the season.
    PlayingTime,
    /// Name.
    Name,
}

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

impl Sort {
    /// Every order, the usual one first.
    pub const ALL: [Self; 6] = [
        Self::Rank,
        Self::Probability,
        Self::Age,
        Self::Level,
        Self::PlayingTime,
        Self::Name,
    ];

    /// The name used in queries.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rank => "rank",
            Self::Probability => "probability",
            Self::Age => "age",
            Self::Level => "level",
            Self::PlayingTime => "playing_time",
            Self::Name => "name",
        }
    }

    /// The direction used when a query names none.
    pub fn usual_order(self) -> Order {
        match self {
            Self::Rank | Self::Age | Self::Name => Order::Ascending,
            Self::Probability | Self::Level | Self::PlayingTime => Order::Descending,
        }
    }

    fn key(self, board: &Board, place: usize) -> Key<'_> {
        let line = &board.shown_lines()[place];
        match self {
            Self::Rank => Key::Number(line.rank.into()),
            Self::Probability => Key::Number(line.prediction.probability),
            Self::Age => Key::Number(line.facts.age.into()),
            Self::Level => Key::Number(line.facts.level as u8 as f64),
            Self::PlayingTime => Key::Number(line.facts.playing_time.into()),
            Self::Name => Key::Text(board.folded_name(place)),
        }
    }
}

impl FromStr for Sort {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|sort| sort.as_str() == text)
            .ok_or_else(|| {
                let expected = Self::ALL.map(Self::as_str).join(", ");
                format!("unknown sort `{text}`: expected one of {expected}")
            })
    }
}

impl FromStr for Order {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "asc" => Ok(Self::Ascending),
            "desc" => Ok(Self::Descending),
            _ => Err(format!("unknown order `{text}`: expected one of asc, desc")),
        }
    }
}

/// What two lines are compared by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Key<'a> {
    Number(f64),
    Text(&'a str),
}

impl Key<'_> {
    fn compare(self, other: Key<'_>, order: Order) -> Ordering {
        let ascending = match (self, other) {
            // A missing number comes last in both directions.
            (Key::Number(a), Key::Number(b)) if a.is_nan() || b.is_nan() => {
                return a.is_nan().cmp(&b.is_nan());
            }
            (Key::Number(a), Key::Number(b)) => a.total_cmp(&b),
            (Key::Text(a), Key::Text(b)) => a.cmp(b),
            (Key::Number(_), Key::Text(_)) => Ordering::Less,
            (Key::Text(_), Key::Number(_)) => Ordering::Greater,
        };
        match order {
            Order::Ascending => ascending,
            Order::Descending => ascending.reverse(),
        }
    }
}

impl BoardQuery {
    /// The direction in force.
    pub fn order(&self) -> Order {
        self.order.unwrap_or_else(|| self.sort.usual_order())
    }

    /// True when the order asked for is that in which lines are kept.
    fn follows_rank(&self) -> bool {
        matches!(
            (self.sort, self.order()),
            (Sort::Rank, Order::Ascending) | (Sort::Probability, Order::Descending)
        )
    }

    fn limit(&self) -> usize {
        if self.limit == 0 {
            DEFAULT_LIMIT
        } else {
            self.limit.min(MAX_LIMIT)
        }
    }

    /// Names this list (filters, sort and direction), so that a cursor of
    /// another list is recognised.
    fn list(&self) -> String {
        let list = Self {
            cursor: None,
            limit: 0,
            order: Some(self.order()),
            ..self.clone()
        };
        format!("{list:?}")
    }

    fn admits(&self, line: &Filterable) -> bool {
        fn is<T: PartialEq>(wanted: Option<T>, actual: T) -> bool {
            wanted.is_none_or(|wanted| wanted == actual)
        }
        is(self.role, line.role)
            && (self.position.is_none() || self.position == line.position)
            && is(self.level, line.level)
            && is(self.league, line.league)
            && is(self.organisation, line.organisation)
            && is(self.confidence, line.confidence)
            && self.age_min.is_none_or(|least| line.age >= least)
            && self.age_max.is_none_or(|most| line.age <= most)
            && self
                .min_playing_time
                .is_none_or(|least| line.playing_time >= least)
    }
}

/// What filters look at, apart from the rest of a line, so that a scan of the
/// whole board stays in the processor's cache.
#[derive(Debug)]
pub(super) struct Filterable {
    league: Code,
    organisation: Code,
    age: f32,
    playing_time: u32,
    role: Role,
    position: Option<Position>,
    level: Level,
    confidence: Confidence,
}

impl From<&Line> for Filterable {
    fn from(line: &Line) -> Self {
        let facts = &line.facts;
        Self {
            league: facts.league,
            organisation: facts.organisation,
            age: facts.age,
            playing_time: facts.playing_time,
            role: facts.role,
            position: facts.position,
            level: facts.level,
            confidence: line.prediction.confidence,
        }
    }
}

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
            Cursor::new(query.sort.key(self, place), id).write(self.season(), &list)
        });
        Ok(BoardPage {
            season: self.season().0,
            model: self.model_id().to_owned(),
            simulated: self.simulated(),
            total,
            board_size: self.len() as u32,
            rows: places
                .iter()
                .map(|&place| self.view(&self.shown_lines()[place]))
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
            let (x, y) = (query.sort.key(self, *a), query.sort.key(self, *b));
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
        let by_key = query
            .sort
            .key(self, place)
            .compare(cursor.key(), query.order());
        by_key
            .then_with(|| self.id_at(place).cmp(&cursor.id))
            .is_gt()
    }

    fn id_at(&self, place: usize) -> ProspectId {
        self.shown_lines()[place].facts.id
    }
}
