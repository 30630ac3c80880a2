//! Why a question could not be answered.

use crate::domain::{Franchise, ProspectId, Season};

/// Why a question to the read model has no answer.
#[derive(Debug, thiserror::Error)]
pub enum RankingsError {
    /// No board has been loaded yet.
    #[error(
        "no board is loaded: run `afwd predict --as-of SEASON` after importing, or `afwd serve --demo`"
    )]
    NoBoards,
    /// The season has no board.
    #[error("season {0} has no board: run `afwd predict --as-of {0}` to make it")]
    NoBoard(Season),
    /// No board is kept of the day or one before it.
    #[error("no board of {day} is kept; {kept}")]
    NoDay {
        /// The day.
        day: jiff::civil::Date,
        /// Which ones are, in words.
        kept: String,
    },
    /// The board of a day has no features left to predict from.
    #[error(
        "features of past days are not kept, so nothing can be predicted from them: ask for a season"
    )]
    NoFeatures,
    /// Nobody has that id.
    #[error("no player has the id {0}: look him up with /api/prospects/search?q=NAME")]
    UnknownProspect(ProspectId),
    /// The player has no prediction on the season's board.
    #[error("player {id} has no prediction for {season}: {reason}")]
    NotRanked {
        /// The player.
        id: ProspectId,
        /// Season of the board.
        season: Season,
        /// Why, in words.
        reason: String,
    },
    /// The season is not on the report card.
    #[error(
        "season {0} is not on the report card: `afwd report-card --seasons A..B` puts seasons on record"
    )]
    NotOnRecord(Season),
    /// The cursor is not one of ours, or belongs to another list.
    #[error("the cursor {0}: start again without `cursor`")]
    Cursor(&'static str),
    /// Nobody knows the organisation a filter names.
    #[error("`organisation`: no organisation is called `{text}`{hint}")]
    UnknownOrganisation {
        /// What was asked for.
        text: String,
        /// The nearest one, in words.
        hint: String,
    },
    /// A comparison of too few, too many or the same players.
    #[error("compare two to five different players: `ids` held {0}")]
    Comparison(usize),
    /// Store, index or model failed.
    #[error("a source of the read model failed")]
    Source(#[from] SourceError),
}

impl RankingsError {
    /// No organisation is called so; names the one nearest to the text.
    pub fn unknown_organisation(text: &str) -> Self {
        let hint = match Franchise::nearest(text) {
            Some(code) => format!(
                ": did you mean {code}? /api/prospects/filters lists the codes of the board"
            ),
            None => ": /api/prospects/filters lists the codes of the board".to_owned(),
        };
        Self::UnknownOrganisation {
            text: text.chars().take(40).collect(),
            hint,
        }
    }
}

/// An error of the store, the index or the model behind a source.
pub type SourceError = Box<dyn std::error::Error + Send + Sync>;
