//! Settings of what only the operator may do.

use crate::secret::Secret;

/// The operator, and what others may do of his.
#[derive(clap::Args, Debug, Clone, Default)]
pub struct OperatorSettings {
    /// The operator's token, which /admin and changes need [default: made on the first
    /// start and kept in DIR/operator-token]
    #[arg(
        long,
        env = "AFWD_ADMIN_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    pub admin_token: Option<Secret>,
    /// Show /metrics to anybody, not only to whoever has the operator's token
    #[arg(long, env = "AFWD_METRICS_OPEN")]
    pub metrics_open: bool,
}
