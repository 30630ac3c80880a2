//! Who sees the challenger while a challenge runs.
//!
//! A viewer is a random cookie; the hash of viewer and challenge decides the
//! arm, so that he stays in it. `edge::visit` finds out who asks.

use std::sync::atomic::{AtomicU64, Ordering};

/// Which model's boards a request sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arm {
    /// The model everybody saw before.
    Champion,
    /// The model that is tried.
    Challenger,
}

impl Arm {
    /// Its name in headers and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Champion => "champion",
            Self::Challenger => "challenger",
        }
    }

    /// The arm of a viewer in a challenge: always the same one.
    pub fn of_viewer(viewer: &str, challenge: &str, share: f64) -> Self {
        let hash = blake3::hash(format!("{viewer}\n{challenge}").as_bytes());
        let head: [u8; 8] = std::array::from_fn(|i| hash.as_bytes()[i]);
        // 53 bits are all an `f64` between 0 and 1 can hold.
        let place = (u64::from_le_bytes(head) >> 11) as f64 / (1_u64 << 53) as f64;
        if place < share {
            Self::Challenger
        } else {
            Self::Champion
        }
    }
}

/// Boards and profiles served per arm since they were last taken.
#[derive(Debug, Default)]
pub struct ArmCounters {
    views: [AtomicU64; 2],
    opens: [AtomicU64; 2],
}

impl ArmCounters {
    /// Boards and profiles served to an arm since the last call.
    pub fn take(&self, arm: Arm) -> (u64, u64) {
        let take = |counts: &[AtomicU64; 2]| counts[arm as usize].swap(0, Ordering::Relaxed);
        (take(&self.views), take(&self.opens))
    }

    pub(super) fn count(&self, arm: Arm, path: &str) {
        let counts = match path.strip_prefix("/api").unwrap_or(path) {
            "/" | "/prospects" => &self.views,
            path if is_profile(path) => &self.opens,
            _ => return,
        };
        counts[arm as usize].fetch_add(1, Ordering::Relaxed);
    }
}

fn is_profile(path: &str) -> bool {
    path.strip_prefix("/prospects/")
        .is_some_and(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{Arm, is_profile};

    #[test]
    fn a_viewer_stays_in_his_arm_and_the_share_is_kept() {
        let arm = |viewer: &str| Arm::of_viewer(viewer, "2022-x/1", 0.25);
        let first = arm("00ff");
        assert!((0..1000).all(|_| arm("00ff") == first));
        let challenged = (0..2000)
            .filter(|n| arm(&format!("{n:032x}")) == Arm::Challenger)
            .count();
        // Four standard deviations of a binomial with n = 2000, p = 0.25 are 77.
        assert!((423..=577).contains(&challenged), "{challenged} of 2000");
        let moved = (0..2000).filter(|n| {
            let viewer = format!("{n:032x}");
            arm(&viewer) != Arm::of_viewer(&viewer, "2022-x/2", 0.25)
        });
        assert!(moved.count() > 500, "another challenge draws afresh");
    }

    #[test]
    fn profiles_are_told_from_other_pages() {
        assert!(is_profile("/prospects/12"));
        assert!(!is_profile("/prospects/search") && !is_profile("/prospects/1/features"));
    }
}
