//! Hyper-parameters of a model, chosen by `afwd tune` and recorded on its card.

use serde::{Deserialize, Serialize};

use crate::domain::Role;
use crate::ml::features::Snapshot;
use crate::ml::learners::boosting;

/// How both roles are fitted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hyper {
    /// Settings of hitters.
    pub hitter: Settings,
    /// Settings of pitchers.
    pub pitcher: Settings,
}

/// How one role is fitted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// L2 penalty of the linear bases.
    pub penalty: f64,
    /// Trees per member.
    pub trees: usize,
    /// Share of a Newton step each tree takes, 0 to 1.
    pub rate: f64,
    /// L2 penalty on leaf values, in units of the Hessian.
    pub leaf_penalty: f64,
    /// Share of the rows each tree sees, 0 to 1.
    pub rows: f64,
    /// Share of the features each tree may ask for, 0 to 1.
    pub columns: f64,
    /// How soft the learnt target is: 0 is success itself, 1 wholly how far the
    /// window went towards it.
    pub softness: f64,
    /// Share of the soft target that keeps growing beyond success, up to three
    /// times its playing time.
    pub beyond: f64,
    /// Newest cohorts whose base rate calibrates the model.
    pub calibration_seasons: u16,
}

impl Hyper {
    /// The settings of a role.
    pub fn of(&self, role: Role) -> &Settings {
        match role {
            Role::Hitter => &self.hitter,
            Role::Pitcher => &self.pitcher,
        }
    }

    /// Every setting's name, `hitter.trees` say, and value.
    pub fn named(&self) -> Vec<(String, String)> {
        let roles = [(Role::Hitter, &self.hitter), (Role::Pitcher, &self.pitcher)];
        let named = |(role, s): (Role, &Settings)| {
            [
                ("penalty", s.penalty),
                ("trees", s.trees as f64),
                ("rate", s.rate),
                ("leaf_penalty", s.leaf_penalty),
                ("rows", s.rows),
                ("columns", s.columns),
                ("softness", s.softness),
                ("beyond", s.beyond),
                ("calibration_seasons", f64::from(s.calibration_seasons)),
            ]
            .map(|(name, value)| (format!("{role}.{name}"), value.to_string()))
        };
        roles.into_iter().flat_map(named).collect()
    }
}

impl Default for Hyper {
    fn default() -> Self {
        let settings = Settings {
            penalty: 40.0,
            trees: 60,
            rate: 0.08,
            leaf_penalty: 30.0,
            rows: 0.7,
            columns: 0.4,
            softness: 1.0,
            beyond: 0.5,
            calibration_seasons: 3,
        };
        Self {
            hitter: settings,
            pitcher: settings,
        }
    }
}

impl Settings {
    /// How trees are grown.
    pub(crate) fn boosting(&self) -> boosting::Settings {
        boosting::Settings {
            trees: self.trees,
            rate: self.rate,
            penalty: self.leaf_penalty,
            rows: self.rows,
            columns: self.columns,
        }
    }

    /// What members learn: success, softened by how near to it a player came and
    /// by how far beyond he went. A near miss says more than a zero, and 140 PA
    /// past the line less than a regular's four seasons; combination and
    /// calibration are then fitted to success itself.
    pub(crate) fn target(&self, snapshot: &Snapshot) -> f32 {
        let progress = snapshot.progress.unwrap_or(0.0);
        let success = f32::from(u8::from(snapshot.succeeded_in_full_seasons()));
        let (softness, beyond) = (self.softness as f32, self.beyond as f32);
        let near = (1.0 - beyond) * progress.min(1.0) + beyond * (progress / 3.0).min(1.0);
        (1.0 - softness) * success + softness * near
    }
}

#[cfg(test)]
mod tests {
    use super::{Hyper, Settings};
    use crate::domain::{Level, ProspectId, Role, Season, SnapshotId};
    use crate::ml::features::Snapshot;

    fn snapshot(progress: f32) -> Snapshot {
        Snapshot {
            id: SnapshotId {
                prospect: ProspectId(1),
                season: Season(2010),
                role: Role::Hitter,
            },
            label: Some(progress > 1.0),
            progress: Some(progress),
            seen: [f32::NAN; 4],
            aftermath: None,
            evaluated: true,
            age: None,
            level: Level::ALL[0],
            carried_years: 0,
            played: 1.0,
        }
    }

    #[test]
    fn the_target_goes_from_success_itself_to_a_share_of_playing_time() {
        let soft = Hyper::default().hitter;
        let hard = Settings {
            softness: 0.0,
            ..soft
        };
        assert_eq!(
            [0.9, 1.1].map(|p| hard.target(&snapshot(p))),
            [0.0, 1.0],
            "without softness only success counts"
        );
        assert!((soft.target(&snapshot(0.6)) - 0.4).abs() < 1e-6);
        assert_eq!(soft.target(&snapshot(9.0)), 1.0);
    }
}
