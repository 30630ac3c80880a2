//! Since yesterday: two boards side by side, and what moved whom.
//!
//! A probability's move is divided over the groups of features exactly: what each
//! group adds in log-odds on the later board less what it added on the earlier one
//! is its share, and the shares add up to the move (tested). Boards of different
//! models differ for another reason, so then nothing is attributed.

use std::collections::HashMap;

use crate::domain::{Group, ProspectId, Transaction, TransactionKind};
use crate::rankings::board::data::Line;
use crate::rankings::board::ranking::Board;
use crate::rankings::features::FeatureSet;
use crate::rankings::views::{MoveView, ReasonView};
use jiff::civil::Date;

/// Moves of the probability smaller than this are no news, 0 to 1.
const SMALLEST_MOVE: f64 = 0.01;
/// Moves of the rank are news inside the first so many places,
const TOP: u32 = 300;
/// from so many places on.
const SMALLEST_CLIMB: u32 = 10;
/// Twice what a kept day's rounding to a millionth may take from a probability, and
/// half as much again.
const ROUNDED: f64 = 1.5e-6;
/// Groups named per move.
const REASONS: usize = 2;

/// The kinds in the order in which they are told.
pub const KINDS: [&str; 8] = [
    "debut",
    "promotion",
    "arrival",
    "rise",
    "fall",
    "demotion",
    "departure",
    "transaction",
];

/// Two boards and what else is known of the days between them.
pub(in crate::rankings) struct Between<'a> {
    pub(in crate::rankings) before: &'a Board,
    pub(in crate::rankings) after: &'a Board,
    pub(in crate::rankings) features: &'a FeatureSet,
    /// Players who first played in the majors in between, with the day.
    pub(in crate::rankings) debuts: HashMap<ProspectId, Date>,
    /// Roster transactions of the days after the earlier one.
    pub(in crate::rankings) transactions: Vec<(ProspectId, Transaction)>,
}

