//! The values a line is filtered by.

use super::data::Line;
use crate::domain::{Code, Confidence, Level, Position, Role};

/// What filters look at, apart from the rest of a line, so that a scan of the
/// whole board stays in the processor's cache.
#[derive(Debug)]
pub(in crate::rankings) struct Filterable {
    pub(in crate::rankings) league: Code,
    pub(in crate::rankings) organisation: Code,
    pub(in crate::rankings) age: f32,
    pub(in crate::rankings) playing_time: u32,
    pub(in crate::rankings) role: Role,
    pub(in crate::rankings) position: Option<Position>,
    pub(in crate::rankings) level: Level,
    pub(in crate::rankings) confidence: Confidence,
}

impl From<&Line> for Filterable {
    fn from(line: &Line) -> Self {
        let facts = &line.facts;
        Self {
            league: facts.league,
            organisation: facts.organisation,
            age: facts.age,
            playing_time: facts.playing_time,
            role: facts.role,
            position: facts.position,
            level: facts.level,
            confidence: line.prediction.confidence,
        }
    }
}
