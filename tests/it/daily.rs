//! The daily chain against the fake source: kills, faults, simulated days.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use afwd::app::sources::{Operation, OperationConfig, Unseen};
use afwd::clock::Clock;
use afwd::config::sources::SourceSettings;
use afwd::domain::{History, Job, JobState, Level, Season, Severity};
use afwd::ingest::sources::MLB;
use afwd::store::{self, Opening, Store};
use afwd::work::Backfill;
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::support::program::afwd;
use crate::support::upstream::{Config, Fault, Upstream};

/// The first simulated day.
const FIRST: Date = date(2026, 6, 28);

/// Kills of the test; the full plan of 50 over 30 days is
/// `AFWD_KILLS=50 AFWD_DAYS=30 cargo nextest run -E 'test(killed_anywhere)'`.
fn planned(name: &str, otherwise: u32) -> u32 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

#[test]
fn a_chain_killed_anywhere_ends_where_an_undisturbed_one_does() {
    let (days, mut kills) = (planned("AFWD_DAYS", 2), planned("AFWD_KILLS", 6));
    let source = Upstream::start(Config {
        today: FIRST,
        ..Config::default()
    });
    let undisturbed = Program::new(&source);
    let disturbed = Program::new(&source);
    let whole = undisturbed.days(&source, days, &mut |mut child| wait(&mut child));
    let mut moment = 0x9e37_79b9_u64;
    let mut killed = 0;
    let broken = disturbed.days(&source, days, &mut |mut child| {
        if kills == 0 {
            return wait(&mut child);
        }
        // Multiplicative congruences spread the moments over the run.
        moment = moment
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        std::thread::sleep(Duration::from_millis(20 + (moment >> 33) % 420));
        match child.try_wait().expect("a child") {
            Some(status) => status.success(),
            None => {
                child.kill().expect("a child");
                child.wait().expect("a child");
                (kills, killed) = (kills - 1, killed + 1);
                false
            }
        }
    });
    assert_eq!(broken, whole, "{killed} kills");
    println!("{killed} kills over {days} days: the same truth, digest {whole}");
    assert!(killed > 0, "nothing was killed: the moments are too late");
    for day in 0..=days {
        let on = FIRST.saturating_add(i64::from(day).days());
        let requests = disturbed
            .store()
            .read(|tx| tx.requests(&source.base_url, on))
            .expect("a store");
        assert!(requests <= 1000, "{requests} requests on {on}");
    }
}

fn wait(child: &mut Child) -> bool {
    child.wait().expect("a child").success()
}

/// The program over a data directory of its own.
struct Program {
    data: TempDir,
    base_url: String,
}

impl Program {
    fn new(source: &Upstream) -> Self {
        Self {
            data: TempDir::new().expect("a directory"),
            base_url: source.base_url.clone(),
        }
    }

    /// Backfills a season and refreshes day after day; `follow` sees each run to
    /// its end and says whether it ended well; one that did not is run again.
    fn days(&self, source: &Upstream, days: u32, follow: &mut dyn FnMut(Child) -> bool) -> String {
        source.set_today(FIRST);
        while !follow(self.start(FIRST, &["backfill", "--seasons", "2025"])) {}
        for day in 1..=days {
            let today = FIRST.saturating_add(i64::from(day).days());
            source.set_today(today);
            while !follow(self.start(today, &["refresh"])) {}
        }
        self.store().read(|tx| tx.digest()).expect("a store").hash
    }

