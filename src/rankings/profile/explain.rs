//! The exact explanation as shown: groups chained into a waterfall, features by
//! size.

use crate::domain::{Contribution, Group, Prediction, ProspectId, Role, Season};
use crate::rankings::board::ranking::Board;
use crate::rankings::features::FeatureMeta;
use crate::rankings::group_shares::{GroupShares, by_group};
use crate::rankings::views::{ExplanationView, FeatureView, GroupView};

/// What an explanation is made of.
pub(in crate::rankings) struct Explained<'a> {
    pub(in crate::rankings) id: ProspectId,
    pub(in crate::rankings) season: Season,
    pub(in crate::rankings) role: Role,
    pub(in crate::rankings) model: &'a str,
    pub(in crate::rankings) prediction: Prediction,
    /// Log-odds of the average training snapshot.
    pub(in crate::rankings) base: f64,
    pub(in crate::rankings) groups: GroupShares,
    /// Shares of the features; none of a kept day.
    pub(in crate::rankings) contributions: &'a [Contribution],
    pub(in crate::rankings) features: &'a [FeatureMeta],
    /// Per feature, when a board gives them.
    pub(in crate::rankings) percentiles: Vec<Option<f32>>,
}

/// A group's share with the features it sums.
pub(in crate::rankings) struct GroupShare<'a> {
    pub(in crate::rankings) group: &'static str,
    pub(in crate::rankings) log_odds: f64,
    members: Vec<&'a FeatureView>,
}

impl<'a> GroupShare<'a> {
    pub(in crate::rankings) fn of(explanation: &'a ExplanationView, group: &GroupView) -> Self {
        let features = explanation.features.iter();
        Self {
            group: group.group,
            log_odds: group.log_odds,
            members: features.filter(|f| f.group == group.group).collect(),
        }
    }

    /// Value of a feature of the group; `None` when missing.
    pub(in crate::rankings) fn value(&self, name: &str) -> Option<f32> {
        let feature = self.members.iter().find(|feature| feature.name == name);
        feature.and_then(|feature| feature.value)
    }

    /// Log-odds added by some of its features together.
    pub(in crate::rankings) fn part(&self, names: &[&str]) -> f64 {
        let named = self.members.iter().filter(|f| names.contains(&f.name));
        named.map(|feature| feature.log_odds).sum()
    }
}

impl Explained<'_> {
    pub(in crate::rankings) fn view(self) -> ExplanationView {
        ExplanationView {
            id: self.id.0,
            season: self.season.0,
            role: self.role.to_string(),
            model: self.model.to_owned(),
            probability: self.prediction.probability,
            lower: self.prediction.lower,
            upper: self.prediction.upper,
            confidence: self.prediction.confidence.to_string(),
            log_odds: self.log_odds(),
            base_log_odds: self.base,
            base_probability: logistic(self.base),
            groups: self.groups(),
            features: self.features(),
        }
    }

    /// What base and shares add up to, in the order in which features are kept.
    fn log_odds(&self) -> f64 {
        if self.contributions.is_empty() {
            return self.base + self.groups.iter().sum::<f64>();
        }
        self.base + self.contributions.iter().map(|c| c.log_odds).sum::<f64>()
    }

    fn groups(&self) -> Vec<GroupView> {
        let shares = Group::ALL.iter().copied().zip(self.groups);
        let mut groups: Vec<(Group, f64)> = shares.collect();
        groups.retain(|group| self.features.iter().any(|feature| feature.group == group.0));
        groups.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        self.chain(groups)
    }

    /// Chains the bars; the last ends at the shown probability itself, not at
    /// a sum that differs from it in the last digit.
    fn chain(&self, groups: Vec<(Group, f64)>) -> Vec<GroupView> {
        let mut log_odds = self.base;
        let mut from = logistic(log_odds);
        let bar = |(group, share): (Group, f64)| {
            log_odds += share;
            let to = logistic(log_odds);
            let view = GroupView {
                group: group.as_str(),
                log_odds: share,
                from,
                to,
            };
            from = to;
            view
        };
        let mut bars: Vec<GroupView> = groups.into_iter().map(bar).collect();
        if let Some(last) = bars.last_mut() {
            last.to = self.prediction.probability;
        }
        bars
    }

    fn features(&self) -> Vec<FeatureView> {
        let mut shares: Vec<_> = self.contributions.iter().collect();
        shares.sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()));
        let view = |share: &Contribution| {
            let index = usize::from(share.feature);
            let feature = self.features.get(index)?;
            Some(FeatureView {
                name: feature.name,
                label: feature.label,
                group: feature.group.as_str(),
                unit: feature.unit,
                value: (!share.value.is_nan()).then_some(share.value),
                percentile: self.percentiles.get(index).copied().flatten(),
                log_odds: share.log_odds,
            })
        };
        shares.into_iter().filter_map(view).collect()
    }
}

impl Board {
    /// The explanation of the player's prediction in `role`, or in the role
    /// shown on the board; `None` when he has none. That of a kept day is by group
    /// only.
    pub fn explanation(
        &self,
        id: ProspectId,
        role: Option<Role>,
        features: &[FeatureMeta],
    ) -> Option<ExplanationView> {
        let line = self.line(id, role)?;
        let attribution = self.attribution(id, Some(line.facts.role));
        let contributions = attribution.map(|attribution| attribution.contributions);
        let contributions = contributions.unwrap_or_default();
        let explained = Explained {
            id,
            season: self.season(),
            role: line.facts.role,
            model: self.model_id(),
            prediction: line.prediction,
            base: line.base,
            groups: match self.knows_features() {
                true => by_group(&contributions, features),
                false => self.group_shares(line, features),
            },
            contributions: &contributions,
            features,
            percentiles: self.percentiles(line).collect(),
        };
        Some(explained.view())
    }
}

fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}
