//! The boards that requests read, and every answer made from them.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::board::{Board, SharedBoard};
use super::comparables::comparables;
use super::error::{RankingsError, SourceError};
use super::explain::Explained;
use super::features::FeatureSet;
use super::profile::{not_ranked_because, profile};
use super::query::BoardQuery;
use super::report::{PlayerVerdicts, ReportCard, Section, named};
use super::since::known_on;
use super::source::{NameSearch, Predictor, Source};
use super::stats::stats;
use super::view::{
    BoardPage, ComparablesView, CompareView, ExplanationView, FiltersView, FineWineView,
    ModelCardView, ProspectView, SearchResult, SearchView, StatsView,
};
use crate::domain::{AsOf, Group, History, ProspectId, Role, Season, SnapshotId};

/// Past boards kept in memory beside the newest; each is about 10 MB.
pub(super) const PAST_BOARDS: usize = 2;

/// Comparables a profile shows; the others are a page of their own.
const SHOWN_COMPARABLES: usize = 5;

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
    pub(super) sources: Sources,
    shelf: RwLock<Arc<Shelf>>,
    pub(super) past: Mutex<VecDeque<(AsOf, SharedBoard)>>,
    version: AtomicU64,
    on_swap: Mutex<Vec<SwapHook>>,
}

type SwapHook = Box<dyn Fn() + Send + Sync>;

