//! What follows from what Stripe told: rules on a transaction.

use jiff::{SignedDuration, Timestamp};

use super::wire::Told;
use crate::domain::{
    AuditActor, AuditEvent, AuditKind, Subscription, SubscriptionStatus, Tier, UserId,
};
use crate::store::{StoreError, WriteTx};

/// For how long messages are remembered: ten times as long as Stripe sends one again.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Whose tier changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed(pub Vec<UserId>);

impl Changed {
    pub(super) fn add(&mut self, more: Self) {
        self.0.extend(more.0);
    }
}

/// Keeps how a subscription stood at `as_of`; `user` is who subscribed, where somebody
/// else than the subscription says so. An event is taken once.
pub(super) fn keep(
    tx: &mut WriteTx,
    told: &Told,
    user: Option<UserId>,
    as_of: Timestamp,
    event: Option<&str>,
    now: Timestamp,
) -> Result<Changed, StoreError> {
    if let Some(event) = event
        && !tx.take_payment_event(event, now)?
    {
        return Ok(Changed::default());
    }
    let Some(user) = owner(tx, told, user)? else {
        tracing::warn!(
            subscription = told.id,
            "a subscription is nobody's who has an account"
        );
        return Ok(Changed::default());
    };
    let held = tx.subscription(user)?;
    if held
        .as_ref()
        .is_some_and(|held| outweighs(held, told, as_of, now))
    {
        return Ok(Changed::default());
    }
    let known = held.as_ref().filter(|held| held.id == told.id);
    let since = known.and_then(|held| held.unpaid_since);
    let new = Subscription {
        user,
        customer: told.customer.clone(),
        id: told.id.clone(),
        status: told.status,
        period_end: told.period_end,
        ends: told.ends,
        unpaid_since: (told.status == SubscriptionStatus::PastDue).then(|| since.unwrap_or(as_of)),
        as_of,
        raised: held.is_some_and(|held| held.raised),
    };
    settle(tx, new, now)
}

/// Sees what time alone changed, and forgets messages that can't come again.
pub(super) fn settle_time(tx: &mut WriteTx, now: Timestamp) -> Result<Changed, StoreError> {
    if let Ok(before) = now.checked_sub(REMEMBERED) {
        tx.forget_payment_events(before)?;
    }
    let mut changed = Changed::default();
    for held in tx.subscriptions()? {
        changed.add(settle(tx, held, now)?);
    }
    Ok(changed)
}

/// True when what is held says more than what was told: it is newer, or it is another
/// subscription, which counts for more.
fn outweighs(held: &Subscription, told: &Told, as_of: Timestamp, now: Timestamp) -> bool {
    if held.id == told.id {
        return held.as_of > as_of;
    }
    let lives = matches!(
        told.status,
        SubscriptionStatus::Active | SubscriptionStatus::Trialing
    );
    held.entitles(now) && !lives
}

/// Whose a subscription is: who is named, who is noted with it, or whose the customer is.
/// Only somebody with an account.
fn owner(tx: &WriteTx, told: &Told, named: Option<UserId>) -> Result<Option<UserId>, StoreError> {
    let customer = tx.user_of_customer(&told.customer)?;
    for user in [named, told.user, customer].into_iter().flatten() {
        if tx.user(user)?.is_some() {
            return Ok(Some(user));
        }
    }
    Ok(None)
}

