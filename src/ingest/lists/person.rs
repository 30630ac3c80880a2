//! What a row says of whom it is about.

use jiff::civil::Date;

use crate::domain::{Code, Franchise, ProspectId};

/// What a row says of a person.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Person {
    /// Name as published.
    pub(crate) name: String,
    /// MLBAM id.
    pub(crate) mlbam: Option<ProspectId>,
    /// FanGraphs ids; a player has another one in the majors.
    pub(crate) fangraphs: Vec<String>,
    /// Fantrax id, without its asterisks.
    pub(crate) fantrax: Option<String>,
    /// Birth date.
    pub(crate) birth_date: Option<Date>,
    /// Organisation in our codes.
    pub(crate) organisation: Code,
    /// Position as published.
    pub(crate) position: String,
    /// Age as published.
    pub(crate) age: Option<f32>,
}

/// The organisation a text names, in the code of the store; unknown when it names none.
pub(crate) fn organisation(text: &str) -> Code {
    Franchise::named(text).map_or(Code::default(), Franchise::code)
}
