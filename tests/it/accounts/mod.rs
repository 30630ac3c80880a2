//! Accounts over a real store: who gets in, who does not, and what stays of whom.

mod canaries;
mod erasure;
mod keys;
mod matrix;
mod pages;
mod people;
mod second_factor;
mod sessions;
mod sign_in;
mod site;
mod subscriptions;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use afwd::auth::{Accounts, AuthError, Config, Member, NewUser, SignInAttempt, Tokens, Visitor};
use afwd::clock::Clock;
use afwd::domain::{Registration, Tier, UserId, UserRole};
use afwd::secret::Secret;
use afwd::store::{self, Opening, Store};
use jiff::Timestamp;
use tempfile::TempDir;

/// A good password.
const PASSWORD: &str = "correct horse battery staple";
/// Another one.
const OTHER: &str = "seven purple lanterns wander";

/// A clock that a test moves.
#[derive(Clone, Default)]
struct Hand(Arc<AtomicI64>);

impl Hand {
    fn wait(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        let seconds = 1_780_000_000 + self.0.load(Ordering::SeqCst);
        Timestamp::from_second(seconds).expect("a time")
    }
}

/// An installation.
struct Place {
    dir: TempDir,
    clock: Hand,
    accounts: Arc<Accounts>,
    store: Store,
}

fn open(dir: &Path) -> Store {
    Store::open(&store::Config::new(dir), Opening::CreateIfAbsent).expect("a store")
}

fn config(dir: &Path, store: &Store, clock: &Hand) -> Config {
    Config {
        store: store.clone(),
        data: dir.to_owned(),
        clock: Arc::new(clock.clone()),
        keys: None,
        registration: Registration::Invited,
        // As little as there can be: these tests are about everything else.
        hash_memory_kib: 64,
        post: None,
    }
}

impl Place {
    fn new() -> Self {
        Self::with(|_| ())
    }

    fn with(change: impl FnOnce(&mut Config)) -> Self {
        let (dir, clock) = (TempDir::new().expect("a directory"), Hand::default());
        let store = open(dir.path());
        let mut config = config(dir.path(), &store, &clock);
        change(&mut config);
        let accounts = Arc::new(Accounts::open(config).expect("accounts"));
        Self {
            dir,
            clock,
            accounts,
            store,
        }
    }

    /// As after the program was killed.
    fn reopened(self) -> Self {
        let Self {
            dir,
            clock,
            accounts,
            store,
        } = self;
        drop((accounts, store));
        let store = open(dir.path());
        let config = config(dir.path(), &store, &clock);
        let accounts = Arc::new(Accounts::open(config).expect("accounts"));
        Self {
            dir,
            clock,
            accounts,
            store,
        }
    }

    fn add(&self, mail: &str, role: UserRole) -> UserId {
        let new = NewUser {
            mail,
            name: "",
            role,
            tier: Tier::Free,
        };
        let by = self.accounts.at_the_console();
        self.accounts
            .add(&by, &new, &Secret::new(PASSWORD))
            .expect("an account")
    }

    fn ann(&self) -> UserId {
        self.add("ann@example.org", UserRole::Reader)
    }

    fn sign_in(&self, mail: &str, password: &str, from: &Visitor) -> Result<Tokens, AuthError> {
        let attempt = SignInAttempt {
            mail,
            password: &Secret::new(password),
            code: None,
        };
        self.accounts.sign_in(&attempt, from)
    }

    /// Ann, signed in.
    fn entered(&self) -> Tokens {
        self.sign_in("ann@example.org", PASSWORD, &from("192.0.2.1"))
            .expect("signed in")
    }

    fn member(&self, tokens: &Tokens) -> Option<Member> {
        self.accounts.recognise(tokens.access.expose()).ok()
    }
}

fn from(address: &str) -> Visitor {
    Visitor {
        address: address.to_owned(),
        agent: "Firefox".to_owned(),
        device: None,
    }
}

/// A device that signed in before.
fn known(address: &str, tokens: &Tokens) -> Visitor {
    let device = tokens
        .device
        .as_ref()
        .expect("a device")
        .expose()
        .to_owned();
    Visitor {
        device: Some(device),
        ..from(address)
    }
}

/// What an error says, word for word.
fn said<T>(result: Result<T, AuthError>) -> String {
    match result {
        Ok(_) => "let in".to_owned(),
        Err(error) => error.to_string(),
    }
}