/// Stores a subscription, with the tier that follows from it. Whom the operator gave the
/// tier keeps it.
fn settle(tx: &mut WriteTx, mut held: Subscription, now: Timestamp) -> Result<Changed, StoreError> {
    let Some(mut user) = tx.user(held.user)? else {
        return Ok(Changed::default());
    };
    let tier = match (held.entitles(now), user.tier) {
        (true, Tier::Free) => Some(Tier::Premium),
        (false, Tier::Premium) if held.raised => Some(Tier::Free),
        _ => None,
    };
    let Some(tier) = tier else {
        if tx.subscription(held.user)?.as_ref() != Some(&held) {
            tx.put_subscription(&held)?;
        }
        return Ok(Changed::default());
    };
    held.raised = tier == Tier::Premium;
    user.tier = tier;
    tx.put_user(&user)?;
    tx.put_subscription(&held)?;
    tx.add_audit(&AuditEvent {
        at: now,
        user: user.id,
        kind: AuditKind::TierChanged,
        by: AuditActor::Program,
        address: String::new(),
        detail: format!("{tier}, by subscription ({})", held.status),
    })?;
    Ok(Changed(vec![user.id]))
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use tempfile::TempDir;

    use super::{Changed, keep, settle_time};
    use crate::billing::wire::Told;
    use crate::domain::{
        PAYMENT_GRACE, Preferences, Sealed, Subscription, SubscriptionStatus, Tier, User, UserId,
        UserRole, UserState,
    };
    use crate::store::{Config, Opening, Store};

    const ANN: UserId = UserId(7);

    struct Desk {
        store: Store,
        _dir: TempDir,
    }

    impl Desk {
        fn new(tier: Tier) -> Self {
            let dir = TempDir::new().expect("a directory");
            let config = Config::new(dir.path());
            let store = Store::open(&config, Opening::CreateIfAbsent).expect("a store");
            let ann = reader(ANN, tier);
            store.write(|tx| tx.put_user(&ann)).expect("a write");
            Self { store, _dir: dir }
        }

        /// An event that says so, of the second `created`, taken at the second `now`.
        fn take(&self, event: &str, told: &Told, created: i64, now: i64) -> Changed {
            let kept = self
                .store
                .write(|tx| keep(tx, told, Some(ANN), at(created), Some(event), at(now)));
            kept.expect("a write")
        }

        fn tier(&self) -> Tier {
            let user = self.store.read(|tx| tx.user(ANN)).expect("a read");
            user.expect("Ann").tier
        }

        fn held(&self) -> Subscription {
            let held = self.store.read(|tx| tx.subscription(ANN)).expect("a read");
            held.expect("a subscription")
        }
    }

    fn reader(id: UserId, tier: Tier) -> User {
        User {
            id,
            mail: Sealed {
                key: 1,
                bytes: Vec::new(),
            },
            name: "Ann".to_owned(),
            role: UserRole::Reader,
            tier,
            state: UserState::Active,
            epoch: 0,
            mail_verified: true,
            created: Timestamp::UNIX_EPOCH,
            signed_in: None,
            preferences: Preferences::default(),
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    fn told(id: &str, status: SubscriptionStatus, ends: bool) -> Told {
        Told {
            id: id.to_owned(),
            customer: "cus_1".to_owned(),
            status,
            period_end: Some(at(5_000)),
            ends,
            user: None,
        }
    }

    /// A life: begun, paid, failing, paid again, to end, over.
    fn life() -> [(i64, Told); 6] {
        use SubscriptionStatus::{Active, Canceled, Incomplete, PastDue};
        [
            (10, told("sub_1", Incomplete, false)),
            (20, told("sub_1", Active, false)),
            (30, told("sub_1", PastDue, false)),
            (40, told("sub_1", Active, false)),
            (50, told("sub_1", Active, true)),
            (60, told("sub_1", Canceled, true)),
        ]
    }

    fn orders(items: Vec<usize>) -> Vec<Vec<usize>> {
        if items.len() < 2 {
            return vec![items];
        }
        let each = (0..items.len()).flat_map(|at| {
            let mut rest = items.clone();
            let first = rest.remove(at);
            orders(rest)
                .into_iter()
                .map(move |order| [vec![first], order].concat())
        });
        each.collect()
    }

    #[test]
    fn any_order_of_messages_ends_the_same_and_each_counts_once() {
        let all = orders((0..life().len()).collect());
        assert_eq!(all.len(), 720);
        let desk = Desk::new(Tier::Free);
        let lived = desk.store.write(|tx| {
            // A reader for each order.
            for (number, order) in all.iter().enumerate() {
                let user = UserId(1000 + number as u128);
                tx.put_user(&reader(user, Tier::Free))?;
                for (step, &event) in order.iter().enumerate() {
                    let (created, mut told) = life()[event].clone();
                    told.customer = format!("cus_{number}");
                    let name = format!("evt_{number}_{event}");
                    let mut take =
                        || keep(tx, &told, Some(user), at(created), Some(&name), at(100));
                    take()?;
                    if (number + step) % 3 == 0 {
                        assert_eq!(take()?, Changed::default(), "taken twice");
                    }
                }
                let held = tx.subscription(user)?.expect("a subscription");
                assert_eq!(held.status, SubscriptionStatus::Canceled, "{order:?}");
                let tier = tx.user(user)?.expect("a reader").tier;
                assert_eq!((held.as_of, held.raised, tier), (at(60), false, Tier::Free));
            }
            Ok(())
        });
        lived.expect("a write");
    }

    #[test]
    fn a_tier_follows_the_subscription_but_not_one_that_was_given() {
        use SubscriptionStatus::{Active, Canceled};
        for (given, after) in [(Tier::Free, Tier::Free), (Tier::Premium, Tier::Premium)] {
            let desk = Desk::new(given);
            let begun = desk.take("evt_1", &told("sub_1", Active, false), 10, 10);
            assert_eq!(begun.0.is_empty(), given == Tier::Premium);
            assert_eq!(desk.tier(), Tier::Premium);
            desk.take("evt_2", &told("sub_1", Canceled, false), 20, 20);
            assert_eq!(desk.tier(), after);
        }
    }

    #[test]
    fn the_end_of_an_old_subscription_does_not_end_a_new_one() {
        use SubscriptionStatus::{Active, Canceled};
        let desk = Desk::new(Tier::Free);
        desk.take("evt_1", &told("sub_2", Active, false), 20, 20);
        desk.take("evt_2", &told("sub_1", Canceled, false), 30, 30);
        assert_eq!(
            (desk.held().id.as_str(), desk.tier()),
            ("sub_2", Tier::Premium)
        );
        desk.take("evt_3", &told("sub_2", Canceled, false), 40, 40);
        assert_eq!(desk.tier(), Tier::Free);
        desk.take("evt_4", &told("sub_3", Active, false), 50, 50);
        assert_eq!(
            (desk.held().id.as_str(), desk.tier()),
            ("sub_3", Tier::Premium)
        );
    }

    #[test]
    fn a_payment_that_is_not_made_good_ends_it_after_a_week() {
        let desk = Desk::new(Tier::Free);
        let week = PAYMENT_GRACE.as_secs();
        desk.take(
            "evt_1",
            &told("sub_1", SubscriptionStatus::Active, false),
            10,
            10,
        );
        desk.take(
            "evt_2",
            &told("sub_1", SubscriptionStatus::PastDue, false),
            20,
            20,
        );
        // Told again, it does not begin again.
        desk.take(
            "evt_3",
            &told("sub_1", SubscriptionStatus::PastDue, false),
            1_000,
            1_000,
        );
        let settle = |now| {
            desk.store
                .write(|tx| settle_time(tx, at(now)))
                .expect("a write")
        };
        assert_eq!(
            (settle(19 + week), desk.tier()),
            (Changed::default(), Tier::Premium)
        );
        assert_eq!(
            (settle(20 + week), desk.tier()),
            (Changed(vec![ANN]), Tier::Free)
        );
        assert_eq!(settle(30 + week), Changed::default());
        // Messages are remembered for ten times as long as they can come again.
        let long = at(20).saturating_add(SignedDuration::from_hours(31 * 24));
        settle(long.expect("a time").as_second());
        let held = desk
            .store
            .read(|tx| tx.has_payment_event("evt_2"))
            .expect("a read");
        assert!(!held);
    }

    #[test]
    fn a_subscription_of_nobody_changes_nothing() {
        let desk = Desk::new(Tier::Free);
        let active = told("sub_1", SubscriptionStatus::Active, false);
        let kept = desk
            .store
            .write(|tx| keep(tx, &active, Some(UserId(8)), at(10), Some("evt_1"), at(10)));
        assert_eq!(kept.expect("a write"), Changed::default());
        assert!(
            desk.store
                .read(|tx| tx.subscriptions())
                .expect("a read")
                .is_empty()
        );
    }
}
