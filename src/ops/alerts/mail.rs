//! Messages by mail.

use super::message::{Message, Sink};
use crate::mail::{MailError, check_address};
use crate::work;

/// Whatever takes a mail off the alerts' hands: a queue, or the server itself.
pub type Post = Box<dyn Fn(work::Mail) -> Result<(), String> + Send + Sync>;

/// Mail to the operator.
pub struct MailSink {
    to: String,
    server: String,
    post: Post,
}

impl MailSink {
    /// Mail to `to`, which `post` sends through the server called `server`.
    ///
    /// # Errors
    /// When `to` is no address.
    pub fn new(to: &str, server: &str, post: Post) -> Result<Self, MailError> {
        check_address(to)?;
        Ok(Self {
            to: to.to_owned(),
            server: server.to_owned(),
            post,
        })
    }
}

impl Sink for MailSink {
    fn name(&self) -> String {
        format!("mail through {}", self.server)
    }

    fn send(&self, message: &Message) -> Result<(), String> {
        let text = format!(
            "{}\n\nrule: {}\nsince: {}\nat: {}\n",
            message.what, message.rule, message.since, message.at
        );
        let subject = format!("[afwd] {}", message.headline());
        (self.post)(work::Mail::plain(&self.to, &subject, &text))
    }
}
