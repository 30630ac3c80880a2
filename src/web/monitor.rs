//! What the health checks, the figures and the alerts page ask of the parts behind
//! the site, as an interface, and the views they show.

use serde::Serialize;

use super::metrics::Metrics;

/// Whoever watches the parts.
pub trait Monitor: Send + Sync {
    /// What is wrong now; empty when all is well.
    fn troubles(&self) -> Vec<Trouble>;

    /// Writes the figures of the parts down.
    fn measure(&self, metrics: &mut Metrics);

    /// Alerts that are raised, and where they go.
    fn alerts(&self) -> AlertsView;
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// The part: `store`, `index`, `board`, `disk`, `backup` or `source`.
    pub part: &'static str,
    /// How bad it is.
    #[serde(rename = "grade")]
    pub impact: Impact,
    /// What is wrong and what to do.
    pub what: String,
}

/// How bad a trouble is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Impact {
    /// Requests are answered all the same.
    Degraded,
    /// Requests can't be answered.
    Down,
}

/// The alerts.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AlertsView {
    /// Raised alerts, the worst first.
    pub raised: Vec<AlertView>,
    /// Where they are sent: kinds and hosts, no secrets.
    pub sinks: Vec<String>,
    /// When they were last looked at, RFC 3339 UTC.
    pub looked: Option<String>,
    /// Why the last message could not be sent; empty when it could.
    pub error: String,
}

/// A raised alert.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AlertView {
    /// The rule.
    pub rule: String,
    /// `critical`, `warning` or `info`.
    pub severity: String,
    /// What is the matter.
    pub what: String,
    /// Since when, RFC 3339 UTC.
    pub since: String,
}
