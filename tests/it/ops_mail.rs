//! Mails are jobs: they survive a restart and a server that is away, never wait behind
//! other work, and are sent even when the store can't keep them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use afwd::app::alert_sinks;
use afwd::app::sources::{Operation, OperationConfig, Unseen};
use afwd::clock::Clock;
use afwd::config::alerts::AlertSettings;
use afwd::config::sources::SourceSettings;
use afwd::domain::{Job, JobState};
use afwd::jobs::{JobStore, NewJob, Queue};
use afwd::mail::Mailer;
use afwd::ops::alerts::Message;
use afwd::secret::Secret;
use afwd::store::{Config, Opening, Store};
use afwd::work;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use crate::support::smtp::mail_server;

const PATIENCE: Duration = Duration::from_secs(60);

/// A clock set by hand.
struct Hand(Mutex<Timestamp>);

impl Hand {
    fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(Timestamp::UNIX_EPOCH)))
    }

    fn go_on(&self, by: SignedDuration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn mailer(server: &str) -> Mailer {
    Mailer::new(&Secret::new(server), "afwd@example.org").expect("addresses")
}

/// A server's operation over `store` that sends mail through `server`.
fn operation(store: &Store, dir: &TempDir, clock: &Arc<Hand>, server: &str) -> Operation {
    let config = OperationConfig {
        sources: SourceSettings::default(),
        mailer: Some(mailer(server)),
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        landing: Arc::new(Unseen),
        runtime: tokio::runtime::Handle::current(),
    };
    Operation::new(store, dir.path(), config, |_, _| ()).expect("an operation")
}

fn ask(queue: &Queue, clock: &Hand, to: &str) -> u64 {
    let mail = work::Mail::plain(to, "Hello", "what is between us");
    let new = NewJob {
        name: work::MAIL,
        key: "",
        payload: &mail,
        due: clock.now(),
    };
    queue.add(&new).expect("a store").expect("no key").id
}

fn job(store: &Store, id: u64) -> Job {
    store
        .read(|tx| tx.job(id))
        .expect("a store")
        .expect("a job")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_waits_for_its_server_over_a_restart_and_is_forgotten_once_sent() {
    let dir = TempDir::new().expect("a directory");
    let store = Store::open(&Config::new(dir.path()), Opening::CreateIfAbsent).expect("a store");
    let clock = Hand::new();
    // Nobody listens there.
    let away = operation(&store, &dir, &clock, "smtp://127.0.0.1:1");
    let id = ask(&away.queue, &clock, "ann@example.org");
    away.queue.run_due().expect("a store");
    let waiting = job(&store, id);
    assert_eq!((waiting.state, waiting.failures), (JobState::Waiting, 1));
    assert!(waiting.due > clock.now() && !waiting.error.is_empty());
    drop(away);
    let (server, come) = mail_server();
    let back = operation(&store, &dir, &clock, &server);
    back.queue.run_due().expect("a store");
    assert_eq!(
        job(&store, id).state,
        JobState::Waiting,
        "not before its time"
    );
    clock.go_on(SignedDuration::from_mins(1));
    back.queue.run_due().expect("a store");
    let came = come.recv_timeout(PATIENCE).expect("a mail");
    assert!(came.contains("RCPT TO:<ann@example.org>") && came.contains("Subject: Hello"));
    let sent = job(&store, id);
    assert_eq!(sent.state, JobState::Done);
    assert!(!sent.payload.contains("ann@") && !sent.payload.contains("between us"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_nobody_will_ever_take_is_given_up_at_once_and_stays_visible() {
    let dir = TempDir::new().expect("a directory");
    let store = Store::open(&Config::new(dir.path()), Opening::CreateIfAbsent).expect("a store");
    let clock = Hand::new();
    let (server, come) = mail_server();
    let operation = operation(&store, &dir, &clock, &server);
    let id = ask(&operation.queue, &clock, "no address");
    operation.queue.run_due().expect("a store");
    let dead = job(&store, id);
    assert_eq!((dead.state, dead.failures), (JobState::Failed, 1));
    assert!(dead.error.contains("no mail address"), "{}", dead.error);
    assert!(come.try_recv().is_err(), "nothing was sent");
}

/// Keeps nothing.
struct Full;

impl JobStore for Full {
    fn add(&self, _: Job) -> anyhow::Result<Option<Job>> {
        anyhow::bail!("the disk is full")
    }

    fn update(&self, _: &Job) -> anyhow::Result<()> {
        anyhow::bail!("the disk is full")
    }

    fn change(&self, _: u64, _: &mut dyn FnMut(&mut Job)) -> anyhow::Result<Option<Job>> {
        anyhow::bail!("the disk is full")
    }

    fn job(&self, _: u64) -> anyhow::Result<Option<Job>> {
        Ok(None)
    }

    fn open(&self) -> anyhow::Result<Vec<Job>> {
        Ok(Vec::new())
    }

    fn newest(&self, _: usize) -> anyhow::Result<Vec<Job>> {
        Ok(Vec::new())
    }

    fn cancel(&self, _: u64, _: Timestamp) -> anyhow::Result<Option<Job>> {
        Ok(None)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_by_mail_go_through_the_queue_and_past_it_when_the_store_fails() {
    let dir = TempDir::new().expect("a directory");
    let store = Store::open(&Config::new(dir.path()), Opening::CreateIfAbsent).expect("a store");
    let hand = Hand::new();
    let clock = Arc::clone(&hand) as Arc<dyn Clock>;
    let (server, come) = mail_server();
    let settings = AlertSettings {
        alert_mail: Some("host@example.org".to_owned()),
        ..AlertSettings::default()
    };
    let own = mailer(&server);
    let operation = operation(&store, &dir, &hand, &server);
    let sinks = alert_sinks(&settings, Some(&own), Some(&operation.queue), &clock);
    let sinks = sinks.expect("addresses");
    sinks[0].send(&Message::test(hand.now())).expect("taken");
    assert!(
        come.try_recv().is_err(),
        "it waits for the thread of the mails"
    );
    let jobs = store.read(|tx| tx.jobs()).expect("a store");
    assert_eq!((jobs.len(), &*jobs[0].name), (1, work::MAIL));
    operation.queue.run_due().expect("a store");
    let came = come.recv_timeout(PATIENCE).expect("a mail");
    assert!(came.contains("Subject: [afwd] info test"), "{came}");
    let full = Arc::new(Queue::new(Arc::new(Full), Arc::clone(&clock), Vec::new()));
    let sinks = alert_sinks(&settings, Some(&own), Some(&full), &clock).expect("addresses");
    sinks[0].send(&Message::test(hand.now())).expect("sent");
    come.recv_timeout(PATIENCE).expect("a mail past the queue");
    assert!(
        alert_sinks(&settings, None, None, &clock).is_err(),
        "no way to send"
    );
}
