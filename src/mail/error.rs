//! Why a message was not sent.

/// A message was not sent; none of these texts holds a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The server's address can't be read.
    #[error(
        "the SMTP server is no URL such as smtps://USER:PASSWORD@HOST or \
         smtp://USER:PASSWORD@HOST:587?tls=required"
    )]
    Server,
    /// Not an address that one can write to.
    #[error("`{0}` is no mail address")]
    Address(String),
    /// The message can't be put together.
    #[error("the message can't be written: {0}")]
    Message(String),
    /// The server will never take it.
    #[error("the mail server refused it: {0}")]
    Refused(String),
    /// The server did not take it now.
    #[error("the mail server did not take it: {0}")]
    Unsent(String),
}

impl MailError {
    /// True when trying again is pointless.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Unsent(_))
    }
}
