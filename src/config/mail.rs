//! Settings of outgoing mail.

use crate::mail::{MailError, Mailer};
use crate::secret::Secret;

/// How mail leaves.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Mail")]
pub struct MailSettings {
    /// Send mail through this server: smtps://USER:PASSWORD@HOST, or
    /// smtp://USER:PASSWORD@HOST:587?tls=required
    #[arg(
        long,
        env = "AFWD_SMTP_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    smtp_url: Option<Secret>,
    /// From this address [default: that of --alert-mail]
    #[arg(long, env = "AFWD_MAIL_FROM", value_name = "ADDRESS")]
    mail_from: Option<String>,
}

impl MailSettings {
    /// The way to send mail, where there is one; from `otherwise` when no sender is
    /// set.
    ///
    /// # Errors
    /// When the server's or the sender's address can't be read.
    pub fn mailer(&self, otherwise: Option<&str>) -> anyhow::Result<Option<Mailer>> {
        let Some(server) = &self.smtp_url else {
            return Ok(None);
        };
        let from = self.mail_from.as_deref().or(otherwise);
        let from = from.ok_or_else(|| anyhow::anyhow!("--smtp-url needs a sender: --mail-from"))?;
        let mailer: Result<Mailer, MailError> = Mailer::new(server, from);
        Ok(Some(mailer?))
    }
}
