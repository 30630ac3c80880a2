//! Ranks of the sources of a name or a birth date; see `PlayerFacts`. A stat
//! line's name ranks by its season, so the newest spelling wins.

/// A league-wide roster feed: the current spelling with accents.
pub(super) const ROSTER: u16 = 3000;
/// The id register.
pub(super) const REGISTER: u16 = 1000;
/// A row about something else that happens to carry the fact.
pub(super) const MENTION: u16 = 10;
