//! The queue over jobs in memory, with a clock set by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use parking_lot::{Mutex, MutexGuard};

use super::{Hopeless, JobKind, JobStore, Lane, NewJob, Queue, Run};
use crate::clock::Clock;
use crate::domain::{Job, JobState, StepState};

/// Longest wait for what must happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// Jobs in memory.
#[derive(Default)]
struct Memory(Mutex<Vec<Job>>);

impl JobStore for Memory {
    fn add(&self, mut job: Job) -> anyhow::Result<Option<Job>> {
        let mut jobs = self.0.lock();
        if !job.key.is_empty()
            && jobs
                .iter()
                .any(|held| (&held.name, &held.key) == (&job.name, &job.key))
        {
            return Ok(None);
        }
        job.id = jobs.len() as u64 + 1;
        jobs.push(job.clone());
        Ok(Some(job))
    }

    fn update(&self, job: &Job) -> anyhow::Result<()> {
        let mut jobs = self.0.lock();
        let held = &mut jobs[job.id as usize - 1];
        *held = Job {
            cancel: held.cancel,
            ..job.clone()
        };
        Ok(())
    }

    fn change(&self, id: u64, change: &mut dyn FnMut(&mut Job)) -> anyhow::Result<Option<Job>> {
        let mut jobs = self.0.lock();
        Ok(jobs.get_mut(id as usize - 1).map(|job| {
            change(job);
            job.clone()
        }))
    }

    fn job(&self, id: u64) -> anyhow::Result<Option<Job>> {
        let jobs = self.0.lock();
        Ok(jobs.get(id as usize - 1).cloned())
    }

    fn open(&self) -> anyhow::Result<Vec<Job>> {
        let jobs = self.0.lock();
        Ok(jobs.iter().filter(|job| !job.is_over()).cloned().collect())
    }

    fn newest(&self, limit: usize) -> anyhow::Result<Vec<Job>> {
        let jobs = self.0.lock();
        Ok(jobs.iter().rev().take(limit).cloned().collect())
    }

    fn cancel(&self, id: u64, _: Timestamp) -> anyhow::Result<Option<Job>> {
        let mut jobs = self.0.lock();
        jobs[id as usize - 1].cancel = true;
        Ok(Some(jobs[id as usize - 1].clone()))
    }
}

/// Jobs in memory that can't be changed the second time somebody wants to.
#[derive(Default)]
struct FailingOnce {
    memory: Memory,
    updates: AtomicU32,
}

impl JobStore for FailingOnce {
    fn add(&self, job: Job) -> anyhow::Result<Option<Job>> {
        self.memory.add(job)
    }

    fn update(&self, job: &Job) -> anyhow::Result<()> {
        let update = self.updates.fetch_add(1, Ordering::Relaxed);
        anyhow::ensure!(update != 1, "the disk is full");
        self.memory.update(job)
    }

    fn change(&self, id: u64, change: &mut dyn FnMut(&mut Job)) -> anyhow::Result<Option<Job>> {
        let update = self.updates.fetch_add(1, Ordering::Relaxed);
        anyhow::ensure!(update != 1, "the disk is full");
        self.memory.change(id, change)
    }

    fn job(&self, id: u64) -> anyhow::Result<Option<Job>> {
        self.memory.job(id)
    }

    fn open(&self) -> anyhow::Result<Vec<Job>> {
        self.memory.open()
    }

    fn newest(&self, limit: usize) -> anyhow::Result<Vec<Job>> {
        self.memory.newest(limit)
    }

    fn cancel(&self, id: u64, now: Timestamp) -> anyhow::Result<Option<Job>> {
        self.memory.cancel(id, now)
    }
}

/// What somebody else does to the first job.
type Meddle = fn(&mut Job);

/// Jobs in memory, one of which somebody else changes after it was looked for.
struct Meddled {
    memory: Memory,
    meddle: Mutex<Option<Meddle>>,
}

impl JobStore for Meddled {
    fn add(&self, job: Job) -> anyhow::Result<Option<Job>> {
        self.memory.add(job)
    }

