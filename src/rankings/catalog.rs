//! The boards that requests read, and the swap that puts newer ones before them.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil::Date;
use parking_lot::{Mutex, RwLock};

use super::board::query::BoardQuery;
use super::board::ranking::{Board, SharedBoard};
use super::error::RankingsError;
use super::features::FeatureSet;
use super::report::ReportCard;
use super::source::{DayAnswer, NameSearch, Predictor, Source};
use super::views::{BoardPage, FiltersView, FineWineView, ModelCardView};
use crate::domain::{AsOf, History, ProspectId, Role, Season};

/// Past boards kept in memory beside the newest: a season's is about 10 MB, a day's 3.
const PAST_BOARDS: usize = 2;

/// Where answers come from.
#[derive(Clone)]
pub struct Sources {
    /// Stored boards, days and players.
    pub stored: Arc<dyn Source>,
    /// Search by name.
    pub names: Arc<dyn NameSearch>,
    /// Predictions on request.
    pub predictor: Arc<dyn Predictor>,
    /// The features explanations speak of.
    pub features: FeatureSet,
    /// The facts of the model.
    pub card: ModelCardView,
}

/// The read model: the newest board in memory, past ones on request, and the
/// questions one may ask.
pub struct Catalog {
    card: RwLock<Arc<ModelCardView>>,
    note: RwLock<Option<String>>,
    on_trial: bool,
    pub(in crate::rankings) sources: Sources,
    shelf: RwLock<Arc<Shelf>>,
    past: Mutex<VecDeque<(AsOf, SharedBoard)>>,
    /// Kept days that could not be read.
    unreadable: Mutex<BTreeSet<Date>>,
    version: AtomicU64,
    on_swap: Mutex<Vec<SwapHook>>,
}

type SwapHook = Box<dyn Fn() + Send + Sync>;

/// What one swap puts before readers.
#[derive(Default)]
pub(in crate::rankings) struct Shelf {
    pub(in crate::rankings) newest: Option<SharedBoard>,
    /// Seasons with a board, newest first.
    pub(in crate::rankings) seasons: Vec<Season>,
    pub(in crate::rankings) report: Arc<ReportCard>,
}

/// Players that a text no name answers may mean, at most.
const MEANT: usize = 200;
/// Share of the best match's score that another has at least, to be meant too.
const MEANT_SHARE: f32 = 0.85;

impl Catalog {
    /// A catalog without boards; [`Self::refresh`] loads them.
    pub fn new(sources: Sources) -> Self {
        Self {
            card: RwLock::new(Arc::new(sources.card.clone())),
            note: RwLock::default(),
            on_trial: false,
            sources,
            shelf: RwLock::default(),
            past: Mutex::default(),
            unreadable: Mutex::default(),
            version: AtomicU64::new(0),
            on_swap: Mutex::default(),
        }
    }

    /// Loads the newest stored board and puts it before readers at once; a
    /// request that has begun finishes with the board it began with.
    pub fn refresh(&self) -> Result<(), RankingsError> {
        let mut seasons = self.sources.stored.seasons()?;
        seasons.sort_by(|a, b| b.cmp(a));
        let newest = seasons
            .first()
            .map(|&season| self.load(season))
            .transpose()?;
        let simulated = newest.as_ref().is_some_and(|board| board.simulated());
        let report = Arc::new(self.report(simulated)?);
        let shelf = Arc::new(Shelf {
            newest,
            seasons,
            report,
        });
        *self.shelf.write() = shelf;
        self.past.lock().clear();
        self.unreadable.lock().clear();
        self.changed();
        Ok(())
    }

    /// Calls `hook` after every swap of boards.
    pub fn on_swap(&self, hook: impl Fn() + Send + Sync + 'static) {
        self.on_swap.lock().push(Box::new(hook));
    }

    /// Number of swaps so far: part of the key of everything cached.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Seasons with a board, newest first.
    pub fn seasons(&self) -> Vec<Season> {
        self.shelf().seasons.clone()
    }

