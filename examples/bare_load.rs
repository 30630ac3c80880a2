//! The ceiling of an import: writing rows of the stat lines' size and number to
//! a bare redb file, sorted, in one durable transaction. `scripts/bench` compares
//! the CPU of `afwd import` with it.
//!
//! `bare_load FILE ROWS BYTES_PER_ROW`

use redb::{Database, TableDefinition};

const TABLE: TableDefinition<'static, (u32, u16, u8), &[u8]> = TableDefinition::new("lines");

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, file, rows, bytes] = arguments.as_slice() else {
        anyhow::bail!("usage: bare_load FILE ROWS BYTES_PER_ROW");
    };
    let (rows, bytes): (u32, usize) = (rows.parse()?, bytes.parse()?);
    let value = vec![7; bytes];
    let database = Database::create(file)?;
    let tx = database.begin_write()?;
    {
        let mut table = tx.open_table(TABLE)?;
        for row in 0..rows {
            table.insert((row / 4, 2000 + (row % 4) as u16, 12), value.as_slice())?;
        }
    }
    Ok(tx.commit()?)
}
