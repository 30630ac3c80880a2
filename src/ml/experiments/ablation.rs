//! What each display group of features is worth: walk-forward figures without
//! it, against those of the full model.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::domain::{Group, History, Role, Season};
use crate::ml::engine::closed::FIRST;
use crate::ml::engine::settings::Hyper;
use crate::ml::error::Error;
use crate::ml::evaluation::walk_forward::Walk;
use crate::ml::features::{FeatureTable, definitions, extract};
use crate::ml::figures::paired::{Difference, difference};
use crate::ml::figures::probability;

/// Groups that make the age-and-level baseline.
const BASELINE: [Group; 2] = [Group::AgeForLevel, Group::Level];

/// What to measure.
#[derive(Clone, Debug, PartialEq)]
pub struct AblateConfig {
    /// Seasons to predict, each from what was known at its end.
    pub seasons: RangeInclusive<Season>,
    /// Roles to measure.
    pub roles: Vec<Role>,
    /// Also add each group alone to age and level.
    pub added: bool,
    /// Seed of every random choice.
    pub seed: u64,
    /// Threads to use; the table does not depend on it.
    pub threads: usize,
}

/// Features a variant of the model is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Offer {
    /// All.
    Everything,
    /// All, with another seed: how much a difference is chance.
    OtherSeed,
    /// All but one group.
    Without(Group),
    /// Age and level.
    Baseline,
    /// Age and level, and one group.
    BaselineAnd(Group),
}

/// Walk-forward figures of one variant.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ablated {
    /// The role.
    pub role: Role,
    /// What the variant was offered.
    pub offer: Offer,
    /// Features in the offer.
    pub features: usize,
    /// Snapshots scored.
    pub n: usize,
    /// Mean log loss, natural logarithm.
    pub log_loss: f64,
    /// Area under the ROC curve.
    pub auc: f64,
    /// Brier skill against the set's base rate.
    pub brier_skill: f64,
    /// Against the full model, or against the baseline for [`Offer::BaselineAnd`];
    /// absent for these two themselves. Over zero is worse.
    pub difference: Option<Difference>,
}

/// Trains and scores the model with each group left out, and when asked with
/// each group added to age and level.
///
/// # Errors
/// When a season has too few closed windows before it.
pub fn ablate(
    histories: &[History],
    config: &AblateConfig,
    progress: &mut dyn FnMut(&str),
) -> Result<Vec<Ablated>, Error> {
    let mut rows = Vec::new();
    for &role in &config.roles {
        let table = extract(histories, FIRST..=*config.seasons.end(), role);
        let mut against: Option<Walk> = None;
        for offer in offers(role, config.added) {
            progress(&format!("{role}: {}", offer.label()));
            let (row, walk) = measure(&table, offer, config, against.as_ref())?;
            rows.push(row);
            if matches!(offer, Offer::Everything | Offer::Baseline) {
                against = Some(walk);
            }
        }
    }
    Ok(rows)
}

/// The rows as Markdown, one table per role.
pub fn markdown(rows: &[Ablated]) -> String {
    let mut text = String::new();
    for of_role in rows.chunk_by(|a, b| a.role == b.role) {
        text += &format!(
            "\n## {}s, {} snapshots\n\n\
             | features | count | log loss | difference x 1000 (95 %) | AUC | Brier skill |\n\
             | --- | ---: | ---: | ---: | ---: | ---: |\n",
            of_role[0].role, of_role[0].n
        );
        for row in of_role {
            text += &row.markdown();
        }
    }
    text.trim_start().to_owned()
}

impl Ablated {
    fn markdown(&self) -> String {
        format!(
            "| {} | {} | {:.5} | {} | {:.4} | {:.4} |\n",
            self.offer.label(),
            self.features,
            self.log_loss,
            self.difference.map_or_else(String::new, |d| d.markdown()),
            self.auc,
            self.brier_skill
        )
    }
}

impl Offer {
    fn has(self, group: Group) -> bool {
        match self {
            Self::Everything | Self::OtherSeed => true,
            Self::Without(left_out) => group != left_out,
            Self::Baseline => BASELINE.contains(&group),
            Self::BaselineAnd(added) => group == added || BASELINE.contains(&group),
        }
    }