    /// True when the newest board is that of the fictional demo league.
    pub fn is_simulated(&self) -> bool {
        self.shelf()
            .newest
            .as_ref()
            .is_some_and(|board| board.simulated())
    }

    /// The board of `as_of`, or the newest.
    pub fn board(&self, as_of: Option<AsOf>) -> Result<SharedBoard, RankingsError> {
        let shelf = self.shelf();
        let newest = shelf.newest.as_ref().ok_or(RankingsError::NoBoards)?;
        match as_of {
            None => Ok(Arc::clone(newest)),
            Some(AsOf::Season(season)) if season == newest.season() => Ok(Arc::clone(newest)),
            Some(asked) => self.past_board(asked),
        }
    }

    /// A page of a board.
    pub fn page(
        &self,
        as_of: Option<AsOf>,
        query: &BoardQuery,
    ) -> Result<BoardPage, RankingsError> {
        let board = self.board(as_of)?;
        let asked = query
            .name
            .as_deref()
            .filter(|text| query.among.is_none() && !board.has_named(text));
        match asked {
            None => board.page(query),
            Some(text) => board.page(&BoardQuery {
                among: Some(self.meant(text)?),
                ..query.clone()
            }),
        }
    }

    /// Whom search takes a misspelt name for, or a club and a position.
    fn meant(&self, text: &str) -> Result<Vec<ProspectId>, RankingsError> {
        let hits = self.sources.names.search(text, MEANT)?;
        let best = hits.first().map_or(0.0, |(_, score)| *score);
        let near = hits
            .into_iter()
            .filter(|(_, score)| *score >= MEANT_SHARE * best);
        Ok(near.map(|(id, _)| id).collect())
    }

    /// The late bloomers of a season.
    pub fn fine_wine(
        &self,
        as_of: Option<AsOf>,
        role: Option<Role>,
    ) -> Result<FineWineView, RankingsError> {
        Ok(self.board(as_of)?.fine_wine(role))
    }

    /// The values a board can be filtered by.
    pub fn filters(&self, as_of: Option<AsOf>) -> Result<FiltersView, RankingsError> {
        Ok(self.board(as_of)?.filters(&self.shelf().seasons))
    }

    /// The player's full name.
    pub fn name(&self, id: ProspectId) -> Result<String, RankingsError> {
        Ok(self.history(id)?.prospect.name)
    }

    fn report(&self, simulated: bool) -> Result<ReportCard, RankingsError> {
        let verdicts = self.sources.stored.verdicts()?;
        if verdicts.is_empty() {
            return Ok(ReportCard::of(&[], &[], simulated, &|_| String::new()));
        }
        let ranked = self.sources.stored.overall_ranks()?;
        let name = |id| self.name(id).unwrap_or_default();
        Ok(ReportCard::of(&verdicts, &ranked, simulated, &name))
    }

    /// The facts of the model.
    pub fn model_card(&self) -> Arc<ModelCardView> {
        Arc::clone(&self.card.read())
    }

    /// Shows the facts of another model from now on.
    pub fn set_card(&self, card: ModelCardView) {
        *self.card.write() = Arc::new(card);
    }

    /// What readers are told on every page, such as the age of the data.
    pub fn note(&self) -> Option<String> {
        self.note.read().clone()
    }

    /// Tells readers something on every page from now on, or nothing any more.
    pub fn set_note(&self, note: Option<String>) {
        let mut held = self.note.write();
        if *held != note {
            *held = note;
            drop(held);
            self.changed();
        }
    }

    /// The catalog of a model on trial.
    pub fn on_trial(mut self) -> Self {
        self.on_trial = true;
        self
    }

    /// Version of the model on trial that made the newest board.
    pub fn trial(&self) -> Option<String> {
        let newest = self.shelf().newest.clone().filter(|_| self.on_trial);
        newest.map(|board| board.model_id().to_owned())
    }