#[derive(Default)]
struct Shelf {
    newest: Option<SharedBoard>,
    /// Seasons with a board, newest first.
    seasons: Vec<Season>,
    report: Arc<ReportCard>,
}

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
        *self.shelf.write().unwrap_or_else(PoisonError::into_inner) = shelf;
        self.past
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        self.changed();
        Ok(())
    }

    /// Calls `hook` after every swap of boards.
    pub fn on_swap(&self, hook: impl Fn() + Send + Sync + 'static) {
        self.on_swap
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Box::new(hook));
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
        self.board(as_of)?.page(query)
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

    /// A player's profile; with `as_of`, as it was at the end of that season.
    pub fn prospect(
        &self,
        id: ProspectId,
        as_of: Option<AsOf>,
    ) -> Result<ProspectView, RankingsError> {
        let board = self.board(as_of)?;
        let (history, until) = self.known(id, as_of)?;
        let newest = self
            .shelf()
            .seasons
            .first()
            .copied()
            .unwrap_or(board.season());
        let view = profile(
            &history,
            &board,
            &self.sources.features,
            &*self.sources.predictor,
            until,
            newest,
        );
        let day = matches!(as_of, Some(AsOf::Day(_)));
        Ok(ProspectView {
            as_of: as_of.map(|as_of| as_of.to_string()),
            // Comparables are kept of ends of seasons, not of days.
            comparables: self
                .nearest(&board, id, SHOWN_COMPARABLES)?
                .filter(|found| found.count > 0 && !day),
            ..view
        })
    }

    /// The nearest past snapshots of the player's, all of them.
    pub fn comparables(
        &self,
        id: ProspectId,
        as_of: Option<AsOf>,
    ) -> Result<ComparablesView, RankingsError> {
        let board = self.board(as_of)?;
        match self.nearest(&board, id, usize::MAX)? {
            Some(found) => Ok(found),
            None => Err(self.not_ranked(id, board.season())?),
        }
    }

    /// A player's stat lines, up to the end of `as_of` when given.
    pub fn stats(&self, id: ProspectId, as_of: Option<AsOf>) -> Result<StatsView, RankingsError> {
        let (history, until) = self.known(id, as_of)?;
        Ok(stats(&history, until))
    }

    /// Two to five players side by side.
    pub fn compare(
        &self,
        ids: &[ProspectId],
        as_of: Option<AsOf>,
    ) -> Result<CompareView, RankingsError> {
        let repeated = ids.iter().enumerate().any(|(i, id)| ids[..i].contains(id));
        if repeated || !(2..=5).contains(&ids.len()) {
            return Err(RankingsError::Comparison(ids.len()));
        }
        let board = self.board(as_of)?;
        let players = ids
            .iter()
            .map(|&id| self.prospect(id, as_of))
            .collect::<Result<Vec<_>, _>>()?;
        let groups = Group::ALL
            .iter()
            .map(|group| group.to_string())
            .filter(|group| {
                let bars = players
                    .iter()
                    .filter_map(|p| p.explanation.as_ref())
                    .flat_map(|e| &e.groups);
                bars.into_iter().any(|bar| bar.group == *group)
            });
        let groups = groups.collect();
        Ok(CompareView {
            season: board.season().0,
            simulated: board.simulated(),
            players,
            groups,
        })
    }

    /// Players by name, the best match first.
    pub fn search(&self, query: &str, limit: usize) -> Result<SearchView, RankingsError> {
        let hits = self.sources.names.search(query, limit)?;
        let board = self.shelf().newest.clone();
        let mut results = Vec::with_capacity(hits.len());
        for (id, _score) in hits {
            let history = self.sources.stored.history(id)?;
            results.extend(history.map(|history| found(&history, board.as_deref())));
        }
        let stale = self.sources.names.is_stale();
        Ok(SearchView {
            query: query.to_owned(),
            results,
            stale,
        })
    }

    /// The player's full name.
    pub fn name(&self, id: ProspectId) -> Result<String, RankingsError> {
        Ok(self.history(id)?.prospect.name)
    }

    /// The stored explanation of a board's prediction.
    pub fn explanation(
        &self,
        id: ProspectId,
        as_of: Option<AsOf>,
        role: Option<Role>,
    ) -> Result<ExplanationView, RankingsError> {
        let board = self.board(as_of)?;
        let shown = board.prediction(id, role).and_then(|(role, _)| {
            board.explanation(id, Some(role), self.sources.features.of(role))
        });
        match shown {
            Some(explanation) => Ok(explanation),
            None => Err(self.not_ranked(id, board.season())?),
        }
    }

    /// A prediction computed now from the board's features, with its explanation.
    pub fn predict(
        &self,
        id: ProspectId,
        as_of: Option<AsOf>,
    ) -> Result<ExplanationView, RankingsError> {
        let board = self.board(as_of)?;
        let Some((line, features)) = board.line(id, None).zip(board.features(id, None)) else {
            return Err(self.not_ranked(id, board.season())?);
        };
        let role = line.facts.role;
        let evaluated = line.prediction.evaluated;
        let predicted =
            self.sources
                .predictor
                .predict(board.model_id(), role, &features, evaluated);
        let (prediction, attribution) = predicted?;
        let explained = Explained {
            id,
            season: board.season(),
            role,
            model: board.model_id(),
            prediction,
            attribution: &attribution,
            features: self.sources.features.of(role),
            percentiles: board.percentiles(line).collect(),
        };
        Ok(explained.view())
    }

    /// How past predictions turned out.
    pub fn report_card(&self) -> Arc<ReportCard> {
        Arc::clone(&self.shelf().report)
    }

    /// The report card of one season.
    pub fn report_of(&self, season: Season) -> Result<Section, RankingsError> {
        let card = self.report_card();
        let section = card.season(season).cloned();
        section.ok_or(RankingsError::NotOnRecord(season))
    }

    /// What would have been said of a player season by season, and what happened.
    pub fn verdicts(&self, id: ProspectId) -> Result<PlayerVerdicts, RankingsError> {
        let name = self.name(id)?;
        let verdicts = self.sources.stored.verdicts_of(id)?;
        Ok(PlayerVerdicts {
            id: id.0,
            verdicts: verdicts.iter().map(|v| named(v, name.clone())).collect(),
            name,
        })
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
        Arc::clone(&self.card.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Shows the facts of another model from now on.
    pub fn set_card(&self, card: ModelCardView) {
        *self.card.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(card);
    }

    /// What readers are told on every page, such as the age of the data.
    pub fn note(&self) -> Option<String> {
        self.note
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Tells readers something on every page from now on, or nothing any more.
    pub fn set_note(&self, note: Option<String>) {
        let mut held = self.note.write().unwrap_or_else(PoisonError::into_inner);
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

    /// The nearest past snapshots, `shown` of them in full; `None` without a
    /// board line.
    fn nearest(
        &self,
        board: &Board,
        id: ProspectId,
        shown: usize,
    ) -> Result<Option<ComparablesView>, RankingsError> {
        let Some(line) = board.line(id, None) else {
            return Ok(None);
        };
        let at = SnapshotId {
            prospect: id,
            season: board.season(),
            role: line.facts.role,
        };
        let source = &self.sources.stored;
        let found = source.comparables(at)?;
        let shown = shown.min(found.len());
        let names: HashMap<ProspectId, String> = found[..shown]
            .iter()
            .map(|c| {
                Ok((
                    c.id.prospect,
                    source.name(c.id.prospect)?.unwrap_or_default(),
                ))
            })
            .collect::<Result<_, SourceError>>()?;
        Ok(Some(comparables(at, &line.prediction, &found, &names)))
    }

    /// What was cached is not right any more.
    fn changed(&self) {
        self.version.fetch_add(1, Ordering::Release);
        for hook in &*self.on_swap.lock().unwrap_or_else(PoisonError::into_inner) {
            hook();
        }
    }

    fn shelf(&self) -> Arc<Shelf> {
        Arc::clone(&self.shelf.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The error that says why the player is not on the season's board.
    fn not_ranked(&self, id: ProspectId, season: Season) -> Result<RankingsError, RankingsError> {
        let reason = not_ranked_because(&self.history(id)?, season);
        Ok(RankingsError::NotRanked { id, season, reason })
    }

    /// What was known of a player, and the last season to look at.
    fn known(
        &self,
        id: ProspectId,
        as_of: Option<AsOf>,
    ) -> Result<(History, Season), RankingsError> {
        let history = self.history(id)?;
        Ok(match as_of {
            None => (history, Season(u16::MAX)),
            Some(asked) => {
                let season = self.board(as_of)?.season();
                match asked {
                    AsOf::Season(_) => (history, season),
                    AsOf::Day(day) => (known_on(history, day), season),
                }
            }
        })
    }

    fn history(&self, id: ProspectId) -> Result<History, RankingsError> {
        let history = self.sources.stored.history(id)?;
        history.ok_or(RankingsError::UnknownProspect(id))
    }

    pub(super) fn load(&self, season: Season) -> Result<SharedBoard, RankingsError> {
        let data = self.sources.stored.board(season)?;
        Ok(Arc::new(Board::load(
            data.ok_or(RankingsError::NoBoard(season))?,
        )))
    }
}

fn found(history: &History, board: Option<&Board>) -> SearchResult {
    let batting = history.batting.iter().map(|line| line.season.0);
    let seasons = batting.chain(history.pitching.iter().map(|line| line.season.0));
    SearchResult {
        id: history.prospect.id.0,
        name: history.prospect.name.clone(),
        birth_year: history.prospect.birth_date.map(|date| date.year()),
        board: board.and_then(|board| board.row(history.prospect.id)),
        last_season: seasons.max(),
    }
}
