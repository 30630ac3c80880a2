//! The `afwd` program: parse, dispatch, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    afwd::cli::main()
}
