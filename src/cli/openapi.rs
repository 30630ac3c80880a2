//! `afwd openapi`.

use crate::cli::output;

pub(super) fn run() -> anyhow::Result<()> {
    output::print_json(&crate::web::openapi())
}
