//! Late bloomers: players whose skills rose late, and what became of earlier ones.

use serde::{Deserialize, Serialize};

use super::{Group, Level, ProspectId, Role, Season};

/// Groups of features that are skills; age, level, record and pedigree are not.
pub const SKILLS: [Group; 6] = [
    Group::Power,
    Group::Contact,
    Group::Discipline,
    Group::Stuff,
    Group::Command,
    Group::RunPrevention,
];

/// A season's late bloomers and what became of earlier ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FineWine {
    /// Everybody who meets the definition, in any order.
    pub bloomers: Vec<LateBloomer>,
    /// True when a list published in the season or the one before is imported.
    pub lists_known: bool,
    /// What became of earlier ones, one per role that has any.
    pub curves: Vec<AgeingCurve>,
}

/// A player whose skills rose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LateBloomer {
    /// The player.
    pub id: ProspectId,
    /// In which role.
    pub role: Role,
    /// The season his skills are compared with.
    pub since: Season,
    /// Change of each skill's share of the log-odds, in the order of [`SKILLS`].
    pub rises: [f64; SKILLS.len()],
    /// Year and publisher of the last list he was on.
    pub last_list: Option<(u16, String)>,
}

/// What became of players who met the definition in seasons whose windows have
/// closed, beside players of the same age who did not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgeingCurve {
    /// Hitters or pitchers.
    pub role: Role,
    /// First and last season of the player-seasons counted.
    pub seasons: (Season, Season),
    /// Player-seasons by whole age.
    pub by_age: Vec<AgeCount>,
    /// Players, each at his first season that met the definition.
    pub players: u32,
    /// Age in whole years and number of players who crossed the line at it.
    pub crossed_at: Vec<(u8, u32)>,
    /// Players who crossed it in the first, second, third and fourth season after.
    pub crossed_after: [u32; 4],
    /// Those who went furthest.
    pub examples: Vec<PastBloomer>,
}

/// Player-seasons of one age and what followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeCount {
    /// Whole years on 1 July.
    pub age: u8,
    /// Player-seasons that met the definition, and how many succeeded.
    pub risen: (u32, u32),
    /// Others that meet it but for the rise, and how many succeeded.
    pub others: (u32, u32),
}

/// A late bloomer of the past who succeeded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PastBloomer {
    /// The player.
    pub id: ProspectId,
    /// His name.
    pub name: String,
    /// The season he first met the definition.
    pub season: Season,
    /// Age then.
    pub age: f32,
    /// Level then.
    pub level: Level,
    /// Season in which he crossed the line.
    pub crossed: Season,
    /// Major-league plate appearances and outs in the window.
    pub became: (u32, u32),
}

impl LateBloomer {
    /// Rise of all skills together, in log-odds.
    pub fn rise(&self) -> f64 {
        self.rises.iter().sum()
    }
}
