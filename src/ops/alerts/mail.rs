//! Messages by mail.

use super::{Message, Sink};
use crate::mail::{Letter, MailError, Mailer, check_address};

/// Mail to the operator.
pub struct Mail {
    mailer: Mailer,
    to: String,
}

impl Mail {
    /// Mail to `to`.
    ///
    /// # Errors
    /// When that is no address.
    pub fn new(mailer: Mailer, to: &str) -> Result<Self, MailError> {
        check_address(to)?;
        Ok(Self {
            mailer,
            to: to.to_owned(),
        })
    }
}

impl Sink for Mail {
    fn name(&self) -> String {
        format!("mail through {}", self.mailer.host())
    }

    fn send(&self, message: &Message) -> Result<(), String> {
        let text = format!(
            "{}\n\nrule: {}\nsince: {}\nat: {}\n",
            message.what, message.rule, message.since, message.at
        );
        let letter = Letter {
            id: None,
            to: &self.to,
            subject: &format!("[afwd] {}", message.headline()),
            text: &text,
            html: None,
            unsubscribe: None,
        };
        self.mailer.send(&letter).map_err(|error| error.to_string())
    }
}
