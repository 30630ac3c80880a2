//! The late bloomers of a board as the page and the API show them.

use super::late_bloomers::{MIN_AGE, MIN_RISE};
use super::ranking::Board;
use super::row;
use crate::domain::{AgeCount, AgeingCurve, LateBloomer, PastBloomer, Role, SKILLS, Season};
use crate::rankings::profile::stats::innings;
use crate::rankings::views::{
    AgeingCurveView, BoardRow, CrossingView, FineWineRow, FineWineView, LateBloomerExample,
    RateByAge, SkillRise,
};

/// Players shown at most.
const SHOWN: usize = 60;
/// Rise from which a single skill is named, in log-odds.
const NAMED: f64 = 0.1;

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
        (line.rank > 0).then(|| bloomer_row(row::row(line), bloomer))
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

fn bloomer_row(board: BoardRow, bloomer: &LateBloomer) -> FineWineRow {
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
        innings: innings(past.became.1),
    }
}

#[cfg(test)]
mod tests {
    use super::{in_words, publisher};
    use crate::rankings::views::SkillRise;

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
