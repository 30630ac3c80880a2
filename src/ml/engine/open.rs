//! Windows still open, as training rows: the outcome to expect from what has happened
//! in them so far.
//!
//! The newest closed windows are four years old. Of the snapshots since then some
//! seasons of the window have been seen: who has 400 plate appearances after one of them
//! will nearly always pass the line. For each number of seasons seen, trees are grown on
//! closed windows from what was known after as many seasons (playing time in the majors,
//! where the player is now, what was said of him then and is said of him now) to the
//! outcome (a surrogate index; Athey, Chetty, Imbens and Kang, 2019). Their answers
//! stand in for the outcomes of windows still open.
//!
//! Nothing dated after the season trained until is looked at. Windows of which 2020 has
//! been seen are left out: its minor leagues did not play, and a short season says
//! something else about those who did.

use std::collections::HashMap;

use super::closed::is_closed_by;
use super::settings::Settings;
use crate::domain::{ProspectId, Season};
use crate::ml::features::{FeatureTable, Snapshot, definitions};
use crate::ml::figures::odds::{log_odds, logistic};
use crate::ml::learners::bins::Edges;
use crate::ml::learners::boosting::{self, Sample};
use crate::ml::learners::forest::Forest;
use crate::ml::rng::Rng;

/// How the trees are grown.
const TREES: boosting::Settings = boosting::Settings {
    trees: 60,
    rate: 0.1,
    penalty: 5.0,
    rows: 0.8,
    columns: 0.8,
};
/// Keeps their random choices apart from all others of a seed.
const STREAM: u64 = 1 << 44;
/// Season without minor leagues.
const SILENT: u16 = 2020;
/// What stands for the score of somebody without a newer snapshot: he has graduated,
/// or is gone.
const GRADUATED: f32 = 2.0;
const GONE: f32 = -8.0;
/// Progress in the majors beyond which more says nothing.
const PLENTY: f32 = 3.0;

/// What members learn, and what the score is fitted to, per row of a table.
#[derive(Clone, Debug)]
pub(crate) struct Targets {
    /// Softened outcome, 0 to 1.
    pub(crate) soft: Vec<f32>,
    /// Success, 0 to 1; between them where it is expected.
    pub(crate) hard: Vec<f32>,
}

impl Targets {
    /// The targets of some rows, in their order.
    pub(crate) fn pick(&self, rows: &[usize]) -> Self {
        Self {
            soft: pick(&self.soft, rows),
            hard: pick(&self.hard, rows),
        }
    }

    /// The outcomes of closed windows.
    pub(crate) fn of(table: &FeatureTable, settings: &Settings) -> Self {
        let hard = |s: &Snapshot| f32::from(u8::from(s.succeeded_in_full_seasons()));
        Self {
            soft: table.snapshots.iter().map(|s| settings.target(s)).collect(),
            hard: table.snapshots.iter().map(hard).collect(),
        }
    }
}

/// Seasons of the window of `snapshot` that have been seen by the end of `until`, when
/// it is open and may be learnt from: one to three, none of them without minor leagues.
pub(crate) fn seen(snapshot: &Snapshot, until: Season) -> Option<u16> {
    let season = snapshot.id.season.0;
    let seen = until.0.checked_sub(season)?;
    let silent = (season..=until.0).contains(&SILENT);
    ((1..Season::WINDOW).contains(&seen) && !silent).then_some(seen)
}

/// The targets of `table`: outcomes where the window had closed by the end of `until`,
/// what is to be expected where it is open. `scores` say of every row what a member
/// trained on closed windows says that has not seen the player.
pub(crate) fn targets(
    table: &FeatureTable,
    scores: &[f64],
    settings: &Settings,
    until: Season,
    seed: u64,
) -> Targets {
    let view = View::new(table, scores);
    let mut targets = Targets::of(table, settings);
    let (rows, open): (Vec<usize>, Vec<usize>) =
        (0..table.len()).partition(|&i| is_closed_by(&table.snapshots[i], until));
    for seen_so_far in 1..Season::WINDOW {
        let at = |&&i: &&usize| seen(&table.snapshots[i], until) == Some(seen_so_far);
        let open: Vec<usize> = open.iter().filter(at).copied().collect();
        if open.is_empty() || rows.is_empty() {
            continue;
        }
        let k = usize::from(seen_so_far);
        let surrogate = Surrogate::new(&view, &rows, k);
        let mut rng = Rng::new(seed, STREAM | u64::from(seen_so_far));
        let soft = surrogate.grow(&pick(&targets.soft, &rows), &mut rng);
        let hard = surrogate.grow(&pick(&targets.hard, &rows), &mut rng);
        for i in open {
            let facts = view.facts(i, k);
            targets.soft[i] = soft.expected(&facts);
            // What has happened is not expected any more.
            let passed = table.snapshots[i].seen[k - 1] > 1.0;
            targets.hard[i] = if passed { 1.0 } else { hard.expected(&facts) };
        }
    }
    targets
}

fn pick(values: &[f32], rows: &[usize]) -> Vec<f32> {
    rows.iter().map(|&i| values[i]).collect()
}

/// Number of facts.
const FACTS: usize = 11;

/// The rows of a table, and where each player's snapshot of a season is.
struct View<'a> {
    table: &'a FeatureTable,
    scores: &'a [f64],
    places: HashMap<(ProspectId, Season), usize>,
    columns: Columns,
}

/// Features that are looked at.
struct Columns {
    level: usize,
    time: usize,
    age_gap: usize,
    roster: usize,
}

