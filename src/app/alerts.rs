//! The ways to tell the operator, as the settings name them.

use std::sync::Arc;

use anyhow::Context as _;

use crate::clock::Clock;
use crate::config::alerts::AlertSettings;
use crate::jobs::{NewJob, Queue};
use crate::mail::{Letter, Mailer};
use crate::ops::alerts::{MailSink, Sink, Webhook};
use crate::work;

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
        let (host, own) = (mailer.host().to_owned(), mailer.clone());
        let queued = queue.map(|queue| (Arc::clone(queue), Arc::clone(clock)));
        let post = move |mail: work::Mail| match &queued {
            Some((queue, clock)) => queue_or_send(queue, &**clock, &own, &mail),
            None => send(&own, &mail),
        };
        sinks.push(Box::new(MailSink::new(to, &host, Box::new(post))?));
    }
    Ok(sinks)
}

fn queue_or_send(
    queue: &Queue,
    clock: &dyn Clock,
    mailer: &Mailer,
    mail: &work::Mail,
) -> Result<(), String> {
    let new = NewJob {
        name: work::MAIL,
        key: "",
        payload: mail,
        due: clock.now(),
    };
    match queue.add(&new) {
        Ok(_) => Ok(()),
        Err(error) => {
            tracing::warn!("a mail is sent past the queue, which can't take it: {error:#}");
            send(mailer, mail)
        }
    }
}

fn send(mailer: &Mailer, mail: &work::Mail) -> Result<(), String> {
    let letter = Letter {
        id: None,
        to: &mail.to,
        subject: &mail.subject,
        text: &mail.text,
        html: mail.html.as_deref(),
        unsubscribe: mail.unsubscribe.as_deref(),
    };
    mailer.send(&letter).map_err(|error| error.to_string())
}
