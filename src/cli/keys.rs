//! `afwd keys`: what readers' secrets are sealed with.

use crate::auth::rotate_keys;
use crate::cli::global::Global;
use crate::cli::output;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand, Debug)]
enum Verb {
    /// Put a new key before those in DIR/account-keys: a running server follows within a
    /// minute and seals everything again
    Rotate,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let Verb::Rotate = args.verb;
    let number = rotate_keys(&global.data, global.clock().now())?;
    if global.json {
        return output::print_json(&serde_json::json!({ "newest": number }));
    }
    output::line!("account key {number} is the newest; earlier ones stay for earlier backups")?;
    Ok(())
}
