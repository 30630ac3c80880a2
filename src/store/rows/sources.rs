//! What is known of the outside sources: what they may be asked, what they
//! answered, how fresh they are, what the checks found.

use std::collections::HashSet;

use jiff::civil::Date;

use crate::store::error::StoreError;
use crate::store::record::shape::{Form, date, day};
use crate::store::record::sources::{KeptBody, QualityRecord, QualityReport, SourceState};
use crate::store::tables::{BUDGETS, KEPT_BODIES, QUALITY, SOURCES, STAGED};
use crate::store::tx::read::ReadTx;
use crate::store::tx::write::WriteTx;

/// Days of budgets and quality reports that are remembered.
const REMEMBERED_DAYS: i32 = 400;

impl ReadTx {
    /// Where a source stands; the default when nothing is known of it.
    pub fn source(&self, name: &str) -> Result<SourceState, StoreError> {
        Ok(self.row(&SOURCES, name)?.unwrap_or_default())
    }

    /// Every source something is known of, by name.
    pub fn sources(&self) -> Result<Vec<(String, SourceState)>, StoreError> {
        self.scan(&SOURCES, .., |name: &str, state| {
            Ok((name.to_owned(), state))
        })
    }

    /// Requests made to a host on a day (UTC).
    pub fn requests(&self, host: &str, on: Date) -> Result<u32, StoreError> {
        Ok(self.row(&BUDGETS, (day(on), host))?.unwrap_or(0))
    }

    /// The body kept of an address.
    pub fn kept_body(&self, url: &str) -> Result<Option<KeptBody>, StoreError> {
        self.row(&KEPT_BODIES, url)
    }

    /// One staged page, compressed; `None` while it has not been fetched.
    pub fn staged_page(
        &self,
        run: &str,
        ask: &str,
        offset: u32,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.row(&STAGED, (run, ask, offset))
    }

    /// Every staged page of a run: ask, offset, compressed body.
    pub fn staged(&self, run: &str) -> Result<Vec<(String, u32, Vec<u8>)>, StoreError> {
        let after = format!("{run}\u{1}");
        self.scan(
            &STAGED,
            (run, "", 0)..(after.as_str(), "", 0),
            |(_, ask, offset), body| Ok((ask.to_owned(), offset, body)),
        )
    }

    /// The newest report of each source, by name.
    pub fn quality(&self) -> Result<Vec<(Date, QualityReport)>, StoreError> {
        let mut newest: Vec<(Date, QualityReport)> = Vec::new();
        for (on, report) in self.quality_since(i32::MIN)? {
            newest.retain(|(_, held)| held.source != report.source);
            newest.push((on, report));
        }
        newest.sort_by(|a, b| a.1.source.cmp(&b.1.source));
        Ok(newest)
    }

    fn quality_since(&self, first: i32) -> Result<Vec<(Date, QualityReport)>, StoreError> {
        self.scan(&QUALITY, (first, "").., |(on, _), report| {
            Ok((date(on), report.value()))
        })
    }
}

impl WriteTx {
    /// Changes what is known of a source.
    pub fn change_source(
        &mut self,
        name: &str,
        change: impl FnOnce(&mut SourceState),
    ) -> Result<(), StoreError> {
        let mut state = self.get(&SOURCES, name)?.unwrap_or_default();
        change(&mut state);
        self.put(&SOURCES, name, &state)
    }

    /// Counts a request to a host on a day, unless `limit` have been made.
    pub fn spend_request(&mut self, host: &str, on: Date, limit: u32) -> Result<bool, StoreError> {
        let key = (day(on), host);
        let made: u32 = self.get(&BUDGETS, key)?.unwrap_or(0);
        if made >= limit {
            return Ok(false);
        }
        self.put(&BUDGETS, key, &(made + 1))?;
        Ok(true)
    }

    /// Keeps a body for conditional requests.
    pub fn keep_body(&mut self, url: &str, body: &KeptBody) -> Result<(), StoreError> {
        self.put(&KEPT_BODIES, url, body)
    }

    /// Stages a page of a run until the run is applied.
    pub fn stage_page(
        &mut self,
        run: &str,
        ask: &str,
        offset: u32,
        body: &Vec<u8>,
    ) -> Result<(), StoreError> {
        self.put(&STAGED, (run, ask, offset), body)
    }

    /// Drops the staged pages of one ask of a run.
    pub fn drop_staged_ask(&mut self, run: &str, ask: &str) -> Result<(), StoreError> {
        self.remove_range(&STAGED, (run, ask, 0)..=(run, ask, u32::MAX))
    }

    /// Forgets every kept body: what was refused must not be given again.
    pub fn forget_bodies(&mut self) -> Result<(), StoreError> {
        self.clear(&KEPT_BODIES)
    }

    /// Drops the staged pages of a run.
    pub fn drop_staged(&mut self, run: &str) -> Result<(), StoreError> {
        let after = format!("{run}\u{1}");
        self.remove_range(&STAGED, (run, "", 0)..(after.as_str(), "", 0))
    }

    /// Keeps what the checks of a day found; a later check of the day replaces it.
    pub fn put_quality(&mut self, on: Date, report: &QualityReport) -> Result<(), StoreError> {
        self.put(
            &QUALITY,
            (day(on), report.source.as_str()),
            &QualityRecord::of(report),
        )
    }

    /// Forgets budgets and reports of long ago, and kept bodies except for those
    /// of `asked`: addresses change with the season and the day.
    pub fn forget_sources(
        &mut self,
        today: Date,
        asked: &HashSet<String>,
    ) -> Result<(), StoreError> {
        let first = day(today) - REMEMBERED_DAYS;
        self.remove_range(&BUDGETS, ..(first, ""))?;
        self.remove_range(&QUALITY, ..(first, ""))?;
        self.retain(&KEPT_BODIES, |url| asked.contains(*url))
    }
}
