//! A player's page and what it is made of: reasons, sentences, lines, likenesses.

pub(in crate::rankings) mod comparables;
pub(in crate::rankings) mod explain;
pub(in crate::rankings) mod known_on;
mod narrative;
#[cfg(test)]
mod narrative_tests;
pub(in crate::rankings) mod page;
mod phrases;
pub(in crate::rankings) mod stats;
mod timeline;
