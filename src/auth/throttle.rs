//! How many tries to sign in may fail: rules over counts, without a clock or a store.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use crate::domain::FailureCount;

const WINDOW: SignedDuration = SignedDuration::from_mins(10);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Networks with counts of their own; the others share one.
pub(super) const NETWORKS: u64 = 4_096;
/// The count of all devices that never signed in before.
pub(super) const EVERYBODY: &str = "*";
/// The count of networks for which there was no room.
pub(super) const THE_OTHERS: &str = "+";

/// What may fail.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    /// In ten minutes, before one has to wait.
    free: u32,
    /// Seconds to wait after the first failure beyond, the second, ...
    pauses: &'static [i64],
    /// In a day; after that one waits until it is over.
    a_day: u32,
}

/// Of one account: by strangers, and by devices that signed in to it before.
pub(super) const ACCOUNT: Limit = Limit {
    free: 10,
    pauses: &[1, 3, 5, 10],
    a_day: 100,
};
/// From one network.
pub(super) const NETWORK: Limit = Limit {
    free: 10,
    pauses: &[60],
    a_day: 1_000,
};
/// By all strangers together.
pub(super) const ALL: Limit = Limit {
    free: 300,
    pauses: &[600],
    a_day: 20_000,
};

impl Limit {
    /// How long to wait before the next try; `None` when it may be now.
    pub(super) fn wait(&self, count: &FailureCount, now: Timestamp) -> Option<SignedDuration> {
        if count.in_day >= self.a_day && since(count.day, now) < DAY {
            return Some(DAY - since(count.day, now));
        }
        let beyond = match since(count.window, now) < WINDOW {
            true => count.in_window.checked_sub(self.free)?,
            false => return self.rest(count, now),
        };
        let at = usize::try_from(beyond).unwrap_or(usize::MAX);
        let pause = self.pauses.get(at).or(self.pauses.last())?;
        left(*pause, count.last, now)
    }

    /// What is left of the last pause of a window that is over.
    fn rest(&self, count: &FailureCount, now: Timestamp) -> Option<SignedDuration> {
        let filled = count.in_window >= self.free;
        let pause = self.pauses.last().filter(|_| filled)?;
        left(*pause, count.last, now)
    }
}

fn left(pause: i64, last: Timestamp, now: Timestamp) -> Option<SignedDuration> {
    let left = SignedDuration::from_secs(pause) - since(last, now);
    left.is_positive().then_some(left)
}

/// Never negative: a clock that was put back must not lock anybody out for longer.
fn since(then: Timestamp, now: Timestamp) -> SignedDuration {
    now.duration_since(then).max(SignedDuration::ZERO)
}

/// The count after one more failure.
pub(super) fn failed(count: &FailureCount, now: Timestamp) -> FailureCount {
    let mut next = *count;
    if next.in_window == 0 || since(next.window, now) >= WINDOW {
        (next.window, next.in_window) = (now, 0);
    }
    if next.in_day == 0 || since(next.day, now) >= DAY {
        (next.day, next.in_day) = (now, 0);
    }
    next.in_window += 1;
    next.in_day += 1;
    next.last = now;
    next
}

/// The count without a failure that was none.
pub(super) fn succeeded(count: &FailureCount) -> FailureCount {
    FailureCount {
        in_window: count.in_window.saturating_sub(1),
        in_day: count.in_day.saturating_sub(1),
        ..*count
    }
}

/// What is counted as one network: an IPv4 address, or the 64 bits of an IPv6 network.
pub fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use jiff::{SignedDuration, Timestamp};

    use super::{ACCOUNT, ALL, Limit, NETWORK, failed, network, succeeded};
    use crate::domain::FailureCount;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_000_000 + seconds)
    }

    /// Tries as often as it may until `end`; says when.
    fn tries(limit: &Limit, end: i64) -> Vec<i64> {
        let (mut count, mut now, mut made) = (FailureCount::default(), 0, Vec::new());
        while now < end {
            match limit.wait(&count, at(now)) {
                Some(wait) => now += wait.as_secs().max(1),
                None => {
                    made.push(now);
                    count = failed(&count, at(now));
                }
            }
        }
        made
    }

    #[test]
    fn ten_failures_are_free_then_each_waits_and_a_day_has_a_hundred() {
        let made = tries(&ACCOUNT, 86_400);
        assert_eq!(made.len(), 100);
        assert_eq!(&made[..14], &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 4, 9, 19]);
        assert!(made[14..].windows(2).all(|pair| pair[1] - pair[0] <= 600));
        let two_days = tries(&ACCOUNT, 2 * 86_400);
        assert!(two_days.len() <= 200);
    }

    #[test]
    fn a_network_tries_once_a_minute_after_ten_and_strangers_share_a_budget() {
        let made = tries(&NETWORK, 600);
        assert_eq!(made.len(), 10 + 9);
        let all = tries(&ALL, 3_600);
        assert!(all.len() <= 300 * 6, "{}", all.len());
    }

    #[test]
    fn a_success_is_no_failure_and_a_clock_put_back_locks_nobody_out_for_long() {
        let mut count = FailureCount::default();
        for _ in 0..10 {
            count = failed(&count, at(1_000));
        }
        let wait = ACCOUNT.wait(&count, at(-90_000)).expect("a pause");
        assert!(wait <= SignedDuration::from_secs(1));
        assert_eq!(ACCOUNT.wait(&succeeded(&count), at(1_000)), None);
        assert_eq!(succeeded(&FailureCount::default()), FailureCount::default());
    }

    /// A hundred thousand pairs of mail address and password, one in a hundred right, from
    /// ten thousand networks at a hundred a second.
    #[test]
    fn of_stuffed_credentials_no_more_than_two_in_a_hundred_are_tried() {
        let mut random = fastrand::Rng::with_seed(7);
        let (mut networks, mut accounts) = (HashMap::new(), HashMap::new());
        let mut all = FailureCount::default();
        let (mut right, mut found, mut tried) = (0, 0, 0);
        for n in 0..100_000 {
            let now = at(n / 100);
            let network: &mut FailureCount = networks.entry(random.u32(..10_000)).or_default();
            let account: &mut FailureCount = accounts.entry(random.u32(..5_000)).or_default();
            let is_right = random.u32(..100) == 0;
            right += u32::from(is_right);
            let waits = [
                NETWORK.wait(network, now),
                ALL.wait(&all, now),
                ACCOUNT.wait(account, now),
            ];
            if waits.iter().any(Option::is_some) {
                continue;
            }
            tried += 1;
            if is_right {
                found += 1;
                continue;
            }
            *network = failed(network, now);
            *account = failed(account, now);
            all = failed(&all, now);
        }
        assert!(right > 900 && tried >= 300, "{right} {tried}");
        assert!(
            f64::from(found) <= 0.02 * f64::from(right),
            "{found} of {right}"
        );
    }

    #[test]
    fn an_ipv6_network_is_one_and_a_mapped_address_is_ipv4() {
        let of = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(of("192.0.2.7"), "192.0.2.7");
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(of("2001:db8:1:2::9"), of("2001:db8:1:2:ffff::"));
    }
}
