//! Published lists of a winter against as many of our highest.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::{Date, date};

use super::scores::{highest, model};
use super::view::ListComparison;
use crate::domain::{Grade, ProspectId, Sample, Season, Verdict};

/// Listed players without which a comparison says nothing.
const FEWEST: usize = 20;

/// Every list published between September of `season` and March of the next
/// year; `set` are the season's verdicts. A list may know of the winter what a
/// prediction of 31 December does not.
pub(super) fn compare(
    season: Season,
    set: &[&Verdict],
    ranked: &[(ProspectId, Grade)],
) -> Vec<ListComparison> {
    let mut outcomes: HashMap<ProspectId, bool> = HashMap::new();
    for v in set.iter().filter(|v| v.prediction.evaluated) {
        *outcomes.entry(v.snapshot.prospect).or_default() |= v.success;
    }
    let year = season.0 as i16;
    let winter = date(year, 9, 1)..=date(year + 1, 3, 31);
    let mut lists: BTreeMap<(&str, &str, Date), Vec<bool>> = BTreeMap::new();
    for (id, grade) in ranked.iter().filter(|(_, grade)| is_list(grade)) {
        let published = grade.published.filter(|day| winter.contains(day));
        if let (Some(day), Some(&success)) = (published, outcomes.get(id)) {
            let key = (grade.source.as_str(), grade.list.as_str(), day);
            lists.entry(key).or_default().push(success);
        }
    }
    let evaluated: Vec<&Verdict> = set
        .iter()
        .copied()
        .filter(|v| v.prediction.evaluated)
        .collect();
    lists
        .into_iter()
        .filter(|(_, listed)| listed.len() >= FEWEST)
        .map(|((source, list, day), listed)| ListComparison {
            season: season.0,
            list: format!("{source} {list}"),
            published: day.to_string(),
            n: listed.len() as u32,
            successes: listed.iter().filter(|&&success| success).count() as u32,
            ours: highest(&evaluated, listed.len(), model).1,
        })
        .collect()
}

/// Rows kept because of what happened later, and amateurs, are no such list.
fn is_list(grade: &Grade) -> bool {
    grade.rank.is_some() && !matches!(grade.sample, Sample::Survivor | Sample::Amateur)
}
