//! Why settings can't be read.

use std::path::PathBuf;

/// Why settings can't be read.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file can't be read.
    #[error("can't read {path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The configuration file is no TOML.
    #[error("{path} is no TOML: {cause}")]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where and why.
        cause: toml::de::Error,
    },
    /// The configuration file names what there is not.
    #[error(
        "{path}: there is no setting `{key}`; the nearest is `{nearest}` (`afwd config show` lists all)"
    )]
    Unknown {
        /// The file.
        path: PathBuf,
        /// The name.
        key: String,
        /// The known name most like it.
        nearest: String,
    },
    /// A setting is given twice in the file.
    #[error("{path}: `{key}` is given twice")]
    Repeated {
        /// The file.
        path: PathBuf,
        /// The setting.
        key: String,
    },
    /// A value is no text, number, truth value or list of them.
    #[error(
        "{path}: the value of `{key}` is a {found}, and should be text, a number or true or false"
    )]
    Value {
        /// The file.
        path: PathBuf,
        /// The setting.
        key: String,
        /// What it is.
        found: &'static str,
    },
    /// A setting is given by a variable and by a file named in another.
    #[error("{variable} and {variable}_FILE are both set: unset one of them")]
    Twice {
        /// The variable.
        variable: String,
    },
}
