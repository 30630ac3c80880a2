//! A made-up season, day by day: every day a part of the players play, which moves
//! their figures, and with them the averages of their leagues, which moves a little
//! everybody else in them.

use afwd::domain::{
    Code, Confidence, FineWine, Horizons, Level, Position, Prediction, ProspectId, Role, Season,
};
use afwd::store::{DayBoard, DayLine};

const RATES: [f64; 5] = [0.23, 0.09, 0.025, 0.14, 0.03];
const CLUBS: usize = 30;
/// Leagues per level.
const LEAGUES: usize = 4;
const BASE: f64 = -3.6;

/// The season so far.
pub(super) struct Year {
    rng: fastrand::Rng,
    players: Vec<Player>,
    averages: Vec<[f64; 5]>,
    day: u32,
}

struct Player {
    id: u32,
    role: Role,
    level: usize,
    club: usize,
    /// Log-odds of each group.
    groups: [f64; 13],
    spread: f64,
    /// Shares of the seasons to come.
    shares: [f64; 7],
    time: u32,
    counts: [f64; 5],
    skill: [f64; 5],
    /// Where else he played, and how much of his season there.
    elsewhere: Option<f64>,
    /// Days from the first until the last on the board.
    days: std::ops::Range<u32>,
    age: f32,
}

impl Year {
    /// A season of so many players; about a tenth of them arrive or leave in it.
    pub(super) fn new(players: usize) -> Self {
        let mut rng = fastrand::Rng::with_seed(7);
        let players = (0..players).map(|n| player(&mut rng, n as u32)).collect();
        let average = |rng: &mut fastrand::Rng| RATES.map(|rate| rate * (0.9 + 0.2 * rng.f64()));
        let leagues = Level::ALL.len() * LEAGUES;
        Self {
            averages: (0..leagues).map(|_| average(&mut rng)).collect(),
            players,
            rng,
            day: 0,
        }
    }

    /// Plays a day and gives its board.
    pub(super) fn next_day(&mut self) -> DayBoard {
        self.day += 1;
        let settled = 1.0 + f64::from(self.day) / 30.0;
        for rate in self.averages.iter_mut().flatten() {
            *rate *= 1.0 + 0.002 * noise(&mut self.rng) / settled.sqrt();
        }
        for player in &mut self.players {
            player.live(&mut self.rng, self.day, settled);
        }
        let playing = self
            .players
            .iter()
            .filter(|player| player.days.contains(&self.day));
        let mut lines: Vec<DayLine> = playing.map(|player| player.line(&self.averages)).collect();
        lines.sort_by(|a, b| {
            let p = |line: &DayLine| line.prediction.probability;
            p(b).total_cmp(&p(a)).then(a.id.cmp(&b.id))
        });
        for (rank, line) in (1..).zip(&mut lines) {
            (line.rank, line.tier) = (rank, (rank - 1) / 700 + 1);
        }
        DayBoard {
            season: Season(2026),
            model_id: super::MODEL.to_owned(),
            simulated: true,
            lines,
            bloomers: FineWine::default(),
        }
    }
}

fn player(rng: &mut fastrand::Rng, n: u32) -> Player {
    let role = if rng.bool() {
        Role::Hitter
    } else {
        Role::Pitcher
    };
    let level = rng.usize(..Level::ALL.len());
    let own = |group: usize| match group {
        2..=5 => role == Role::Hitter,
        6..=8 => role == Role::Pitcher,
        _ => true,
    };
    let first = if rng.f64() < 0.93 { 0 } else { rng.u32(1..170) };
    Player {
        id: 500_000 + n * 17 + rng.u32(..17),
        role,
        level,
        club: rng.usize(..CLUBS),
        groups: std::array::from_fn(|group| if own(group) { 0.4 * noise(rng) } else { 0.0 }),
        spread: 0.2 + 0.6 * rng.f64(),
        shares: std::array::from_fn(|_| 0.1 + 0.8 * rng.f64()),
        time: 0,
        counts: [0.0; 5],
        skill: RATES.map(|rate| rate * (0.5 + rng.f64())),
        elsewhere: None,
        days: first..if rng.f64() < 0.95 {
            400
        } else {
            rng.u32(60..180)
        },
        age: 17.0 + 9.0 * rng.f32(),
    }
}

