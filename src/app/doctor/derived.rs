//! What is made from the store: the search index and the models.

use super::{Diagnosis, Doctor};
use crate::app::search_index::NameIndex;
use crate::data_dir;
use crate::domain::Season;
use crate::domain::Severity;
use crate::pipeline;
use crate::rankings::NameSearch;
use crate::search::SearchIndex;
use crate::store::Store;

impl Doctor<'_> {
    /// Whether the index is whole and holds what the store does.
    pub(super) fn index(&self, store: Option<&Store>) -> Diagnosis {
        const CHECK: &str = "index";
        let what = match self.wrong_with_index(store) {
            Ok(what) => return Diagnosis::fine(CHECK, what),
            Err(what) => what,
        };
        let finding = Diagnosis::new(CHECK, Severity::Warning, what);
        let Some(store) = store.filter(|_| self.fix) else {
            return finding.run("afwd doctor --fix, or just start the server: it mends it");
        };
        match NameIndex::followed(store, self.data) {
            Ok(names) if !names.is_stale() && names.is_on_disk() => finding.fixed(),
            Ok(_) => finding.run("see that the directory `search` holds nothing else"),
            Err(error) => finding.run(format!("{error:#}")),
        }
    }

    /// What is wrong with the index, as an error; else what it holds.
    fn wrong_with_index(&self, store: Option<&Store>) -> Result<String, String> {
        let dir = self.data.join(data_dir::SEARCH);
        let empty = std::fs::read_dir(&dir).map_or(true, |mut files| files.next().is_none());
        if empty {
            return Err("there is none".to_owned());
        }
        let index = SearchIndex::open_or_create(&dir).map_err(|error| error.to_string())?;
        let Some(store) = store else {
            return Ok(format!(
                "{} names, not compared with the store",
                index.len()
            ));
        };
        let version = pipeline::names::version(store).map_err(|error| error.to_string())?;
        if index.applied_seq() != Some(version) {
            return Err("it does not hold what the store does".to_owned());
        }
        let names = pipeline::names::entries(store).map_err(|error| error.to_string())?;
        if names.len() != index.len() {
            let (is, should) = (index.len(), names.len());
            return Err(format!("it holds {is} names and the store {should}"));
        }
        Ok(format!("{} names, as the store has", index.len()))
    }

    /// Whether the models beside the store can be used.
    pub(super) fn models(&self, store: Option<&Store>) -> Vec<Diagnosis> {
        const CHECK: &str = "models";
        let mut findings = Vec::new();
        let mut note = |what: &str| {
            let finding = Diagnosis::new(CHECK, Severity::Warning, what);
            findings.push(finding.run("restore its directory from a backup, or delete it"));
        };
        if let Err(error) = pipeline::choice::report_damaged(self.data, &mut note) {
            findings.push(Diagnosis::new(
                CHECK,
                Severity::Critical,
                format!("{error:#}"),
            ));
        }
        let Some(store) = store else {
            return findings;
        };
        let champion = pipeline::board::newest_season(store).and_then(|newest| {
            pipeline::choice::existing(store, self.data, newest.unwrap_or(Season(u16::MAX)))
        });
        findings.push(match champion {
            Ok(Some(model)) => Diagnosis::fine(CHECK, format!("{} predicts", model.id())),
            Ok(None) => {
                let what = "none was trained yet: the next prediction trains one";
                Diagnosis::new(CHECK, Severity::Info, what)
            }
            Err(error) => Diagnosis::new(CHECK, Severity::Critical, format!("{error:#}"))
                .run("afwd models list, then afwd models promote ID"),
        });
        findings
    }
}
