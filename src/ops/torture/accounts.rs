//! Kills of a process that lets people in, continues their sign-ins and deletes them.
//! What it acknowledged is written down outside.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use jiff::Timestamp;

use super::bench::Bench;
use super::process::{Worker, say};
use crate::auth::{self, Accounts, AuthError, NewUser, SignInAttempt, Visitor};
use crate::clock::Clock;
use crate::domain::{Registration, Tier, UserRole};
use crate::secret::Secret;
use crate::store::{Config, Opening, Store};

/// A password like any other; nothing here is anybody's.
const PASSWORD: &str = "correct horse battery staple";
/// As little memory for a hash as there can be: it is not what is tried here.
const HASH_KIB: u32 = 64;
/// Of so many accounts one is deleted.
const DELETED: u64 = 3;
/// Times a sign-in is continued.
const REFRESHED: u32 = 3;

/// The time does not go on, so that every answer can be asked for again.
struct Standing;

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

/// What the process said it had done with an account.
#[derive(Clone, Debug, Default)]
struct Said {
    /// Its refresh tokens, oldest first.
    tokens: Vec<String>,
    gone: bool,
}

pub(super) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    for _ in 0..bench.times(3, 40, 400) {
        bench.tried += 1;
        let dir = bench.fresh()?;
        let said = work_and_kill(bench, &dir)?;
        *bench.counts.entry("acknowledged accounts").or_default() += said.len() as u64;
        if let Err(error) = judge(bench, &dir, &said) {
            bench.break_promise(format!("the accounts do not open: {error}"));
        }
        if !bench.broken.is_empty() {
            break;
        }
    }
    Ok(())
}

/// Makes accounts, signs them in, continues that, deletes some, and says so; until killed.
/// The planted bug: it says that it has before it has.
pub(super) fn let_in(dir: &Path, planted: bool) -> anyhow::Result<()> {
    let accounts = open(dir)?;
    let (by, from, password) = (
        accounts.at_the_console(),
        Visitor::default(),
        Secret::new(PASSWORD),
    );
    for n in 0.. {
        let mail = mail(n);
        let new = NewUser {
            mail: &mail,
            name: "",
            role: UserRole::Reader,
            tier: Tier::Free,
        };
        if planted {
            say(&format!("added {n}"))?;
            thread::sleep(Duration::from_millis(500));
        }
        let id = accounts.add(&by, &new, &password)?;
        say(&format!("added {n}"))?;
        let attempt = SignInAttempt {
            mail: &mail,
            password: &password,
            code: None,
        };
        let mut tokens = accounts.sign_in(&attempt, &from)?;
        say(&format!("token {n} {}", tokens.refresh.expose()))?;
        for _ in 0..REFRESHED {
            tokens = accounts.refresh(tokens.refresh.expose(), &from)?;
            say(&format!("token {n} {}", tokens.refresh.expose()))?;
        }
        if n % DELETED == 0 {
            accounts.delete_user(&by, id)?;
            say(&format!("gone {n}"))?;
        }
    }
    Ok(())
}

fn open(dir: &Path) -> anyhow::Result<Accounts> {
    let store = Store::open(&Config::new(dir), Opening::CreateIfAbsent)?;
    Ok(Accounts::open(auth::Config {
        store,
        data: dir.to_owned(),
        clock: Arc::new(Standing),
        keys: None,
        registration: Registration::Closed,
        hash_memory_kib: HASH_KIB,
        post: None,
    })?)
}

fn mail(n: u64) -> String {
    format!("reader-{n}@example.org")
}

fn work_and_kill(bench: &mut Bench<'_>, dir: &Path) -> anyhow::Result<BTreeMap<u64, Said>> {
    let mut child = bench.start(Worker::Accounts, dir)?;
    let out = child.stdout.take();
    let heard = thread::spawn(move || {
        let mut said: BTreeMap<u64, Said> = BTreeMap::new();
        let lines = out.map(BufReader::new).into_iter().flat_map(BufRead::lines);
        for line in lines.map_while(Result::ok) {
            let mut words = line.split(' ');
            let what = words.next().unwrap_or_default();
            let Some(n) = words.next().and_then(|n| n.parse().ok()) else {
                continue;
            };
            let account = said.entry(n).or_default();
            account.tokens.extend(words.next().map(str::to_owned));
            account.gone |= what == "gone";
        }
        said
    });
    thread::sleep(Duration::from_millis(bench.dice.u64(50..700)));
    child.kill()?;
    child.wait()?;
    Ok(heard.join().unwrap_or_default())
}

fn judge(bench: &mut Bench<'_>, dir: &Path, said: &BTreeMap<u64, Said>) -> anyhow::Result<()> {
    if said.is_empty() {
        bench.count("killed before the first account");
        return Ok(());
    }
    let accounts = open(dir)?;
    let (by, from) = (accounts.at_the_console(), Visitor::default());
    let newest = said.keys().last().copied().unwrap_or_default();
    for (&n, account) in said {
        let found = accounts.find(&by, &mail(n)).is_ok();
        // The newest may have been on its way out when the process was killed.
        let was_done = account.tokens.len() > REFRESHED as usize;
        let leaving = n == newest && n % DELETED == 0 && was_done;
        match (account.gone, found) {
            (true, true) => bench.break_promise(format!("account {n} was deleted and is there")),
            (false, false) if !leaving => {
                bench.break_promise(format!("account {n} was made and is not there"));
            }
            (false, true) => sign_ins(bench, &accounts, n, account, &from),
            _ => {}
        }
    }
    Ok(())
}

/// The last token that was given continues the sign-in, and so it does once more within
/// its seconds of grace; one from before ends all.
fn sign_ins(bench: &mut Bench<'_>, accounts: &Accounts, n: u64, said: &Said, from: &Visitor) {
    let Some((last, earlier)) = said.tokens.split_last() else {
        return;
    };
    let next = match accounts.refresh(last, from) {
        Ok(tokens) => tokens.refresh.expose().to_owned(),
        Err(error) => {
            return bench.break_promise(format!("the sign-in of account {n} was lost: {error}"));
        }
    };
    let again = accounts.refresh(last, from);
    if !again.is_ok_and(|tokens| tokens.refresh.expose() == next) {
        bench.break_promise(format!("the token of account {n} has two successors"));
    }
    let Some(stolen) = earlier.first() else {
        return;
    };
    if !matches!(accounts.refresh(stolen, from), Err(AuthError::SignedOut))
        || !matches!(accounts.refresh(&next, from), Err(AuthError::SignedOut))
    {
        bench.break_promise(format!(
            "an old token of account {n} still lets somebody in"
        ));
    }
    bench.count("sign-ins continued");
}
