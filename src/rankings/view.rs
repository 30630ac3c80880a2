//! What a board, a profile, a comparison and a search show: plain data with
//! everything resolved. JSON and HTML of one resource come from the same struct.
//!
//! Probabilities and rates are numbers from 0 to 1, log-odds are natural
//! logarithms, ages are years on 1 July of the season.

use serde::Serialize;
use utoipa::ToSchema;

use crate::ml::Validation;

/// One line of a board.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct BoardRow {
    /// Rank on the whole board of the season, from 1.
    pub rank: u32,
    /// Our id of the player.
    pub id: u32,
    /// Full name.
    pub name: String,
    /// `hitter` or `pitcher`.
    pub role: String,
    /// Position of the season, when known.
    pub position: Option<String>,
    /// Highest level played in the season.
    pub level: String,
    /// League code, when known.
    pub league: Option<String>,
    /// Organisation code, when known for the season.
    pub organisation: Option<String>,
    /// Club name, when known.
    pub club: Option<String>,
    /// Age on 1 July of the season, when the birth date is known.
    pub age: Option<f32>,
    /// Plate appearances (hitters) or batters faced (pitchers) in the season.
    pub playing_time: u32,
    /// Probability of success.
    pub probability: f64,
    /// Lower end of the 80 % interval.
    pub lower: f64,
    /// Upper end of the 80 % interval.
    pub upper: f64,
    /// `high`, `medium` or `low`.
    pub confidence: String,
    /// True when there was too little playing time to evaluate the season.
    pub thin_data: bool,
    /// Tier, from 1: players of one tier can't be told apart by the model.
    pub tier: u32,
    /// Change of rank since the previous season's board; positive is up; absent
    /// for new arrivals.
    pub rank_change: Option<i32>,
    /// For a two-way player, why this role's probability is the one shown.
    pub two_way_note: Option<String>,
}

/// A page of the board.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct BoardPage {
    /// Season whose end the board describes.
    pub season: u16,
    /// Version of the model that made the predictions.
    pub model: String,
    /// True for the fictional demo league.
    pub simulated: bool,
    /// Rows matching the filters, over all pages.
    pub total: u32,
    /// Rows on the unfiltered board.
    pub board_size: u32,
    /// The rows, in the requested order.
    pub rows: Vec<BoardRow>,
    /// Pass as `cursor` for the next page; absent on the last.
    pub next_cursor: Option<String>,
}

/// The values filters can take on one season's board.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FiltersView {
    /// Season of the board.
    pub season: u16,
    /// Seasons with a board, newest first.
    pub seasons: Vec<u16>,
    /// Roles on the board.
    pub roles: Vec<FilterValue>,
    /// Positions on the board.
    pub positions: Vec<FilterValue>,
    /// Levels, highest first.
    pub levels: Vec<FilterValue>,
    /// League codes.
    pub leagues: Vec<FilterValue>,
    /// Organisation codes.
    pub organisations: Vec<FilterValue>,
    /// Confidence levels.
    pub confidences: Vec<FilterValue>,
    /// Orders a board can be sorted by.
    pub sorts: Vec<String>,
    /// Youngest and oldest age on the board.
    pub age_range: Option<(f32, f32)>,
    /// Largest playing time on the board.
    pub max_playing_time: u32,
}

/// One choice of a filter.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FilterValue {
    /// Value to pass as the query parameter.
    pub value: String,
    /// Players it would show.
    pub count: u32,
}

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

/// Past snapshots to which the model gave like probabilities for like reasons.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ComparablesView {
    /// Our id of the player.
    pub id: u32,
    /// Season of the snapshot.
    pub season: u16,
    /// `hitter` or `pitcher`.
    pub role: String,
    /// The model's probability.
    pub probability: f64,
    /// Comparables found, at most 20, of as many different players.
    pub count: u32,
    /// How many of them succeeded.
    pub successes: u32,
    /// How many of them played in the majors by the end of their windows.
    pub debuts: u32,
    /// Share that succeeded; absent without any.
    pub success_share: Option<f64>,
    /// Nearest first.
    pub comparables: Vec<ComparableView>,
}