    fn update(&self, job: &Job) -> anyhow::Result<()> {
        self.memory.update(job)
    }

    fn change(&self, id: u64, change: &mut dyn FnMut(&mut Job)) -> anyhow::Result<Option<Job>> {
        self.memory.change(id, change)
    }

    fn job(&self, id: u64) -> anyhow::Result<Option<Job>> {
        self.memory.job(id)
    }

    fn open(&self) -> anyhow::Result<Vec<Job>> {
        let found = self.memory.open();
        if let Some(meddle) = self.meddle.lock().take() {
            meddle(&mut self.memory.0.lock()[0]);
        }
        found
    }

    fn newest(&self, limit: usize) -> anyhow::Result<Vec<Job>> {
        self.memory.newest(limit)
    }

    fn cancel(&self, id: u64, now: Timestamp) -> anyhow::Result<Option<Job>> {
        self.memory.cancel(id, now)
    }
}

/// A queue with one job, which is meddled with when it is next looked for, and how
/// often it ran.
fn meddled(meddle: Meddle) -> (Queue, Arc<AtomicU32>) {
    let clock = Arc::new(Hand(Mutex::new(Timestamp::UNIX_EPOCH)));
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let kind = JobKind::new("work", move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(())
    });
    let store = Meddled {
        memory: Memory::default(),
        meddle: Mutex::new(Some(meddle)),
    };
    let queue = Queue::new(Arc::new(store), clock, vec![kind]);
    let new = NewJob {
        name: "work",
        key: "",
        payload: &7,
        due: Timestamp::UNIX_EPOCH,
    };
    queue.add(&new).expect("in memory");
    (queue, runs)
}

#[test]
fn a_job_called_off_while_it_is_picked_does_not_run() {
    let (queue, runs) = meddled(|job| job.state = JobState::Cancelled);
    queue.run_due().expect("in memory");
    let job = queue.store().job(1).expect("in memory").expect("the job");
    assert_eq!(
        (job.state, runs.load(Ordering::Relaxed)),
        (JobState::Cancelled, 0)
    );
}

#[test]
fn a_job_picked_with_new_orders_carries_them_out() {
    let (queue, runs) = meddled(|job| job.payload = "8".to_owned());
    queue.run_due().expect("in memory");
    let job = queue.store().job(1).expect("in memory").expect("the job");
    assert_eq!((job.state, job.payload.as_str()), (JobState::Done, "8"));
    assert_eq!(runs.load(Ordering::Relaxed), 1);
}

#[test]
fn a_job_that_begins_while_it_is_hastened_goes_on() {
    let (queue, _) = meddled(|job| job.state = JobState::Running);
    let job = queue
        .hasten("work", &9)
        .expect("in memory")
        .expect("the job");
    assert_eq!((job.state, job.payload.as_str()), (JobState::Running, "7"));
}

#[test]
fn a_job_whose_end_could_not_be_kept_runs_again() {
    let clock = Arc::new(Hand(Mutex::new(Timestamp::UNIX_EPOCH)));
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let kind = JobKind::new("work", move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(())
    });
    let queue = Queue::new(Arc::new(FailingOnce::default()), clock, vec![kind]);
    let new = NewJob {
        name: "work",
        key: "",
        payload: &7,
        due: Timestamp::UNIX_EPOCH,
    };
    queue.add(&new).expect("in memory");
    let state = || {
        let job = queue.store().job(1).expect("in memory");
        job.expect("the job").state
    };
    std::thread::scope(|scope| {
        scope.spawn(|| queue.work(Lane::Heavy, &|| Ok(())));
        for _ in 0..1000 {
            if state() == JobState::Done {
                break;
            }
            // Another job wakes the queue.
            queue.add(&new).expect("in memory");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        queue.stop();
    });
    assert_eq!(state(), JobState::Done);
    assert!(runs.load(Ordering::Relaxed) >= 2);
}

/// A clock that is put forward by hand.
struct Hand(Mutex<Timestamp>);

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        *self.0.lock()
    }
}

