//! What a board, a profile, a comparison and a search show: plain data with
//! everything resolved. JSON and HTML of one resource come from the same struct.
//!
//! Probabilities and rates are numbers from 0 to 1, log-odds are natural
//! logarithms, ages are years on 1 July of the season.

mod board;
mod comparables;
mod explanation;
mod fine_wine;
mod history;
mod model_card;
mod movers;
mod profile;
mod search;
mod stats;

pub use board::{BoardPage, BoardRow, FilterValue, FiltersView};
pub use comparables::{ComparableView, ComparablesView};
pub use explanation::{ExplanationView, FeatureView, GroupView};
pub use fine_wine::{
    AgeingCurveView, CrossingView, FineWineRow, FineWineView, LateBloomerExample, RateByAge,
    SkillRise,
};
pub use history::{HistoryPoint, HistoryView};
pub use model_card::{BacktestRow, FeatureDoc, ModelCardView, RoleCardView};
pub use movers::{KindCount, MoveView, MoversView, ReasonView};
pub use profile::{CompareView, ProspectView, TimelineSeason, TimelineView};
pub use search::{SearchResult, SearchView};
pub use stats::{BattingView, MlbView, PitchingView, RateView, StatsView};
