//! The accounts of the running server: opened, kept tidy, and the first operator let in.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio_util::sync::CancellationToken;

use super::champion::Live;
use super::config::Config;
use super::post::post;
use crate::auth::{self, Accounts, HASH_MEMORY_KIB, Post};
use crate::clock::Clock;
use crate::config::accounts::AccountKeySettings;
use crate::data_dir::SETUP_URL;
use crate::domain::Registration;
use crate::jobs::Queue;
use crate::secret::{Secret, write_private};
use crate::store::Store;

/// How often new keys are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// What is over is swept every so many looks.
const SWEPT_EVERY: u32 = 60;

/// Opens the accounts of a server, and makes the operator its settings name.
pub(super) fn open(
    config: &Config,
    live: &Live,
    queue: Option<&Arc<Queue>>,
) -> anyhow::Result<Arc<Accounts>> {
    let settings = &config.accounts;
    let accounts = Accounts::open(auth::Config {
        store: live.store.clone(),
        data: live.data.clone(),
        clock: Arc::clone(&config.clock),
        keys: settings.keys.account_keys.clone(),
        registration: settings.accounts,
        hash_memory_kib: HASH_MEMORY_KIB,
        post: way_out(config, queue),
    })?;
    if let Some((mail, password)) = settings.first_operator()? {
        let made = accounts.ensure_operator(mail, password);
        if made.context("the operator of --admin-email was not made")? {
            tracing::info!("the operator of --admin-email was made");
        }
    }
    Ok(Arc::new(accounts))
}

/// Opens the accounts of a store that this process has for itself, to change some at the
/// command line.
///
/// # Errors
/// When the keys can't be read, or the store fails.
pub fn console(
    store: &Store,
    data: &Path,
    keys: &AccountKeySettings,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Accounts> {
    Ok(Accounts::open(auth::Config {
        store: store.clone(),
        data: data.to_owned(),
        clock,
        keys: keys.account_keys.clone(),
        registration: Registration::Closed,
        hash_memory_kib: HASH_MEMORY_KIB,
        post: None,
    })?)
}

/// Says where the first operator makes his account, while there is none: on the terminal
/// and in a file that only the owner of the data may read.
pub(super) fn welcome(accounts: &Accounts, data: &Path, site: &str) -> anyhow::Result<()> {
    let Some(path) = accounts.setup_path()? else {
        return Ok(());
    };
    let url = Secret::new(format!("{site}{}", path.expose()));
    write_private(&data.join(SETUP_URL), &url)?;
    eprintln!("nobody runs this site yet: within 30 minutes, make the first account at");
    eprintln!("  {}", url.expose());
    Ok(())
}

/// Follows new keys and drops what is over, until `stop`.
pub(super) async fn tidy(accounts: Arc<Accounts>, stop: CancellationToken) {
    for look in 0_u32.. {
        let own = Arc::clone(&accounts);
        let tidied = tokio::task::spawn_blocking(move || {
            if let Err(error) = own.follow_keys() {
                tracing::error!("the account keys were not followed: {error}");
            }
            if look.is_multiple_of(SWEPT_EVERY)
                && let Err(error) = own.sweep()
            {
                tracing::error!("what is over was not swept: {error}");
            }
        });
        if tidied.await.is_err() {
            tracing::error!("tidying the accounts panicked");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// The way mails about accounts take. Links in them need the site's address from the
/// operator: what a request says of it, a stranger may have written.
fn way_out(config: &Config, queue: Option<&Arc<Queue>>) -> Option<Post> {
    let mailer = config.mailer.as_ref()?;
    let Some(site) = config.site.address() else {
        tracing::warn!(
            "mails about accounts are not sent: their links need the site's address, --public-url"
        );
        return None;
    };
    let send = Box::new(post(mailer, queue, &config.clock));
    Some(Post { send, site })
}
