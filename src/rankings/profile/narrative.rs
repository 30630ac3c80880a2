//! Three or four plain sentences out of an explanation. Each says what one
//! number says: which way it moves the probability, by how much, and the figure
//! behind it; a share smaller than [`FLOOR`] is not spoken of.

use super::explain::GroupShare;
use super::phrases::{Quotable, figure, level, noun, trials};
use crate::domain::Role;
use crate::rankings::board::entry::Facts;
use crate::rankings::views::{BoardRow, ExplanationView};
use crate::rankings::wording::{chance, points};

/// Smallest share a sentence is about, in log-odds.
pub(in crate::rankings) const FLOOR: f64 = 0.1;

/// The model's answer to a changed row: one group of features where the best
/// quarter of his level begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::rankings) struct WhatIf {
    pub(in crate::rankings) group: &'static str,
    pub(in crate::rankings) probability: f64,
}

/// What the sentences are made of.
pub(in crate::rankings) struct Told<'a> {
    pub(in crate::rankings) row: &'a BoardRow,
    pub(in crate::rankings) explanation: &'a ExplanationView,
    pub(in crate::rankings) quotable: Quotable<'a>,
    /// The largest rise found; `None` when nothing was tried.
    pub(in crate::rankings) what_if: Option<WhatIf>,
}

/// What is said of a player without a prediction.
pub(in crate::rankings) fn without_prediction() -> Vec<String> {
    vec!["Without a prediction there are no reasons to tell.".to_owned()]
}

impl Told<'_> {
    /// The sentences: the number, what lifts it, what holds it down, and what
    /// would move it most; on thin data, how little it stands on.
    pub(in crate::rankings) fn sentences(&self) -> Vec<String> {
        if self.row.thin_data {
            return vec![self.opening(), self.thin(), self.weightiest()];
        }
        let mut sentences = vec![self.opening(), self.lifting(), self.holding()];
        sentences.extend(self.what_if.map(|answer| self.moving(answer)));
        sentences
    }

    fn facts(&self) -> &Facts {
        self.quotable.facts
    }

    fn opening(&self) -> String {
        let (shown, typical) = (
            self.explanation.probability,
            self.explanation.base_probability,
        );
        format!(
            "{} has a chance of success of {}, against {} for the typical {} the model learned from.",
            self.row.name,
            chance(shown),
            chance(typical),
            self.explanation.role
        )
    }

    fn thin(&self) -> String {
        let facts = self.facts();
        let played = match facts.playing_time {
            0 => "he did not play in the role in the season".to_owned(),
            time => format!("{time} {} are too few to judge a season by", trials(facts)),
        };
        let played = played.replace("1 plate appearance are", "1 plate appearance is");
        let played = played.replace("1 batter faced are", "1 batter faced is");
        let (low, high) = (chance(self.row.lower), chance(self.row.upper));
        if low == high {
            return format!("Take it as a rough guess: {played}.");
        }
        format!("Take it as a rough guess between {low} and {high}: {played}.")
    }

    /// On thin data: what weighs most, without a figure of the short season.
    fn weightiest(&self) -> String {
        let shares = self.shares(|log_odds| log_odds.abs() >= FLOOR);
        match shares.first() {
            Some(share) => format!(
                "What counts most in it is {}, which {} it by {}.",
                noun(share.group, self.facts().role),
                if share.log_odds > 0.0 {
                    "raises"
                } else {
                    "lowers"
                },
                points(self.worth(share))
            ),
            None => "No single group of reasons counts for much in it.".to_owned(),
        }
    }

    fn lifting(&self) -> String {
        let shares = self.shares(|log_odds| log_odds >= FLOOR);
        let Some(first) = shares.first() else {
            return "Nothing in his record lifts the number noticeably.".to_owned();
        };
        let lead = if first.log_odds >= 1.0 {
            "What lifts him above all is"
        } else {
            "What lifts him most is"
        };
        let next = shares.get(1).map_or(String::new(), |next| {
            format!("; next comes {}", self.reason(next))
        });
        format!("{lead} {}{next}.", self.reason(first))
    }

    fn holding(&self) -> String {
        let shares = self.shares(|log_odds| log_odds <= -FLOOR);
        match shares.first() {
            Some(share) => format!("What holds him back most is {}.", self.reason(share)),
            None => "Nothing in his record holds the number back noticeably.".to_owned(),
        }
    }

    fn moving(&self, answer: WhatIf) -> String {
        let now = self.explanation.probability;
        let people = format!(
            "{}s in {}",
            self.explanation.role,
            level(self.facts().level)
        );
        if log_odds(answer.probability) - log_odds(now) < FLOOR {
            return format!(
                "No single skill brought to the best quarter of {people} would raise the model's answer noticeably."
            );
        }
        format!(
            "Of his skills, {} would move the number most: with its figures where the best quarter of {people} begins and \
             all else unchanged, the model would answer {} instead of {}.",
            noun(answer.group, self.facts().role),
            chance(answer.probability),
            chance(now)
        )
    }

    /// `his power (an isolated power of .231, ...), worth 3.0 percentage points`.
    fn reason(&self, share: &GroupShare<'_>) -> String {
        let figure =
            figure(share, &self.quotable).map_or(String::new(), |figure| format!(" ({figure})"));
        let worth = self.worth(share);
        let verb = if worth >= 0.0 { "adding" } else { "taking" };
        format!(
            "{}{figure}, {verb} {}",
            noun(share.group, self.facts().role),
            points(worth)
        )
    }

    /// Groups whose share satisfies `keep`, the largest first.
    fn shares(&self, keep: impl Fn(f64) -> bool) -> Vec<GroupShare<'_>> {
        let groups = self.explanation.groups.iter();
        groups
            .filter(|group| keep(group.log_odds))
            .map(|group| GroupShare::of(self.explanation, group))
            .collect()
    }

    /// Probability with the share minus without it.
    fn worth(&self, share: &GroupShare<'_>) -> f64 {
        let without = 1.0 / (1.0 + (share.log_odds - self.explanation.log_odds).exp());
        self.explanation.probability - without
    }
}

/// Groups a player can work on: what a what-if may change.
pub(in crate::rankings) fn workable(role: Role) -> &'static [crate::domain::Group] {
    use crate::domain::Group::{Command, Contact, Discipline, Power, RunPrevention, Speed, Stuff};
    match role {
        Role::Hitter => &[Power, Contact, Discipline, Speed],
        Role::Pitcher => &[Stuff, Command, RunPrevention],
    }
}

fn log_odds(probability: f64) -> f64 {
    (probability / (1.0 - probability)).ln()
}
