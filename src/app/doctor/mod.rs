//! What is wrong with an installation, how bad that is, and what to run.
//!
//! Every check looks without changing anything, also at a store that a killed
//! process left or an older version wrote. Only [`Doctor::fix`] changes something:
//! it clears away what interrupted runs left, and makes the search index again.
//! Both are done by the next start of a server too.

mod accounts;
mod derived;
mod kept;
mod place;
mod surroundings;

use std::path::Path;

use serde::{Serialize, Serializer};

use crate::clock::Clock;
use crate::domain::Severity;
use crate::ops::backup::Scheduled;
use crate::secret::Secret;
use crate::store::{self, OpenError, Store};

/// What is examined, and how.
pub struct Doctor<'a> {
    /// The data directory.
    pub data: &'a Path,
    /// The time.
    pub clock: &'a dyn Clock,
    /// Where backups go and how often, when that is configured.
    pub backups: Option<Scheduled>,
    /// NameIndex of variables `AFWD_*` that are set and that nothing reads.
    pub unknown_settings: Vec<String>,
    /// The operator's token.
    pub admin_token: Option<Secret>,
    /// The keys of accounts, when they are not in a file of the data directory.
    pub account_keys: Option<Secret>,
    /// Do what is safe about what is found.
    pub fix: bool,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// What was looked at.
    pub check: &'static str,
    /// How much it matters; nothing when all is well.
    #[serde(serialize_with = "in_a_word")]
    pub severity: Option<Severity>,
    /// What was found, as a sentence.
    pub what: String,
    /// What to do; empty when there is nothing to do.
    pub run: String,
    /// True when this run has done it.
    pub fixed: bool,
}

/// Everything that was found.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// True when nothing is left that is worse than worth knowing.
    pub healthy: bool,
    /// In the order of the checks.
    pub findings: Vec<Diagnosis>,
}

impl Diagnosis {
    fn new(check: &'static str, severity: Severity, what: impl Into<String>) -> Self {
        Self {
            severity: Some(severity),
            ..Self::fine(check, what)
        }
    }

    fn fine(check: &'static str, what: impl Into<String>) -> Self {
        Self {
            check,
            severity: None,
            what: what.into(),
            run: String::new(),
            fixed: false,
        }
    }

    fn run(mut self, run: impl Into<String>) -> Self {
        self.run = run.into();
        self
    }

    fn fixed(mut self) -> Self {
        self.fixed = true;
        self
    }

    /// True when somebody has to do something.
    pub fn is_open(&self) -> bool {
        self.severity >= Some(Severity::Warning) && !self.fixed
    }
}

/// The severity's name, or `fine`.
fn in_a_word<S: Serializer>(severity: &Option<Severity>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(severity.map_or("fine", Severity::as_str))
}

impl Doctor<'_> {
    /// Looks at everything.
    pub fn examine(&self) -> Report {
        let mut findings = vec![self.directory(), self.disk()];
        findings.extend(self.leftovers());
        let store = self.store(&mut findings);
        findings.push(self.index(store.as_ref()));
        findings.extend(self.models(store.as_ref()));
        findings.extend(store.as_ref().map(|store| self.days(store)));
        findings.extend(store.as_ref().map(|store| self.account_keys(store)));
        findings.push(self.clock(store.as_ref()));
        findings.extend(self.settings());
        findings.push(self.backups());
        findings.extend(store.iter().flat_map(|store| self.sources(store)));
        Report {
            healthy: !findings.iter().any(Diagnosis::is_open),
            findings,
        }
    }

    /// The store with every page and row checked; `None` when it can't be read.
    fn store(&self, findings: &mut Vec<Diagnosis>) -> Option<Store> {
        const CHECK: &str = "store";
        let store = match Store::look(&store::Config::new(self.data)) {
            Ok(store) => store,
            Err(error) => {
                findings.push(unopened(&error));
                return None;
            }
        };
        let counted = store
            .contents()
            .map_err(anyhow::Error::from)
            .and_then(|contents| Ok((contents, store.read(|tx| tx.digest())?)));
        match counted {
            Ok((contents, digest)) => {
                let rows = digest.rows();
                let what = format!(
                    "every page and row is sound: {rows} rows in {} tables, digest {}",
                    digest.tables.len(),
                    &digest.hash[..16],
                );
                findings.push(Diagnosis::fine(CHECK, what));
                findings.extend(older(contents.identity.schema));
            }
            Err(error) => {
                let what = format!("{error:#}");
                let damaged = Diagnosis::new(CHECK, Severity::Critical, what);
                findings.push(damaged.run("afwd restore FILE, with the newest backup"));
            }
        }
        Some(store)
    }
}

/// What it means that the store can't be opened.
fn unopened(error: &OpenError) -> Diagnosis {
    const CHECK: &str = "store";
    let finding = |severity| Diagnosis::new(CHECK, severity, error.to_string());
    match error {
        OpenError::AlreadyOpen(_) => {
            let what = "another afwd has it open, so its pages and rows were not checked";
            let run = "afwd backup FILE, which has the running server check every row; or \
                       stop the server and run afwd doctor again";
            Diagnosis::new(CHECK, Severity::Info, what).run(run)
        }
        OpenError::Missing(_) => finding(Severity::Warning)
            .run("afwd import KIND FILE..., afwd restore FILE, or afwd serve --demo"),
        OpenError::Newer { .. } => {
            finding(Severity::Critical).run("install the version that wrote it")
        }
        OpenError::Empty(_) | OpenError::Foreign { .. } | OpenError::Damaged { .. } => {
            finding(Severity::Critical).run("afwd restore FILE, with the newest backup")
        }
        _ => finding(Severity::Critical).run("see that the disk and its permissions are sound"),
    }
}

fn older(schema: u32) -> Option<Diagnosis> {
    let what = format!(
        "version {schema}: the next start brings it to version {}, after a copy",
        store::schema()
    );
    (schema < store::schema()).then(|| Diagnosis::new("store", Severity::Info, what))
}
