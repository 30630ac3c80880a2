//! Whether the keys that readers' secrets are sealed with are those of the store.

use super::{Diagnosis, Doctor};
use crate::auth::check_keys;
use crate::domain::Severity;
use crate::store::Store;

impl Doctor<'_> {
    /// Whether every account opens with the keys there are.
    pub(super) fn account_keys(&self, store: &Store) -> Diagnosis {
        const CHECK: &str = "account keys";
        match check_keys(store, self.data, self.account_keys.as_ref()) {
            Ok(0) => Diagnosis::fine(CHECK, "nobody has an account"),
            Ok(accounts) => Diagnosis::fine(CHECK, format!("{accounts} accounts open with them")),
            Err(error) => Diagnosis::new(CHECK, Severity::Critical, error.to_string()),
        }
    }
}
