//! Weekly training in season: the same code as `afwd train`.

use super::daily::Chain;
use super::train::{DEFAULT_SEED, TrainingPlan, train};
use crate::jobs::{Context, Stepping};
use crate::ml;

impl Chain {
    /// Trains on every window closed by the end of the season before the newest,
    /// and makes the board again when a newer model may be used.
    ///
    /// # Errors
    /// When too few windows have closed.
    pub fn train(&self, context: &mut Context<'_>) -> anyhow::Result<()> {
        context.plan(["train", "board"])?;
        context.step("train", None, |step| self.fit(step))?;
        context.step("board", None, |step| {
            let Some(newest) = super::board::newest_season(&self.store)? else {
                return Ok(0);
            };
            let mut say = |text: &str| step.warn(text);
            super::board::ensure(&self.store, &self.data, newest, &*self.clock, &mut say)?;
            self.landing.show().map(|()| 0)
        })
    }

    fn fit(&self, step: &mut Stepping<'_, '_>) -> anyhow::Result<u64> {
        let Some(newest) = super::board::newest_season(&self.store)? else {
            step.skip("no season has a stat line yet");
            return Ok(0);
        };
        let plan = TrainingPlan {
            until: newest.minus(1),
            seed: DEFAULT_SEED,
            backtest: None,
        };
        let mut say = |text: &str| tracing::debug!("{text}");
        match train(&self.store, &self.data, &plan, &*self.clock, &mut say) {
            Ok(trained) => step.warn(format!("trained model {}", trained.model.id())),
            // A young store has nothing to learn from yet; the shipped model serves it.
            Err(error) if matches!(error.downcast_ref(), Some(ml::Error::TooLittle { .. })) => {
                step.skip(error.to_string());
            }
            Err(error) => return Err(error),
        }
        Ok(0)
    }
}