impl Between<'_> {
    /// Everything that is news, the most important first.
    pub(in crate::rankings) fn moves(&self) -> Vec<MoveView> {
        let mut moves = Vec::new();
        for line in self.after.shown_lines() {
            match self
                .before
                .line(line.facts.id, Some(line.facts.role))
                .filter(|old| old.rank > 0)
            {
                Some(old) => moves.extend(self.change(old, line)),
                None => moves.push(self.told("arrival", None, Some(line), arrival(line))),
            }
        }
        for old in self.before.shown_lines() {
            if self.after.line(old.facts.id, None).is_none() {
                moves.push(self.told("departure", Some(old), None, departure(old)));
            }
        }
        moves.extend(
            self.transactions
                .iter()
                .filter_map(|(id, deal)| self.transaction(*id, deal)),
        );
        moves.sort_by(|a, b| {
            importance(b)
                .total_cmp(&importance(a))
                .then(a.id.cmp(&b.id))
        });
        moves
    }

    fn change(&self, old: &Line, new: &Line) -> Option<MoveView> {
        if let Some(day) = self.debuts.get(&new.facts.id) {
            return Some(self.told(
                "debut",
                Some(old),
                Some(new),
                format!("first game in the majors on {day}"),
            ));
        }
        let (from, to) = (old.facts.level, new.facts.level);
        if from != to {
            let kind = if to > from { "promotion" } else { "demotion" };
            return Some(self.told(kind, Some(old), Some(new), format!("{from} to {to}")));
        }
        let moved = new.prediction.probability - old.prediction.probability;
        let climbed = old.rank.abs_diff(new.rank);
        let news = moved.abs() >= SMALLEST_MOVE
            || (climbed >= SMALLEST_CLIMB
                && old.rank.min(new.rank) <= TOP
                && moved.abs() > self.rounding());
        let kind = if moved > 0.0 { "rise" } else { "fall" };
        news.then(|| self.told(kind, Some(old), Some(new), moved_in_words(old, new)))
    }

    /// What rounding can make of no move at all.
    fn rounding(&self) -> f64 {
        if self.before.knows_features() && self.after.knows_features() {
            0.0
        } else {
            ROUNDED
        }
    }

    fn transaction(&self, id: ProspectId, deal: &Transaction) -> Option<MoveView> {
        // Moves between levels are told from the boards, with what they did to him.
        let told = [
            TransactionKind::Promotion,
            TransactionKind::Demotion,
            TransactionKind::Assignment,
            TransactionKind::Other,
        ];
        let line = self
            .after
            .line(id, None)
            .or_else(|| self.before.line(id, None))?;
        if told.contains(&deal.kind) {
            return None;
        }
        let club = |club: &Option<crate::domain::TransactionClub>| {
            club.as_ref()
                .map_or(String::new(), |club| club.name.clone())
        };
        let what = match (club(&deal.from), club(&deal.to)) {
            (from, to) if from.is_empty() || from == to => {
                format!("{} on {}: {to}", deal.kind, deal.day)
            }
            (from, to) => format!("{} on {}: {from} to {to}", deal.kind, deal.day),
        };
        Some(MoveView {
            reasons: Vec::new(),
            ..self.told("transaction", Some(line), Some(line), what)
        })
    }

    fn told(
        &self,
        kind: &'static str,
        old: Option<&Line>,
        new: Option<&Line>,
        what: String,
    ) -> MoveView {
        // One of the two is there: a move is of somebody.
        let facts = new.or(old).map(|line| &line.facts);
        MoveView {
            kind,
            id: facts.map_or(0, |facts| facts.id.0),
            name: facts.map_or(String::new(), |facts| facts.name.clone()),
            level: facts.map_or(String::new(), |facts| facts.level.to_string()),
            organisation: facts
                .filter(|facts| !facts.organisation.is_unknown())
                .map(|facts| facts.organisation.to_string()),
            what,
            rank_before: rank(old),
            rank_after: rank(new),
            before: old.map(|line| line.prediction.probability),
            after: new.map(|line| line.prediction.probability),
            reasons: old
                .zip(new)
                .map_or(Vec::new(), |(old, new)| self.reasons(old, new)),
        }
    }

    /// The groups that moved him most; none between boards of different models.
    fn reasons(&self, old: &Line, new: &Line) -> Vec<ReasonView> {
        if self.before.model_id() != self.after.model_id() {
            return Vec::new();
        }
        let mut shares = self.shares(old, new);
        let total: f64 = shares.iter().map(|(_, share)| share.abs()).sum();
        let moved = new.prediction.probability - old.prediction.probability;
        let net: f64 = shares.iter().map(|(_, share)| share).sum();
        shares.retain(|(_, share)| share.abs() > 1e-6 && share.abs() > 0.05 * total);
        shares.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        shares.truncate(REASONS);
        let of = |(group, log_odds): (Group, f64)| ReasonView {
            group: group.as_str(),
            log_odds,
            // Divided as the log-odds are; where they cancel out there is no scale.
            probability: if net.abs() > 1e-9 {
                (moved * log_odds / net).clamp(-1.0, 1.0)
            } else {
                0.0
            },
        };
        shares.into_iter().map(of).collect()
    }

    /// Change of each group's log-odds; with the change of the base they add up to
    /// the change of the probability's log-odds.
    fn shares(&self, old: &Line, new: &Line) -> Vec<(Group, f64)> {
        let of = |board: &Board, line: &Line| {
            board.group_shares(line, self.features.of(line.facts.role))
        };
        let (before, after) = (of(self.before, old), of(self.after, new));
        Group::ALL
            .iter()
            .zip(before.iter().zip(after))
            .map(|(&group, (b, a))| (group, a - b))
            .collect()
    }
}

/// His rank; none while he is not on the board, or stands there in another role.
fn rank(line: Option<&Line>) -> Option<u32> {
    line.map(|line| line.rank).filter(|&rank| rank > 0)
}

fn arrival(line: &Line) -> String {
    format!("new on the board at {}", line.facts.level)
}

fn departure(line: &Line) -> String {
    format!("no longer a prospect; last at {}", line.facts.level)
}

fn moved_in_words(old: &Line, new: &Line) -> String {
    let points = (new.prediction.probability - old.prediction.probability) * 100.0;
    format!("{points:+.1} points, rank {} to {}", old.rank, new.rank)
}

/// What moves a reader: news of kind first by how good the player is, then by how
/// far he moved.
fn importance(of: &MoveView) -> f64 {
    let chance = of.after.into_iter().chain(of.before).fold(0.0, f64::max);
    let moved = of
        .after
        .zip(of.before)
        .map_or(0.0, |(after, before)| (after - before).abs());
    let kind = match of.kind {
        "debut" => 3.0,
        "promotion" => 1.0,
        "arrival" | "departure" => 0.3,
        "transaction" => 0.2,
        _ => 0.0,
    };
    (0.2 + kind) * chance + 10.0 * moved
}
