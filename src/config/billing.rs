//! Settings of paid subscriptions.

use crate::domain::PremiumFor;
use crate::http::Host;
use crate::secret::Secret;

/// How subscriptions are sold; not at all without a key.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Subscriptions")]
pub struct BillingSettings {
    /// Sell the tier premium by Stripe: the secret key of your account there. Without it
    /// everybody has everything, unless --premium says otherwise
    #[arg(
        long,
        env = "AFWD_STRIPE_KEY",
        hide_env_values = true,
        value_name = "KEY"
    )]
    stripe_key: Option<Secret>,
    /// What the messages of Stripe to /api/billing/webhook are signed with
    #[arg(
        long,
        env = "AFWD_STRIPE_WEBHOOK_SECRET",
        hide_env_values = true,
        value_name = "SECRET"
    )]
    stripe_webhook_secret: Option<Secret>,
    /// What a subscription costs: the name of a price at Stripe
    #[arg(long, env = "AFWD_STRIPE_PRICE", value_name = "PRICE")]
    stripe_price: Option<String>,
    /// Address of Stripe, or of a test peer
    #[arg(
        long,
        env = "AFWD_STRIPE_URL",
        default_value = ORIGIN,
        value_name = "URL"
    )]
    stripe_url: String,
    /// Who has the tier premium where it is not sold: everybody, or only those whom the
    /// operator grants it (granted)
    #[arg(
        long,
        env = "AFWD_PREMIUM",
        default_value = "everybody",
        value_name = "WHO"
    )]
    premium: PremiumFor,
}

const ORIGIN: &str = "https://api.stripe.com";
/// More than a site ever asks: one person, one click.
const PER_DAY: u32 = 100_000;
const PER_SECOND: f64 = 50.0;

/// What is sold, and by which account of the operator's.
pub struct Sold {
    /// Address of Stripe.
    pub origin: String,
    /// The key of the account.
    pub key: Secret,
    /// What its messages are signed with.
    pub webhook_secret: Secret,
    /// The price.
    pub price: String,
}

impl BillingSettings {
    /// Who has the tier premium: where it is sold, nobody else than who bought it or was
    /// given it.
    pub fn premium(&self) -> PremiumFor {
        match self.stripe_key {
            Some(_) => PremiumFor::Granted,
            None => self.premium,
        }
    }

    /// What is sold; `None` without a key.
    ///
    /// # Errors
    /// When the price or the secret of messages is missing.
    pub fn sold(&self) -> anyhow::Result<Option<Sold>> {
        let Some(key) = &self.stripe_key else {
            return Ok(None);
        };
        let (Some(webhook_secret), Some(price)) = (&self.stripe_webhook_secret, &self.stripe_price)
        else {
            anyhow::bail!("--stripe-key needs --stripe-webhook-secret and --stripe-price, too");
        };
        Ok(Some(Sold {
            origin: self.stripe_url.clone(),
            key: key.clone(),
            webhook_secret: webhook_secret.clone(),
            price: price.clone(),
        }))
    }
}

impl Sold {
    /// The host that may be asked.
    pub fn host(&self) -> Host {
        Host {
            origin: self.origin.clone(),
            per_second: PER_SECOND,
            per_day: PER_DAY,
            private: self.origin != ORIGIN,
        }
    }
}
