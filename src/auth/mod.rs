//! Accounts: who somebody is, what lets him in, and what he may do then. Knows nothing
//! of HTTP.
//!
//! Everything is done through [`Accounts`]. What may block is a method there and is
//! called off the threads that answer; [`Accounts::recognise`] and
//! [`Accounts::recognise_api_token`] look at memory only and are called with every
//! request. What a request may do is a value: [`Member`], [`SignedIn`], [`Premium`] or
//! [`Operator`], and nothing outside this folder makes one.
//!
//! `password`, `second_factor`, `refresh`, `access_token` and `throttle` are rules without
//! a store; `sign_in`, `links`, `own`, `api_tokens`, `people`, `erasure`, `export` and `sweep` apply
//! them to it.

mod access_token;
mod accounts;
mod api_tokens;
mod authority;
mod directory;
mod erasure;
mod error;
mod export;
mod keys;
mod letters;
mod links;
mod own;
mod password;
mod people;
mod refresh;
mod second_factor;
mod sign_in;
mod sweep;
mod throttle;
mod views;

pub use access_token::{LIFETIME as ACCESS_LIFETIME, TokenRefused};
pub use accounts::{Accounts, Config, Post, Visitor, check_keys, rotate_keys};
pub use api_tokens::LONGEST_DAYS as LONGEST_TOKEN_DAYS;
pub use authority::{Member, Operator, OperatorToken, Premium, SignedIn};
pub use erasure::{ErasedRows, Receipt};
pub use error::{AuthError, KeyError, Result};
pub use links::{LinkPurpose, NewUser};
pub use own::ProfileChange;
pub use password::{
    AT_ONCE as HASHES_AT_ONCE, LONGEST as LONGEST_PASSWORD, MEMORY_KIB as HASH_MEMORY_KIB,
    SHORTEST as SHORTEST_PASSWORD, WAITING as HASHES_WAITING,
};
pub use people::UserView;
pub use refresh::{ABSOLUTE as SESSION_LONGEST, IDLE as SESSION_IDLE, REPLAY as REFRESH_REPLAY};
pub use second_factor::Seed;
pub use sign_in::{SignInAttempt, Tokens};
pub use sweep::AUDIT_KEPT;
pub use throttle::network;
pub use views::{ApiTokenView, AuditView, PreferencesView, ProfileView, SessionView};
