//! Messages by mail.

use std::time::Duration;

use anyhow::Context;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{SmtpTransport, Transport};
use url::Url;

use super::{Message, Sink};

/// Longest time for each step of the conversation.
const PATIENCE: Duration = Duration::from_secs(15);

/// Mail through an SMTP server.
pub struct Mail {
    transport: SmtpTransport,
    host: String,
    from: Mailbox,
    to: Mailbox,
}

impl Mail {
    /// Mail from `from` to `to` through `server`, such as
    /// `smtps://user:password@mail.example.com` (TLS),
    /// `smtp://user:password@mail.example.com:587?tls=required` (STARTTLS) or
    /// `smtp://127.0.0.1:25` (in the clear).
    ///
    /// # Errors
    /// When the address of the server or of a person can't be read.
    pub fn new(server: &str, from: &str, to: &str) -> anyhow::Result<Self> {
        let address = |text: &str| {
            text.parse::<Mailbox>()
                .with_context(|| format!("`{text}` is no mail address"))
        };
        let builder = SmtpTransport::from_url(server);
        let builder = builder.context("the SMTP server is no smtp:// or smtps:// URL")?;
        let url = Url::parse(server).context("the SMTP server is no URL")?;
        Ok(Self {
            transport: builder.timeout(Some(PATIENCE)).build(),
            host: url.host_str().unwrap_or_default().to_owned(),
            from: address(from)?,
            to: address(to)?,
        })
    }
}

impl Sink for Mail {
    fn name(&self) -> String {
        format!("mail through {}", self.host)
    }

    fn send(&self, message: &Message) -> Result<(), String> {
        let body = format!(
            "{}\n\nrule: {}\nsince: {}\nat: {}\n",
            message.what, message.rule, message.since, message.at
        );
        let mail = lettre::Message::builder()
            .from(self.from.clone())
            .to(self.to.clone())
            .subject(format!("[afwd] {}", message.headline()))
            .header(ContentType::TEXT_PLAIN)
            .body(body)
            .map_err(|error| error.to_string())?;
        self.transport
            .send(&mail)
            .map(drop)
            .map_err(|error| error.to_string())
    }
}
