//! Ten thousand random schedules of uses, reuses and waits, against a model of what must
//! become of each.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::{Just, ProptestConfig, Strategy, prop, prop_oneof, proptest};

use super::{ABSOLUTE, IDLE, Presented, REPLAY, RefreshToken, begin, present};
use crate::domain::{Session, UserId};

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    /// Somebody presents a token: the newest, or that many before it.
    Use(usize),
    /// Eight tabs present the newest at once.
    Tabs,
    /// Seconds pass.
    Wait(i64),
    /// The owner signs out, or changes his password.
    End,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => Just(Step::Use(0)),
        2 => Just(Step::Use(1)),
        1 => (2_usize..5).prop_map(Step::Use),
        2 => Just(Step::Tabs),
        3 => (0_i64..12).prop_map(Step::Wait),
        1 => (1_i64..16).prop_map(|days| Step::Wait(days * 86_400)),
        1 => Just(Step::End),
    ]
}

/// The session as it is kept, and every token that was given out.
struct Played {
    session: Option<Session>,
    given: Vec<RefreshToken>,
    now: Timestamp,
    /// When it began, and when the newest token was made.
    begun: Timestamp,
    rotated: Timestamp,
}

impl Played {
    fn new() -> Self {
        let now = Timestamp::UNIX_EPOCH;
        let (session, token) = begin(UserId(7), "", now).expect("random numbers");
        Self {
            session: Some(session),
            given: vec![token],
            now,
            begun: now,
            rotated: now,
        }
    }

    fn is_over(&self) -> bool {
        let (idle, whole) = (self.rotated + IDLE, self.begun + ABSOLUTE);
        self.session.is_none() || self.now >= idle || self.now >= whole
    }

    /// Presents the token `back` before the newest, and checks what comes of it.
    fn present(&mut self, back: usize) {
        let Some(at) = self.given.len().checked_sub(back + 1) else {
            return;
        };
        let (token, over) = (self.given[at].clone(), self.is_over());
        let Some(session) = self.session.clone() else {
            return;
        };
        let recent = self.now.duration_since(self.rotated) <= REPLAY;
        match present(session, &token, self.now).expect("random numbers") {
            Presented::Rotated(session, next) => {
                assert!(
                    !over && back == 0,
                    "only the good one, while the session lasts"
                );
                let all = self.given.iter().map(RefreshToken::text);
                assert!(all.into_iter().all(|text| text != next.text()));
                self.session = Some(session);
                self.given.push(next);
                self.rotated = self.now;
            }
            Presented::Again(good) => {
                assert!(
                    !over && back == 1 && recent,
                    "the one before, for ten seconds"
                );
                let newest = self.given.last().expect("a token");
                assert_eq!(good.text(), newest.text(), "never two successors");
            }
            Presented::Over { stolen } => {
                assert!(
                    over || back > 1 || (back == 1 && !recent),
                    "nobody else is put out"
                );
                assert_eq!(stolen, !over);
                self.session = None;
            }
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Use(back) => self.present(*back),
            Step::Tabs => {
                self.present(0);
                for _ in 0..7 {
                    self.present(1);
                }
            }
            Step::Wait(seconds) => self.now += SignedDuration::from_secs(*seconds),
            Step::End => self.session = None,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]
    #[test]
    fn a_session_is_what_the_model_says(steps in prop::collection::vec(step(), 1..24)) {
        let mut played = Played::new();
        for step in &steps {
            played.step(step);
        }
    }
}