/// One comparable and what became of him.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ComparableView {
    /// Our id of the player.
    pub id: u32,
    /// Full name.
    pub name: String,
    /// Season of his snapshot.
    pub season: u16,
    /// Age on 1 July of that season, when known.
    pub age: Option<f32>,
    /// Highest level of that season.
    pub level: String,
    /// Distance in log-odds, over the groups of the explanation.
    pub distance: f32,
    /// True when he succeeded in the four seasons after.
    pub success: bool,
    /// Major-league plate appearances in them.
    pub pa: u32,
    /// Major-league innings in them, as `45.2`.
    pub ip: String,
    /// What became of him, in words.
    pub outcome: String,
}

/// The exact explanation: `base_log_odds` plus the groups' (or the features')
/// log-odds is `log_odds`, and its probability is the shown one.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ExplanationView {
    /// Our id of the player.
    pub id: u32,
    /// Season of the snapshot.
    pub season: u16,
    /// `hitter` or `pitcher`.
    pub role: String,
    /// Version of the model.
    pub model: String,
    /// Shown probability.
    pub probability: f64,
    /// Lower end of the 80 % interval.
    pub lower: f64,
    /// Upper end of the 80 % interval.
    pub upper: f64,
    /// `high`, `medium` or `low`.
    pub confidence: String,
    /// Log-odds of the shown probability.
    pub log_odds: f64,
    /// Log-odds of the average snapshot in training.
    pub base_log_odds: f64,
    /// Probability of the average snapshot in training.
    pub base_probability: f64,
    /// One entry per display group, largest effect first.
    pub groups: Vec<GroupView>,
    /// One entry per feature, largest effect first.
    pub features: Vec<FeatureView>,
}

/// A display group's share.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GroupView {
    /// Name of the group.
    pub group: &'static str,
    /// Log-odds added.
    pub log_odds: f64,
    /// Probability before this bar of the waterfall.
    pub from: f64,
    /// Probability after this bar; the last bar ends at the shown probability.
    pub to: f64,
}

/// A feature's share.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FeatureView {
    /// Stable name.
    pub name: &'static str,
    /// Name for people.
    pub label: &'static str,
    /// Display group.
    pub group: &'static str,
    /// Unit of the value.
    pub unit: &'static str,
    /// The value; absent when missing.
    pub value: Option<f32>,
    /// Share of the season's board (same role) with a lower value, 0 to 1.
    pub percentile: Option<f32>,
    /// Log-odds added.
    pub log_odds: f64,
}

/// A rate of the season beside the average of its level.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RateView {
    /// Name for people (`Strikeout rate`).
    pub label: String,
    /// The player's rate.
    pub value: f32,
    /// Playing-time-weighted average of the leagues and levels he played in.
    pub level_average: f32,
    /// Percentile among the season's board rows of the same role and level, 0
    /// to 1, oriented so that 1 is best for the player.
    pub percentile: f32,
    /// True when a higher value is better for the player.
    pub higher_is_better: bool,
}

/// A player's lines.
#[derive(Clone, Debug, PartialEq, Default, Serialize, ToSchema)]
pub struct StatsView {
    /// Batting lines, newest first.
    pub batting: Vec<BattingView>,
    /// Pitching lines, newest first.
    pub pitching: Vec<PitchingView>,
    /// Major-league seasons, newest first.
    pub mlb: Vec<MlbView>,
}

/// A batting line as shown.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[expect(
    missing_docs,
    reason = "the field names are the standard abbreviations of a box score"
)]
pub struct BattingView {
    pub season: u16,
    pub level: String,
    pub league: Option<String>,
    pub club: Option<String>,
    pub age: Option<f32>,
    pub position: Option<String>,
    /// Day up to which the line counts.
    pub as_of: String,
    pub g: u16,
    pub pa: u16,
    pub ab: u16,
    pub h: u16,
    pub b2: u16,
    pub b3: u16,
    pub hr: u16,
    pub rbi: u16,
    pub bb: u16,
    pub so: u16,
    pub hbp: u16,
    pub sb: u16,
    pub cs: u16,
    pub avg: Option<f32>,
    pub obp: Option<f32>,
    pub slg: Option<f32>,
    pub k_rate: Option<f32>,
    pub bb_rate: Option<f32>,
    /// Isolated power.
    pub iso: Option<f32>,
}

