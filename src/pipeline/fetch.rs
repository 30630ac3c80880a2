//! Fetching what a run asks of a source, page by page, into the store's staging
//! table: a run that is interrupted goes on without asking for anything twice,
//! and nothing is applied before everything is there.

use std::collections::{BTreeMap, HashSet};

use tokio::runtime::Handle;

use crate::deflate::{deflated, inflated};
use crate::http::{Client, HttpError, Reply, Wants};
use crate::ingest::mlb::{Ask, Page};
use crate::ingest::sources::DataSource;
use crate::jobs::{Interrupted, Stepping};
use crate::store::Store;

/// How often a page that is not what was asked for is asked for again.
const SECOND_CHANCES: u32 = 2;

/// A source that can be asked.
#[derive(Clone)]
pub struct Upstream {
    /// Scheme, host and port.
    pub base: String,
    /// The way out.
    pub client: Client,
    /// Where its futures run.
    pub runtime: Handle,
}

/// The sources that can be asked.
#[derive(Clone, Default)]
pub struct Upstreams(BTreeMap<&'static str, Upstream>);

impl Upstreams {
    /// With a way to `source`.
    pub fn add(&mut self, source: &'static DataSource, upstream: Upstream) {
        self.0.insert(source.name, upstream);
    }

    /// The way to `source`; `None` when it is not to be asked.
    pub(super) fn find(&self, source: &'static DataSource) -> Option<&Upstream> {
        self.0.get(source.name)
    }

    /// The way to `source`.
    ///
    /// # Errors
    /// When it is not to be asked.
    pub(super) fn to(&self, source: &'static DataSource) -> anyhow::Result<&Upstream> {
        self.find(source)
            .ok_or_else(|| anyhow::anyhow!("the {} is not asked by this program", source.title))
    }
}

/// What a run fetches and how.
pub(super) struct Fetching<'a> {
    pub(super) store: &'a Store,
    pub(super) upstream: &'a Upstream,
    /// Name of the run in the staging table.
    pub(super) run: &'a str,
    /// True when bodies are kept, to be asked for only when they have changed.
    pub(super) keep: bool,
}

impl Fetching<'_> {
    /// Fetches every page of `asks` that is not staged yet. Returns the addresses
    /// of all pages.
    ///
    /// # Errors
    /// When a page can't be had; what was staged stays. [`Interrupted`] when the
    /// day's budget is spent: the job goes on when there is a new one.
    pub(super) fn fetch(
        &self,
        asks: &[Ask],
        step: &mut Stepping<'_, '_>,
    ) -> anyhow::Result<HashSet<String>> {
        let mut addresses = HashSet::new();
        for (done, ask) in asks.iter().enumerate() {
            let mut at = Some(0);
            while let Some(offset) = at {
                let url = format!("{}{}", self.upstream.base, ask.path(offset));
                let fresh = self.page(ask, offset, &url)?;
                addresses.insert(url);
                at = fresh.next;
                if fresh.asked {
                    step.progress(format!(
                        "{} of {} answered: {}",
                        done,
                        asks.len(),
                        ask.key()
                    ))?;
                }
            }
        }
        Ok(addresses)
    }

    /// Every page of `asks`, which must all be staged.
    ///
    /// # Errors
    /// When one is missing or damaged.
    pub(super) fn staged(&self, asks: &[Ask]) -> anyhow::Result<Vec<Page>> {
        let mut pages = Vec::new();
        for ask in asks {
            let mut at = Some(0);
            while let Some(offset) = at {
                let staged = self
                    .store
                    .read(|tx| tx.staged_page(self.run, &ask.key(), offset))?;
                let staged = staged.ok_or_else(|| {
                    anyhow::anyhow!("page {offset} of {} is not staged", ask.key())
                })?;
                let body = inflated(&staged)?;
                at = ask.next(&body, offset)?;
                pages.push(Page {
                    ask: ask.clone(),
                    offset,
                    body,
                });
            }
        }
        Ok(pages)
    }

    fn page(&self, ask: &Ask, offset: u32, url: &str) -> anyhow::Result<Progress> {
        let key = ask.key();
        if let Some(staged) = self
            .store
            .read(|tx| tx.staged_page(self.run, &key, offset))?
        {
            let next = ask.next(&inflated(&staged)?, offset)?;
            return Ok(Progress { next, asked: false });
        }
        let (body, next) = self.ask(ask, offset, url)?;
        let staged = deflated(&body)?;
        self.store
            .write(|tx| tx.stage_page(self.run, &key, offset, &staged))?;
        Ok(Progress { next, asked: true })
    }

    fn ask(&self, ask: &Ask, offset: u32, url: &str) -> anyhow::Result<(Vec<u8>, Option<u32>)> {
        let mut tries = 0;
        loop {
            // A kept body that was wrong must not be given again.
            let Reply { body, .. } = self.get(url, self.keep && tries == 0)?;
            match ask.next(&body, offset) {
                Ok(next) => return Ok((body, next)),
                Err(reason) if tries == SECOND_CHANCES => {
                    // A page before this one may be what is wrong.
                    self.store
                        .write(|tx| tx.drop_staged_ask(self.run, &ask.key()))?;
                    anyhow::bail!("{url} is not answered as expected: {reason}")
                }
                Err(_) => tries += 1,
            }
        }
    }

    fn get(&self, url: &str, keep: bool) -> anyhow::Result<Reply> {
        let client = &self.upstream.client;
        let answer = self.upstream.runtime.block_on(async {
            if keep {
                client.get_if_changed(url, Wants::Json).await
            } else {
                client.get(url, Wants::Json).await
            }
        });
        answer.map_err(|error| match error {
            HttpError::Budget { resets, .. } => Interrupted::Later(resets).into(),
            other => other.into(),
        })
    }
}

struct Progress {
    next: Option<u32>,
    asked: bool,
}
