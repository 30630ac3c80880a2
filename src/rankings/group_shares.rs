//! The shares of the groups of features in a probability's log-odds.

use super::features::FeatureMeta;
use crate::domain::{Contribution, Group};

/// Log-odds added by each group, in the order of [`Group::ALL`].
pub(in crate::rankings) type GroupShares = [f64; Group::ALL.len()];

/// The shares of features summed by group.
pub(in crate::rankings) fn by_group(
    contributions: &[Contribution],
    features: &[FeatureMeta],
) -> GroupShares {
    let mut sums = [0.0; Group::ALL.len()];
    for share in contributions {
        if let Some(feature) = features.get(usize::from(share.feature)) {
            sums[feature.group as usize] += share.log_odds;
        }
    }
    sums
}

/// Makes rounded shares add up to `total`: the largest takes the difference.
pub(in crate::rankings) fn settle(shares: &mut GroupShares, total: f64) {
    let difference = total - shares.iter().sum::<f64>();
    let largest = shares.iter_mut().max_by(|a, b| a.abs().total_cmp(&b.abs()));
    if let Some(share) = largest {
        *share += difference;
    }
}
