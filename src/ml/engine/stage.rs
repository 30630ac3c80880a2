//! The second stage: what the members' common score means for a player of his kind.
//!
//! Members learn playing time, and the same score stands for unlike chances at AA and
//! in a complex league, for a starter, for somebody who has been in the majors, or whom
//! his club protects on its 40-man roster. A logistic regression of success gives each
//! of these kinds an intercept, and some a slope of the score, of its own.
//!
//! For one row it is a line, `slope * score + shift`, so an explanation stays exact:
//! the score's contributions are multiplied by the slope, and every kind adds its own
//! term, credited to the feature that tells it, against the background's mean.
//!
//! There are two: one that knows places on rosters, fitted on the rows that tell them,
//! and one for rows that don't.

use candle_core::Result;

use crate::domain::Role;
use crate::ml::features::definitions;
use crate::ml::learners::linear::{Design, Logistic};

/// L2 penalty of the terms.
const PENALTY: f64 = 30.0;
/// The score is not to be penalised: it is written so many times larger.
const UNPENALISED: f32 = 1000.0;
/// Rows that tell places on rosters, below which no stage is made of them.
const FEWEST: usize = 5000;

/// A kind of player, told by one feature.
#[derive(Clone, Copy, Debug)]
struct Kind {
    feature: &'static str,
    told: Told,
    /// True when the score has a slope of its own.
    sloped: bool,
}

/// How a feature tells it.
#[derive(Clone, Copy, Debug)]
enum Told {
    /// By its value; missing counts as 0.
    Value,
    /// By the root of its value; missing counts as 0.
    Root,
    /// By lying in a range, both ends included.
    Between(f32, f32),
}

const fn value(feature: &'static str, sloped: bool) -> Kind {
    Kind {
        feature,
        told: Told::Value,
        sloped,
    }
}

const fn level(from: f32, to: f32) -> Kind {
    Kind {
        feature: "level_top",
        told: Told::Between(from, to),
        sloped: false,
    }
}

const fn sloped(kind: Kind) -> Kind {
    Kind {
        sloped: true,
        ..kind
    }
}

/// Kinds of both roles: rungs of the ladder, AAA being what the others differ from.
const KINDS: &[Kind] = &[
    level(0.0, 1.0),
    level(2.0, 3.0),
    level(4.0, 4.0),
    level(5.0, 5.0),
    sloped(level(6.0, 6.0)),
    sloped(level(0.0, 3.0)),
    sloped(level(4.0, 5.0)),
    value("major_debut", true),
];

/// How much of a season is still to come. It is no kind of player: the members know
/// seasons' ends only, and what their score means earlier is fitted apart. The root fits
/// what is seen, for the last weeks bring news out of proportion.
const WAIT: Kind = Kind {
    feature: "wait",
    told: Told::Root,
    sloped: true,
};

/// What pitchers are used for.
const PITCHERS: &[Kind] = &[value("start_share", true)];

/// What clubs say of them.
const ROSTER: &[Kind] = &[
    value("on_roster", true),
    value("roster_added", false),
    value("roster_by_level", false),
    value("roster_by_youth", false),
    value("unprotected_aa", false),
    value("unprotected_aaa", false),
];

/// The feature that is missing where no log tells places on rosters.
const TELLS: &str = "on_roster";

/// True for the features only the second stage looks at.
pub(crate) fn is_its_own(feature: &str) -> bool {
    ROSTER.iter().any(|kind| kind.feature == feature)
}

/// A kind as a column of the role's rows.
#[derive(Clone, Copy, Debug)]
struct Column {
    feature: usize,
    told: Told,
    sloped: bool,
}

impl Column {
    fn value(&self, row: &[f32]) -> f64 {
        let value = row[self.feature];
        match self.told {
            Told::Value | Told::Root if value.is_nan() => 0.0,
            Told::Value => f64::from(value),
            Told::Root => f64::from(value).sqrt(),
            Told::Between(from, to) => f64::from(u8::from((from..=to).contains(&value))),
        }
    }
}

