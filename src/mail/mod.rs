//! One message out, by SMTP: the only module that names `lettre`.
//!
//! [`Mailer::send`] waits for the server and is called off the async threads. Whoever
//! must not wait, or wants a message to survive a restart, asks for a job of
//! `work::Mail` instead.

mod error;

use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{SmtpTransport, Transport};
use url::Url;

pub use error::MailError;

use crate::secret::Secret;

/// Longest time for each step of the conversation.
const PATIENCE: Duration = Duration::from_secs(15);

/// A way to send mail. Clones share its connections.
#[derive(Clone)]
pub struct Mailer {
    transport: SmtpTransport,
    host: String,
    from: Mailbox,
}

/// A message to one person.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'a> {
    /// A name of the message that no other has, so that one that is sent twice is
    /// known for the same; chosen here when there is none.
    pub id: Option<&'a str>,
    /// Address, or `Name <address>`.
    pub to: &'a str,
    /// Subject.
    pub subject: &'a str,
    /// Plain text.
    pub text: &'a str,
    /// The same as HTML.
    pub html: Option<&'a str>,
    /// Address that ends such messages with one click (RFC 8058).
    pub unsubscribe: Option<&'a str>,
}

impl Mailer {
    /// Mail from `from` through `server`, such as
    /// `smtps://user:password@mail.example.com` (TLS),
    /// `smtp://user:password@mail.example.com:587?tls=required` (STARTTLS) or
    /// `smtp://127.0.0.1:25` (in the clear).
    ///
    /// # Errors
    /// When the address of the server or of the sender can't be read.
    pub fn new(server: &Secret, from: &str) -> Result<Self, MailError> {
        let url = Url::parse(server.expose()).map_err(|_| MailError::Server)?;
        // What lettre says of an address repeats it, password and all.
        let builder = SmtpTransport::from_url(server.expose()).map_err(|_| MailError::Server)?;
        Ok(Self {
            transport: builder.timeout(Some(PATIENCE)).build(),
            host: url.host_str().unwrap_or_default().to_owned(),
            from: address(from)?,
        })
    }

    /// Name of the server.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Hands a message to the server.
    ///
    /// # Errors
    /// [`MailError::Refused`] when the server wants no such message, now or later;
    /// [`MailError::Unsent`] when it may take it another time.
    pub fn send(&self, letter: &Letter<'_>) -> Result<(), MailError> {
        let message = self.message(letter)?;
        let Err(error) = self.transport.send(&message) else {
            return Ok(());
        };
        // Servers like to repeat whom they don't know, and errors go to logs.
        let to = message.envelope().to().iter();
        let what = to.fold(error.to_string(), |what, address| {
            what.replace(AsRef::<str>::as_ref(address), "the recipient")
        });
        Err(match error.is_permanent() {
            true => MailError::Refused(what),
            false => MailError::Unsent(what),
        })
    }

    fn message(&self, letter: &Letter<'_>) -> Result<lettre::Message, MailError> {
        let id = letter.id.map(|id| format!("<{id}@afwd>"));
        let mut builder = lettre::Message::builder()
            .from(self.from.clone())
            .to(address(letter.to)?)
            .subject(letter.subject)
            .message_id(id);
        if let Some(link) = letter.unsubscribe {
            let headers = [
                ("List-Unsubscribe", format!("<{link}>")),
                (
                    "List-Unsubscribe-Post",
                    "List-Unsubscribe=One-Click".to_owned(),
                ),
            ];
            for (name, value) in headers {
                let name = HeaderName::new_from_ascii_str(name);
                builder = builder.raw_header(HeaderValue::new(name, value));
            }
        }
        let text = letter.text.to_owned();
        let built = match letter.html {
            Some(html) => {
                let html = html.to_owned();
                builder.multipart(MultiPart::alternative_plain_html(text, html))
            }
            None => builder.singlepart(SinglePart::plain(text)),
        };
        built.map_err(|error| MailError::Message(error.to_string()))
    }
}

/// Says whether `text` can be written to.
///
/// # Errors
/// When it is no mail address.
pub fn check_address(text: &str) -> Result<(), MailError> {
    address(text).map(drop)
}

fn address(text: &str) -> Result<Mailbox, MailError> {
    text.parse()
        .map_err(|_| MailError::Address(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{Letter, MailError, Mailer};
    use crate::secret::Secret;

    fn mailer() -> Mailer {
        Mailer::new(&Secret::new("smtp://127.0.0.1:25"), "afwd@example.org").expect("addresses")
    }

    fn letter() -> Letter<'static> {
        Letter {
            id: Some("7"),
            to: "Ann <ann@example.org>",
            subject: "Hello",
            text: "plain",
            html: Some("<p>rich</p>"),
            unsubscribe: Some("https://afwd.example/stop/7"),
        }
    }

    #[test]
    fn a_message_has_both_forms_and_the_way_out() {
        let message = mailer().message(&letter()).expect("a message");
        let text = String::from_utf8(message.formatted()).expect("text");
        for part in [
            "Message-ID: <7@afwd>\r\n",
            "From: afwd@example.org\r\n",
            "List-Unsubscribe: <https://afwd.example/stop/7>\r\n",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
            "multipart/alternative",
            "plain",
            "<p>rich</p>",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn nobody_adds_headers_through_a_subject_or_an_address() {
        let crafted = Letter {
            subject: "Hi\r\nBcc: eve@example.org",
            ..letter()
        };
        let message = mailer().message(&crafted).expect("a message");
        let text = String::from_utf8(message.formatted()).expect("text");
        assert!(!text.contains("\nBcc:"), "{text}");
        let crafted = Letter {
            to: "ann@example.org\r\nBcc: eve@example.org",
            ..letter()
        };
        assert!(matches!(
            mailer().message(&crafted),
            Err(MailError::Address(_))
        ));
    }

    #[test]
    fn an_unreadable_server_is_not_repeated() {
        let server = Secret::new("mail.example.org/hush");
        let error = Mailer::new(&server, "a@example.org")
            .err()
            .expect("refused");
        assert!(!format!("{error} {error:?}").contains("hush"));
    }
}