/// A pitching line as shown; `ip` is written as innings (`45.2`), `outs` is the count.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[expect(
    missing_docs,
    reason = "the field names are the standard abbreviations of a box score"
)]
pub struct PitchingView {
    pub season: u16,
    pub level: String,
    pub league: Option<String>,
    pub club: Option<String>,
    pub age: Option<f32>,
    /// Day up to which the line counts.
    pub as_of: String,
    pub g: u16,
    pub gs: u16,
    pub w: u16,
    pub l: u16,
    pub sv: u16,
    pub ip: String,
    pub outs: u16,
    pub bf: u16,
    pub h: u16,
    pub er: u16,
    pub hr: u16,
    pub bb: u16,
    pub so: u16,
    pub era: Option<f32>,
    pub whip: Option<f32>,
    pub k_rate: Option<f32>,
    pub bb_rate: Option<f32>,
}

/// A major-league season as shown.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[expect(
    missing_docs,
    reason = "the field names are the standard abbreviations of a box score"
)]
pub struct MlbView {
    pub season: u16,
    pub pa: u16,
    pub hr: u16,
    pub ip: String,
    pub so: u16,
    pub bb: u16,
    pub p_so: u16,
    pub p_bb: u16,
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

/// Players found by name.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SearchView {
    /// What was searched for.
    pub query: String,
    /// Best match first.
    pub results: Vec<SearchResult>,
    /// True while the index lags behind the store.
    pub stale: bool,
}

/// One player found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SearchResult {
    /// Our id.
    pub id: u32,
    /// Full name.
    pub name: String,
    /// Birth year, when known.
    pub birth_year: Option<i16>,
    /// His line on the newest board, when he has one.
    pub board: Option<BoardRow>,
    /// Last season with a minor-league line.
    pub last_season: Option<u16>,
}

/// The facts of the model that made a board.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ModelCardView {
    /// Version.
    pub model: String,
    /// Last season whose closed windows it has seen.
    pub trained_until: u16,
    /// Seed of the training run.
    pub seed: u64,
    /// Hash of the training data.
    pub data_hash: String,
    /// Hash of the feature definitions.
    pub feature_schema: String,
    /// Figures per role.
    pub roles: Vec<RoleCardView>,
    /// Walk-forward figures measured before the model was shipped, per role and season.
    pub backtest: Vec<BacktestRow>,
    /// Walk-forward figures of horizons, comparables and intervals, when measured.
    pub validation: Option<Validation>,
    /// Every feature with its group, unit and meaning.
    pub features: Vec<FeatureDoc>,
}

/// A role's training facts.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RoleCardView {
    /// `hitter` or `pitcher`.
    pub role: String,
    /// First training season.
    pub first_season: u16,
    /// Last training season.
    pub last_season: u16,
    /// Training snapshots.
    pub snapshots: u32,
    /// Share of them that succeeded.
    pub base_rate: f64,
}

/// Figures of one walk-forward season and role. The majority figure (accuracy
/// of always saying no) stands beside every one of them.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct BacktestRow {
    /// Season predicted; 0 when pooled over all.
    pub season: u16,
    /// `hitter`, `pitcher` or `both`.
    pub role: String,
    /// Evaluated snapshots.
    pub n: u32,
    /// Share that succeeded.
    pub base_rate: f64,
    /// Accuracy of always predicting failure.
    pub majority: f64,
    /// Area under the ROC curve.
    pub auc: f64,
    /// Brier skill against the base rate.
    pub brier_skill: f64,
    /// Mean log loss, natural logarithm.
    pub log_loss: f64,
    /// Expected calibration error, 15 equal-count bins.
    pub ece: f64,
    /// Observed successes over expected successes.
    pub observed_to_expected: f64,
    /// Share of the 100 highest that succeeded.
    pub precision_at_100: f64,
}

/// Documentation of one feature.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FeatureDoc {
    /// Stable name.
    pub name: String,
    /// Name for people.
    pub label: String,
    /// `hitter`, `pitcher` or `both`.
    pub role: String,
    /// Display group.
    pub group: String,
    /// Unit.
    pub unit: String,
    /// What it means and how it is computed.
    pub doc: String,
}

