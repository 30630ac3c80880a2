//! `afwd digest`: hashes that are equal where the data is.

use crate::cli::global::Global;
use crate::cli::output;

pub(super) fn run(global: &Global) -> anyhow::Result<()> {
    let digest = global.open_store()?.read(|tx| tx.digest())?;
    if global.json {
        return output::print_json(&digest);
    }
    for table in &digest.tables {
        output::line!("{}  {:>9}  {}", table.hash, table.rows, table.name)?;
    }
    output::line!("{}  {:>9}  store", digest.hash, digest.rows())?;
    Ok(())
}
