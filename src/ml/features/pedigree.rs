//! Draft and published scouting, as known on a day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::sight::Sight;
use crate::domain::{Grade, History, Sample, Season};

/// Graded players from which a board counts as a survey of the minors: to be
/// left out of one says something.
const SURVEY: u32 = 400;
/// The grade of a player no survey lists.
const UNLISTED: f32 = 30.0;

/// Logarithm of the pick an undrafted player counts as: 2,000.
const UNDRAFTED: f32 = 7.6;

/// What draft and publishers said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pedigree {
    pub(super) drafted: f32,
    pub(super) log_pick: f32,
    pub(super) high_school: f32,
    pub(super) college: f32,
    pub(super) years_since_draft: Option<f32>,
    /// 1 when on a survey of the season, 0 when not, NaN without a survey.
    pub(super) listed: f32,
    /// Highest grade of the season's surveys, [`UNLISTED`] when on none.
    pub(super) future_value: f32,
}

/// The surveys of every season, by source and day.
#[derive(Debug, Default)]
pub(super) struct Surveys {
    boards: BTreeSet<(String, Date)>,
}

impl Surveys {
    /// Finds the boards that graded enough players.
    pub(super) fn of(histories: &[History]) -> Self {
        let mut sizes: BTreeMap<(&str, Date), u32> = BTreeMap::new();
        for grade in histories.iter().flat_map(|h| &h.grades) {
            if let Some(day) = usable(grade) {
                *sizes.entry((&grade.source, day)).or_default() += 1;
            }
        }
        sizes.retain(|_, size| *size >= SURVEY);
        Self {
            boards: sizes
                .into_keys()
                .map(|(source, day)| (source.to_owned(), day))
                .collect(),
        }
    }

    /// The season whose surveys are the newest on the day of `sight`: the running one's
    /// once there is one, the last one's before that.
    fn newest(&self, sight: &Sight) -> Option<Season> {
        let has = |season: Season| {
            let mut days = self.boards.iter().map(|(_, day)| *day);
            days.any(|day| day.year() == season.0 as i16 && day <= sight.day)
        };
        if sight.is_over() || has(sight.season) {
            return has(sight.season).then_some(sight.season);
        }
        Some(sight.season.minus(1)).filter(|&last| has(last))
    }

    fn holds(&self, grade: &Grade, season: Season, until: Date) -> bool {
        usable(grade).is_some_and(|day| {
            day.year() == season.0 as i16
                && day <= until
                && self.boards.contains(&(grade.source.clone(), day))
        })
    }
}

/// Publication day of a grade that may be a feature: a whole list, published in
/// the second half of its year, so that it has seen most of the season. Lists
/// that kept only later prospects never are.
fn usable(grade: &Grade) -> Option<Date> {
    let day = grade.published?;
    let whole = grade.sample == Sample::Full && grade.future_value.is_some();
    (whole && day.month() >= 7).then_some(day)
}

impl Pedigree {
    /// What was known of the player on the day of `sight`.
    pub(super) fn new(history: &History, sight: &Sight, surveys: &Surveys) -> Self {
        let pick = history
            .draft
            .iter()
            .rfind(|d| is_known(d.year, history, sight));
        let school = pick.map(|d| d.school.as_str()).filter(|s| !s.is_empty());
        let flag = |yes: bool| f32::from(u8::from(yes));
        let survey = surveys.newest(sight);
        let graded = history
            .grades
            .iter()
            .filter(|g| survey.is_some_and(|season| surveys.holds(g, season, sight.day)));
        let best = graded
            .filter_map(|g| g.future_value)
            .fold(UNLISTED, f32::max);
        let if_surveyed = |value: f32| if survey.is_some() { value } else { f32::NAN };
        let years = |year: Season| f32::from(sight.season.0 - year.0) - (1.0 - sight.played);
        Self {
            drafted: flag(pick.is_some()),
            log_pick: pick.map_or(UNDRAFTED, |d| f32::from(d.pick).ln()),
            high_school: school.map_or(0.0, |s| flag(is_high_school(s))),
            college: school.map_or(0.0, |s| flag(!is_high_school(s))),
            years_since_draft: pick.map(|d| years(d.year).max(0.0)),
            listed: if_surveyed(flag(best > UNLISTED)),
            future_value: if_surveyed(best),
        }
    }
}

/// True when a draft has been held by the day of `sight`: it is in June or July, and who
/// plays his first professional season was taken in it.
fn is_known(draft: Season, history: &History, sight: &Sight) -> bool {
    let before = |season: Season| season < sight.season;
    let veteran = history.batting.iter().any(|l| before(l.season))
        || history.pitching.iter().any(|l| before(l.season));
    before(draft) || (draft == sight.season && (sight.is_over() || !veteran))
}

/// High schools are published with their town (`Nixa High School (Nixa, MO)`)
/// or as `... HS`; every other school is a college or junior college.
fn is_high_school(school: &str) -> bool {
    let college = school.contains("University") || school.contains("College");
    let town = school
        .split_once('(')
        .is_some_and(|(_, town)| town.contains(','));
    !college && (town || school.ends_with("HS") || school.contains("High School"))
}

#[cfg(test)]
mod tests {
    use super::is_high_school;

    #[test]
    fn tells_high_schools_from_colleges() {
        assert!(is_high_school("North Valley High School (Elmton, MO)"));
        assert!(is_high_school("Bayside HS"));
        assert!(is_high_school("St. Anne Prep (Elmton, MO)"));
        assert!(!is_high_school("University of Elmton"));
        assert!(!is_high_school("Elmton (Fla.)"));
        assert!(!is_high_school("Elmton College (Elmton, MO)"));
    }
}
