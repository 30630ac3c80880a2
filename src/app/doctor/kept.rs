//! What is kept and can't be made again: the boards of past days.

use super::{Diagnosis, Doctor};
use crate::domain::Severity;
use crate::pipeline;
use crate::store::Store;

/// Days named at most.
const NAMED: usize = 5;

impl Doctor<'_> {
    /// Whether the board of every kept day can be read.
    pub(super) fn days(&self, store: &Store) -> Diagnosis {
        const CHECK: &str = "days";
        let (kept, unreadable) = match pipeline::daily_boards::check(store) {
            Ok(checked) => checked,
            Err(error) => return Diagnosis::new(CHECK, Severity::Critical, format!("{error:#}")),
        };
        let Some((_, reason)) = unreadable.first() else {
            return Diagnosis::fine(CHECK, format!("the boards of {kept} days are kept"));
        };
        let named: Vec<String> = unreadable
            .iter()
            .take(NAMED)
            .map(|(day, _)| day.to_string())
            .collect();
        let what = format!(
            "{} of {kept} kept days can't be read and are left out ({}): {reason}",
            unreadable.len(),
            named.join(", ")
        );
        let finding = Diagnosis::new(CHECK, Severity::Warning, what);
        finding.run("afwd restore FILE, with a backup from before, if those days matter")
    }
}
