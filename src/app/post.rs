//! The way a mail takes: into the queue, where there is one.

use std::sync::Arc;

use crate::clock::Clock;
use crate::jobs::{NewJob, Queue};
use crate::mail::{Letter, Mailer};
use crate::work;

/// Takes mails, to be sent by the jobs of `queue`; at once when there is none, or it can't
/// take them.
pub(super) fn post(
    mailer: &Mailer,
    queue: Option<&Arc<Queue>>,
    clock: &Arc<dyn Clock>,
) -> impl Fn(work::Mail) -> Result<(), String> + Send + Sync + 'static {
    let own = mailer.clone();
    let queued = queue.map(|queue| (Arc::clone(queue), Arc::clone(clock)));
    move |mail: work::Mail| match &queued {
        Some((queue, clock)) => queue_or_send(queue, &**clock, &own, &mail),
        None => send(&own, &mail),
    }
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
