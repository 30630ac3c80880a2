//! What the page and the API of data quality ask of the parts that keep the data
//! fresh, as an interface, and the views they show.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::Finding;
use crate::rankings::SourceError;

/// Whoever knows how fresh and how good the data is.
pub trait Quality: Send + Sync {
    /// How fresh and how good the data is.
    ///
    /// # Errors
    /// When the store fails.
    fn quality(&self) -> Result<QualityView, SourceError>;
}

/// How fresh and how good the data is.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct QualityView {
    /// The worst level: `ok`, `info`, `warning` or `critical`.
    pub level: String,
    /// The whole in one sentence.
    pub summary: String,
    /// The sources.
    pub sources: Vec<SourceView>,
    /// What the newest checks found, the worst first.
    pub findings: Vec<FindingView>,
    /// Rows set aside, over all imports and sources.
    pub quarantined: u64,
}

/// A source of data.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SourceView {
    /// Short name.
    pub name: String,
    /// Name as people say it.
    pub title: String,
    /// True when it is asked by itself.
    pub enabled: bool,
    /// True when the operator accepted its terms, or it has none.
    pub terms_accepted: bool,
    /// `ok`, `warning`, `critical` or `off`.
    pub level: String,
    /// The day its data is true for.
    pub data_day: Option<String>,
    /// When its data was applied, RFC 3339 UTC.
    pub applied: Option<String>,
    /// Hours since then.
    pub age_hours: Option<f64>,
    /// Rows of that data.
    pub rows: u64,
    /// Why it failed last; empty when it did not.
    pub error: String,
    /// Since when it answers with challenge pages.
    pub blocked_since: Option<String>,
    /// Requests made today (UTC).
    pub requests_today: u32,
    /// Requests a day that may be made.
    pub requests_allowed: u32,
}

/// One thing a check found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FindingView {
    /// The day of the check.
    pub day: String,
    /// `schema`, `completeness`, `duplicates`, `outliers`, `agreement`, `refused` or `freshness`.
    pub check: String,
    /// `info`, `warning` or `critical`.
    pub severity: String,
    /// The source.
    pub source: String,
    /// The finding in a sentence.
    pub what: String,
    /// Rows or fields it concerns.
    pub count: u32,
    /// Some of them.
    pub examples: Vec<String>,
}

impl FindingView {
    /// A finding of the check of `day`.
    pub fn new(day: jiff::civil::Date, finding: &Finding) -> Self {
        Self {
            day: day.to_string(),
            check: finding.check.to_string(),
            severity: finding.severity.to_string(),
            source: finding.source.clone(),
            what: finding.what.clone(),
            count: finding.count,
            examples: finding.examples.clone(),
        }
    }
}