impl<'a> View<'a> {
    fn new(table: &'a FeatureTable, scores: &'a [f64]) -> Self {
        let at = |name: &str| {
            let found = definitions(table.role).iter().position(|d| d.name == name);
            found.expect("both roles have the feature; a test holds it")
        };
        let key = |i: usize| (table.snapshots[i].id.prospect, table.snapshots[i].id.season);
        Self {
            table,
            scores,
            places: (0..table.len()).map(|i| (key(i), i)).collect(),
            columns: Columns {
                level: at("level_top"),
                time: at("playing_time"),
                age_gap: at("age_vs_level"),
                roster: at("on_roster"),
            },
        }
    }

    /// What is known of row `i` once `k` seasons of its window have been seen.
    fn facts(&self, i: usize, k: usize) -> [f32; FACTS] {
        let (snapshot, row) = (&self.table.snapshots[i], self.table.row(i));
        let so_far = snapshot.seen[k - 1];
        let before = if k > 1 { snapshot.seen[k - 2] } else { 0.0 };
        let last = so_far - before;
        let season = snapshot.id.season.plus(k as u16);
        let later = self.places.get(&(snapshot.id.prospect, season)).copied();
        let playing = later.filter(|&j| self.table.snapshots[j].carried_years == 0);
        let there = |j: usize, column: usize| self.table.row(j)[column];
        let gone = if last > 0.0 { GRADUATED } else { GONE };
        [
            so_far.min(PLENTY),
            last.min(PLENTY),
            playing.map_or(-1.0, |j| there(j, self.columns.level)),
            playing.map_or(0.0, |j| there(j, self.columns.time)),
            later.map_or(gone, |j| self.scores[j] as f32),
            later.map_or(f32::from(u8::from(last > 0.0)), |j| {
                there(j, self.columns.roster)
            }),
            self.scores[i] as f32,
            snapshot.age.unwrap_or(f32::NAN),
            row[self.columns.level],
            row[self.columns.age_gap],
            row[self.columns.roster],
        ]
    }
}

/// Facts of closed windows after so many seasons.
struct Surrogate {
    edges: Edges,
    bins: Vec<Vec<u8>>,
    rows: Vec<u32>,
}

/// Trees, and the log-odds they start from.
struct Expectation {
    start: f64,
    forest: Forest,
}

impl Surrogate {
    fn new(view: &View<'_>, rows: &[usize], k: usize) -> Self {
        let facts: Vec<[f32; FACTS]> = rows.iter().map(|&i| view.facts(i, k)).collect();
        let columns: Vec<Vec<f32>> = (0..FACTS)
            .map(|f| facts.iter().map(|facts| facts[f]).collect())
            .collect();
        let edges = Edges::fit(&columns);
        let bins = columns.iter().enumerate();
        Self {
            bins: bins.map(|(f, column)| edges.bin(f, column)).collect(),
            edges,
            rows: (0..rows.len() as u32).collect(),
        }
    }

    fn grow(&self, labels: &[f32], rng: &mut Rng) -> Expectation {
        let mean = labels.iter().map(|&y| f64::from(y)).sum::<f64>() / labels.len() as f64;
        let start = log_odds(mean.clamp(1e-6, 1.0 - 1e-6));
        let sample = Sample {
            bins: &self.bins,
            edges: &self.edges,
            rows: &self.rows,
            labels,
            start: &vec![start; labels.len()],
        };
        Expectation {
            start,
            forest: boosting::grow(&sample, &TREES, rng),
        }
    }
}

impl Expectation {
    fn expected(&self, facts: &[f32; FACTS]) -> f32 {
        logistic(self.start + self.forest.log_odds(facts)) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::{seen, targets};
    use crate::domain::{Role, Season};
    use crate::ml::engine::settings::Hyper;
    use crate::ml::features::{FeatureTable, extract};
    use crate::ml::fixture::{FIRST, LAST, league};

    const UNTIL: Season = Season(LAST - 4);

    fn table() -> FeatureTable {
        extract(&league(800), Season(FIRST)..=Season(LAST), Role::Hitter)
    }

    #[test]
    fn windows_stand_in_once_a_season_is_seen_and_none_that_saw_2020() {
        let mut snapshot = table().snapshots[0];
        let mut at = |season: u16, until: u16| {
            snapshot.id.season = Season(season);
            seen(&snapshot, Season(until))
        };
        assert_eq!(
            [at(2014, 2014), at(2014, 2015), at(2014, 2017)],
            [None, Some(1), Some(3)]
        );
        assert_eq!(at(2014, 2018), None, "it has closed");
        assert_eq!(
            [at(2019, 2021), at(2020, 2021), at(2021, 2022)],
            [None, None, Some(1)]
        );
    }

    #[test]
    fn who_has_passed_the_line_has_succeeded_and_more_is_expected_of_who_plays() {
        let mut table = table();
        let open = |s: &crate::ml::features::Snapshot| seen(s, UNTIL) == Some(1);
        let rows: Vec<usize> = (0..table.len())
            .filter(|&i| open(&table.snapshots[i]))
            .collect();
        let started = rows.iter().find(|&&i| table.snapshots[i].seen[0] > 0.5);
        let (started, passed) = (*started.expect("somebody plays"), rows[0]);
        table.snapshots[passed].seen[0] = 1.2;
        let scores = vec![-3.0; table.len()];
        let settings = Hyper::default().hitter;
        let found = targets(&table, &scores, &settings, UNTIL, 1);
        assert_eq!(found.hard[passed], 1.0);
        let idle = rows
            .iter()
            .filter(|&&i| i != passed && table.snapshots[i].seen[0] == 0.0);
        let idle: Vec<f32> = idle.map(|&i| found.hard[i]).collect();
        let mean = idle.iter().sum::<f32>() / idle.len() as f32;
        assert!(
            found.hard[started] > 0.5 && mean < 0.3,
            "{} {mean}",
            found.hard[started]
        );
    }
}
