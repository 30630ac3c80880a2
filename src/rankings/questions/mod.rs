//! What one may ask of the catalog, by subject.

pub(in crate::rankings) mod days;
pub(in crate::rankings) mod movers;
mod profile;
mod report;
mod search;
