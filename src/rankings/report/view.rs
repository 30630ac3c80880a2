//! What the report card shows. Probabilities, rates and shares are numbers from
//! 0 to 1; a figure that needs both outcomes is null where only one occurred.

use serde::Serialize;
use utoipa::ToSchema;

/// The whole report card.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct ReportCard {
    /// True for the demo league.
    pub simulated: bool,
    /// The answer in plain sentences.
    pub sentences: Vec<String>,
    /// All seasons together; absent before any was put on record.
    pub pooled: Option<Section>,
    /// Season by season, the oldest first.
    pub seasons: Vec<Section>,
}

/// One past season, or all together.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Section {
    /// The season; absent when pooled.
    pub season: Option<u16>,
    /// Models that made the predictions.
    pub models: Vec<String>,
    /// The model, outcomes as played.
    pub model: Scores,
    /// Age and level alone.
    pub baseline: Scores,
    /// The model with the 60 games of 2020 counted as a full season; absent
    /// where no window holds 2020.
    pub in_full_seasons: Option<Scores>,
    /// Players with too little playing time: predicted, and left out of every figure.
    pub thin: u32,
    /// Of those who reached the majors, how many were told right.
    pub reached: Reached,
    /// What was given against what happened.
    pub reliability: Vec<Bin>,
    /// The highest, for several lengths of list; pooled: of every season together.
    pub top: Vec<Top>,
    /// Scores by role, level, age, confidence, and of the hard cases.
    pub cuts: Vec<Cut>,
    /// The highest ranked who succeeded.
    pub hits: Vec<Named>,
    /// Successes whom age and level alone gave far less.
    pub finds: Vec<Named>,
    /// The highest who failed.
    pub misses: Vec<Named>,
    /// Successes who were given least.
    pub overlooked: Vec<Named>,
    /// The hundred highest of the season; empty when pooled.
    pub highest: Vec<Named>,
    /// Published lists of that winter beside ours.
    pub lists: Vec<ListComparison>,
}

/// Figures of one set of predictions.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Scores {
    /// Predictions.
    pub n: u32,
    /// Those that succeeded.
    pub successes: u32,
    /// Share that succeeded.
    pub base_rate: f64,
    /// Accuracy of always saying no.
    pub majority: f64,
    /// Chance that a success was rated above a failure.
    pub auc: Option<f64>,
    /// Share of the base rate's squared error that is gone.
    pub brier_skill: Option<f64>,
    /// Mean squared error.
    pub brier: f64,
    /// Mean log loss, natural logarithm.
    pub log_loss: f64,
    /// Expected calibration error, 15 bins of equal count.
    pub ece: f64,
    /// Successes over the sum of probabilities.
    pub observed_to_expected: f64,
    /// Slope of the outcome on the predicted log-odds; 1 is right.
    pub slope: Option<f64>,
    /// Mean of sensitivity and specificity when everybody at or above the base
    /// rate is called a success.
    pub balanced_accuracy: Option<f64>,
}

/// Telling regulars from visitors among those who reached the majors.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Reached {
    /// Players who reached the majors within the window.
    pub n: u32,
    /// Those who succeeded.
    pub successes: u32,
    /// Share told right when as many of the highest are called successes as there were.
    pub accuracy: Option<f64>,
    /// Share told right by always giving the commoner answer.
    pub majority: Option<f64>,
}

/// Predictions of similar probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Bin {
    /// Lowest probability of the bin.
    pub from: f64,
    /// Highest.
    pub to: f64,
    /// Predictions.
    pub n: u32,
    /// Those that succeeded.
    pub successes: u32,
    /// Mean probability given.
    pub predicted: f64,
    /// Share that succeeded.
    pub observed: f64,
    /// Lower end of the share's 95 % Wilson interval.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

/// The highest of each season.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Top {
    /// Length of the list in each season.
    pub k: u32,
    /// Players on it.
    pub n: u32,
    /// Those that succeeded.
    pub successes: u32,
    /// Successes on a list of the same length by age and level alone.
    pub baseline_successes: u32,
}

/// Scores of a part of the players.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Cut {
    /// `role`, `level`, `age`, `confidence` or `hard`.
    pub by: &'static str,
    /// Which part.
    pub name: String,
    /// The model.
    pub model: Scores,
    /// Age and level alone.
    pub baseline: Scores,
}

/// One past prediction with its outcome.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Named {
    /// Our id of the player.
    pub id: u32,
    /// Full name.
    pub name: String,
    /// Season at whose end it was made.
    pub season: u16,
    /// `hitter` or `pitcher`.
    pub role: String,
    /// Highest level of the season.
    pub level: String,
    /// Age on 1 July of the season.
    pub age: Option<f32>,
    /// Model that made it.
    pub model: String,
    /// Rank within the season, both roles together; absent for thin data.
    pub rank: Option<u32>,
    /// Probability of success.
    pub probability: f64,
    /// Lower end of the 80 % interval.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
    /// `high`, `medium` or `low`.
    pub confidence: String,
    /// What age and level alone said.
    pub baseline: f64,
    /// Whether he succeeded, as played.
    pub success: bool,
    /// Whether he played in the majors within the window.
    pub reached_majors: bool,
    /// Major-league plate appearances within the window.
    pub majors_pa: u32,
    /// Major-league innings within the window, as `45.2`.
    pub majors_innings: String,
}

/// A player's past predictions.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PlayerVerdicts {
    /// Our id of the player.
    pub id: u32,
    /// Full name.
    pub name: String,
    /// Season by season.
    pub verdicts: Vec<Named>,
}

/// A published list beside ours of the same length.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ListComparison {
    /// Season at whose end ours was made.
    pub season: u16,
    /// Publisher and name of the list.
    pub list: String,
    /// Day of publication.
    pub published: String,
    /// Listed players who have a prediction of that season.
    pub n: u32,
    /// Those of them who succeeded.
    pub successes: u32,
    /// Successes among as many of our highest.
    pub ours: u32,
}
