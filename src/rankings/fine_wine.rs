//! Late bloomers of a season: the definition, what is stored of them, and how
//! the page and the API show them.

use serde::{Deserialize, Serialize};

use super::board::Board;
use super::view::{
    AgeingCurveView, BoardRow, CrossingView, FineWineRow, FineWineView, LateBloomerExample,
    RateByAge, SkillRise,
};
use crate::domain::{Group, Level, ProspectId, Role, Season};

/// Youngest age of a late bloomer, in years on 1 July.
pub const MIN_AGE: f32 = 24.0;
/// Least rise of the skills together, in log-odds: odds times one and a half.
pub const MIN_RISE: f64 = 0.405_465_108_108_164_4;
/// Players shown at most.
const SHOWN: usize = 60;
/// Rise from which a single skill is named, in log-odds.
const NAMED: f64 = 0.1;

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

/// True when a player of that age and rise is a late bloomer; playing time and
/// lists are looked at before.
pub fn meets(age: Option<f32>, rise: f64) -> bool {
    age.is_some_and(|age| age >= MIN_AGE) && rise >= MIN_RISE
}

impl Board {
    /// The season's late bloomers, the most probable first.
    pub fn fine_wine(&self, role: Option<Role>) -> FineWineView {
        let wanted = |of: Role| role.is_none_or(|role| role == of);
        let data = &self.data().fine_wine;
        let mut rows: Vec<FineWineRow> = data
            .bloomers
            .iter()
            .filter(|bloomer| wanted(bloomer.role))
            .filter_map(|bloomer| self.bloomer(bloomer))
            .collect();
        rows.sort_by_key(|row| row.board.rank);
        let total = rows.len() as u32;
        rows.truncate(SHOWN);
        let curves = data.curves.iter().filter(|curve| wanted(curve.role));
        FineWineView {
            season: self.season().0,
            model: self.model_id().to_owned(),
            simulated: self.simulated(),
            role: role.map(|role| role.to_string()),
            definition: definition(self.season()),
            lists_known: data.lists_known,
            min_age: MIN_AGE,
            min_rise: MIN_RISE,
            total,
            rows,
            curves: curves.map(curve_view).collect(),
        }
    }

    fn bloomer(&self, bloomer: &LateBloomer) -> Option<FineWineRow> {
        let line = self.line(bloomer.id, Some(bloomer.role))?;
        (line.rank > 0).then(|| row(self.view(line), bloomer))
    }
}

fn definition(season: Season) -> String {
    let before = season.minus(1);
    format!(
        "A late bloomer is at least {MIN_AGE:.0} on 1 July of {season}, played enough to be evaluated, and stands on no list \
         imported for {before} or {season}. His skills (power, contact and discipline, or stuff, command and run prevention) \
         multiply his odds by at least one and a half against what they were worth one season earlier, or two where he \
         was not evaluated in the season between, by the same model."
    )
}

fn row(board: BoardRow, bloomer: &LateBloomer) -> FineWineRow {
    let log_odds = (board.probability / (1.0 - board.probability)).ln();
    let rise = bloomer.rise();
    let mut skills: Vec<SkillRise> = SKILLS
        .iter()
        .zip(bloomer.rises)
        .filter(|(_, rise)| *rise != 0.0)
        .map(|(group, log_odds)| SkillRise {
            group: group.as_str(),
            log_odds,
        })
        .collect();
    skills.sort_by(|a, b| b.log_odds.total_cmp(&a.log_odds));
    FineWineRow {
        before: 1.0 / (1.0 + (rise - log_odds).exp()),
        since: bloomer.since.0,
        rise,
        odds_ratio: rise.exp(),
        in_words: in_words(&skills),
        skills,
        last_list: bloomer
            .last_list
            .as_ref()
            .map(|(year, source)| format!("{} {year}", publisher(source))),
        board,
    }
}