    fn label(self) -> String {
        match self {
            Self::Everything => "all".to_owned(),
            Self::OtherSeed => "all, another seed".to_owned(),
            Self::Without(group) => format!("without {group}"),
            Self::Baseline => "age and level alone".to_owned(),
            Self::BaselineAnd(group) => format!("age and level, {group}"),
        }
    }
}

fn offers(role: Role, added: bool) -> Vec<Offer> {
    let has = |group: &Group| definitions(role).iter().any(|d| d.group == *group);
    let groups: Vec<Group> = Group::ALL.iter().copied().filter(has).collect();
    let mut offers = vec![Offer::Everything, Offer::OtherSeed];
    offers.extend(groups.iter().map(|&group| Offer::Without(group)));
    if added {
        offers.push(Offer::Baseline);
        let others = groups.iter().filter(|group| !BASELINE.contains(group));
        offers.extend(others.map(|&group| Offer::BaselineAnd(group)));
    }
    offers
}

fn measure(
    table: &FeatureTable,
    offer: Offer,
    config: &AblateConfig,
    against: Option<&Walk>,
) -> Result<(Ablated, Walk), Error> {
    let role = table.role;
    let seed = config.seed + u64::from(offer == Offer::OtherSeed);
    let walk = Walk::of(
        &table.offering(|d| offer.has(d.group)),
        &config.seasons,
        Hyper::default().of(role),
        seed,
        config.threads,
    )?;
    let pairs = walk.pairs();
    let compared = against.filter(|_| offer != Offer::Baseline);
    let row = Ablated {
        role,
        offer,
        features: definitions(role)
            .iter()
            .filter(|d| offer.has(d.group))
            .count(),
        n: pairs.len(),
        log_loss: probability::log_loss(pairs),
        auc: probability::auc(pairs),
        brier_skill: probability::brier_skill(pairs),
        difference: compared.map(|other| difference(&other.beside(&walk), config.seed)),
    };
    Ok((row, walk))
}

#[cfg(test)]
mod tests {
    use super::{AblateConfig, Offer, ablate, markdown, offers};
    use crate::domain::{DraftPick, Group, History, Role, Season};
    use crate::ml::fixture::{LAST, league};

    /// A league in which the draft knew who would reach the majors.
    fn foreseen() -> Vec<History> {
        let mut histories = league(500);
        for history in &mut histories {
            let debut = history.batting.iter().map(|l| l.season);
            let debut = debut.chain(history.pitching.iter().map(|l| l.season)).min();
            history.draft = vec![DraftPick {
                year: debut.expect("has played"),
                round: "1".to_owned(),
                pick: if history.mlb.is_empty() { 900 } else { 3 },
                team: "Elmton".to_owned(),
                position: "SS".to_owned(),
                school: "Elmton University".to_owned(),
            }];
        }
        histories
    }

    #[test]
    fn leaving_out_the_planted_signal_hurts_and_another_group_does_not() {
        let config = AblateConfig {
            seasons: Season(LAST - 4)..=Season(LAST - 4),
            roles: vec![Role::Pitcher],
            added: false,
            seed: 1,
            threads: 2,
        };
        let rows = ablate(&foreseen(), &config, &mut |_| {}).expect("measures");
        let worse = |offer: Offer| {
            let row = rows.iter().find(|r| r.offer == offer).expect("a row");
            row.difference.expect("is compared")
        };
        let signal = worse(Offer::Without(Group::Pedigree));
        let nothing = worse(Offer::Without(Group::Command));
        assert!(signal.lower > 0.0, "{signal:?}");
        assert!(nothing.mean < signal.mean / 4.0, "{nothing:?} {signal:?}");
        assert!(markdown(&rows).contains("| without Pedigree |"));
    }

    #[test]
    fn every_group_of_a_role_is_left_out_once_and_added_once() {
        let all = offers(Role::Hitter, true);
        let has = |offer: Offer| all.iter().filter(|o| **o == offer).count();
        assert_eq!(has(Offer::Without(Group::Contact)), 1);
        assert_eq!(has(Offer::BaselineAnd(Group::Contact)), 1);
        assert_eq!(has(Offer::BaselineAnd(Group::Level)), 0);
        assert_eq!(has(Offer::Without(Group::Stuff)), 0, "hitters have none");
        assert!(Offer::BaselineAnd(Group::Contact).has(Group::Level));
        assert!(!Offer::Without(Group::Contact).has(Group::Contact));
    }
}
