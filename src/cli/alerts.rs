//! `afwd alerts`, and the options of alerts that `serve` shares with it.

use std::sync::Arc;

use anyhow::Context;

use crate::cli::global::Global;
use crate::cli::output;
use crate::clock::Clock;
use crate::mail::Mailer;
use crate::ops::alerts::{Mail, Message, Sink, Webhook};
use crate::secret::Secret;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand, Debug)]
enum Verb {
    /// Send a test message every way that is set up
    Test(AlertArgs),
}

/// Where alerts go.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Alerts")]
pub(super) struct AlertArgs {
    /// Send alerts there as JSON
    #[arg(
        long,
        env = "AFWD_ALERT_WEBHOOK",
        hide_env_values = true,
        value_name = "URL"
    )]
    alert_webhook: Option<Secret>,
    /// Sign them with this secret: `x-afwd-signature: sha256=` HMAC-SHA256 of the body
    #[arg(
        long,
        env = "AFWD_ALERT_WEBHOOK_SECRET",
        hide_env_values = true,
        value_name = "SECRET"
    )]
    alert_webhook_secret: Option<Secret>,
    /// Mail alerts to this address
    #[arg(long, env = "AFWD_ALERT_MAIL", value_name = "ADDRESS")]
    alert_mail: Option<String>,
    /// From this one [default: the same]
    #[arg(long, env = "AFWD_MAIL_FROM", value_name = "ADDRESS")]
    mail_from: Option<String>,
    /// Through this server: smtps://USER:PASSWORD@HOST, or
    /// smtp://USER:PASSWORD@HOST:587?tls=required
    #[arg(
        long,
        env = "AFWD_SMTP_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    smtp_url: Option<Secret>,
}

impl AlertArgs {
    /// The ways to tell the operator that are set up.
    pub(super) fn sinks(&self, clock: &Arc<dyn Clock>) -> anyhow::Result<Vec<Box<dyn Sink>>> {
        let mut sinks: Vec<Box<dyn Sink>> = Vec::new();
        if let Some(url) = &self.alert_webhook {
            let secret = self.alert_webhook_secret.clone();
            let webhook = Webhook::new(url.clone(), secret, Arc::clone(clock))?;
            sinks.push(Box::new(webhook));
        }
        if let Some(to) = &self.alert_mail {
            let server = self.smtp_url.as_ref();
            let server = server.context("--alert-mail needs a server to send by: --smtp-url")?;
            let from = self.mail_from.as_deref().unwrap_or(to);
            let mailer = Mailer::new(server, from)?;
            sinks.push(Box::new(Mail::new(mailer, to)?));
        }
        Ok(sinks)
    }
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let Verb::Test(args) = &args.verb;
    let clock = global.clock();
    let sinks = args.sinks(&clock)?;
    anyhow::ensure!(
        !sinks.is_empty(),
        "alerts go nowhere yet: set --alert-webhook, or --alert-mail and --smtp-url"
    );
    let mut failed = 0;
    for sink in sinks {
        match sink.send(&Message::test(clock.now())) {
            Ok(()) => output::line!("sent: {}", sink.name())?,
            Err(error) => {
                failed += 1;
                eprintln!("not sent: {}: {error}", sink.name());
            }
        }
    }
    anyhow::ensure!(failed == 0, "not every message could be sent");
    Ok(())
}
