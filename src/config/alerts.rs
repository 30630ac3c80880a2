//! Settings of where alerts go.

use crate::secret::Secret;

/// Where alerts go.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Alerts")]
pub struct AlertSettings {
    /// Send alerts there as JSON
    #[arg(
        long,
        env = "AFWD_ALERT_WEBHOOK",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub alert_webhook: Option<Secret>,
    /// Sign them with this secret: `x-afwd-signature: sha256=` HMAC-SHA256 of the body
    #[arg(
        long,
        env = "AFWD_ALERT_WEBHOOK_SECRET",
        hide_env_values = true,
        value_name = "SECRET"
    )]
    pub alert_webhook_secret: Option<Secret>,
    /// Mail alerts to this address
    #[arg(long, env = "AFWD_ALERT_MAIL", value_name = "ADDRESS")]
    pub alert_mail: Option<String>,
}
