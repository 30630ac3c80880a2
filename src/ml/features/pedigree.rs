//! Draft and published scouting, as known on the last day of a season.

use std::collections::BTreeSet;

use crate::domain::{Grade, History, Sample, Season};

/// Years a published grade stays in use.
const FRESH: u16 = 2;

/// What draft and publishers said; NaN where nothing was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pedigree {
    pub(super) drafted: f32,
    pub(super) log_pick: f32,
    pub(super) high_school: f32,
    pub(super) college: f32,
    pub(super) years_since_draft: f32,
    /// 1 when on any published board of the last two years, 0 when not, NaN
    /// when no board was published.
    pub(super) listed: f32,
    pub(super) future_value: f32,
    pub(super) rank: f32,
}

/// Seasons in which any usable board was published.
#[derive(Debug, Default)]
pub(super) struct Published(BTreeSet<u16>);

impl Published {
    /// Collects the seasons over everybody.
    pub(super) fn of(histories: &[History]) -> Self {
        Self(
            histories
                .iter()
                .flat_map(|h| &h.grades)
                .filter_map(usable_year)
                .collect(),
        )
    }

    fn around(&self, season: Season) -> bool {
        (season.0.saturating_sub(FRESH - 1)..=season.0).any(|s| self.0.contains(&s))
    }
}

/// Year of publication of a grade that may be a feature.
fn usable_year(grade: &Grade) -> Option<u16> {
    let whole = matches!(grade.sample, Sample::Full | Sample::FullTop100);
    let year = grade.published?.year();
    (whole && year > 0).then_some(year as u16)
}

impl Pedigree {
    /// What was known of the player on the last day of `season`.
    pub(super) fn new(history: &History, season: Season, published: &Published) -> Self {
        let pick = history.draft.iter().rfind(|d| d.year <= season);
        let school = pick.map(|d| d.school.as_str()).filter(|s| !s.is_empty());
        let grades: Vec<&Grade> = history
            .grades
            .iter()
            .filter(|g| g.published.is_some_and(|day| day <= season.last_day()))
            .filter(|g| usable_year(g).is_some_and(|y| y + FRESH > season.0))
            .collect();
        let best = |values: &mut dyn Iterator<Item = f32>| values.fold(f32::NAN, f32::max);
        let covered = published.around(season);
        Self {
            drafted: f32::from(u8::from(pick.is_some())),
            log_pick: pick.map_or(f32::NAN, |d| f32::from(d.pick).ln()),
            high_school: school.map_or(0.0, |s| f32::from(u8::from(is_high_school(s)))),
            college: school.map_or(0.0, |s| f32::from(u8::from(!is_high_school(s)))),
            years_since_draft: pick.map_or(f32::NAN, |d| f32::from(season.0 - d.year.0)),
            listed: if covered {
                f32::from(u8::from(!grades.is_empty()))
            } else {
                f32::NAN
            },
            future_value: best(&mut grades.iter().filter_map(|g| g.future_value)),
            rank: -best(
                &mut grades
                    .iter()
                    .filter_map(|g| g.rank)
                    .map(|r| -f32::from(r).ln()),
            ),
        }
    }
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
