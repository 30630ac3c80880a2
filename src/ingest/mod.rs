//! CSV files to the store: the operator's way in.
//!
//! Each kind of file has a shape (`shapes/`): its columns, how a row becomes
//! domain values, what a valid row must satisfy, and which rows say the same.
//! [`import()`] streams a file, keeps good rows and refused ones apart, and puts
//! both in one transaction, so that a crash leaves all of a file or nothing.
//! Nothing is dropped silently: every row is added, updated, unchanged,
//! a duplicate, or quarantined with its line and reason.
//!
//! [`lists`] reads any publisher's ranking, [`leaders`] another service's
//! figures, which are only compared with ours. [`mlb`] reads the MLB Stats API by
//! the same rules.

mod cell;
mod error;
pub mod fangraphs;
mod file;
mod headers;
mod import;
mod kind;
pub mod leaders;
mod leagues;
pub mod lists;
pub mod mlb;
mod plausible;
mod rank;
mod report;
mod row;
mod shapes;
pub mod sources;

pub use error::ImportError;
pub use import::import;
pub use kind::FileKind;
pub use report::{FileReport, Options, Progress, Silent};
