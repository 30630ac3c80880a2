//! Settings of how much of the API may be asked, and by which other sites.

use crate::web::{CrossOrigin, RateLimits};

/// How much of the API may be asked.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "API")]
pub struct GatewaySettings {
    /// Requests to the API within a minute, for one address or a reader without a
    /// subscription; 0 for any number
    #[arg(
        long,
        env = "AFWD_REQUESTS_PER_MINUTE",
        default_value_t = RateLimits::default().free,
        value_name = "N"
    )]
    requests_per_minute: u32,
    /// The same for a reader with a subscription
    #[arg(
        long,
        env = "AFWD_PREMIUM_REQUESTS_PER_MINUTE",
        default_value_t = RateLimits::default().premium,
        value_name = "N"
    )]
    premium_requests_per_minute: u32,
    /// Fresh predictions of one player within a minute, without a subscription; 0 for any
    /// number
    #[arg(
        long,
        env = "AFWD_PREDICTIONS_PER_MINUTE",
        default_value_t = RateLimits::default().predictions,
        value_name = "N"
    )]
    predictions_per_minute: u32,
    /// Other sites whose pages may use the API for their readers.
    // Addresses of sites are links to rustdoc: such help stands here.
    #[arg(
        long,
        help = "Other sites whose pages may use the API for their readers, such as \
                https://app.example.org; what is public any site may read",
        env = "AFWD_CORS_ORIGINS",
        default_value = "",
        hide_default_value = true,
        value_name = "ORIGINS"
    )]
    pub cors_origins: CrossOrigin,
}

impl GatewaySettings {
    /// How much may be asked.
    pub fn limits(&self) -> RateLimits {
        RateLimits {
            free: self.requests_per_minute,
            premium: self.premium_requests_per_minute,
            predictions: self.predictions_per_minute,
        }
    }
}
