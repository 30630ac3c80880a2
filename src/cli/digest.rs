//! `afwd digest`: hashes that are equal where the data is.

use crate::cli::global::Global;
use crate::cli::output;
use crate::store::TABLE_KINDS;

pub(super) fn run(global: &Global) -> anyhow::Result<()> {
    let digest = global.open_store()?.read(|tx| tx.digest())?;
    if global.json {
        return output::print_json(&digest);
    }
    for (table, (name, kind)) in digest.tables.iter().zip(TABLE_KINDS) {
        output::line!("{}  {:>9}  {name:<19}  {kind}", table.hash, table.rows)?;
    }
    output::line!("{}  {:>9}  store", digest.hash, digest.rows())?;
    Ok(())
}
