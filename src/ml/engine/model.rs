//! A trained model of both roles.

use std::path::Path;

use super::artefact::Files;
use super::card::Card;
use super::fit::fold;
use super::scorer::{Fitted, Scorer};
use crate::domain::{Attribution, Horizons, Prediction, Role, Season};
use crate::ml::error::Error;
use crate::ml::features::{FeatureTable, definitions};
use crate::ml::figures::probability::Figures;
use crate::ml::figures::validation::Validation;

/// A trained model of both roles, ready to predict and explain.
#[derive(Debug)]
pub struct Model {
    card: Card,
    hitters: Scorer,
    pitchers: Scorer,
}

impl Model {
    /// The model shipped with the program.
    ///
    /// # Errors
    /// When the embedded files do not belong to this program's features: a
    /// build mistake.
    pub fn embedded() -> Result<Self, Error> {
        Self::decode(&Files {
            manifest: include_bytes!("../../../models/2021.1/manifest.toml").to_vec(),
            config: include_bytes!("../../../models/2021.1/config.json").to_vec(),
            weights: include_bytes!("../../../models/2021.1/weights.safetensors").to_vec(),
        })
    }

    /// Loads the model of a directory.
    ///
    /// # Errors
    /// When a file is absent, does not match the manifest's hash, or the model
    /// was trained on other features than this program computes.
    pub fn load(dir: &Path) -> Result<Self, Error> {
        Self::decode(&Files::read(dir)?)
    }

    /// Writes the model into a directory, replacing one that is there.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn save(&self, dir: &Path) -> Result<(), Error> {
        let mut card = self.card.clone();
        let roles = [
            (Role::Hitter, &self.hitters.fitted),
            (Role::Pitcher, &self.pitchers.fitted),
        ];
        Files::encode(&roles, &mut card)?.write(dir, &card)
    }

    pub(super) fn new(hitters: Scorer, pitchers: Scorer, mut card: Card) -> Result<Self, Error> {
        let roles = [
            (Role::Hitter, &hitters.fitted),
            (Role::Pitcher, &pitchers.fitted),
        ];
        Files::encode(&roles, &mut card)?;
        Ok(Self {
            card,
            hitters,
            pitchers,
        })
    }

    fn decode(files: &Files) -> Result<Self, Error> {
        let (card, roles) = files.decode()?;
        let (mut hitters, mut pitchers) = (None, None);
        for (role, fitted) in roles {
            match role {
                Role::Hitter => hitters = Some(fitted),
                Role::Pitcher => pitchers = Some(fitted),
            }
        }
        let (Some(hitters), Some(pitchers)) = (hitters, pitchers) else {
            return Err(Error::Refused("it does not hold both roles".to_owned()));
        };
        Ok(Self {
            card,
            hitters: Scorer::new(hitters, Role::Hitter)?,
            pitchers: Scorer::new(pitchers, Role::Pitcher)?,
        })
    }

    /// Version: the last season seen and the start of the weights' hash.
    pub fn id(&self) -> &str {
        &self.card.id
    }

    /// Last season whose closed windows it has seen.
    pub fn trained_until(&self) -> Season {
        Season(self.card.trained_until)
    }

    /// What it was trained on and how it did.
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// The model with walk-forward figures on its card.
    pub fn with_backtest(mut self, figures: Vec<Figures>, validation: Validation) -> Self {
        self.card.backtest = figures;
        self.card.validation = Some(validation);
        self
    }

    /// Predictions of every row of `table`, in order.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn predict(&self, table: &FeatureTable) -> Result<Vec<Prediction>, Error> {
        let evaluated: Vec<bool> = table.snapshots.iter().map(|s| s.evaluated).collect();
        Ok(self
            .scorer(table.role)
            .predict(table.values(), table.width(), &evaluated)?)
    }

    /// Probabilities of every row of `table` by the one member of the bag that
    /// learnt from no snapshot of the player: what the model says of somebody it
    /// does not know, also where it was trained on his outcomes.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn predict_unseen(&self, table: &FeatureTable) -> Result<Vec<f64>, Error> {
        let ids = table.snapshots.iter().map(|s| s.id.prospect);
        let members: Vec<usize> = ids.map(|id| fold(self.card.seed, id)).collect();
        let scorer = self.scorer(table.role);
        Ok(scorer.by_member(table.values(), table.width(), &members)?)
    }

    /// Prediction of one row; the same as [`Model::predict`] gives to within 1e-12.
    ///
    /// # Errors
    /// When the row does not have the role's features.
    pub fn predict_row(
        &self,
        role: Role,
        row: &[f32],
        evaluated: bool,
    ) -> Result<Prediction, Error> {
        check(role, row)?;
        Ok(self.scorer(role).predict_row(row, evaluated))
    }

    /// Probabilities by season of every row of `table`, whose predictions these are.
    pub fn horizons(&self, table: &FeatureTable, predictions: &[Prediction]) -> Vec<Horizons> {
        let scorer = self.scorer(table.role);
        let rows = predictions.iter().enumerate();
        rows.map(|(i, p)| scorer.horizons(table.row(i), p.probability))
            .collect()
    }

    /// The exact explanation of one row.
    ///
    /// # Errors
    /// When the row does not have the role's features.
    pub fn explain(&self, role: Role, row: &[f32]) -> Result<Attribution, Error> {
        check(role, row)?;
        Ok(self.scorer(role).explain(row))
    }

    /// The exact explanations of every row of `table`, in order.
    pub fn explain_all(&self, table: &FeatureTable) -> Vec<Attribution> {
        let scorer = self.scorer(table.role);
        (0..table.len())
            .map(|i| scorer.explain(table.row(i)))
            .collect()
    }

    /// What training produced for a role.
    pub(super) fn fitted(&self, role: Role) -> &Fitted {
        &self.scorer(role).fitted
    }

    pub(super) fn scorer(&self, role: Role) -> &Scorer {
        match role {
            Role::Hitter => &self.hitters,
            Role::Pitcher => &self.pitchers,
        }
    }
}

fn check(role: Role, row: &[f32]) -> Result<(), Error> {
    let expected = definitions(role).len();
    if row.len() == expected {
        return Ok(());
    }
    Err(Error::Width {
        role,
        width: row.len(),
        expected,
    })
}