impl Hand {
    fn forward(&self, minutes: i64) {
        *self.0.lock() += SignedDuration::from_mins(minutes);
    }
}

struct Bench {
    queue: Queue,
    clock: Arc<Hand>,
}

impl Bench {
    fn new(run: Box<Run>) -> Self {
        let start = "2026-07-01T10:00:00Z".parse().expect("a time");
        let clock = Arc::new(Hand(Mutex::new(start)));
        let kinds = vec![JobKind::new("work", move |context| run(context))];
        let queue = Queue::new(
            Arc::new(Memory::default()),
            Arc::clone(&clock) as Arc<dyn Clock>,
            kinds,
        );
        Self { queue, clock }
    }

    fn add(&self, key: &str) -> Option<Job> {
        let new = NewJob {
            name: "work",
            key,
            payload: &7,
            due: self.clock.now(),
        };
        self.queue.add(&new).expect("in memory")
    }

    fn run(&self) -> Job {
        self.queue.run_due().expect("in memory");
        self.queue
            .store()
            .job(1)
            .expect("in memory")
            .expect("added")
    }
}

#[test]
fn a_key_is_taken_once_and_for_ever() {
    let bench = Bench::new(Box::new(|_| Ok(())));
    assert!(bench.add("2026-07-01").is_some());
    assert!(bench.add("2026-07-01").is_none());
    assert_eq!(bench.run().state, JobState::Done);
    assert!(
        bench.add("2026-07-01").is_none(),
        "a finished job keeps its key"
    );
    assert!(bench.add("").is_some() && bench.add("").is_some());
}

#[test]
fn a_step_that_is_done_is_not_done_again() {
    let (first, second) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let counts = (Arc::clone(&first), Arc::clone(&second));
    let bench = Bench::new(Box::new(move |context| {
        context.plan(["first", "second"])?;
        context.step("first", None, |_| {
            Ok(u64::from(counts.0.fetch_add(1, Ordering::Relaxed)))
        })?;
        context.step("second", None, |_| {
            match counts.1.fetch_add(1, Ordering::Relaxed) {
                0 => anyhow::bail!("not yet"),
                1 => panic!("worse"),
                _ => Ok(3),
            }
        })
    }));
    bench.add("");
    let job = bench.run();
    assert_eq!((job.state, job.failures), (JobState::Waiting, 1));
    assert!(
        job.error.contains("not yet") && job.error.contains("second"),
        "{}",
        job.error
    );
    assert_eq!(job.steps[1].state, StepState::Failed);
    assert_eq!(
        bench.run().failures,
        1,
        "it is not tried again before its pause is over"
    );
    bench.clock.forward(2);
    let job = bench.run();
    assert!(job.error.contains("panicked: worse"), "{}", job.error);
    bench.clock.forward(10);
    let job = bench.run();
    assert_eq!((job.state, job.steps[1].rows), (JobState::Done, 3));
    assert_eq!(first.load(Ordering::Relaxed), 1);
}

#[test]
fn a_job_that_keeps_failing_is_given_up() {
    let bench = Bench::new(Box::new(|_| anyhow::bail!("never")));
    bench.add("");
    for _ in 0..10 {
        bench.run();
        bench.clock.forward(121);
    }
    let job = bench.run();
    assert_eq!((job.state, job.failures), (JobState::Failed, 5));
    assert!(job.finished.is_some());
}

#[test]
fn a_job_goes_on_at_its_hour_and_that_is_no_failure() {
    let bench = Bench::new(Box::new(|context| {
        let hour = context.job().created + SignedDuration::from_mins(30);
        context.step("early", None, |_| Ok(1))?;
        context.step("at its hour", Some(hour), |_| Ok(2))
    }));
    bench.add("");
    let job = bench.run();
    assert_eq!(
        (job.state, job.failures, job.steps[0].state),
        (JobState::Waiting, 0, StepState::Done)
    );
    bench.clock.forward(29);
    assert_eq!(bench.run().state, JobState::Waiting);
    bench.clock.forward(1);
    assert_eq!(bench.run().state, JobState::Done);
}

