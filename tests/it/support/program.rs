//! The program as a user starts it.

use std::path::Path;
use std::process::{Command, Output};

/// `afwd` in a directory, with no settings in its environment.
pub(crate) fn afwd(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_afwd"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AFWD_") {
            command.env_remove(name);
        }
    }
    command.current_dir(dir);
    command
}

/// What it printed on stdout.
pub(crate) fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What it printed on stderr.
pub(crate) fn complained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
