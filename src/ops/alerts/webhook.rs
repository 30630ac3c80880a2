//! Messages as JSON to an address.

use std::sync::Arc;

use jiff::civil::Date;
use url::Url;

use super::message::{Message, Sink};
use crate::clock::Clock;
use crate::http::{Client, Config, Host, Kept, Ledger, LedgerError};
use crate::secret::Secret;

/// Messages a second at most.
const PER_SECOND: f64 = 2.0;
/// Longest time for a message.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// A webhook.
pub struct Webhook {
    url: Secret,
    origin: String,
    secret: Option<Secret>,
    clock: Arc<dyn Clock>,
}

impl Webhook {
    /// A webhook at `url`. With a secret each message is signed: the header
    /// `x-afwd-signature` is `sha256=` and the HMAC-SHA256 of the body in hexadecimal.
    ///
    /// # Errors
    /// When the address can't be used.
    pub fn new(url: Secret, secret: Option<Secret>, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let parsed =
            Url::parse(url.expose()).map_err(|e| anyhow::anyhow!("the webhook is no URL: {e}"))?;
        let webhook = Self {
            url,
            origin: parsed.origin().ascii_serialization(),
            secret,
            clock,
        };
        webhook.client()?;
        Ok(webhook)
    }

    fn client(&self) -> anyhow::Result<Client> {
        let host = Host {
            origin: self.origin.clone(),
            per_second: PER_SECOND,
            per_day: u32::MAX,
            // The operator named it himself.
            private: true,
        };
        let config = Config {
            total_timeout: PATIENCE,
            ..Config::new("", vec![host])
        };
        Client::new(config, Arc::new(NoBudget), Arc::clone(&self.clock))
    }

    /// Alerts are rare, so each brings its own runtime and connection: nothing of it
    /// depends on whether the server's still work.
    fn post(&self, body: Vec<u8>) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let signature = self.signature(&body);
        let headers: Vec<_> = signature
            .iter()
            .map(|signature| ("x-afwd-signature", signature.as_str()))
            .collect();
        let client = self.client()?;
        Ok(runtime.block_on(client.post_json(self.url.expose(), body, &headers))?)
    }

    fn signature(&self, body: &[u8]) -> Option<String> {
        let secret = self.secret.as_ref()?;
        Some(format!("sha256={}", secret.sign(body)))
    }
}

impl Sink for Webhook {
    fn name(&self) -> String {
        format!("webhook at {}", self.origin)
    }

    fn send(&self, message: &Message) -> Result<(), String> {
        let body = serde_json::to_vec(message).map_err(|error| error.to_string())?;
        // The address may be a secret itself.
        self.post(body)
            .map_err(|error| error.to_string().replace(self.url.expose(), &self.origin))
    }
}

/// Alerts are few, and must be sent when the store can't be written.
struct NoBudget;

impl Ledger for NoBudget {
    fn spend(&self, _: &str, _: Date, _: u32) -> Result<bool, LedgerError> {
        Ok(true)
    }

    fn kept(&self, _: &str) -> Result<Option<Kept>, LedgerError> {
        Ok(None)
    }

    fn keep(&self, _: &str, _: &Kept) -> Result<(), LedgerError> {
        Ok(())
    }
}
