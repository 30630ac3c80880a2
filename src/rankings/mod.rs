//! The read model: boards, profiles, comparisons and search, over store, models
//! and index.
//!
//! A [`Board`] is one season's ranking, built from [`Entry`] values and stored
//! as [`BoardData`]. The [`Catalog`] holds the newest board in memory, loads
//! past ones as asked, and answers every question with a struct of [`view`].

mod board;
mod catalog;
mod columns;
mod comparables;
mod cursor;
mod entry;
mod error;
mod explain;
mod features;
mod filters;
mod fine_wine;
pub mod models;
mod movers;
mod narrative;
#[cfg(test)]
mod narrative_tests;
mod packed;
mod peers;
mod phrases;
mod profile;
mod query;
pub mod report;
mod since;
mod source;
mod stats;
mod tiers;
mod timeline;
pub mod view;

pub use board::{Board, BoardData, BoardInput, SharedBoard};
pub use catalog::{Catalog, Sources};
pub use entry::{Entry, Facts, LeagueAverages, RATES, rate_labels};
pub use error::{RankingsError, SourceError};
pub use features::{Better, FeatureMeta, FeatureSet};
pub use fine_wine::{
    AgeCount, AgeingCurve, FineWine, LateBloomer, MIN_AGE, MIN_RISE, PastBloomer, SKILLS, meets,
};
pub use movers::{KINDS as MOVES, KindCount, MoveView, MoversView, ReasonView};
pub use query::{BoardQuery, DEFAULT_LIMIT, MAX_LIMIT, Order, Sort};
pub use since::{HistoryPoint, HistoryView, MoversQuery};
pub use source::{NameSearch, Predictor, Source};
pub use stats::innings;
