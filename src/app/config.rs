//! Everything a server is started with.

use std::path::PathBuf;
use std::sync::Arc;

use crate::clock::Clock;
use crate::config::accounts::AccountSettings;
use crate::config::alerts::AlertSettings;
use crate::config::billing::BillingSettings;
use crate::config::gateway::GatewaySettings;
use crate::config::operator::OperatorSettings;
use crate::config::sources::SourceSettings;
use crate::mail::Mailer;
use crate::ops::backup::Scheduled;
use crate::web;

/// What to serve.
#[derive(Clone)]
pub struct Config {
    /// The data directory.
    pub data: PathBuf,
    /// Serve the simulated league in `data/demo`.
    pub demo: bool,
    /// The operator's token, without which nobody changes anything, and what others
    /// may do of his.
    pub operator: OperatorSettings,
    /// Who may have an account.
    pub accounts: AccountSettings,
    /// Who has the tier premium, and how it is sold.
    pub billing: BillingSettings,
    /// The outside sources.
    pub sources: SourceSettings,
    /// Backups made by themselves, where there are any.
    pub backups: Option<Scheduled>,
    /// Where alerts go.
    pub alerts: AlertSettings,
    /// The way to send mail, where there is one.
    pub mailer: Option<Mailer>,
    /// How requests are logged; `None` when they are not.
    pub access_log: Option<web::LogFormat>,
    /// How connections are served.
    pub serving: web::Serving,
    /// How much of the API may be asked.
    pub gateway: GatewaySettings,
    /// Where the site stands; which installation it is, its data says.
    pub site: web::Site,
    /// The time.
    pub clock: Arc<dyn Clock>,
}
