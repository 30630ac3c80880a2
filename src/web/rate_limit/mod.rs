//! How often somebody may ask: exact over any minute, wherever it begins.
//!
//! Readers with an account and addresses of strangers are counted apart: a flood of
//! invented addresses never touches a reader, and never frees an address that is limited.

mod log;
mod table;

use std::net::IpAddr;
use std::time::{Duration, Instant};

pub(super) use log::WINDOW;
use table::Table;

/// Requests within a minute, by who asks; 0 for any number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// Requests to the API of somebody without a subscription, or of one address.
    pub free: u32,
    /// Requests to the API of a subscriber.
    pub premium: u32,
    /// Fresh predictions of one player for somebody without a subscription.
    pub predictions: u32,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            free: 100,
            premium: 1000,
            predictions: 10,
        }
    }
}

/// Whom requests count for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Caller {
    /// A stranger: his address, or the network of /64 that one subscriber of IPv6 has.
    Address(IpAddr),
    /// A reader, by his id; true with a subscription.
    Reader(u128, bool),
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Quota {
    /// Requests to the API, a batch of n for n.
    Requests,
    /// Fresh predictions of one player.
    Predictions,
}

/// What a caller may ask within the minute, after a request was counted or refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Allowance {
    /// What is counted.
    pub(super) quota: Quota,
    /// Units within any minute.
    pub(super) limit: u32,
    /// Units left now.
    pub(super) left: u32,
    /// Until all of them are there again, if nothing more is asked.
    pub(super) whole_in: Duration,
}

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    /// What there was to use.
    pub(super) allowance: Allowance,
    /// Until as much can be asked; `None` when it is more than a minute ever allows.
    pub(super) wait: Option<Duration>,
}

/// Counts what callers ask.
pub(super) struct RateLimiter {
    limits: RateLimits,
    started: Instant,
    strangers: Table,
    readers: Table,
}

impl RateLimiter {
    /// Nothing was asked yet.
    pub(super) fn new(limits: RateLimits) -> Self {
        Self {
            limits,
            started: Instant::now(),
            strangers: Table::default(),
            readers: Table::default(),
        }
    }

    /// The limits.
    pub(super) fn limits(&self) -> RateLimits {
        self.limits
    }

    /// Counts `units` of a caller now; `None` where nothing is limited.
    ///
    /// # Errors
    /// When that would be more than his limit within the last minute: then nothing is
    /// counted.
    pub(super) fn ask(
        &self,
        caller: Caller,
        quota: Quota,
        units: u32,
    ) -> Result<Option<Allowance>, Refused> {
        // A clock that is set forward or back changes nothing here.
        self.ask_at(caller, quota, units, self.started.elapsed())
    }

    fn ask_at(
        &self,
        caller: Caller,
        quota: Quota,
        units: u32,
        now: Duration,
    ) -> Result<Option<Allowance>, Refused> {
        let premium = matches!(caller, Caller::Reader(_, true));
        let limit = match (quota, premium) {
            (Quota::Requests, false) => self.limits.free,
            (Quota::Requests, true) => self.limits.premium,
            (Quota::Predictions, false) => self.limits.predictions,
            // Counted with all other requests.
            (Quota::Predictions, true) => 0,
        };
        if limit == 0 {
            return Ok(None);
        }
        let (table, who) = match caller {
            Caller::Address(address) => (&self.strangers, Who::Address(address)),
            // A subscription that begins or ends does not forget what was asked.
            Caller::Reader(id, _) => (&self.readers, Who::Reader(id)),
        };
        let allowance = |left, whole_in| Allowance {
            quota,
            limit,
            left,
            whole_in,
        };
        match table.ask(&(who, quota), units, limit, millis(now)) {
            Ok(used) => Ok(Some(allowance(limit - used, WINDOW))),
            Err(refused) => Err(Refused {
                allowance: allowance(limit.saturating_sub(refused.used), refused.whole_in),
                wait: refused.wait,
            }),
        }
    }
}

/// Whom a log belongs to.
#[derive(Hash)]
enum Who {
    Address(IpAddr),
    Reader(u128),
}

