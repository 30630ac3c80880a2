//! The ways to tell the operator, as the settings name them.

use std::sync::Arc;

use anyhow::Context as _;

use super::post::post;
use crate::clock::Clock;
use crate::config::alerts::AlertSettings;
use crate::jobs::Queue;
use crate::mail::Mailer;
use crate::ops::alerts::{MailSink, Sink, Webhook};

/// The ways that are set up. Mails are put into `queue`, where there is one, and sent
/// at once when the queue can't take them: a store that fails is what must be told.
///
/// # Errors
/// When an address can't be used, or there is no way to send mail.
pub fn sinks(
    settings: &AlertSettings,
    mailer: Option<&Mailer>,
    queue: Option<&Arc<Queue>>,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<Vec<Box<dyn Sink>>> {
    let mut sinks: Vec<Box<dyn Sink>> = Vec::new();
    if let Some(url) = &settings.alert_webhook {
        let secret = settings.alert_webhook_secret.clone();
        let webhook = Webhook::new(url.clone(), secret, Arc::clone(clock))?;
        sinks.push(Box::new(webhook));
    }
    if let Some(to) = &settings.alert_mail {
        let mailer = mailer.context("--alert-mail needs a server to send by: --smtp-url")?;
        let way = post(mailer, queue, clock);
        sinks.push(Box::new(MailSink::new(to, mailer.host(), Box::new(way))?));
    }
    Ok(sinks)
}
