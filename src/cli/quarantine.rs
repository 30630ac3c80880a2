//! `afwd quarantine`: rows that were refused.

use crate::cli::global::Global;
use crate::cli::output;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Rows to list at most
    #[arg(long, default_value_t = 1000)]
    limit: usize,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let rows = global
        .open_store()?
        .read(|tx| tx.quarantined(args.limit.saturating_add(1)))?;
    let shown = &rows[..rows.len().min(args.limit)];
    if global.json {
        output::print_json(&shown)?;
    } else {
        for row in shown {
            output::line!("{}:{}: {}: {}", row.file, row.line, row.reason, row.row)?;
        }
    }
    if rows.len() > shown.len() {
        eprintln!("there are more: list them with --limit N");
    }
    Ok(())
}
