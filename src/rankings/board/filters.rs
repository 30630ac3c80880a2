//! The values a board can be filtered by, counted.

use std::collections::BTreeMap;

use super::data::Line;
use super::query::Sort;
use super::ranking::Board;
use crate::domain::Season;
use crate::rankings::views::{FilterValue, FiltersView};

impl Board {
    /// What filters can take on this board; `seasons` are those with a board.
    pub fn filters(&self, seasons: &[Season]) -> FiltersView {
        let mut levels = self.count(|line| Some(line.facts.level));
        levels.reverse();
        let lines = self.shown_lines();
        let ages = lines
            .iter()
            .map(|line| line.facts.age)
            .filter(|age| !age.is_nan());
        let age_range = ages.fold(None, |range: Option<(f32, f32)>, age| {
            let (least, most) = range.unwrap_or((age, age));
            Some((least.min(age), most.max(age)))
        });
        FiltersView {
            season: self.season().0,
            seasons: seasons.iter().map(|season| season.0).collect(),
            roles: self.count(|line| Some(line.facts.role)),
            positions: self.count(|line| line.facts.position),
            levels,
            leagues: self.count(|l| Some(l.facts.league).filter(|code| !code.is_unknown())),
            organisations: self
                .count(|l| Some(l.facts.organisation).filter(|code| !code.is_unknown())),
            confidences: self.count(|line| Some(line.prediction.confidence)),
            sorts: Sort::ALL
                .iter()
                .map(|sort| sort.as_str().to_owned())
                .collect(),
            age_range,
            max_playing_time: lines
                .iter()
                .map(|l| l.facts.playing_time)
                .max()
                .unwrap_or(0),
        }
    }

    fn count<T: Ord + ToString>(&self, value: impl Fn(&Line) -> Option<T>) -> Vec<FilterValue> {
        let mut counts = BTreeMap::new();
        for value in self.shown_lines().iter().filter_map(value) {
            *counts.entry(value).or_insert(0) += 1;
        }
        let view = |(value, count): (T, u32)| FilterValue {
            value: value.to_string(),
            count,
        };
        counts.into_iter().map(view).collect()
    }
}