fn columns(role: Role, roster: bool) -> Vec<Column> {
    let pitchers = if role == Role::Pitcher { PITCHERS } else { &[] };
    let rosters = if roster { ROSTER } else { &[] };
    let kinds = KINDS.iter().chain(pitchers).chain(rosters).chain([&WAIT]);
    let column = |kind: &Kind| {
        definitions(role)
            .iter()
            .position(|d| d.name == kind.feature)
            .map(|feature| Column {
                feature,
                told: kind.told,
                sloped: kind.sloped,
            })
    };
    kinds.filter_map(column).collect()
}

/// Intercept, slope of the score and, per kind, its own of both.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stage {
    pub(crate) intercept: f64,
    pub(crate) slope: f64,
    /// Per kind: added to the intercept, added to the slope, mean over the background.
    pub(crate) terms: Vec<[f64; 3]>,
}

/// A row's line: log-odds are `slope * score + shift`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) slope: f64,
    pub(crate) shift: f64,
}

impl Line {
    /// Log-odds of a score.
    pub(crate) fn log_odds(self, score: f64) -> f64 {
        self.slope * score + self.shift
    }
}

/// A row of the fit: its features, the score of a member that had not seen the player,
/// and the outcome from 0 to 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scored<'a> {
    pub(crate) row: &'a [f32],
    pub(crate) score: f64,
    pub(crate) outcome: f32,
    /// True for the rows of the newest cohorts, which calibrate.
    pub(crate) recent: bool,
}

/// Both stages of a role.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stages {
    pub(crate) plain: Stage,
    /// Absent when too few rows told places on rosters.
    pub(crate) roster: Option<Stage>,
}

/// Both stages with the columns they look at.
#[derive(Clone, Debug)]
pub(crate) struct Kinds {
    plain: Vec<Column>,
    roster: Vec<Column>,
    tells: usize,
}

impl Kinds {
    /// The kinds of a role.
    pub(crate) fn of(role: Role) -> Self {
        let tells = definitions(role).iter().position(|d| d.name == TELLS);
        Self {
            plain: columns(role, false),
            roster: columns(role, true),
            tells: tells.expect("both roles have the feature; a test holds it"),
        }
    }

