//! Charts as SVG, each with a title, a description and a table beside it.

pub mod ageing;
pub mod career;
pub mod reliability;
pub mod timeline;
pub mod waterfall;
