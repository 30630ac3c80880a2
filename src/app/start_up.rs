//! From a data directory to boards that can be shown.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use parking_lot::RwLock;

use super::champion::Live;
use super::config::Config;
use super::read_model::{Stored, sources};
use super::search_index::NameIndex;
use crate::data_dir;
use crate::domain::Season;
use crate::jobs::schedule;
use crate::ops;
use crate::pipeline;
use crate::rankings::Catalog;
use crate::search::SearchIndex;
use crate::simulate::LeagueSettings;
use crate::store::{self, Opening, Store};
use crate::web::experiment::Arm;

/// Opens the data, brings the newest board up to date and loads it.
pub(super) fn prepare(config: &Config) -> anyhow::Result<Arc<Live>> {
    let data = if config.demo {
        config.data.join(data_dir::DEMO)
    } else {
        config.data.clone()
    };
    ops::backup::recover(&data)?;
    let store = Store::open(&store::Config::new(&data), Opening::CreateIfAbsent)?;
    if config.demo {
        pipeline::demo::load(&store, &LeagueSettings::default())?;
    }
    let newest = pipeline::board::newest_season(&store)?;
    let mut say = |step: &str| tracing::info!("{step}");
    match newest {
        Some(season) if config.demo => {
            // The demo shows past seasons too; a simulated league is quick to predict.
            for season in (LeagueSettings::default().first_season.0..=season.0).map(Season) {
                pipeline::board::ensure(&store, &data, season, &*config.clock, &mut say)?;
                // A simulated league has no days: the ends of its seasons stand in.
                pipeline::daily_boards::keep_season(&store, season, season.last_day())?;
            }
        }
        Some(season) => {
            pipeline::board::ensure(&store, &data, season, &*config.clock, &mut say)?;
            let today = schedule::day(config.clock.now(), &schedule::new_york()?);
            pipeline::daily_boards::keep_season(&store, season, today)?;
        }
        None => tracing::warn!("no season imported yet: run `afwd import milb-hitting FILE...`"),
    }
    pipeline::choice::report_damaged(&data, &mut |step| tracing::warn!("{step}"))?;
    let names = Arc::new(NameIndex::open(&store, &data)?);
    let mut sources = sources(&store, &data, Arc::clone(&names))?;
    let champion = Arc::new(Catalog::new(sources.clone()));
    sources.stored = Arc::new(Stored {
        store: store.clone(),
        of: Arm::Challenger,
    });
    let live = Live {
        challenger: Arc::new(Catalog::new(sources).on_trial()),
        champion,
        running: RwLock::default(),
        clock: Arc::clone(&config.clock),
        names,
        instance: store.read(|tx| tx.instance())?,
        store,
        data,
    };
    live.show()?;
    let live = Arc::new(live);
    if config.demo {
        put_on_record(live.store.clone(), Arc::clone(&live))?;
    }
    Ok(live)
}

/// Makes the demo's report card in the background: it trains several models, and
/// pages need not wait. A thread of its own, so that stopping does not wait either.
fn put_on_record(store: Store, live: Arc<Live>) -> anyhow::Result<()> {
    let work = move || {
        let made = pipeline::report::ensure_demo(&store, &mut |step| tracing::debug!("{step}"));
        let shown = made.and_then(|made| if made { live.show() } else { Ok(()) });
        if let Err(error) = shown {
            tracing::error!("the report card could not be made: {error:#}");
        }
    };
    let thread = std::thread::Builder::new().name("report-card".into());
    thread
        .spawn(work)
        .context("no thread for the report card")?;
    Ok(())
}

/// Makes restored data ready to be served: its store is opened, which brings it up
/// to date, its index built, and every sign-in and token of that time ended: some were
/// ended since, and must not come back.
///
/// # Errors
/// When the store can't be opened or the index not written.
pub fn make_ready(data: &Path) -> anyhow::Result<()> {
    let store = Store::open(&store::Config::new(data), Opening::MustExist)?;
    store.write(|tx| tx.end_all_access())?;
    search_index(&store, data).map(drop)
}

/// The index of names of `data`, rebuilt first when it lags behind the store.
///
/// # Errors
/// When the store can't be read or no index can be made.
pub fn search_index(store: &Store, data: &Path) -> anyhow::Result<SearchIndex> {
    Ok(NameIndex::followed(store, data)?.index())
}
