//! What the operator has been told.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::message::{Change, Message};
use super::rules::Condition;
use crate::domain::Severity;

/// How often he is told again of what stays.
const REMIND: SignedDuration = SignedDuration::from_hours(24);

/// The alerts that are raised, and the last event he was told of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Raised alerts by rule.
    pub raised: BTreeMap<String, Raised>,
    /// The newest event of each rule that tells of events.
    pub events: BTreeMap<String, String>,
}

/// A raised alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raised {
    /// How much it matters.
    pub severity: Severity,
    /// What is the matter.
    pub what: String,
    /// Since when.
    pub since: Timestamp,
    /// When the operator was last told.
    pub told: Timestamp,
}

impl Book {
    /// Takes over what is the matter now; gives what there is to tell.
    pub fn compare(&mut self, now: Timestamp, conditions: &[Condition]) -> Vec<Message> {
        let mut messages = self.over(now, conditions);
        for condition in conditions {
            messages.extend(match &condition.event {
                Some(event) => self.event(now, condition, event),
                None => self.state(now, condition),
            });
        }
        messages
    }

    fn over(&mut self, now: Timestamp, conditions: &[Condition]) -> Vec<Message> {
        let stays = |rule: &str| conditions.iter().any(|condition| condition.rule == rule);
        let gone: Vec<String> = self.raised.keys().filter(|r| !stays(r)).cloned().collect();
        let resolved = gone.into_iter().filter_map(|rule| {
            let raised = self.raised.remove(&rule)?;
            Some(Message {
                change: Change::Resolved,
                severity: raised.severity,
                what: raised.what,
                since: raised.since,
                at: now,
                rule,
            })
        });
        resolved.collect()
    }

    fn state(&mut self, now: Timestamp, condition: &Condition) -> Option<Message> {
        let change = match self.raised.get_mut(&condition.rule) {
            None => {
                let raised = Raised {
                    severity: condition.severity,
                    what: condition.what.clone(),
                    since: now,
                    told: now,
                };
                self.raised.insert(condition.rule.clone(), raised);
                Change::Raised
            }
            Some(raised) => {
                raised.what.clone_from(&condition.what);
                if now.duration_since(raised.told) < REMIND {
                    return None;
                }
                raised.told = now;
                Change::Reminder
            }
        };
        let since = self.raised.get(&condition.rule).map(|raised| raised.since);
        Some(message(change, condition, since.unwrap_or(now), now))
    }

    fn event(&mut self, now: Timestamp, condition: &Condition, event: &str) -> Option<Message> {
        let last = self.events.insert(condition.rule.clone(), event.to_owned());
        // What happened before the first look is no news.
        let news = last.is_some_and(|last| last != event);
        news.then(|| message(Change::Note, condition, now, now))
    }
}

fn message(change: Change, condition: &Condition, since: Timestamp, at: Timestamp) -> Message {
    Message {
        change,
        rule: condition.rule.clone(),
        severity: condition.severity,
        what: condition.what.clone(),
        since,
        at,
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::Book;
    use crate::domain::Severity;
    use crate::ops::alerts::{Change, Condition};

    fn full() -> Condition {
        Condition::state("disk", Severity::Warning, "the disk is 91 % full")
    }

    fn changes(book: &mut Book, hours: i64, conditions: &[Condition]) -> Vec<Change> {
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours);
        let told = book.compare(now, conditions);
        told.iter().map(|message| message.change).collect()
    }

    #[test]
    fn only_changes_are_told_and_what_stays_once_a_day() {
        let mut book = Book::default();
        assert_eq!(changes(&mut book, 0, &[]), []);
        assert_eq!(changes(&mut book, 1, &[full()]), [Change::Raised]);
        for hours in 2..25 {
            assert_eq!(changes(&mut book, hours, &[full()]), [], "{hours}");
        }
        assert_eq!(changes(&mut book, 25, &[full()]), [Change::Reminder]);
        assert_eq!(changes(&mut book, 26, &[full()]), []);
        assert_eq!(changes(&mut book, 27, &[]), [Change::Resolved]);
        assert_eq!(changes(&mut book, 28, &[]), []);
        assert_eq!(changes(&mut book, 29, &[full()]), [Change::Raised]);
    }

    #[test]
    fn an_event_is_told_once_and_never_an_old_one() {
        let done = |day: &str| Condition::event("daily", Severity::Info, "the run is done", day);
        let mut book = Book::default();
        assert_eq!(changes(&mut book, 0, &[done("1")]), []);
        assert_eq!(changes(&mut book, 24, &[done("2")]), [Change::Note]);
        assert_eq!(changes(&mut book, 25, &[done("2")]), []);
    }
}
