//! The rules: what is the matter, told from what the server knows of itself.

use crate::domain::Severity;

/// Seconds for the slowest of twenty answers above which readers wait.
const SLOW: f64 = 1.0;
/// Share of cacheable answers that had to be made, above which the cache is no use.
const MISSED: f64 = 0.5;
/// Share of the disk taken above which it needs a look.
const FULL: f64 = 0.8;
/// Fewest answers that say anything.
const FEW: u64 = 50;

/// What the server knows of itself.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    /// Why the store can't be read.
    pub store: Option<String>,
    /// Why no board can be served.
    pub board: Option<String>,
    /// Why backups are not as the operator wants them.
    pub backup: Option<String>,
    /// How the model misses its figures.
    pub model: Option<String>,
    /// Sources whose data is old.
    pub sources: Vec<LateSource>,
    /// Answers looked at.
    pub answers: u64,
    /// Seconds for the slowest of twenty of them.
    pub slowest: Option<f64>,
    /// Cacheable answers looked at.
    pub cacheable: u64,
    /// Share of them that had to be made.
    pub missed: Option<f64>,
    /// Share of the disk that is taken.
    pub disk: Option<f64>,
    /// The newest finished daily run, and how it went.
    pub daily: Option<(String, String)>,
}

/// A source whose data is old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateSource {
    /// Its short name.
    pub name: String,
    /// How old its data is and why, in words.
    pub what: String,
}

/// Something that is the matter, or has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The rule's name.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// What is the matter, in a sentence.
    pub what: String,
    /// What has happened, where it is an event; none for a state.
    pub event: Option<String>,
}

impl Condition {
    /// Something that is the matter as long as it is named.
    pub fn state(rule: &str, severity: Severity, what: impl Into<String>) -> Self {
        Self {
            rule: rule.to_owned(),
            severity,
            what: what.into(),
            event: None,
        }
    }

    /// Something that has happened once.
    pub fn event(rule: &str, severity: Severity, what: impl Into<String>, event: &str) -> Self {
        Self {
            event: Some(event.to_owned()),
            ..Self::state(rule, severity, what)
        }
    }
}

/// What is the matter.
pub fn conditions(signals: &Signals) -> Vec<Condition> {
    let mut found = Vec::new();
    let critical = [
        ("store", &signals.store),
        ("board", &signals.board),
        ("backup", &signals.backup),
        ("model", &signals.model),
    ];
    for (rule, what) in critical {
        found.extend(
            what.as_ref()
                .map(|what| Condition::state(rule, Severity::Critical, what)),
        );
    }
    for source in &signals.sources {
        let (rule, what) = (format!("source {}", source.name), &source.what);
        found.push(Condition::state(&rule, Severity::Warning, what));
    }
    found.extend(load(signals));
    if let Some((run, what)) = &signals.daily {
        found.push(Condition::event("daily", Severity::Info, what, run));
    }
    found
}

fn load(signals: &Signals) -> impl Iterator<Item = Condition> {
    let warn = |rule: &str, what: String| Condition::state(rule, Severity::Warning, what);
    let slow = signals
        .slowest
        .filter(|&s| s > SLOW && signals.answers >= FEW);
    let slow = slow.map(|_| {
        warn(
            "latency",
            "one of twenty answers takes over a second".to_owned(),
        )
    });
    let missed = signals
        .missed
        .filter(|&m| m > MISSED && signals.cacheable >= FEW);
    let missed = missed.map(|_| {
        let what = "more than half of the answers that could be cached had to be made";
        warn("cache", what.to_owned())
    });
    let full = signals.disk.filter(|&share| share > FULL);
    let full = full.map(|_| {
        let what = "more than 80 % of the disk that holds the data is taken";
        warn("disk", what.to_owned())
    });
    [slow, missed, full].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::{FEW, LateSource, Signals, conditions};

    fn late(name: &str) -> LateSource {
        LateSource {
            name: name.to_owned(),
            what: "40 hours old: since noon".to_owned(),
        }
    }

    fn rules(signals: &Signals) -> Vec<String> {
        conditions(signals).into_iter().map(|c| c.rule).collect()
    }

    #[test]
    fn each_rule_has_its_limit() {
        let at_the_limits = Signals {
            answers: FEW,
            slowest: Some(1.0),
            cacheable: FEW,
            missed: Some(0.5),
            disk: Some(0.8),
            ..Signals::default()
        };
        assert_eq!(rules(&at_the_limits), Vec::<String>::new());
        let over = Signals {
            slowest: Some(2.5),
            missed: Some(0.51),
            disk: Some(0.81),
            ..at_the_limits.clone()
        };
        assert_eq!(rules(&over), ["latency", "cache", "disk"]);
        let too_few = Signals {
            answers: FEW - 1,
            cacheable: FEW - 1,
            disk: None,
            ..over
        };
        assert_eq!(rules(&too_few), Vec::<String>::new());
    }

    #[test]
    fn each_source_is_an_alert_of_its_own() {
        let signals = Signals {
            sources: ["one", "two"].map(late).to_vec(),
            ..Signals::default()
        };
        assert_eq!(rules(&signals), ["source one", "source two"]);
    }
}
