//! Values of the records about people with accounts.

use super::{Sample, sample, time};
use crate::domain::{
    AccountFailures, ApiToken, AuditActor, AuditEvent, AuditKind, Credential, FailureCount,
    LinkKind, OneTimeLink, Preferences, Sealed, SecondFactor, Session, Subscription,
    SubscriptionStatus, Theme, Tier, TokenScope, Units, User, UserId, UserRole, UserState,
};
use crate::store::record::audit::AuditRecord;
use crate::store::record::shape::Form;
use crate::store::record::sign_in::{
    AccountFailuresRecord, ApiTokenRecord, CredentialRecord, FailureCountRecord, LinkRecord,
    SessionRecord,
};
use crate::store::record::subscriptions::SubscriptionRecord;
use crate::store::record::users::{OwnerRecord, UserRecord};
use crate::store::tables;

const ANN: UserId = UserId(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);

/// A sample of every table about people.
pub(super) fn samples() -> Vec<Sample> {
    vec![
        sample(&tables::USERS, UserRecord::of(&user())),
        sample(&tables::USER_MAILS, OwnerRecord(ANN.0)),
        sample(&tables::CREDENTIALS, CredentialRecord::of(&credential())),
        sample(&tables::SESSIONS, SessionRecord::of(&session())),
        sample(&tables::API_TOKENS, ApiTokenRecord::of(&api_token())),
        sample(&tables::ONE_TIME_LINKS, LinkRecord::of(&link())),
        sample(
            &tables::SIGN_IN_FAILURES,
            AccountFailuresRecord::of(&AccountFailures {
                strangers: failures(3),
                known: failures(1),
            }),
        ),
        sample(
            &tables::ADDRESS_FAILURES,
            FailureCountRecord::of(&failures(300)),
        ),
        sample(&tables::AUDIT, AuditRecord::of(&event())),
        sample(&tables::DELETIONS, time(60)),
        sample(
            &tables::SUBSCRIPTIONS,
            SubscriptionRecord::of(&subscription()),
        ),
        sample(&tables::CUSTOMERS, OwnerRecord(ANN.0)),
        sample(&tables::PAYMENT_EVENTS, time(70)),
    ]
}

fn subscription() -> Subscription {
    Subscription {
        user: ANN,
        customer: "cus_1".to_owned(),
        id: "sub_1".to_owned(),
        status: SubscriptionStatus::PastDue,
        period_end: Some(time(71)),
        ends: true,
        unpaid_since: Some(time(72)),
        as_of: time(73),
        raised: true,
    }
}

fn sealed() -> Sealed {
    Sealed {
        key: 300,
        bytes: vec![1, 2, 253],
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
        epoch: 300,
        mail_verified: true,
        created: time(50),
        signed_in: Some(time(51)),
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
        changed: time(52),
        second_factor: Some(SecondFactor {
            seed: sealed(),
            confirmed: true,
            last_step: 70_000,
            recovery: vec![[7; 32]],
        }),
    }
}

fn session() -> Session {
    Session {
        user: ANN,
        id: 300,
        current: [1; 32],
        previous: Some([2; 32]),
        successor: vec![1, 2, 253],
        rotated: time(53),
        created: time(54),
        agent: "Firefox".to_owned(),
    }
}

fn api_token() -> ApiToken {
    ApiToken {
        user: ANN,
        id: 301,
        name: "bot".to_owned(),
        hash: [3; 32],
        scopes: vec![TokenScope::Read, TokenScope::Operate],
        created: time(55),
        expires: time(56),
        used: Some(time(57)),
    }
}

fn link() -> OneTimeLink {
    OneTimeLink {
        user: ANN,
        hash: [4; 32],
        kind: LinkKind::Verification,
        mail: Some(sealed()),
        created: time(58),
        expires: time(59),
    }
}

fn failures(count: u32) -> FailureCount {
    FailureCount {
        window: time(60),
        in_window: count,
        day: time(61),
        in_day: count + 1,
        last: time(62),
    }
}

fn event() -> AuditEvent {
    AuditEvent {
        at: time(63),
        user: ANN,
        kind: AuditKind::SecondFactorOn,
        by: AuditActor::Owner,
        address: "192.0.2.1".to_owned(),
        detail: "phone".to_owned(),
    }
}