    /// What was cached is not right any more.
    fn changed(&self) {
        self.version.fetch_add(1, Ordering::Release);
        for hook in &*self.on_swap.lock() {
            hook();
        }
    }

    /// What readers see now.
    pub(in crate::rankings) fn shelf(&self) -> Arc<Shelf> {
        Arc::clone(&self.shelf.read())
    }

    /// Everything known of the player.
    pub(in crate::rankings) fn history(&self, id: ProspectId) -> Result<History, RankingsError> {
        let history = self.sources.stored.history(id)?;
        history.ok_or(RankingsError::UnknownProspect(id))
    }

    /// Days whose boards are kept and can be read, as far as known; oldest first.
    pub fn days(&self) -> Result<Vec<Date>, RankingsError> {
        let mut days = self.sources.stored.days()?;
        let unreadable = self.unreadable.lock();
        days.retain(|day| !unreadable.contains(day));
        Ok(days)
    }

    /// Kept days that could not be read when they were asked for.
    pub fn unreadable_days(&self) -> usize {
        let unreadable = self.unreadable.lock();
        unreadable.len()
    }

    /// The board kept of a day; `None` when none is, or when it can't be read: that is
    /// logged, and the day is left out of [`Self::days`] from then on.
    pub(in crate::rankings) fn day_board(
        &self,
        day: Date,
    ) -> Result<Option<SharedBoard>, RankingsError> {
        self.past_once(AsOf::Day(day), || {
            let reason = match self.sources.stored.day_board(day)? {
                DayAnswer::Kept(board) => return Ok(Some(Arc::new(*board))),
                DayAnswer::Unreadable(reason) => reason,
                DayAnswer::Gone => "it is gone".to_owned(),
            };
            let mut unreadable = self.unreadable.lock();
            if unreadable.insert(day) {
                tracing::warn!(%day, reason, "the board kept of a day can't be read and is left out");
            }
            Ok(None)
        })
    }

    /// A board that is not the newest.
    fn past_board(&self, asked: AsOf) -> Result<SharedBoard, RankingsError> {
        match asked {
            AsOf::Day(day) => self.board_on(day),
            AsOf::Season(season) => {
                let board = self.past_once(asked, || self.load(season).map(Some))?;
                board.ok_or(RankingsError::NoBoard(season))
            }
        }
    }

    /// The board of the newest readable day on or before a day.
    fn board_on(&self, day: Date) -> Result<SharedBoard, RankingsError> {
        let days = self.days()?;
        for kept in days.iter().rev().filter(|kept| **kept <= day) {
            if let Some(board) = self.day_board(*kept)? {
                return Ok(board);
            }
        }
        Err(RankingsError::NoDay {
            day,
            kept: match days.first() {
                Some(first) => format!("the first kept is of {first}"),
                None => "each day's board is kept from the first daily run on".to_owned(),
            },
        })
    }

    /// A past board: the one in memory, or that which `load` gives. The lock is held
    /// meanwhile, so that several requests for one load it once.
    fn past_once(
        &self,
        asked: AsOf,
        load: impl FnOnce() -> Result<Option<SharedBoard>, RankingsError>,
    ) -> Result<Option<SharedBoard>, RankingsError> {
        let mut past = self.past.lock();
        if let Some((_, board)) = past.iter().find(|(held, _)| *held == asked) {
            return Ok(Some(Arc::clone(board)));
        }
        let Some(board) = load()? else {
            return Ok(None);
        };
        past.truncate(PAST_BOARDS - 1);
        past.push_front((asked, Arc::clone(&board)));
        Ok(Some(board))
    }

    fn load(&self, season: Season) -> Result<SharedBoard, RankingsError> {
        let data = self.sources.stored.board(season)?;
        Ok(Arc::new(Board::load(
            data.ok_or(RankingsError::NoBoard(season))?,
        )))
    }
}