/// Milliseconds since the start. They begin anew after 49 days: logs are compared by
/// differences, and none is kept for longer than two minutes.
fn millis(since: Duration) -> u32 {
    since.as_millis() as u32
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
    use std::time::{Duration, Instant};

    use proptest::prelude::{ProptestConfig, prop, proptest};

    use super::{Caller, Quota, RateLimiter, RateLimits};

    fn address(last: u32) -> Caller {
        Caller::Address(IpAddr::V4(Ipv4Addr::from(last)))
    }

    #[test]
    fn the_hundred_and_first_request_waits_for_the_first_to_be_a_minute_old() {
        let limiter = RateLimiter::new(RateLimits::default());
        let at = |ms| limiter.ask_at(address(1), Quota::Requests, 1, Duration::from_millis(ms));
        for n in 0..100 {
            let allowed = at(n * 10).expect("allowed").expect("limited");
            assert_eq!((allowed.limit, allowed.left), (100, 99 - n as u32));
        }
        let refused = at(1_000).expect_err("the 101st");
        assert_eq!(refused.wait, Some(Duration::from_secs(59)));
        assert_eq!(refused.allowance.left, 0);
        assert!(at(59_999).is_err());
        assert!(at(60_000).is_ok());
        assert!(at(60_001).is_err(), "the next is 10 ms younger");
        assert!(at(60_010).is_ok());
        // Another address, a reader, a subscriber, another quota.
        let now = Duration::from_millis(60_011);
        for caller in [
            address(2),
            Caller::Reader(1, false),
            Caller::Reader(2, true),
        ] {
            assert!(limiter.ask_at(caller, Quota::Requests, 1, now).is_ok());
        }
        assert!(
            limiter
                .ask_at(address(1), Quota::Predictions, 1, now)
                .is_ok()
        );
    }

    #[test]
    fn a_batch_counts_for_what_is_in_it_and_one_that_never_fits_says_so() {
        let limiter = RateLimiter::new(RateLimits::default());
        let reader = Caller::Reader(7, true);
        let ask =
            |units, ms| limiter.ask_at(reader, Quota::Requests, units, Duration::from_millis(ms));
        assert!(ask(600, 0).is_ok());
        let refused = ask(500, 10).expect_err("too many at once");
        assert_eq!(refused.allowance.left, 400);
        assert_eq!(refused.wait, Some(Duration::from_millis(59_990)));
        assert!(ask(400, 20).is_ok());
        // A subscription that ended leaves what was asked.
        let now = Duration::from_millis(59_999);
        assert!(
            limiter
                .ask_at(Caller::Reader(7, false), Quota::Requests, 1, now)
                .is_err()
        );
        assert_eq!(ask(1001, 70_000).expect_err("never").wait, None);
    }

    #[test]
    fn a_million_strangers_free_nobody_and_cost_little() {
        let limiter = RateLimiter::new(RateLimits::default());
        let limited = address(0);
        for _ in 0..100 {
            let asked = limiter.ask_at(limited, Quota::Requests, 1, Duration::ZERO);
            assert!(asked.is_ok());
        }
        let reader = Caller::Reader(1, false);
        assert!(
            limiter
                .ask_at(reader, Quota::Requests, 100, Duration::ZERO)
                .is_ok()
        );
        for n in 0..3_000_000u128 {
            let network = Ipv6Addr::from((0x2001_0db8 << 96) | (n << 64));
            let now = Duration::from_millis(10 + (n / 100_000) as u64);
            let _ = limiter.ask_at(Caller::Address(network.into()), Quota::Requests, 1, now);
        }
        let late = Duration::from_millis(59_000);
        assert!(limiter.ask_at(limited, Quota::Requests, 1, late).is_err());
        assert!(limiter.ask_at(reader, Quota::Requests, 1, late).is_err());
        assert!(
            limiter.strangers.bytes() <= 96 << 20,
            "{}",
            limiter.strangers.bytes()
        );
        // A minute later they cost nothing.
        for n in 1..10_000 {
            let _ = limiter.ask_at(address(n), Quota::Requests, 1, Duration::from_secs(200));
        }
        assert!(
            limiter.strangers.bytes() <= 2 << 20,
            "{}",
            limiter.strangers.bytes()
        );
    }

    /// `cargo test --release rate_limit -- --ignored --nocapture`
    #[test]
    #[ignore = "a measurement"]
    fn what_a_request_costs_with_a_million_callers() {
        let limiter = RateLimiter::new(RateLimits::default());
        let ask = |n: u32| limiter.ask(address(n), Quota::Requests, 1);
        for n in 0..1_000_000 {
            ask(n).expect("allowed");
        }
        let begun = Instant::now();
        for n in 0..1_000_000u32 {
            // One after the other in no order of memory.
            ask(n.wrapping_mul(2_654_435_761) % 1_000_000).expect("allowed");
        }
        let (took, bytes) = (begun.elapsed(), limiter.strangers.bytes());
        println!(
            "{} ns a request, {} MiB",
            took.as_nanos() / 1_000_000,
            bytes >> 20
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Against a list of everything that was allowed.
        #[test]
        fn no_minute_has_more_than_the_limit_and_nothing_less_is_refused(
            limit in 1u32..40,
            asked in prop::collection::vec((0u64..4_000, 1u32..4), 1..400),
        ) {
            let limiter = RateLimiter::new(RateLimits { free: limit, ..RateLimits::default() });
            // Across the moment at which the milliseconds begin anew.
            let mut now = u64::from(u32::MAX) - 20_000;
            let mut allowed: VecDeque<(u64, u32)> = VecDeque::new();
            for (pause, units) in asked {
                now += pause;
                allowed.retain(|(at, _)| now - at < 60_000);
                let used: u32 = allowed.iter().map(|(_, units)| units).sum();
                let said = limiter.ask_at(address(9), Quota::Requests, units, Duration::from_millis(now));
                match said {
                    Ok(allowance) => {
                        assert!(used + units <= limit);
                        assert_eq!(allowance.expect("limited").left, limit - used - units);
                        allowed.push_back((now, units));
                    }
                    Err(refused) => {
                        assert!(used + units > limit);
                        assert_eq!(refused.allowance.left, limit - used);
                        let Some(wait) = refused.wait else {
                            assert!(units > limit);
                            continue;
                        };
                        // Not a millisecond less would do.
                        let at = |now: u64| -> u32 {
                            let held = allowed.iter().filter(|(at, _)| now - at < 60_000);
                            held.map(|(_, units)| units).sum()
                        };
                        let then = now + wait.as_millis() as u64;
                        assert!(at(then) + units <= limit && at(then - 1) + units > limit);
                    }
                }
            }
        }
    }
}
