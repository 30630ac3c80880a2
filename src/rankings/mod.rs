//! The read model: boards, profiles, comparisons and search, over store, models
//! and index.
//!
//! A [`Board`] is one season's ranking, built from [`BoardEntry`] values and stored
//! as [`BoardData`]. The [`Catalog`] holds the newest board in memory, loads
//! past ones as asked, and answers every question with a struct of [`views`].

mod board;
mod catalog;
mod error;
mod features;
mod group_shares;
pub mod models;
mod profile;
mod questions;
pub mod report;
mod source;
pub mod views;
pub mod wording;

pub use crate::domain::{AgeCount, AgeingCurve, FineWine, LateBloomer, PastBloomer, SKILLS};
pub use board::data::{BoardData, BoardInput};
pub use board::entry::{BoardEntry, Facts, LeagueAverages, RATES, rate_labels};
pub use board::late_bloomers::{MIN_AGE, MIN_RISE, meets};
pub use board::query::{ALL_ROWS, BoardQuery, DEFAULT_LIMIT, MAX_LIMIT, Order, Sort};
pub use board::ranking::{Board, SharedBoard};
pub use catalog::{Catalog, Sources};
pub use error::{RankingsError, SourceError};
pub use features::{Better, FeatureMeta, FeatureSet};
pub use profile::stats::innings;
pub use questions::days::MoversQuery;
pub use questions::movers::KINDS as MOVES;
pub use source::{DayAnswer, NameSearch, Predictor, Source};
pub use views as view;
pub use views::{HistoryPoint, HistoryView, KindCount, MoveView, MoversView, ReasonView};
