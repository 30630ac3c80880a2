//! The subscriptions of the running server.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::champion::Live;
use super::config::Config;
use super::store_ports::Stored;
use crate::auth::Accounts;
use crate::billing::{self, Billing};
use crate::http::{self, Client};

/// How often subscriptions are asked about: a message may be lost, and time ends some.
const ASK_EVERY: Duration = Duration::from_hours(6);

/// What is sold, where something is.
pub(super) fn open(config: &Config, live: &Live) -> anyhow::Result<Option<Arc<Billing>>> {
    let Some(sold) = config.billing.sold()? else {
        return Ok(None);
    };
    let hosts = vec![sold.host()];
    let client = Client::new(
        http::Config::new(&config.sources.contact, hosts),
        Arc::new(Stored(live.store.clone())),
        Arc::clone(&config.clock),
    )?;
    Ok(Some(Arc::new(Billing::new(billing::Config {
        store: live.store.clone(),
        client,
        clock: Arc::clone(&config.clock),
        origin: sold.origin,
        key: sold.key,
        webhook_secret: sold.webhook_secret,
        price: sold.price,
    }))))
}

/// Asks about all of them now and then, until `stop`.
pub(super) async fn sweep(billing: Arc<Billing>, accounts: Arc<Accounts>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            swept = billing.sweep() => match swept {
                Ok(billing::Changed(users)) => {
                    let own = Arc::clone(&accounts);
                    let looked = tokio::task::spawn_blocking(move || own.look_again(&users));
                    if !matches!(looked.await, Ok(Ok(()))) {
                        tracing::error!("tiers that changed hold from the next start on only");
                    }
                }
                Err(error) => tracing::error!(%error, "subscriptions were not looked at"),
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(ASK_EVERY) => {}
        }
    }
}
