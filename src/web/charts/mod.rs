//! Charts as SVG, each with a title, a description and a table beside it.

pub(super) mod ageing;
pub(super) mod career;
pub(super) mod reliability;
pub(super) mod timeline;
pub(super) mod waterfall;