/// `mlb_pipeline` as people write it.
fn publisher(source: &str) -> String {
    let word = |word: &str| match word {
        "mlb" | "espn" => word.to_uppercase(),
        "fangraphs" => "FanGraphs".to_owned(),
        _ => {
            let mut letters = word.chars();
            let first = letters.next().map(|c| c.to_uppercase().to_string());
            first.unwrap_or_default() + letters.as_str()
        }
    };
    source.split('_').map(word).collect::<Vec<_>>().join(" ")
}

/// The skills that rose, the largest first: `power, contact`.
fn in_words(skills: &[SkillRise]) -> String {
    let named = skills.iter().filter(|skill| skill.log_odds >= NAMED);
    let words: Vec<String> = named.map(|skill| skill.group.to_lowercase()).collect();
    let text = match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => "a little of everything".to_owned(),
    };
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

fn curve_view(curve: &AgeingCurve) -> AgeingCurveView {
    let rate = |(n, hits): (u32, u32)| (n > 0).then(|| f64::from(hits) / f64::from(n));
    let sum = |of: fn(&AgeCount) -> (u32, u32)| {
        let counts = curve.by_age.iter().map(of);
        counts.fold((0, 0), |(n, hits), more| (n + more.0, hits + more.1))
    };
    let (risen, others) = (sum(|age| age.risen), sum(|age| age.others));
    AgeingCurveView {
        role: curve.role.to_string(),
        first_season: curve.seasons.0.0,
        last_season: curve.seasons.1.0,
        n: risen.0,
        successes: risen.1,
        rate: rate(risen),
        others: others.0,
        other_successes: others.1,
        other_rate: rate(others),
        by_age: curve
            .by_age
            .iter()
            .map(|age| RateByAge {
                age: age.age,
                n: age.risen.0,
                successes: age.risen.1,
                rate: rate(age.risen),
                others: age.others.0,
                other_successes: age.others.1,
                other_rate: rate(age.others),
            })
            .collect(),
        players: curve.players,
        crossed_at: curve
            .crossed_at
            .iter()
            .map(|&(age, players)| CrossingView { at: age, players })
            .collect(),
        crossed_after: (1..)
            .zip(curve.crossed_after)
            .map(|(at, players)| CrossingView { at, players })
            .collect(),
        examples: curve.examples.iter().map(example).collect(),
    }
}

fn example(past: &PastBloomer) -> LateBloomerExample {
    LateBloomerExample {
        id: past.id.0,
        name: past.name.clone(),
        season: past.season.0,
        age: (past.age * 10.0).round() / 10.0,
        level: past.level.to_string(),
        crossed: past.crossed.0,
        pa: past.became.0,
        innings: super::stats::innings(past.became.1),
    }
}

#[cfg(test)]
mod tests {
    use super::{MIN_AGE, MIN_RISE, in_words, meets, publisher};
    use crate::rankings::view::SkillRise;

    #[test]
    fn the_definition_holds_at_its_edges() {
        assert!(meets(Some(MIN_AGE), MIN_RISE));
        assert!(!meets(Some(MIN_AGE - 0.01), MIN_RISE));
        assert!(!meets(Some(MIN_AGE), MIN_RISE - 1e-9));
        assert!(!meets(None, 3.0), "an unknown age is not an old one");
        assert!((MIN_RISE.exp() - 1.5).abs() < 1e-12);
    }

    #[test]
    fn only_skills_that_rose_are_named() {
        let skill = |group, log_odds| SkillRise { group, log_odds };
        let words = |skills: &[SkillRise]| in_words(skills);
        let three = [
            skill("Power", 0.5),
            skill("Contact", 0.1),
            skill("Discipline", -0.4),
        ];
        assert_eq!(words(&three), "Power and contact");
        assert_eq!(words(&three[..1]), "Power");
        assert_eq!(words(&[skill("Power", 0.09)]), "A little of everything");
        assert_eq!(publisher("mlb_pipeline"), "MLB Pipeline");
    }
}