/// A season's late bloomers, with what became of earlier ones.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FineWineView {
    /// Season whose end it describes.
    pub season: u16,
    /// Version of the model.
    pub model: String,
    /// True for the fictional demo league.
    pub simulated: bool,
    /// The role asked for; absent for both.
    pub role: Option<String>,
    /// The definition in two sentences.
    pub definition: String,
    /// False when no list of the season or the one before is imported: nobody
    /// is then left out for being listed.
    pub lists_known: bool,
    /// Youngest age.
    pub min_age: f32,
    /// Least rise of the skills together, in log-odds.
    pub min_rise: f64,
    /// Players who meet the definition.
    pub total: u32,
    /// The most probable of them, in order of rank.
    pub rows: Vec<FineWineRow>,
    /// What became of earlier ones, per role.
    pub curves: Vec<AgeingCurveView>,
}

/// A late bloomer.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FineWineRow {
    /// His line on the board.
    pub board: BoardRow,
    /// The season his skills are compared with.
    pub since: u16,
    /// What the probability would be with the skills' shares of that season.
    pub before: f64,
    /// Rise of his skills, in log-odds.
    pub rise: f64,
    /// The same as a factor of his odds.
    pub odds_ratio: f64,
    /// The skills that rose, in words.
    pub in_words: String,
    /// Change per skill, largest rise first.
    pub skills: Vec<SkillRise>,
    /// The last imported list he was on; absent when on none.
    pub last_list: Option<String>,
}

/// The change of one skill's share.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SkillRise {
    /// Display group.
    pub group: &'static str,
    /// Change in log-odds.
    pub log_odds: f64,
}

/// What became of late bloomers of seasons whose windows have closed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AgeingCurveView {
    /// `hitter` or `pitcher`.
    pub role: String,
    /// First season counted.
    pub first_season: u16,
    /// Last season counted: its window had closed by the season of the list.
    pub last_season: u16,
    /// Player-seasons that met the definition.
    pub n: u32,
    /// Those that succeeded.
    pub successes: u32,
    /// Share that succeeded.
    pub rate: Option<f64>,
    /// Player-seasons that meet it but for the rise.
    pub others: u32,
    /// Those that succeeded.
    pub other_successes: u32,
    /// Share that succeeded.
    pub other_rate: Option<f64>,
    /// The same by age.
    pub by_age: Vec<RateByAge>,
    /// Players, each at his first season that met the definition.
    pub players: u32,
    /// Players by the age at which they crossed the line.
    pub crossed_at: Vec<CrossingView>,
    /// Players by the season after the snapshot in which they crossed it.
    pub crossed_after: Vec<CrossingView>,
    /// Those who went furthest.
    pub examples: Vec<LateBloomerExample>,
}

/// Success of player-seasons of one age.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RateByAge {
    /// Whole years on 1 July; the last holds everybody older, too.
    pub age: u8,
    /// Player-seasons that met the definition.
    pub n: u32,
    /// Those that succeeded.
    pub successes: u32,
    /// Share that succeeded.
    pub rate: Option<f64>,
    /// Player-seasons that meet it but for the rise.
    pub others: u32,
    /// Those that succeeded.
    pub other_successes: u32,
    /// Share that succeeded.
    pub other_rate: Option<f64>,
}

/// Players who crossed 500 plate appearances or 100 innings at some time.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CrossingView {
    /// Age in whole years, or seasons after the snapshot.
    pub at: u8,
    /// Number of players.
    pub players: u32,
}

/// A late bloomer of the past who succeeded.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LateBloomerExample {
    /// Our id.
    pub id: u32,
    /// Full name.
    pub name: String,
    /// Season he first met the definition.
    pub season: u16,
    /// Age then.
    pub age: f32,
    /// Level then.
    pub level: String,
    /// Season in which he crossed the line.
    pub crossed: u16,
    /// Major-league plate appearances in the four seasons.
    pub pa: u32,
    /// Major-league innings in the four seasons.
    pub innings: String,
}
