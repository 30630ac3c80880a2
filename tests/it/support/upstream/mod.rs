//! A fake MLB Stats API, good enough to run the product against by hand.
//!
//! It serves a simulated league in the shapes of the contract: season-to-date
//! totals that grow day by day up to a day that can be set, promotions, debuts,
//! transactions, rosters, the draft. Faults can be switched on, and requests are
//! counted. Everything follows from the seed.
//!
//! Besides the source's paths there are `POST /control?today=2026-07-02`,
//! `POST /control?fault=NAME[&path=PART][&times=N]` (`fault=none` heals) and
//! `GET /control/requests`.

mod bodies;
mod clubs;
mod counts;
mod fault;
mod league;
mod moves;
mod wire;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;

use afwd::domain::Season;
use afwd::simulate::LeagueSettings;
use jiff::civil::{Date, date};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use self::bodies::{Request, Today};
pub(crate) use self::fault::Fault;
use self::league::League;

/// What is served, and where.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// Port on 127.0.0.1; 0 takes a free one.
    pub(crate) port: u16,
    /// The same seed gives the same league.
    pub(crate) seed: u64,
    /// First and last season.
    pub(crate) seasons: (u16, u16),
    /// Players over all seasons.
    pub(crate) players: usize,
    /// Most rows of a page.
    pub(crate) page: usize,
    /// The day up to which has been played.
    pub(crate) today: Date,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 0,
            seed: 1,
            seasons: (2024, 2026),
            players: 600,
            page: 1000,
            today: date(2026, 7, 1),
        }
    }
}

/// A fault in force.
struct Rule {
    fault: Fault,
    /// Part of the path and query it concerns.
    part: String,
    /// Requests left; `None` is for ever.
    left: Option<u32>,
}

struct Changing {
    today: Date,
    rules: Vec<Rule>,
    requests: BTreeMap<String, u64>,
}

/// What connections share.
struct State {
    league: League,
    page: usize,
    changing: Mutex<Changing>,
}

/// The running source; stops when dropped.
pub(crate) struct Upstream {
    /// Where it answers: `http://127.0.0.1:PORT`.
    pub(crate) base_url: String,
    state: Arc<State>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Upstream {
    /// Starts the source in a thread of its own.
    pub(crate) fn start(config: Config) -> Self {
        let settings = LeagueSettings {
            players: config.players,
            first_season: Season(config.seasons.0),
            last_season: Season(config.seasons.1),
            seed: config.seed,
        };
        let state = Arc::new(State {
            league: League::new(&settings),
            page: config.page,
            changing: Mutex::new(Changing {
                today: config.today,
                rules: Vec::new(),
                requests: BTreeMap::new(),
            }),
        });
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = mpsc::channel();
        let shared = state.clone();
        let thread = std::thread::spawn(move || run(config.port, shared, stopped, &tell));
        let address = told.recv().expect("the source listens");
        Self {
            base_url: format!("http://{address}"),
            state,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Plays up to a day.
    pub(crate) fn set_today(&self, today: Date) {
        self.state.changing().today = today;
    }

    /// From now on everything fails this way.
    pub(crate) fn set_fault(&self, fault: Fault) {
        self.set_fault_on("", fault, None);
    }

    /// Requests whose path and query contain a part fail this way, the next
    /// `times` of them or all.
    pub(crate) fn set_fault_on(&self, part: &str, fault: Fault, times: Option<u32>) {
        self.state.changing().rules.push(Rule {
            fault,
            part: part.to_owned(),
            left: times,
        });
    }

    /// Nothing fails any more.
    pub(crate) fn heal(&self) {
        self.state.changing().rules.clear();
    }

    /// Requests so far by path, without the query.
    pub(crate) fn requests(&self) -> BTreeMap<String, u64> {
        self.state.changing().requests.clone()
    }

    /// The answer to a path and query today, without the network; `None` where
    /// there is nothing.
    pub(crate) fn answer(&self, target: &str) -> Option<Vec<u8>> {
        let body = self.state.today().answer(&Request::new(target))?;
        Some(body.to_string().into_bytes())
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in the thread has been printed by then.
            let _ = thread.join();
        }
    }
}

impl State {
    fn changing(&self) -> MutexGuard<'_, Changing> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn today(&self) -> Today<'_> {
        Today {
            league: &self.league,
            day: self.changing().today,
            page: self.page,
        }
    }

    /// Counts a request and says how it is to fail.
    fn admit(&self, target: &str) -> Option<Fault> {
        let path = Request::new(target).path().to_owned();
        let mut changing = self.changing();
        *changing.requests.entry(path).or_insert(0) += 1;
        let rule = changing
            .rules
            .iter_mut()
            .find(|rule| target.contains(&rule.part) && rule.left != Some(0))?;
        rule.left = rule.left.map(|left| left - 1);
        Some(rule.fault)
    }

    /// Changes what `/control` asks for; the error says what was wrong.
    fn control(&self, request: &Request) -> Result<(), String> {
        let mut changing = self.changing();
        if let Some(today) = request.get("today") {
            changing.today = today;
        }
        match request.get::<String>("fault").as_deref() {
            None => {}
            Some("none") => changing.rules.clear(),
            Some(name) => changing.rules.push(Rule {
                fault: name.parse()?,
                part: request.get("path").unwrap_or_default(),
                left: request.get("times"),
            }),
        }
        Ok(())
    }
}

fn run(
    port: u16,
    state: Arc<State>,
    stopped: oneshot::Receiver<()>,
    tell: &mpsc::Sender<SocketAddr>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", port))
            .await
            .expect("a free port");
        tell.send(listener.local_addr().expect("an address"))
            .expect("somebody waits");
        tokio::select! {
            () = accept(listener, state) => {}
            _ = stopped => {}
        }
    });
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        let state = state.clone();
        tokio::spawn(async move {
            // A client that goes away in the middle is its own affair.
            let _ = wire::serve(stream, &state).await;
        });
    }
}
