//! Boards of days as the first releases kept them: whole, in the layout that
//! [`BoardData`] had then, encoded by position.
//!
//! Nothing here may ever change: such days can't be made again. What the living types
//! gain or lose is a matter of the conversions at the end.

use serde::Deserialize;

use super::columns::Columns;
use super::data::{BoardData, Line};
use super::entry::Facts;
use super::packed::{Floats, Shorts};
use crate::domain::{
    self, AgeCount, AgeingCurve, Code, FineWine, LateBloomer, PastBloomer, Prediction, ProspectId,
    Season,
};

#[derive(Deserialize)]
struct Board {
    season: u16,
    model_id: String,
    simulated: bool,
    lines: Vec<BoardLine>,
    hitters: Features,
    pitchers: Features,
    fine_wine: Bloomers,
}

#[derive(Deserialize)]
struct BoardLine {
    id: u32,
    name: String,
    role: Role,
    position: Option<Position>,
    level: Level,
    league: String,
    organisation: String,
    club: String,
    age: f32,
    playing_time: u32,
    rates: [f32; 5],
    averages: [f32; 5],
    probability: f64,
    lower: f64,
    upper: f64,
    confidence: Confidence,
    evaluated: bool,
    success: [f64; 4],
    debut: [f64; 4],
    rate_percentiles: [f32; 5],
    base: f64,
    row: u32,
    rank: u32,
    tier: u32,
    other_role: Option<f64>,
    previous_rank: Option<u32>,
}

#[derive(Deserialize)]
struct Features {
    width: u32,
    values: Floats,
    log_odds: Floats,
    percentiles: Shorts,
}

#[derive(Deserialize)]
struct Bloomers {
    bloomers: Vec<Bloomer>,
    lists_known: bool,
    curves: Vec<Curve>,
}

#[derive(Deserialize)]
struct Bloomer {
    id: u32,
    role: Role,
    since: u16,
    rises: [f64; 6],
    last_list: Option<(u16, String)>,
}

#[derive(Deserialize)]
struct Curve {
    role: Role,
    seasons: (u16, u16),
    by_age: Vec<Age>,
    players: u32,
    crossed_at: Vec<(u8, u32)>,
    crossed_after: [u32; 4],
    examples: Vec<Example>,
}

#[derive(Deserialize)]
struct Age {
    age: u8,
    risen: (u32, u32),
    others: (u32, u32),
}

#[derive(Deserialize)]
struct Example {
    id: u32,
    name: String,
    season: u16,
    age: f32,
    level: Level,
    crossed: u16,
    became: (u32, u32),
}

/// Enums as they were numbered: by their place among the values of then; beside each
/// stands the value of today.
macro_rules! numbered {
    ($($name:ident { $($then:ident = $now:ident),+ $(,)? })+) => {$(
        #[derive(Deserialize)]
        enum $name { $($then),+ }

        impl From<$name> for domain::$name {
            fn from(then: $name) -> Self {
                match then { $($name::$then => Self::$now),+ }
            }
        }
    )+};
}

numbered! {
    Role { Hitter = Hitter, Pitcher = Pitcher }
    Level {
        Rookie = Rookie, ShortSeasonA = ShortSeasonA, A = A, HighA = HighA,
        DoubleA = DoubleA, TripleA = TripleA,
    }
    Position {
        P = P, C = C, B1 = B1, B2 = B2, B3 = B3, Ss = SS, Lf = LF, Cf = CF, Rf = RF,
        Of = OF, If = IF, Dh = DH, TwoWay = TWP,
    }
    Confidence { Low = Low, Medium = Medium, High = High }
}

impl BoardData {
    /// A board in the form of the first releases.
    ///
    /// # Errors
    /// When the bytes are not such a board.
    pub fn of_first_form(bytes: &[u8]) -> Result<Self, String> {
        let board: Board = crate::store::decode_value(bytes)?;
        let lines = board.lines.into_iter().map(line);
        Ok(Self {
            season: Season(board.season),
            model_id: board.model_id,
            simulated: board.simulated,
            lines: lines.collect::<Result<_, String>>()?,
            hitters: columns(board.hitters),
            pitchers: columns(board.pitchers),
            fine_wine: bloomers(board.fine_wine),
        })
    }
}

fn line(then: BoardLine) -> Result<Line, String> {
    let code = |text: &str| Code::new(text).ok_or_else(|| format!("`{text}` is no code"));
    Ok(Line {
        facts: Facts {
            id: ProspectId(then.id),
            name: then.name,
            role: then.role.into(),
            position: then.position.map(Into::into),
            level: then.level.into(),
            league: code(&then.league)?,
            organisation: code(&then.organisation)?,
            club: code(&then.club)?,
            age: then.age,
            playing_time: then.playing_time,
            rates: then.rates,
            averages: then.averages,
        },
        prediction: Prediction {
            probability: then.probability,
            lower: then.lower,
            upper: then.upper,
            confidence: then.confidence.into(),
            evaluated: then.evaluated,
        },
        horizons: domain::Horizons {
            success: then.success,
            debut: then.debut,
        },
        rate_percentiles: then.rate_percentiles,
        base: then.base,
        row: then.row,
        rank: then.rank,
        tier: then.tier,
        other_role: then.other_role,
        previous_rank: then.previous_rank,
    })
}

fn columns(then: Features) -> Columns {
    Columns::stored(then.width, then.values, then.log_odds, then.percentiles)
}

fn bloomers(then: Bloomers) -> FineWine {
    let bloomer = |then: Bloomer| LateBloomer {
        id: ProspectId(then.id),
        role: then.role.into(),
        since: Season(then.since),
        rises: then.rises,
        last_list: then.last_list,
    };
    FineWine {
        bloomers: then.bloomers.into_iter().map(bloomer).collect(),
        lists_known: then.lists_known,
        curves: then.curves.into_iter().map(curve).collect(),
    }
}

fn curve(then: Curve) -> AgeingCurve {
    let count = |then: Age| AgeCount {
        age: then.age,
        risen: then.risen,
        others: then.others,
    };
    let example = |then: Example| PastBloomer {
        id: ProspectId(then.id),
        name: then.name,
        season: Season(then.season),
        age: then.age,
        level: then.level.into(),
        crossed: Season(then.crossed),
        became: then.became,
    };
    AgeingCurve {
        role: then.role.into(),
        seasons: (Season(then.seasons.0), Season(then.seasons.1)),
        by_age: then.by_age.into_iter().map(count).collect(),
        players: then.players,
        crossed_at: then.crossed_at,
        crossed_after: then.crossed_after,
        examples: then.examples.into_iter().map(example).collect(),
    }
}
