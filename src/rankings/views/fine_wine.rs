//! A season's late bloomers, with what became of earlier ones.

use serde::Serialize;
use utoipa::ToSchema;

use super::board::BoardRow;

/// A season's late bloomers, with what became of earlier ones.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FineWineView {
    /// Season whose end it describes.
    pub season: u16,
    /// Version of the model.
    pub model: String,
    /// True for the fictional demo league.
    pub simulated: bool,
    /// The role asked for; absent for both.
    pub role: Option<String>,
    /// The definition in two sentences.
    pub definition: String,
    /// False when no list of the season or the one before is imported: nobody
    /// is then left out for being listed.
    pub lists_known: bool,
    /// Youngest age.
    pub min_age: f32,
    /// Least rise of the skills together, in log-odds.
    pub min_rise: f64,
    /// Players who meet the definition.
    pub total: u32,
    /// The most probable of them, in order of rank.
    pub rows: Vec<FineWineRow>,
    /// What became of earlier ones, per role.
    pub curves: Vec<AgeingCurveView>,
}

/// A late bloomer.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FineWineRow {
    /// His line on the board.
    pub board: BoardRow,
    /// The season his skills are compared with.
    pub since: u16,
    /// What the probability would be with the skills' shares of that season.
    pub before: f64,
    /// Rise of his skills, in log-odds.
    pub rise: f64,
    /// The same as a factor of his odds.
    pub odds_ratio: f64,
    /// The skills that rose, in words.
    pub in_words: String,
    /// Change per skill, largest rise first.
    pub skills: Vec<SkillRise>,
    /// The last imported list he was on; absent when on none.
    pub last_list: Option<String>,
}

/// The change of one skill's share.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SkillRise {
    /// Display group.
    pub group: &'static str,
    /// Change in log-odds.
    pub log_odds: f64,
}

/// What became of late bloomers of seasons whose windows have closed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AgeingCurveView {
    /// `hitter` or `pitcher`.
    pub role: String,
    /// First season counted.
    pub first_season: u16,
    /// Last season counted: its window had closed by the season of the list.
    pub last_season: u16,
    /// Player-seasons that met the definition.
    pub n: u32,
    /// Those that succeeded.
    pub successes: u32,
    /// Share that succeeded.
    pub rate: Option<f64>,
    /// Player-seasons that meet it but for the rise.
    pub others: u32,
    /// Those that succeeded.
    pub other_successes: u32,
    /// Share that succeeded.
    pub other_rate: Option<f64>,
    /// The same by age.
    pub by_age: Vec<RateByAge>,
    /// Players, each at his first season that met the definition.
    pub players: u32,
    /// Players by the age at which they crossed the line.
    pub crossed_at: Vec<CrossingView>,
    /// Players by the season after the snapshot in which they crossed it.
    pub crossed_after: Vec<CrossingView>,
    /// Those who went furthest.
    pub examples: Vec<LateBloomerExample>,
}

/// Success of player-seasons of one age.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RateByAge {
    /// Whole years on 1 July; the last holds everybody older, too.
    pub age: u8,
    /// Player-seasons that met the definition.
    pub n: u32,
    /// Those that succeeded.
    pub successes: u32,
    /// Share that succeeded.
    pub rate: Option<f64>,
    /// Player-seasons that meet it but for the rise.
    pub others: u32,
    /// Those that succeeded.
    pub other_successes: u32,
    /// Share that succeeded.
    pub other_rate: Option<f64>,
}

/// Players who crossed 500 plate appearances or 100 innings at some time.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CrossingView {
    /// Age in whole years, or seasons after the snapshot.
    pub at: u8,
    /// Number of players.
    pub players: u32,
}

/// A late bloomer of the past who succeeded.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LateBloomerExample {
    /// Our id.
    pub id: u32,
    /// Full name.
    pub name: String,
    /// Season he first met the definition.
    pub season: u16,
    /// Age then.
    pub age: f32,
    /// Level then.
    pub level: String,
    /// Season in which he crossed the line.
    pub crossed: u16,
    /// Major-league plate appearances in the four seasons.
    pub pa: u32,
    /// Major-league innings in the four seasons.
    pub innings: String,
}
