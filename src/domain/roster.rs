//! Places on 40-man rosters: what a club thinks of a prospect, in public and dated.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Transaction, TransactionKind};

/// A dated fact about a player's place on a 40-man roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterMove {
    /// The day it happened.
    pub day: Date,
    /// What it was.
    pub step: RosterStep,
}

/// What a fact says of a place on a 40-man roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RosterStep {
    /// His contract was selected or purchased, or another club took him: he was
    /// put on the roster.
    Added,
    /// He was optioned, recalled or claimed, which happens to men on it only.
    Held,
    /// He was taken off: outrighted, released, or signed to a minor-league contract.
    Removed,
    /// He was designated for assignment: off it until another club takes him.
    Designated,
    /// He was traded: on the new club's roster when he had been designated before,
    /// and where he was otherwise.
    Traded,
    /// He was invited to a camp as somebody who is on no roster.
    Invited,
    /// A roster of that day lists him.
    Listed,
    /// A roster of that day lists him no more.
    Unlisted,
    /// A move that says nothing of a roster, but that moves were being recorded.
    Other,
}

/// Codes of the MLB Stats API by what they say, and three for what it tells in words
/// only: not tendered a contract, signed to a minor-league contract, invited to camp.
const CODES: &[(&str, RosterStep)] = &[
    ("SE", RosterStep::Added),
    ("PUR", RosterStep::Added),
    ("R5", RosterStep::Added),
    ("CU", RosterStep::Held),
    ("OPT", RosterStep::Held),
    ("CLW", RosterStep::Held),
    ("OUT", RosterStep::Removed),
    ("REL", RosterStep::Removed),
    ("DFA", RosterStep::Removed),
    ("NT", RosterStep::Removed),
    ("MLF", RosterStep::Removed),
    ("DES", RosterStep::Designated),
    ("TR", RosterStep::Traded),
    ("NRI", RosterStep::Invited),
];

impl RosterMove {
    /// What a transaction says of a place on a 40-man roster.
    pub fn of(transaction: &Transaction) -> Self {
        let known = CODES.iter().find(|(code, _)| *code == transaction.code);
        let step = match known {
            Some((_, step)) => *step,
            // A free agent signed by a club of the minors has a minor-league contract.
            None if transaction.kind == TransactionKind::Signing => signing(transaction),
            None => RosterStep::Other,
        };
        Self {
            day: transaction.day,
            step,
        }
    }
}

fn signing(transaction: &Transaction) -> RosterStep {
    let major = transaction.to.as_ref().is_none_or(|club| club.major);
    if transaction.code == "SFA" && !major {
        RosterStep::Removed
    } else {
        RosterStep::Other
    }
}

/// Whether moves, oldest first, leave a player on a 40-man roster, and since when he
/// is on it. Later moves than the day one asks for must have been left out.
pub fn on_roster(moves: impl IntoIterator<Item = RosterMove>) -> Option<OnRoster> {
    let mut on: Option<OnRoster> = None;
    let mut designated = false;
    for RosterMove { day, step } in moves {
        let stays = match step {
            RosterStep::Added | RosterStep::Held | RosterStep::Listed => true,
            RosterStep::Traded => on.is_some() || designated,
            RosterStep::Removed | RosterStep::Designated | RosterStep::Unlisted => false,
            // Who is invited in winter without a place has none.
            RosterStep::Invited => on.is_some() && !matches!(day.month(), 1..=3 | 12),
            RosterStep::Other => on.is_some(),
        };
        designated = step == RosterStep::Designated || (designated && step == RosterStep::Other);
        let before = on.filter(|_| stays);
        let selected = (step == RosterStep::Added).then_some(day);
        on = stays.then(|| OnRoster {
            since: before.map_or(day, |on| on.since),
            selected: selected.or(before.and_then(|on| on.selected)),
        });
    }
    on
}

/// A place on a 40-man roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnRoster {
    /// The day from which he has been on it without a break.
    pub since: Date,
    /// The newest day in that time on which his contract was selected, when known.
    pub selected: Option<Date>,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{OnRoster, RosterMove, RosterStep, on_roster};
    use crate::domain::{Transaction, TransactionClub, TransactionKind};

    fn after(steps: &[(i8, RosterStep)]) -> Option<OnRoster> {
        on_roster(steps.iter().map(|&(month, step)| RosterMove {
            day: date(2015, month, 1),
            step,
        }))
    }

    #[test]
    fn who_is_added_stays_until_he_is_removed() {
        use RosterStep::{Added, Designated, Held, Invited, Removed, Traded};
        let on = after(&[(3, Added), (4, Held), (5, Traded), (6, Invited)]).expect("is on it");
        assert_eq!(on.since, date(2015, 3, 1));
        assert_eq!(on.selected, Some(date(2015, 3, 1)));
        for last in [Removed, Designated, RosterStep::Unlisted] {
            assert_eq!(after(&[(3, Added), (4, last)]), None, "{last:?}");
        }
        assert_eq!(after(&[(3, Added), (12, Invited)]), None);
        assert!(after(&[(4, RosterStep::Listed)]).is_some_and(|on| on.selected.is_none()));
    }

    #[test]
    fn a_trade_brings_nobody_on_but_who_was_designated() {
        use RosterStep::{Added, Designated, Removed, Traded};
        assert_eq!(after(&[(5, Traded)]), None);
        let again = after(&[(3, Added), (4, Designated), (5, Traded)]).expect("is on it");
        assert_eq!(again.since, date(2015, 5, 1));
        assert_eq!(after(&[(3, Designated), (4, Removed), (5, Traded)]), None);
    }

    #[test]
    fn codes_say_what_happened_and_a_minor_league_contract_means_off() {
        let step = |code: &str, kind, major: Option<bool>| {
            let club = |major| TransactionClub {
                id: 1,
                name: String::new(),
                level: None,
                major,
            };
            RosterMove::of(&Transaction {
                id: 1,
                day: date(2015, 6, 1),
                kind,
                code: code.to_owned(),
                from: None,
                to: major.map(club),
            })
            .step
        };
        assert_eq!(
            step("SE", TransactionKind::Promotion, Some(true)),
            RosterStep::Added
        );
        assert_eq!(
            step("DES", TransactionKind::Other, None),
            RosterStep::Designated
        );
        assert_eq!(
            step("SFA", TransactionKind::Signing, Some(false)),
            RosterStep::Removed
        );
        assert_eq!(
            step("SFA", TransactionKind::Signing, Some(true)),
            RosterStep::Other
        );
        assert_eq!(
            step("ASG", TransactionKind::Promotion, Some(false)),
            RosterStep::Other
        );
    }
}