    /// Fits both stages.
    pub(crate) fn fit(&self, rows: &[Scored<'_>]) -> Result<Stages> {
        let told: Vec<Scored<'_>> = rows.iter().filter(|r| self.tells(r.row)).copied().collect();
        let enough = told.len() >= FEWEST && told.iter().any(|r| r.recent);
        Ok(Stages {
            plain: fit(&self.plain, rows)?,
            roster: enough.then(|| fit(&self.roster, &told)).transpose()?,
        })
    }

    /// Fits what the part of a season still to come adds, on rows of all its days. What
    /// else there is to say of their cohorts stays out of it.
    pub(crate) fn wait(&self, stages: &mut Stages, rows: &[Scored<'_>]) -> Result<()> {
        for (told, columns) in [(false, &self.plain), (true, &self.roster)] {
            let stage = match (told, &mut stages.roster) {
                (false, _) => &mut stages.plain,
                (true, Some(stage)) => stage,
                (true, None) => continue,
            };
            let rows = rows.iter().filter(|r| !told || self.tells(r.row));
            stage.learn_wait(columns, &rows.copied().collect::<Vec<_>>())?;
        }
        Ok(())
    }

    /// Terms of either stage: the plain one's, then the other's.
    pub(crate) fn widths(&self) -> [usize; 2] {
        [self.plain.len(), self.roster.len()]
    }

    /// The stage for a row, and its columns.
    fn stage<'a>(&'a self, stages: &'a Stages, row: &[f32]) -> (&'a Stage, &'a [Column]) {
        match &stages.roster {
            Some(stage) if self.tells(row) => (stage, &self.roster),
            _ => (&stages.plain, &self.plain),
        }
    }

    fn tells(&self, row: &[f32]) -> bool {
        !row[self.tells].is_nan()
    }

    /// The line of a row.
    pub(crate) fn line(&self, stages: &Stages, row: &[f32]) -> Line {
        let (stage, columns) = self.stage(stages, row);
        let mut line = Line {
            slope: stage.slope,
            shift: stage.intercept,
        };
        for (column, [shift, slope, _]) in columns.iter().zip(&stage.terms) {
            let value = column.value(row);
            line.shift += shift * value;
            line.slope += slope * value;
        }
        line
    }

    /// Explains a row whose score is `mean` plus what `shares` hold, one per feature:
    /// turns them into shares of the log-odds and returns the log-odds they add to.
    pub(crate) fn explain(
        &self,
        stages: &Stages,
        row: &[f32],
        mean: f64,
        shares: &mut [f64],
    ) -> f64 {
        let (stage, columns) = self.stage(stages, row);
        let slope = self.line(stages, row).slope;
        shares.iter_mut().for_each(|share| *share *= slope);
        let mut base = stage.intercept + stage.slope * mean;
        for (column, [shift, slope, usual]) in columns.iter().zip(&stage.terms) {
            let worth = shift + slope * mean;
            base += worth * usual;
            shares[column.feature] += worth * (column.value(row) - usual);
        }
        base
    }
}

/// Fits a stage on all rows, which are of seasons' ends, then slope and intercept on
/// the recent ones.
fn fit(columns: &[Column], rows: &[Scored<'_>]) -> Result<Stage> {
    let (wait, kinds) = columns
        .split_last()
        .expect("the wait is one; a test holds it");
    let mut stage = fit_kinds(kinds, rows)?;
    debug_assert!(rows.iter().all(|r| wait.value(r.row) == 0.0));
    stage.terms.push([0.0; 3]);
    Ok(stage)
}

fn fit_kinds(columns: &[Column], rows: &[Scored<'_>]) -> Result<Stage> {
    let regression = regression(columns, rows)?;
    let mut weights = regression.weights.iter();
    let mut next = || weights.next().copied().unwrap_or_default();
    let slope = next() * f64::from(UNPENALISED);
    let terms = columns
        .iter()
        .map(|column| {
            [
                next(),
                if column.sloped { next() } else { 0.0 },
                mean(column, rows),
            ]
        })
        .collect();
    let stage = Stage {
        intercept: regression.intercept,
        slope,
        terms,
    };
    stage.recalibrated(columns, rows)
}

fn mean(column: &Column, rows: &[Scored<'_>]) -> f64 {
    let sum: f64 = rows.iter().map(|r| column.value(r.row)).sum();
    sum / rows.len().max(1) as f64
}

fn regression(columns: &[Column], rows: &[Scored<'_>]) -> Result<Logistic> {
    let width = 1 + columns.len() + columns.iter().filter(|c| c.sloped).count();
    let mut values = Vec::with_capacity(rows.len() * width);
    for scored in rows {
        values.push(scored.score as f32 * UNPENALISED);
        for column in columns {
            let value = column.value(scored.row);
            values.push(value as f32);
            if column.sloped {
                values.push((value * scored.score) as f32);
            }
        }
    }
    let labels: Vec<f32> = rows.iter().map(|r| r.outcome).collect();
    let design = Design {
        values: &values,
        width,
        labels: &labels,
    };
    Logistic::fit(&design, PENALTY)
}

impl Stage {
    /// The stage with slope and intercept of its log-odds fitted to the recent rows:
    /// the base rate drifts.
    fn recalibrated(mut self, columns: &[Column], rows: &[Scored<'_>]) -> Result<Self> {
        let recent = rows.iter().filter(|r| r.recent);
        let (values, labels): (Vec<f32>, Vec<f32>) = recent
            .map(|r| (self.log_odds(columns, r) as f32, r.outcome))
            .unzip();
        let design = Design {
            values: &values,
            width: 1,
            labels: &labels,
        };
        let platt = Logistic::fit(&design, 1e-6)?;
        let by = platt.weights[0].max(0.0);
        self.intercept = platt.intercept + by * self.intercept;
        self.slope *= by;
        for [shift, slope, _] in &mut self.terms {
            *shift *= by;
            *slope *= by;
        }
        Ok(self)
    }

    /// Fits the term of the wait, beside the log-odds without it.
    fn learn_wait(&mut self, columns: &[Column], rows: &[Scored<'_>]) -> Result<()> {
        let (Some(wait), false) = (columns.last(), rows.is_empty()) else {
            return Ok(());
        };
        let columns_of = |r: &Scored<'_>| {
            let waited = wait.value(r.row);
            [self.log_odds(columns, r), waited, waited * r.score].map(|x| x as f32)
        };
        let values: Vec<f32> = rows.iter().flat_map(columns_of).collect();
        let labels: Vec<f32> = rows.iter().map(|r| r.outcome).collect();
        let design = Design {
            values: &values,
            width: 3,
            labels: &labels,
        };
        let fit = Logistic::fit(&design, 1e-6)?;
        if let Some(term) = self.terms.last_mut() {
            *term = [fit.weights[1], fit.weights[2], 0.0];
        }
        Ok(())
    }

    fn log_odds(&self, columns: &[Column], scored: &Scored<'_>) -> f64 {
        let mut total = self.intercept + self.slope * scored.score;
        for (column, [shift, slope, _]) in columns.iter().zip(&self.terms) {
            total += column.value(scored.row) * (shift + slope * scored.score);
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::{Kinds, Scored, Stages};
    use crate::domain::Role;
    use crate::ml::features::definitions;
    use crate::ml::rng::Rng;

    const ROLE: Role = Role::Pitcher;

    fn at(name: &str) -> usize {
        let found = definitions(ROLE).iter().position(|d| d.name == name);
        found.expect("is a feature")
    }

    /// Rows of players at AA and AAA, a third of whom are on a roster, of whom more
    /// succeed than their score says.
    fn rows(told: bool) -> Vec<(Vec<f32>, f64, f32)> {
        let (level, roster) = (at("level_top"), at("on_roster"));
        let mut rng = Rng::new(3, 5);
        let row = |i: usize| {
            let mut row = vec![0.0; definitions(ROLE).len()];
            row[level] = [6.0, 7.0][i % 2];
            row[roster] = if told {
                f32::from(u8::from(i.is_multiple_of(3)))
            } else {
                f32::NAN
            };
            let score = 4.0 * rng.unit() - 3.0;
            let log_odds = score + if i.is_multiple_of(3) { 1.0 } else { -1.0 };
            let hit = rng.unit() < 1.0 / (1.0 + (-log_odds).exp());
            (row, score, f32::from(u8::from(hit)))
        };
        (0..9000).map(row).collect()
    }

    fn fitted(rows: &[(Vec<f32>, f64, f32)]) -> Stages {
        let scored: Vec<Scored<'_>> = rows
            .iter()
            .map(|(row, score, outcome)| Scored {
                row,
                score: *score,
                outcome: *outcome,
                recent: true,
            })
            .collect();
        Kinds::of(ROLE).fit(&scored).expect("fits")
    }

    #[test]
    fn who_is_on_a_roster_has_an_intercept_of_his_own_where_rosters_are_told() {
        let (kinds, rows) = (Kinds::of(ROLE), rows(true));
        let stages = fitted(&rows);
        let said = |i: usize| kinds.line(&stages, &rows[i].0).log_odds(0.0);
        let gap = said(3) - said(1);
        assert!((1.5..2.5).contains(&gap), "{gap}");
        let mut silent = rows[3].0.clone();
        silent[at("on_roster")] = f32::NAN;
        let plain = kinds.line(&stages, &silent).log_odds(0.0);
        assert!(said(1) < plain && plain < said(3), "in between: {plain}");
    }

    #[test]
    fn without_rosters_there_is_one_stage() {
        assert!(fitted(&rows(false)).roster.is_none());
    }

    #[test]
    fn an_explanation_adds_up_and_only_kinds_have_terms_of_their_own() {
        let (kinds, rows) = (Kinds::of(ROLE), rows(true));
        let stages = fitted(&rows);
        let other = at("age");
        for (row, _, _) in rows.iter().take(12) {
            let mut shares = vec![0.0; row.len()];
            shares[other] = 0.7;
            let base = kinds.explain(&stages, row, -2.5, &mut shares);
            let line = kinds.line(&stages, row);
            let total = base + shares.iter().sum::<f64>();
            assert!((total - line.log_odds(-1.8)).abs() < 1e-9, "{total}");
            assert!((shares[other] - 0.7 * line.slope).abs() < 1e-12);
        }
    }
}