#[test]
fn a_job_called_off_stops_at_its_next_checkpoint() {
    let bench = Bench::new(Box::new(|context| {
        context.step("long", None, |step| {
            step.progress("half")?;
            panic!("it went on");
        })
    }));
    bench.add("");
    bench.queue.cancel(1).expect("in memory");
    let job = bench.run();
    assert_eq!((job.state, job.error.as_str()), (JobState::Cancelled, ""));
}

#[test]
fn what_a_crash_left_running_waits_again() {
    let bench = Bench::new(Box::new(|context| context.step("only", None, |_| Ok(1))));
    let mut job = bench.add("").expect("added");
    job.state = JobState::Running;
    bench.queue.store().update(&job).expect("in memory");
    assert_eq!(
        bench.run().state,
        JobState::Running,
        "somebody may still be at it"
    );
    bench.queue.recover().expect("in memory");
    assert_eq!(bench.run().state, JobState::Done);
}

#[test]
fn an_unknown_kind_is_a_failure_that_says_so() {
    let bench = Bench::new(Box::new(|_| Ok(())));
    let new = NewJob {
        name: "other",
        key: "",
        payload: &(),
        due: bench.clock.now(),
    };
    bench.queue.add(&new).expect("in memory");
    assert!(bench.run().error.contains("`other`"));
}

#[test]
fn light_work_never_waits_for_heavy_work() {
    let clock = Arc::new(Hand(Mutex::new(Timestamp::UNIX_EPOCH)));
    let (begun, has_begun) = channel();
    let (release, released) = channel::<()>();
    let (sent, is_sent) = channel();
    let (begun, released) = (Mutex::new(begun), Mutex::new(released));
    let sent = Mutex::new(sent);
    let heavy = JobKind::new("training", move |_| {
        held(&begun)
            .send(())
            .map_err(|_| anyhow::anyhow!("nobody looks"))?;
        held(&released).recv().map_err(Into::into)
    });
    let light = JobKind::new("mail", move |_| {
        held(&sent)
            .send(())
            .map_err(|_| anyhow::anyhow!("nobody looks"))
    });
    let kinds = vec![heavy, light.in_lane(Lane::Light)];
    let queue = Queue::new(Arc::new(Memory::default()), clock, kinds);
    std::thread::scope(|scope| {
        for lane in Lane::ALL {
            let queue = &queue;
            scope.spawn(move || queue.work(lane, &|| Ok(())));
        }
        add(&queue, "training");
        has_begun.recv_timeout(PATIENCE).expect("the training runs");
        add(&queue, "mail");
        is_sent.recv_timeout(PATIENCE).expect("the mail is sent");
        release.send(()).expect("the training still runs");
        queue.stop();
    });
}

#[test]
fn what_is_hopeless_is_given_up_and_what_is_private_is_forgotten_when_done() {
    let clock = Arc::new(Hand(Mutex::new(Timestamp::UNIX_EPOCH)));
    let kind = |name, result: fn() -> anyhow::Result<()>| {
        let kind = JobKind::new(name, move |context| {
            context.step("only", None, |_| result().map(|()| 1))
        });
        kind.forgets_payloads()
    };
    let kinds = vec![
        kind("good", || Ok(())),
        kind("hopeless", || Err(Hopeless("never".to_owned()).into())),
    ];
    let queue = Queue::new(Arc::new(Memory::default()), clock, kinds);
    let ids = ["good", "hopeless"].map(|name| add(&queue, name).id);
    queue.run_due().expect("in memory");
    let [good, hopeless] = ids.map(|id| queue.store().job(id).expect("in memory").expect("added"));
    assert_eq!((good.state, &*good.payload), (JobState::Done, "null"));
    assert_eq!((hopeless.state, hopeless.failures), (JobState::Failed, 1));
    assert_eq!(hopeless.payload, "7", "nobody has had it yet");
}

fn add(queue: &Queue, name: &str) -> Job {
    let new = NewJob {
        name,
        key: "",
        payload: &7,
        due: Timestamp::UNIX_EPOCH,
    };
    queue.add(&new).expect("in memory").expect("no key")
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock()
}
