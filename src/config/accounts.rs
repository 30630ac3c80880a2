//! Settings of readers' accounts.

use crate::domain::Registration;
use crate::secret::Secret;

/// Who may have an account, and how the first operator comes to his.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Accounts")]
pub struct AccountSettings {
    /// Who may make an account: open (everybody), invited (whom the operator invited) or
    /// closed (nobody)
    #[arg(
        long,
        env = "AFWD_ACCOUNTS",
        default_value = "invited",
        value_name = "WHO"
    )]
    pub accounts: Registration,
    /// Make an operator with this mail address on the first start, instead of printing a
    /// link
    #[arg(long, env = "AFWD_ADMIN_EMAIL", value_name = "ADDRESS")]
    admin_email: Option<String>,
    /// His password; changing it here later changes nothing
    #[arg(
        long,
        env = "AFWD_ADMIN_PASSWORD",
        hide_env_values = true,
        value_name = "PASSWORD"
    )]
    admin_password: Option<Secret>,
    /// The keys.
    #[command(flatten)]
    pub keys: AccountKeySettings,
}

/// The keys of accounts.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct AccountKeySettings {
    /// What readers' secrets are sealed with, one `NUMBER TIME HEXADECIMAL` a line, the
    /// newest first [default: made on the first start and kept in DIR/account-keys]
    #[arg(
        long,
        env = "AFWD_ACCOUNT_KEYS",
        hide_env_values = true,
        value_name = "KEYS"
    )]
    pub account_keys: Option<Secret>,
}

impl AccountSettings {
    /// Mail address and password of the operator to be made, where the settings name one.
    ///
    /// # Errors
    /// When one of the two is missing.
    pub fn first_operator(&self) -> anyhow::Result<Option<(&str, &Secret)>> {
        match (&self.admin_email, &self.admin_password) {
            (None, None) => Ok(None),
            (Some(mail), Some(password)) => Ok(Some((mail, password))),
            (Some(_), None) => anyhow::bail!("--admin-email needs --admin-password, too"),
            (None, Some(_)) => anyhow::bail!("--admin-password needs --admin-email, too"),
        }
    }
}
