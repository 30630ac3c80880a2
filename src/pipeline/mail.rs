//! Sending a mail that was asked for.

use crate::jobs::{Context, Hopeless};
use crate::mail::{Letter, Mailer};
use crate::work::Mail;

/// Pauses between tries, in minutes: a mail server may be away for a night.
pub const PAUSES: [i64; 7] = [1, 5, 15, 60, 180, 360, 720];

/// Sends the mail of a job. One that is sent twice, because the program was killed
/// before the end was kept, has the same `Message-ID` both times.
///
/// # Errors
/// When the server does not take it; [`Hopeless`] when it never will.
pub fn send(mailer: &Mailer, context: &mut Context<'_>) -> anyhow::Result<()> {
    let mail: Mail = context.payload()?;
    let job = context.job();
    let id = format!("{}.{}", job.created.as_second(), job.id);
    let letter = Letter {
        id: Some(&id),
        to: &mail.to,
        subject: &mail.subject,
        text: &mail.text,
        html: mail.html.as_deref(),
        unsubscribe: mail.unsubscribe.as_deref(),
    };
    context.step("send", None, |_| match mailer.send(&letter) {
        Ok(()) => Ok(1),
        Err(error) if error.is_final() => Err(Hopeless(error.to_string()).into()),
        Err(error) => Err(error.into()),
    })
}
