//! The `afwd` program: parse, dispatch, exit code.

use std::process::ExitCode;

use afwd::cli::Cli;
use clap::Parser;

fn main() -> ExitCode {
    afwd::cli::run(Cli::parse())
}
