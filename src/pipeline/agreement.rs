//! The day's data against what another source counts.

use jiff::Timestamp;
use jiff::civil::Date;

use super::source_state::report;
use crate::domain::Season;
use crate::ingest::leaders::compare;
use crate::ingest::sources::FANGRAPHS;
use crate::store::Store;

/// Compares the season of `day` with the leaderboards the operator imported and
/// keeps what was found. Without leaderboards there is nothing to say.
pub(super) fn check(store: &Store, day: Date, at: Timestamp) -> anyhow::Result<()> {
    let season = Season(u16::try_from(day.year())?);
    let leaders = store.read(|tx| tx.leaders(season))?;
    if leaders.is_empty() {
        return Ok(());
    }
    let histories = super::histories(store)?;
    let findings = compare(season, &leaders, &histories);
    let report = report(FANGRAPHS.name, leaders.len() as u64, true, &findings, at);
    Ok(store.write(|tx| tx.put_quality(day, &report))?)
}