impl Player {
    fn live(&mut self, rng: &mut fastrand::Rng, day: u32, settled: f64) {
        if self.level == 0 && day < 60 || !self.days.contains(&day) {
            return;
        }
        if rng.f64() < 0.001 && self.level + 1 < Level::ALL.len() {
            (self.level, self.club) = (self.level + 1, rng.usize(..CLUBS));
            self.elsewhere = Some(rng.f64());
        }
        let (chance, trials) = match self.role {
            Role::Hitter => (0.8, 4),
            Role::Pitcher => (0.25, rng.u32(5..20)),
        };
        if rng.f64() < chance {
            self.play(rng, trials, settled);
        }
        // The averages of his leagues move what his own figures are worth.
        for group in [0, 2, 3, 4, 6, 7, 8] {
            if self.groups[group] != 0.0 {
                self.groups[group] += 0.001 * noise(rng) / settled;
            }
        }
    }

    fn play(&mut self, rng: &mut fastrand::Rng, trials: u32, settled: f64) {
        self.time += trials;
        for (count, skill) in self.counts.iter_mut().zip(self.skill) {
            *count += (0..trials).filter(|_| rng.f64() < skill).count() as f64;
        }
        for group in self.groups[2..11].iter_mut().filter(|group| **group != 0.0) {
            *group += 0.02 * noise(rng) / settled;
        }
        self.groups[11] += 0.0014;
        self.spread *= 0.999;
        for share in &mut self.shares {
            *share = (*share + 0.002 * noise(rng)).clamp(0.02, 0.98);
        }
    }

    fn line(&self, averages: &[[f64; 5]]) -> DayLine {
        let log_odds = BASE + self.groups.iter().sum::<f64>();
        let [lower, probability, upper] =
            [-self.spread, 0.0, self.spread].map(|by| 1.0 / (1.0 + (-log_odds - by).exp()));
        let league = self.level * LEAGUES + self.club % LEAGUES;
        let below = &averages[league.saturating_sub(LEAGUES)];
        let share = self.elsewhere.unwrap_or(0.0);
        let played = self.time > 0;
        let known = |rate: f64| if played { rate as f32 } else { f32::NAN };
        let code = |text: String| Code::new(&text).unwrap_or_default();
        DayLine {
            id: ProspectId(self.id),
            role: self.role,
            rank: 0,
            tier: 0,
            previous_rank: (self.days.start == 0).then_some(self.id % 9000 + 1),
            prediction: Prediction {
                probability,
                lower,
                upper,
                confidence: Confidence::Medium,
                evaluated: self.time > 100,
            },
            horizons: self.horizons(probability),
            position: Some(Position::ALL[self.id as usize % 10]),
            level: Level::ALL[self.level],
            league: code(format!("L{league}")),
            organisation: code(format!("O{}", self.club)),
            club: code(format!("C{}{}", self.level, self.club)),
            age: self.age,
            playing_time: self.time,
            rates: self.counts.map(|count| known(count / f64::from(self.time))),
            averages: std::array::from_fn(|i| {
                known(averages[league][i] * (1.0 - share) + below[i] * share)
            }),
            base: BASE,
            groups: self.groups,
        }
    }

    fn horizons(&self, probability: f64) -> Horizons {
        let mut horizons = Horizons {
            success: [probability; 4],
            debut: [0.0; 4],
        };
        for k in 0..3 {
            horizons.success[k] = probability * (0.25 * k as f64 + 0.25 * self.shares[k]);
        }
        for k in 0..4 {
            let rest = (1.0 - horizons.success[k]) * probability.sqrt() * 0.2;
            horizons.debut[k] = horizons.success[k] + rest * self.shares[3 + k] * (k + 1) as f64;
        }
        horizons
    }
}

/// About normal, with a deviation of 0.7.
fn noise(rng: &mut fastrand::Rng) -> f64 {
    (0..6).map(|_| rng.f64()).sum::<f64>() - 3.0
}
