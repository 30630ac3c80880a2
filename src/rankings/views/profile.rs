//! A player's page, and several side by side.

use serde::Serialize;
use utoipa::ToSchema;

use super::board::BoardRow;
use super::comparables::ComparablesView;
use super::explanation::ExplanationView;
use super::stats::{RateView, StatsView};

/// A player's page.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ProspectView {
    /// The season or day asked for; none for the newest board.
    pub as_of: Option<String>,
    /// Season whose end the profile describes.
    pub season: u16,
    /// True for a fictional player of the demo league.
    pub simulated: bool,
    /// Our id.
    pub id: u32,
    /// MLBAM id, when known.
    pub mlbam_id: Option<u32>,
    /// Full name.
    pub name: String,
    /// Birth date (RFC 3339 full date), when known.
    pub birth_date: Option<String>,
    /// Draft selection in words (`2019, round 2, pick 42, by Texas Rangers`).
    pub draft: Option<String>,
    /// His line on the season's board; absent when he is not a prospect there
    /// (graduated, retired, or the board has no line of him).
    pub board: Option<BoardRow>,
    /// Why there is no board line.
    pub not_ranked_because: Option<String>,
    /// The exact explanation of the probability; absent without a board line.
    pub explanation: Option<ExplanationView>,
    /// Three or four plain sentences generated from the explanation.
    pub narrative: Vec<String>,
    /// When: success and debut by season; absent without a board line.
    pub timeline: Option<TimelineView>,
    /// The nearest past snapshots, the first five of them; absent without a
    /// board line or before any window had closed.
    pub comparables: Option<ComparablesView>,
    /// Rates against the level's average.
    pub rates: Vec<RateView>,
    /// Minor- and major-league lines, newest first.
    pub stats: StatsView,
    /// What became of him, when the season's window has closed.
    pub outcome: Option<String>,
}

/// Probabilities by season of the outcome window.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TimelineView {
    /// True when he has played in the majors.
    pub debuted: bool,
    /// First season by whose end a debut is likelier than not; absent when none
    /// is, or when he has debuted.
    pub likely_debut: Option<u16>,
    /// The four seasons after the snapshot.
    pub seasons: Vec<TimelineSeason>,
}

/// One season of the window.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TimelineSeason {
    /// The season.
    pub season: u16,
    /// Probability of having passed 500 PA or 100 IP since the snapshot by its end.
    pub success: f64,
    /// Probability of having played in the majors by its end.
    pub debut: f64,
    /// Probability that the debut falls in it.
    pub debut_in_season: f64,
}

/// Two to five players side by side.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CompareView {
    /// Season of the comparison.
    pub season: u16,
    /// True for the fictional demo league.
    pub simulated: bool,
    /// The players, in the order asked for.
    pub players: Vec<ProspectView>,
    /// Names of the groups that occur, in display order.
    pub groups: Vec<String>,
}
