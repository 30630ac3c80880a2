//! The outside sources: all that is fixed about each, as one value.
//!
//! Settings, budgets, health and alerts follow from [`ALL`]. A new source is an entry
//! here, a reader beside it, and a step of the daily chain that asks it.

use crate::domain::Severity;

/// A source of data outside.
#[derive(Debug, PartialEq)]
pub struct DataSource {
    /// Short name: in the store, on the command line and in names of settings.
    pub name: &'static str,
    /// Name as people say it.
    pub title: &'static str,
    /// Scheme and host.
    pub address: &'static str,
    /// Requests a day (UTC) at most.
    pub per_day: u32,
    /// Requests a second.
    pub per_second: f64,
    /// True when the operator may set another pace: that of his mirror.
    pub paced_by_operator: bool,
    /// Tries of a request; `None` for the usual number.
    pub attempts: Option<u32>,
    /// What turns it on.
    pub asked: Asked,
    /// The most that its silence matters.
    pub worst: Severity,
}

/// What a source waits for before it is asked.
#[derive(Debug, PartialEq)]
pub enum Asked {
    /// That the operator accepts its terms, once: the text.
    OnceAccepted(&'static str),
    /// That the operator turns it on: what the setting says.
    WhenTurnedOn(&'static str),
}

/// Everybody's figures, transactions and rosters.
pub static MLB: DataSource = DataSource {
    name: "mlb",
    title: "MLB Stats API",
    address: "https://statsapi.mlb.com",
    per_day: 1000,
    per_second: 1.0,
    paced_by_operator: true,
    attempts: None,
    asked: Asked::OnceAccepted(
        "\
The MLB Stats API (statsapi.mlb.com) is MLB Advanced Media's. Its notice, at
http://gdx.mlb.com/components/copyright.txt, allows individual, non-commercial,
non-bulk use of the data; anything else needs MLB Advanced Media's written
authorisation. afwd reads whole levels every day: whoever turns this on must have
the right to, for example through a licence or a licensed mirror (--mlb-url).",
    ),
    worst: Severity::Critical,
};

/// A second opinion on the minor leagues. Twelve questions are asked a day; the budget
/// leaves room for a run that is begun again.
pub static FANGRAPHS: DataSource = DataSource {
    name: "fangraphs",
    title: "FanGraphs leaders",
    address: "https://www.fangraphs.com",
    per_day: 60,
    per_second: 1.0,
    paced_by_operator: false,
    // Whoever answers with a page instead of data is not asked again.
    attempts: Some(1),
    asked: Asked::WhenTurnedOn(
        "Also ask FanGraphs for its minor-league leaders, as a second opinion; it may refuse, \
         and its content is its own",
    ),
    worst: Severity::Warning,
};

/// Every source, in the order in which they are shown.
pub static ALL: [&DataSource; 2] = [&MLB, &FANGRAPHS];

impl DataSource {
    /// The source called `name`.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.into_iter().find(|source| source.name == name)
    }

    /// What the operator must accept before the first call, where there is something.
    pub fn terms(&self) -> Option<&'static str> {
        match self.asked {
            Asked::OnceAccepted(terms) => Some(terms),
            Asked::WhenTurnedOn(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ALL, DataSource};

    #[test]
    fn sources_are_told_apart_by_name_and_address() {
        let names: BTreeSet<_> = ALL.iter().map(|source| source.name).collect();
        let addresses: BTreeSet<_> = ALL.iter().map(|source| source.address).collect();
        assert_eq!((names.len(), addresses.len()), (ALL.len(), ALL.len()));
        for source in ALL {
            assert_eq!(DataSource::named(source.name), Some(source));
            // Names of settings and of hosts are made of it.
            assert!(source.name.bytes().all(|b| b.is_ascii_lowercase()));
            assert!(source.address.starts_with("https://") && !source.address.ends_with('/'));
        }
    }
}
