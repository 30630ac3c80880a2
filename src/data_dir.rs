//! Names of everything inside the data directory.
//!
//! | name | what it is | in a backup |
//! | --- | --- | --- |
//! | [`STORE`] | the truth | yes |
//! | [`MODELS`] | trained models, a directory each | yes |
//! | [`SEARCH`] | the index of names, made from the store | made again |
//! | [`DEMO`] | a data directory of its own: the simulated league | no |
//! | [`SETTINGS`] | the configuration file, where there is one | no |
//! | [`OPERATOR_TOKEN`] | the operator's token, readable by its owner only | no |
//! | [`ACCOUNT_KEYS`] | what readers' secrets are sealed with; keep a copy elsewhere | no |
//! | [`SETUP_URL`] | the link that makes the first operator, while it is good | no |
//! | [`DELETED_ACCOUNTS`] | accounts that a restored backup must forget again | no |
//! | [`ALERTS`] | which alerts are raised | no |
//! | [`SOCKET`] | where `afwd backup` asks the running server | no |
//! | [`RESTORE_INTENT`] | a restore that was decided and is not done | no |
//! | [`RESTORING`]… | data of a restore under way | no |
//! | [`PREVIOUS`]… | what a restore replaced, until the next healthy start | no |
//! | [`BEFORE_SCHEMA`]…`.redb` | the store before a migration | no |
//! | [`TEMPORARY`]…, …[`UNFINISHED_STORE`] | what an interrupted run left | no |

use std::path::{Path, PathBuf};

/// The store.
pub const STORE: &str = "afwd.redb";
/// Directory of the trained models.
pub const MODELS: &str = "models";
/// Directory of the index of names.
pub const SEARCH: &str = "search";
/// Data directory of the simulated league.
pub const DEMO: &str = "demo";
/// The configuration file.
pub const SETTINGS: &str = "afwd.toml";
/// The operator's token.
pub const OPERATOR_TOKEN: &str = "operator-token";
/// The keys readers' secrets are sealed with.
pub const ACCOUNT_KEYS: &str = "account-keys";
/// The link that makes the first operator.
pub const SETUP_URL: &str = "setup-url.txt";
/// The accounts that were deleted.
pub const DELETED_ACCOUNTS: &str = "deleted-accounts";
/// The alerts that are raised.
pub const ALERTS: &str = "alerts.json";
/// The socket of the running server.
pub const SOCKET: &str = "afwd.sock";
/// The note of a restore that was decided.
pub const RESTORE_INTENT: &str = "restore-intent.json";
/// What the names of directories of restored data begin with.
pub const RESTORING: &str = "restoring-";
/// What the names of directories of replaced data begin with.
pub const PREVIOUS: &str = "previous-";
/// What the names of copies made before a migration begin with.
pub const BEFORE_SCHEMA: &str = "before-schema-";
/// What the names of temporary files and directories begin with.
pub const TEMPORARY: &str = ".afwd-";
/// The extension of a store that is being written.
pub const UNFINISHED_STORE: &str = "redb.new";

/// The directory of the trained models of `data`.
pub fn models(data: &Path) -> PathBuf {
    data.join(MODELS)
}

/// True for what an interrupted backup or restore leaves.
pub fn is_left_over(name: &str) -> bool {
    name.starts_with(TEMPORARY)
        || name.starts_with(RESTORING)
        // The note, and one that was being written.
        || name.starts_with("restore-intent.")
}

/// True for a copy of the store made before a migration.
pub fn is_copy_before_migration(name: &str) -> bool {
    name.starts_with(BEFORE_SCHEMA) && name.ends_with(".redb")
}

/// True for a store that was being written when its writer died.
pub fn is_unfinished_store(name: &str) -> bool {
    name.strip_suffix(UNFINISHED_STORE)
        .is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::{is_copy_before_migration, is_left_over, is_unfinished_store};

    #[test]
    fn what_stays_is_told_from_what_was_left() {
        for left in [
            ".afwd-tmp-01",
            "restoring-01",
            "restore-intent.json",
            "restore-intent.new",
        ] {
            assert!(is_left_over(left), "{left}");
        }
        for kept in ["afwd.redb", "previous-20260101", "models", "afwd.sock"] {
            assert!(!is_left_over(kept), "{kept}");
        }
        assert!(is_copy_before_migration("before-schema-3.redb"));
        assert!(!is_copy_before_migration("before-schema-3.redb.new"));
        assert!(is_unfinished_store("before-schema-3.redb.new"));
        assert!(!is_unfinished_store("afwd.redb"));
    }
}
