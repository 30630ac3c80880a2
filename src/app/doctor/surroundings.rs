//! What the program relies on: the clock, its settings, backups, the sources.

use jiff::{SignedDuration, Timestamp};

use super::{Diagnosis, Doctor};
use crate::data_dir::STORE;
use crate::domain::Severity;
use crate::ingest::sources::{ALL, MLB};
use crate::ops::backup::Shelf;
use crate::store::Store;

/// A second in the year this was written: no clock that is right shows less.
const WRITTEN: i64 = 1_767_225_600;
/// How far the clock may be behind what happened.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(10);
/// Characters below which a token can be guessed.
const SHORT_TOKEN: usize = 16;

impl Doctor<'_> {
    /// Whether the clock can be right.
    pub(super) fn clock(&self, store: Option<&Store>) -> Diagnosis {
        const CHECK: &str = "clock";
        let now = self.clock.now();
        let run = "set the clock, and keep it right with NTP (timedatectl set-ntp true)";
        if now.as_second() < WRITTEN {
            let what = format!("it shows {now:.0}, which is long past");
            return Diagnosis::new(CHECK, Severity::Critical, what).run(run);
        }
        let newest = self.newest_event(store);
        match newest.filter(|newest| now.duration_until(*newest) > TOLERANCE) {
            Some(newest) => {
                let what = format!("it shows {now:.0}, but the store was used at {newest:.0}");
                Diagnosis::new(CHECK, Severity::Warning, what).run(run)
            }
            None => Diagnosis::fine(CHECK, format!("it shows {now:.0}")),
        }
    }

    /// The latest time anything is known to have happened.
    fn newest_event(&self, store: Option<&Store>) -> Option<Timestamp> {
        let written = std::fs::metadata(self.data.join(STORE))
            .and_then(|meta| meta.modified())
            .ok()
            .and_then(|time| Timestamp::try_from(time).ok());
        let asked = store.and_then(|store| {
            let state = store.read(|tx| tx.source(MLB.name)).ok()?;
            state.asked.max(state.applied)
        });
        written.max(asked)
    }

    /// Whether the environment says what somebody meant.
    pub(super) fn settings(&self) -> Vec<Diagnosis> {
        const CHECK: &str = "configuration";
        let unknown = self.unknown_settings.iter().map(|name| {
            let what = format!("{name} is set, but it is no setting of this version");
            Diagnosis::new(CHECK, Severity::Warning, what)
                .run("correct or unset it; afwd help serve lists them")
        });
        let mut findings: Vec<Diagnosis> = unknown.collect();
        let token = self.admin_token.as_ref().filter(|token| !token.is_empty());
        if token.is_some_and(|token| token.len() < SHORT_TOKEN) {
            let what = format!("the operator's token has less than {SHORT_TOKEN} characters");
            let short = Diagnosis::new(CHECK, Severity::Warning, what);
            findings.push(short.run("use a longer one: openssl rand -hex 24"));
        }
        if findings.is_empty() {
            findings.push(Diagnosis::fine(CHECK, "nothing is misspelt"));
        }
        findings
    }

    /// How old the newest backup is, where backups are configured.
    pub(super) fn backups(&self) -> Diagnosis {
        const CHECK: &str = "backups";
        let run = "afwd backup DIR, and see the server's log for why none was made";
        let Some(plan) = &self.backups else {
            let what = "no place is given, so their age was not looked at";
            let run = "afwd serve --backup-dir DIR; pass the same to afwd doctor";
            return Diagnosis::new(CHECK, Severity::Info, what).run(run);
        };
        let list = Shelf::at(&plan.location, &plan.s3).and_then(|shelf| shelf.list());
        let newest = match list {
            Ok(list) => list.into_iter().next(),
            Err(error) => {
                return Diagnosis::new(CHECK, Severity::Critical, error.to_string()).run(run);
            }
        };
        let Some(newest) = newest else {
            return Diagnosis::new(CHECK, Severity::Critical, "there is none yet").run(run);
        };
        let age = newest.created.duration_until(self.clock.now());
        let what = format!(
            "the newest is {}, {} hours old",
            newest.name,
            age.as_hours()
        );
        // One that is under way or was tried again is no reason to worry.
        if age > plan.every.saturating_mul(2) {
            Diagnosis::new(CHECK, Severity::Critical, what).run(run)
        } else {
            Diagnosis::fine(CHECK, what)
        }
    }

    /// Where the sources stand that were ever asked.
    pub(super) fn sources(&self, store: &Store) -> Vec<Diagnosis> {
        const CHECK: &str = "sources";
        let mut findings = Vec::new();
        for name in ALL.map(|source| source.name) {
            let Ok(state) = store.read(|tx| tx.source(name)) else {
                continue;
            };
            let Some(asked) = state.asked else { continue };
            let what = match &state.data_day {
                Some(day) => format!("{name}: data of {day}, asked at {asked:.0}"),
                None => format!("{name}: no data yet, asked at {asked:.0}"),
            };
            findings.push(if state.error.is_empty() {
                Diagnosis::fine(CHECK, what)
            } else {
                let what = format!("{what}; it failed: {}", state.error);
                Diagnosis::new(CHECK, Severity::Warning, what)
                    .run("afwd refresh; the server tries again by itself")
            });
        }
        if findings.is_empty() {
            findings.push(Diagnosis::new(CHECK, Severity::Info, "none was asked yet"));
        }
        findings
    }
}
