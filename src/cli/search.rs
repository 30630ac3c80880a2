//! `afwd search`.

use crate::app;
use crate::cli::global::Global;
use crate::cli::output;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// A name, in any spelling
    #[arg(value_name = "QUERY", required = true, num_args = 1..)]
    query: Vec<String>,
    /// Players to list at most
    #[arg(long, default_value_t = 10)]
    limit: usize,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let store = global.open_store()?;
    let index = app::search_index(&store, &global.data)?;
    let hits = index.search(&args.query.join(" "), args.limit)?;
    if global.json {
        let hits: Vec<_> = hits
            .iter()
            .map(|hit| serde_json::json!({ "id": hit.id, "name": hit.name }))
            .collect();
        return output::print_json(&hits);
    }
    if hits.is_empty() {
        eprintln!("no player found: try fewer letters, or the last name only");
    }
    for hit in &hits {
        output::line!("{:>9}  {}", hit.id, hit.name)?;
    }
    Ok(())
}
