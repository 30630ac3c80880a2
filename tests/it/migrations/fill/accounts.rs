//! Rows about people with accounts, all of them made up.

use afwd::domain::{
    AccountFailures, ApiToken, AuditActor, AuditEvent, AuditKind, Credential, FailureCount,
    LinkKind, OneTimeLink, Preferences, Sealed, SecondFactor, Session, Subscription,
    SubscriptionStatus, Theme, Tier, TokenScope, Units, User, UserId, UserRole, UserState,
};
use afwd::store::{StoreError, WriteTx};
use jiff::Timestamp;

const ANN: UserId = UserId(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
const TIME: Timestamp = Timestamp::UNIX_EPOCH;

pub(super) fn fill(tx: &mut WriteTx) -> Result<(), StoreError> {
    tx.put_user(&user())?;
    tx.put_user_mail("c0ffee", ANN)?;
    tx.put_credential(ANN, &credential())?;
    tx.put_session(&session())?;
    tx.put_api_token(&api_token())?;
    tx.put_one_time_link(&link())?;
    let failures = AccountFailures {
        strangers: failures(3),
        known: failures(1),
    };
    tx.put_account_failures(ANN, &failures)?;
    tx.put_address_failures("192.0.2.1", &failures.strangers)?;
    tx.add_audit(&AuditEvent {
        at: TIME,
        user: ANN,
        kind: AuditKind::SignedIn,
        by: AuditActor::Owner,
        address: "192.0.2.1".to_owned(),
        detail: "Firefox".to_owned(),
    })?;
    tx.put_subscription(&subscription())?;
    tx.take_payment_event("evt_1", TIME)?;
    tx.erase_user(UserId(7), TIME).map(drop)
}

fn subscription() -> Subscription {
    Subscription {
        user: ANN,
        customer: "cus_1".to_owned(),
        id: "sub_1".to_owned(),
        status: SubscriptionStatus::Active,
        period_end: Some(TIME),
        ends: false,
        unpaid_since: None,
        as_of: TIME,
        raised: true,
    }
}

fn sealed() -> Sealed {
    Sealed {
        key: 1,
        bytes: vec![1, 2, 3],
    }
}

fn user() -> User {
    User {
        id: ANN,
        mail: sealed(),
        name: "Ann".to_owned(),
        role: UserRole::Operator,
        tier: Tier::Premium,
        state: UserState::Active,
        epoch: 3,
        mail_verified: true,
        created: TIME,
        signed_in: Some(TIME),
        preferences: Preferences {
            time_zone: "Europe/Rome".to_owned(),
            theme: Theme::Dark,
            units: Units::Metric,
            league: "deep".to_owned(),
        },
    }
}

fn credential() -> Credential {
    Credential {
        password: "$argon2id$v=19$m=32768,t=2,p=1$c2FsdA$aGFzaA".to_owned(),
        changed: TIME,
        second_factor: Some(SecondFactor {
            seed: sealed(),
            confirmed: true,
            last_step: 7,
            recovery: vec![[7; 32]],
        }),
    }
}

fn session() -> Session {
    Session {
        user: ANN,
        id: 8,
        current: [1; 32],
        previous: Some([2; 32]),
        successor: vec![1, 2, 3],
        rotated: TIME,
        created: TIME,
        agent: "Firefox".to_owned(),
    }
}

fn api_token() -> ApiToken {
    ApiToken {
        user: ANN,
        id: 9,
        name: "bot".to_owned(),
        hash: [3; 32],
        scopes: vec![TokenScope::Read],
        created: TIME,
        expires: TIME,
        used: None,
    }
}

fn link() -> OneTimeLink {
    OneTimeLink {
        user: ANN,
        hash: [4; 32],
        kind: LinkKind::Reset,
        mail: None,
        created: TIME,
        expires: TIME,
    }
}

fn failures(count: u32) -> FailureCount {
    FailureCount {
        window: TIME,
        in_window: count,
        day: TIME,
        in_day: count,
        last: TIME,
    }
}
