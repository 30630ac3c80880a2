//! Questions to a board: filters and orders.

use std::cmp::Ordering;
use std::str::FromStr;

use super::filterable::Filterable;
use crate::domain::{Code, Confidence, Level, Position, ProspectId, Role};

/// Rows of a page when the request names no number.
pub const DEFAULT_LIMIT: usize = 50;
/// Most rows of one page.
pub const MAX_LIMIT: usize = 1000;
/// As a limit: every row.
pub const ALL_ROWS: usize = usize::MAX;

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
    /// Only names that answer this text: accents, case, punctuation and the order of
    /// the words aside.
    pub name: Option<String>,
    /// Only these players, whatever their names: those whom search finds where no name
    /// on the board answers the text.
    pub among: Option<Vec<ProspectId>>,
    /// What to sort by.
    pub sort: Sort,
    /// Direction; each sort has its own usual one.
    pub order: Option<Order>,
    /// Rows of the page; 0 means [`DEFAULT_LIMIT`].
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
pub(in crate::rankings) enum Key<'a> {
    Number(f64),
    Text(&'a str),
}

impl Key<'_> {
    /// Order of two keys, the smaller first or last.
    pub(in crate::rankings) fn compare(self, other: Key<'_>, order: Order) -> Ordering {
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
    pub(in crate::rankings) fn follows_rank(&self) -> bool {
        matches!(
            (self.sort, self.order()),
            (Sort::Rank, Order::Ascending) | (Sort::Probability, Order::Descending)
        )
    }

    /// Rows of a page.
    pub(in crate::rankings) fn limit(&self) -> usize {
        if self.limit == 0 {
            DEFAULT_LIMIT
        } else {
            self.limit
        }
    }

    /// Names this list (filters, sort and direction), so that a cursor of
    /// another list is recognised.
    pub(in crate::rankings) fn list(&self) -> String {
        let list = Self {
            cursor: None,
            among: None,
            limit: 0,
            order: Some(self.order()),
            ..self.clone()
        };
        format!("{list:?}")
    }

    /// Whether the line passes every filter but that of the name.
    pub(in crate::rankings) fn admits(&self, line: &Filterable) -> bool {
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