    fn start(&self, today: Date, arguments: &[&str]) -> Child {
        afwd(self.data.path())
            .arg("--data")
            .arg(self.data.path())
            .arg("--now")
            .arg(format!("{today}T14:00:00Z"))
            .args(arguments)
            .args(["--mlb-url", &self.base_url, "--mlb-per-second", "100000"])
            .args(["--mlb-small-league", "--accept-mlb-terms"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs")
    }

    fn store(&self) -> Store {
        open(self.data.path())
    }
}

fn open(data: &Path) -> Store {
    Store::open(&store::Config::new(data), Opening::CreateIfAbsent).expect("a store")
}

/// A clock that is set by hand.
struct Hand(Mutex<Timestamp>);

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The operation inside this process.
struct Site {
    data: TempDir,
    store: Store,
    clock: Arc<Hand>,
    runtime: Runtime,
    base_url: String,
    started: Mutex<Option<Operation>>,
}

impl Site {
    fn new(source: &Upstream) -> Self {
        let data = TempDir::new().expect("a directory");
        let site = Self {
            store: open(data.path()),
            data,
            clock: Arc::new(Hand(Mutex::new(noon(FIRST)))),
            runtime: Runtime::new().expect("a runtime"),
            base_url: source.base_url.clone(),
            started: Mutex::new(None),
        };
        site.restart();
        site
    }

    /// As a restart of the program: what is not in the store is forgotten.
    fn restart(&self) {
        let sources = SourceSettings {
            mlb_small_league: true,
            timeout: Duration::from_millis(700),
            pause: Duration::from_millis(5),
            ..SourceSettings::default()
        };
        let sources = sources.with(&MLB, |mlb| {
            mlb.url.clone_from(&self.base_url);
            mlb.per_second = 1e5;
            mlb.on = true;
        });
        let config = OperationConfig {
            sources,
            mailer: None,
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            landing: Arc::new(Unseen),
            runtime: self.runtime.handle().clone(),
        };
        let operation = Operation::new(&self.store, self.data.path(), config, |_, _| {});
        *self.started.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(operation.expect("an operation"));
    }

    fn operate<T>(&self, act: impl FnOnce(&Operation) -> T) -> T {
        let started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        act(started.as_ref().expect("started"))
    }

    fn at(&self, day: Date) {
        *self.clock.0.lock().unwrap_or_else(PoisonError::into_inner) = noon(day);
    }

    /// Asks for a refresh and runs what is due; gives the job as it stands then.
    fn refresh(&self) -> Job {
        self.operate(|operation| {
            let asked = operation.refresh().expect("terms are accepted");
            operation.queue.run_due().expect("a store");
            self.store
                .read(|tx| tx.job(asked.id))
                .expect("a store")
                .expect("remembered")
        })
    }

    fn digest(&self) -> String {
        self.store.read(|tx| tx.digest()).expect("a store").hash
    }

    fn data_day(&self) -> Option<Date> {
        self.store
            .read(|tx| tx.source(MLB.name))
            .expect("a store")
            .data_day
    }

    fn backfill(&self, season: u16) {
        let asked = self.operate(|operation| {
            let asked = operation.backfill(&Backfill {
                first: season,
                last: season,
            });
            operation.queue.run_due().expect("a store");
            asked.expect("terms are accepted")
        });
        let job = self
            .store
            .read(|tx| tx.job(asked.id))
            .expect("a store")
            .expect("remembered");
        assert_eq!(job.state, JobState::Done, "{}", job.error);
    }
}

impl Site {
    /// What every player has done for each club in the running season, by the newest
    /// word on it, both roles.
    fn newest_lines(&self) -> Vec<String> {
        let running = Season(FIRST.year().unsigned_abs());
        let histories = self.store.read(|tx| tx.histories()).expect("a store");
        let newest = |history: History| {
            let mut lines = BTreeMap::new();
            for line in history.batting.iter().filter(|line| line.season == running) {
                let counts = format!("{:?}", line.counts);
                keep_newest(
                    &mut lines,
                    (line.level, line.club.team_id, 'b'),
                    line.as_of,
                    counts,
                );
            }
            for line in history
                .pitching
                .iter()
                .filter(|line| line.season == running)
            {
                let counts = format!("{:?}", line.counts);
                keep_newest(
                    &mut lines,
                    (line.level, line.club.team_id, 'p'),
                    line.as_of,
                    counts,
                );
            }
            let lines: Vec<_> = lines
                .into_iter()
                .map(|(key, (_, counts))| (key, counts))
                .collect();
            format!("{:?} {lines:?}", history.prospect.id)
        };
        histories.into_iter().map(newest).collect()
    }
}

type Stint = (Level, u32, char);

fn keep_newest(
    lines: &mut BTreeMap<Stint, (Date, String)>,
    stint: Stint,
    day: Date,
    counts: String,
) {
    let newer = lines.get(&stint).is_none_or(|(known, _)| *known < day);
    if newer {
        lines.insert(stint, (day, counts));
    }
}

fn noon(day: Date) -> Timestamp {
    format!("{day}T14:00:00Z").parse().expect("a time")
}

/// Faults of content that a source may have and still be right in the rest: the
/// run may end well, with findings; what it applies must then be whole.
const SURVIVABLE: [Fault; 6] = [
    Fault::Unknown,
    Fault::Negative,
    Fault::NotANumber,
    Fault::Absurd,
    Fault::Charset,
    Fault::ReorderedPage,
];

#[test]
fn every_fault_keeps_the_last_good_data_and_the_next_run_heals() {
    let source = Upstream::start(Config {
        today: FIRST,
        players: 300,
        page: 40,
        ..Config::default()
    });
    let site = Site::new(&source);
    site.backfill(2025);
    assert_eq!(site.refresh().state, JobState::Done);
    let mut good = (FIRST, site.digest());
    for (at, (fault, name)) in Fault::ALL.iter().enumerate() {
        let today = FIRST.saturating_add((at as i64 + 1).days());
        source.set_today(today);
        site.at(today);
        site.restart();
        source.set_fault_on("/api/v1/", *fault, None);
        let begun = Instant::now();
        let job = site.refresh();
        println!(
            "{name}: {} after {:?}: {}",
            job.state,
            begun.elapsed(),
            job.error
        );
        if job.state != JobState::Done {
            assert!(!job.error.is_empty(), "{name} fails without a reason");
            assert_eq!(
                (site.data_day(), site.digest()),
                (Some(good.0), good.1.clone()),
                "{name} was half applied"
            );
        }
        assert!(!job.error.contains("panicked"), "{name}: {}", job.error);
        // A fault that was overcome has changed nothing: the same day without it is the same.
        let overcome = job.state == JobState::Done && !SURVIVABLE.contains(fault);
        let applied = overcome.then(|| site.digest());
        source.heal();
        site.restart();
        let healed = site.refresh();
        assert_eq!(
            healed.state,
            JobState::Done,
            "{name} is not healed: {}",
            healed.error
        );
        assert_eq!(site.data_day(), Some(today), "{name}");
        good = (today, site.digest());
        if let Some(applied) = applied {
            assert_eq!(applied, good.1, "{name} did harm and was not told");
        }
        let spent = site
            .store
            .read(|tx| tx.requests(&source.base_url, today))
            .expect("a store");
        assert!(spent <= 1000, "{name} spent {spent} requests");
    }
    let undisturbed = Site::new(&source);
    source.set_today(good.0);
    undisturbed.backfill(2025);
    undisturbed.at(good.0);
    assert_eq!(undisturbed.refresh().state, JobState::Done);
    let lines = |site: &Site| {
        let tables = site.store.read(|tx| tx.digest()).expect("a store").tables;
        let line = |name: &str| {
            tables
                .iter()
                .find(|table| table.name == name)
                .map(|table| table.hash.clone())
        };
        (line("mlb_seasons"), line("draft_picks"), line("teams"))
    };
    assert_eq!(lines(&site), lines(&undisturbed));
    assert_eq!(site.newest_lines(), undisturbed.newest_lines());
}

#[test]
fn a_spent_budget_is_waited_for_and_nothing_is_asked_meanwhile() {
    let source = Upstream::start(Config {
        today: FIRST,
        players: 100,
        ..Config::default()
    });
    let site = Site::new(&source);
    let spent = || {
        site.store
            .read(|tx| tx.requests(&source.base_url, FIRST))
            .expect("a store")
    };
    site.store
        .write(|tx| {
            (0..990).try_for_each(|_| tx.spend_request(&source.base_url, FIRST, 1000).map(drop))
        })
        .expect("a store");
    let job = site.refresh();
    assert_eq!(
        (job.state, job.failures, job.due),
        (
            JobState::Waiting,
            0,
            "2026-06-29T00:00:00Z".parse().expect("a time")
        )
    );
    assert_eq!(spent(), 1000);
    assert_eq!(source.requests().values().sum::<u64>(), 10);
    site.restart();
    assert_eq!(site.refresh().state, JobState::Waiting);
    assert_eq!(
        source.requests().values().sum::<u64>(),
        10,
        "a restart is no way around the budget"
    );
    site.at(FIRST.tomorrow().expect("in range"));
    assert_eq!(site.refresh().state, JobState::Done);
    let asked = source.requests().values().sum::<u64>();
    assert!(asked <= 150, "{asked} requests for a refresh");
}

#[test]
fn what_the_checks_find_is_told() {
    let source = Upstream::start(Config {
        today: FIRST,
        players: 300,
        ..Config::default()
    });
    let site = Site::new(&source);
    assert_eq!(site.refresh().state, JobState::Done);
    let findings = || -> Vec<_> {
        let reports = site.store.read(|tx| tx.quality()).expect("a store");
        reports
            .into_iter()
            .flat_map(|(_, report)| report.findings)
            .collect()
    };
    assert!(
        findings()
            .iter()
            .all(|finding| finding.severity != Severity::Critical),
        "{:?}",
        findings()
    );
    for (days, fault, word) in [
        (1, Fault::Unknown, "schema"),
        (2, Fault::Renamed, "schema"),
        (3, Fault::Negative, "refused"),
    ] {
        let today = FIRST.saturating_add(i64::from(days).days());
        source.set_today(today);
        site.at(today);
        source.set_fault_on("/api/v1/stats", fault, None);
        site.refresh();
        source.heal();
        let found = findings();
        assert!(
            found.iter().any(|finding| finding.check.as_str() == word),
            "{fault:?}: {found:?}"
        );
        site.refresh();
    }
}

#[test]
fn the_schedule_runs_a_day_once_and_every_step_at_its_hour() {
    let source = Upstream::start(Config {
        today: FIRST,
        players: 100,
        ..Config::default()
    });
    let site = Site::new(&source);
    let tick = |time: &str| {
        *site.clock.0.lock().unwrap_or_else(PoisonError::into_inner) =
            time.parse().expect("a time");
        site.operate(|operation| {
            operation.tick().expect("a store");
            operation.queue.run_due().expect("a store");
        });
        site.store.read(|tx| tx.jobs()).expect("a store")
    };
    let done = |job: &Job| {
        job.steps
            .iter()
            .filter(|step| step.finished.is_some())
            .count()
    };
    // 06:00 in New York is 10:00 UTC in summer. First start: yesterday's run is caught up.
    let jobs = tick("2026-06-29T09:59:00Z");
    assert_eq!(jobs.iter().filter(|job| job.name == "daily").count(), 1);
    assert_eq!(
        (jobs[0].key.as_str(), jobs[0].state),
        ("2026-06-28", JobState::Done)
    );
    let hours = [
        ("10:00", 1),
        ("10:29", 1),
        ("10:30", 3),
        ("11:00", 4),
        ("11:30", 5),
        ("12:00", 7),
        ("18:00", 7),
    ];
    for (hour, steps) in hours {
        source.set_today(date(2026, 6, 29));
        let jobs = tick(&format!("2026-06-29T{hour}:00Z"));
        let today = jobs
            .iter()
            .find(|job| job.key == "2026-06-29" && job.name == "daily")
            .expect("today's run");
        assert_eq!(done(today), steps, "at {hour}");
    }
    // Three days down, then one catch-up before six and the day's own run after.
    tick("2026-07-03T09:00:00Z");
    let jobs = tick("2026-07-03T15:00:00Z");
    let keys: Vec<_> = jobs
        .iter()
        .filter(|job| job.name == "daily")
        .map(|job| job.key.as_str())
        .collect();
    assert_eq!(
        keys,
        ["2026-06-28", "2026-06-29", "2026-07-02", "2026-07-03"]
    );
    assert!(
        jobs.iter()
            .filter(|job| job.name == "daily")
            .all(|job| job.state == JobState::Done)
    );
    assert_eq!(
        jobs.iter().filter(|job| job.name == "training").count(),
        2,
        "one training a week"
    );
}
