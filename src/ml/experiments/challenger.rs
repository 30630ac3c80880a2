//! The challenger: a small deep ensemble on quantile scores and missing flags.
//!
//! It is scored beside the champion and never served inside its blend, because
//! its explanation would not be exact. Every random choice is drawn from our own
//! generator, and sums run in one order, so a seed gives one network.

use std::collections::HashMap;
use std::path::Path;

use candle_core::{DType, Device, Tensor, safetensors};
use candle_nn::VarBuilder;
use serde::{Deserialize, Serialize};

use crate::domain::{Role, Season};
use crate::ml::engine::artefact;
use crate::ml::engine::closed::{check, closed_by};
use crate::ml::engine::fit::flagged;
use crate::ml::engine::settings::Hyper;
use crate::ml::error::Error;
use crate::ml::features::{FeatureTable, Snapshot, definitions, schema_hash};
use crate::ml::figures::odds::logistic;
use crate::ml::learners::linear::{Design, Logistic};
use crate::ml::learners::network::{Config, Network};
use crate::ml::learners::network_training::{Rows, descend};
use crate::ml::learners::quantile::Quantiles;
use crate::ml::rng::Rng;

const MEMBERS: usize = 8;
const HIDDEN: usize = 48;
/// Rows scored at a time.
const BLOCK: usize = 2048;
/// Keeps the network's draws apart from every other use of a seed.
const STREAM: u64 = 3 << 48;
/// Share of the players held out where a table has one season only.
const HELD_OUT: usize = 5;

const MANIFEST: &str = "manifest.toml";
const WEIGHTS: &str = "weights.safetensors";

/// A trained challenger of one role.
#[derive(Debug)]
pub struct Challenger {
    manifest: Manifest,
    scale: Scale,
    network: Network,
    tensors: HashMap<String, Tensor>,
}

/// What a challenger is, beside its weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Manifest {
    role: Role,
    seed: u64,
    feature_schema: String,
    /// BLAKE3 of the weights.
    weights_hash: String,
    /// Passes over the rows that training kept.
    epochs: usize,
    /// Calibration: `intercept + slope * z`.
    slope: f64,
    intercept: f64,
    /// Features with an input of their own when missing.
    flagged: Vec<u32>,
    /// Lengths of the features' runs of quantile knots.
    knots: Vec<u32>,
    network: Config,
}

/// How features become inputs.
#[derive(Debug)]
struct Scale {
    quantiles: Quantiles,
    flagged: Vec<u32>,
}

impl Challenger {
    /// Trains on the rows of `table`, all labelled. The newest season (or a fifth of
    /// the players, when there is only one) says when to stop and calibrates.
    ///
    /// # Errors
    /// When the tensor library fails.
    fn train(table: &FeatureTable, seed: u64) -> Result<Self, Error> {
        let (learnt, held) = split(table, seed);
        let columns: Vec<Vec<f32>> = (0..table.width())
            .map(|f| (0..learnt.len()).map(|i| learnt.row(i)[f]).collect())
            .collect();
        let scale = Scale {
            quantiles: Quantiles::fit(&columns),
            flagged: flagged(&columns),
        };
        let config = Config {
            inputs: table.width() + scale.flagged.len(),
            hidden: HIDDEN,
            members: MEMBERS,
        };
        let mut rng = Rng::new(seed, STREAM | table.role as u64);
        let rows = rows_of(&learnt, &scale)?;
        let judge = rows_of(&held, &scale)?;
        let (tensors, epochs) = descend(&config, &rows, &judge, &mut rng)?;
        let network = load(&config, &tensors)?;
        let (slope, intercept) = calibrate(&network, &held, &judge)?;
        let manifest = Manifest {
            role: table.role,
            seed,
            feature_schema: schema_hash(table.role),
            weights_hash: String::new(),
            epochs,
            slope,
            intercept,
            flagged: scale.flagged.clone(),
            knots: (scale.quantiles.parts().0.iter())
                .map(|k| k.len() as u32)
                .collect(),
            network: config,
        };
        Ok(Self {
            manifest,
            scale,
            network,
            tensors,
        })
    }

    /// Trains on every window closed by the end of `until`, in a table that may
    /// hold later ones.
    ///
    /// # Errors
    /// When too few windows had closed, or the tensor library fails.
    pub fn train_until(table: &FeatureTable, until: Season, seed: u64) -> Result<Self, Error> {
        let closed = closed_by(table, until);
        check(&closed, until)?;
        Self::train(&closed, seed)
    }

    /// The role it predicts.
    pub fn role(&self) -> Role {
        self.manifest.role
    }

    /// Calibrated probability of every row of `table`, in order.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn predict(&self, table: &FeatureTable) -> Result<Vec<f64>, Error> {
        let x = inputs(table, &self.scale)?;
        let (slope, intercept) = (self.manifest.slope, self.manifest.intercept);
        let z = log_odds(&self.network, &x)?.into_iter();
        Ok(z.map(|z| logistic(intercept + slope * z)).collect())
    }

    /// Writes the challenger into a directory, made when absent.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn save(&self, dir: &Path) -> Result<(), Error> {
        let mut tensors = self.tensors.clone();
        let (knots, scores) = self.scale.quantiles.parts();
        for (name, values) in [("knots.values", knots), ("knots.scores", scores)] {
            let flat = Tensor::from_iter(values.iter().flatten().copied(), &Device::Cpu)?;
            tensors.insert(name.to_owned(), flat);
        }
        let weights = artefact::serialize(&tensors)?;
        let manifest = Manifest {
            weights_hash: artefact::hash(&weights),
            ..self.manifest.clone()
        };
        let manifest = artefact::sealed(&toml::to_string(&manifest).map_err(Error::encoding)?);
        let failed = |source| Error::File {
            path: dir.to_owned(),
            source,
        };
        std::fs::create_dir_all(dir).map_err(failed)?;
        std::fs::write(dir.join(WEIGHTS), weights).map_err(failed)?;
        // Last: a directory without a manifest is no challenger.
        std::fs::write(dir.join(MANIFEST), manifest).map_err(failed)
    }

    /// Loads the challenger of a directory.
    ///
    /// # Errors
    /// When a file is absent, does not match the manifest's hash, or was trained
    /// on other features than this program computes.
    pub fn load(dir: &Path) -> Result<Self, Error> {
        let read = |name: &str| {
            let path = dir.join(name);
            std::fs::read(&path).map_err(|source| Error::File { path, source })
        };
        let manifest = read(MANIFEST)?;
        let manifest: Manifest = toml::from_str(artefact::unsealed(&manifest)?)
            .map_err(|e| Error::Refused(format!("its manifest is not valid: {e}")))?;
        let weights = read(WEIGHTS)?;
        if artefact::hash(&weights) != manifest.weights_hash {
            return Err(Error::refused(
                "its weights are not what its manifest describes",
            ));
        }
        let width = definitions(manifest.role).len();
        let known = manifest.feature_schema == schema_hash(manifest.role)
            && manifest.knots.len() == width
            && manifest.flagged.iter().all(|&f| (f as usize) < width);
        if !known {
            return Err(Error::refused("it was trained on other features"));
        }
        let mut tensors = safetensors::load_buffer(&weights, &Device::Cpu)?;
        let mut runs = |name: &str| -> Result<Vec<Vec<f32>>, Error> {
            let flat = tensors
                .remove(name)
                .ok_or_else(|| Error::refused("it lacks knots"))?;
            artefact::cut(&flat.to_vec1::<f32>()?, &manifest.knots)
        };
        let scale = Scale {
            quantiles: Quantiles::from_parts(runs("knots.values")?, runs("knots.scores")?),
            flagged: manifest.flagged.clone(),
        };
        Ok(Self {
            network: load(&manifest.network, &tensors)?,
            manifest,
            scale,
            tensors,
        })
    }
}

/// Rows as the network sees them, with targets as soft as the champion's.
fn rows_of(table: &FeatureTable, scale: &Scale) -> Result<Rows, Error> {
    let settings = *Hyper::default().of(table.role);
    let targets: Vec<f32> = table.snapshots.iter().map(|s| settings.target(s)).collect();
    Ok(Rows {
        x: inputs(table, scale)?,
        targets: Tensor::from_vec(targets, (1, table.len()), &Device::Cpu)?,
    })
}

/// Scores of every feature, then the missing flags.
fn inputs(table: &FeatureTable, scale: &Scale) -> Result<Tensor, Error> {
    let width = table.width() + scale.flagged.len();
    let mut values = Vec::with_capacity(table.len() * width);
    for i in 0..table.len() {
        let row = table.row(i);
        let scores = row.iter().enumerate();
        values.extend(scores.map(|(f, &v)| scale.quantiles.score(f, v)));
        let missing = |&f: &u32| f32::from(u8::from(row[f as usize].is_nan()));
        values.extend(scale.flagged.iter().map(missing));
    }
    Ok(Tensor::from_vec(
        values,
        (table.len(), width),
        &Device::Cpu,
    )?)
}

/// Rows to learn from, and rows that say when to stop.
fn split(table: &FeatureTable, seed: u64) -> (FeatureTable, FeatureTable) {
    let seasons = || table.snapshots.iter().map(|s| s.id.season);
    let newest = seasons().max().unwrap_or(Season(0));
    let many = seasons().any(|s| s < newest);
    let held = |s: &Snapshot| {
        if many {
            s.id.season == newest
        } else {
            Rng::new(seed, u64::from(s.id.prospect.0)).below(HELD_OUT) == 0
        }
    };
    let evaluated = table.filter(|s| held(s) && s.evaluated);
    (table.filter(|s| !held(s)), evaluated)
}

fn load(config: &Config, tensors: &HashMap<String, Tensor>) -> Result<Network, Error> {
    let vb = VarBuilder::from_tensors(tensors.clone(), DType::F32, &Device::Cpu);
    Ok(Network::load(config, &vb)?)
}

/// Mean log-odds of the members, per row.
fn log_odds(net: &Network, x: &Tensor) -> Result<Vec<f64>, Error> {
    let n = x.dim(0)?;
    let mut all = Vec::with_capacity(n);
    for from in (0..n).step_by(BLOCK) {
        let block = x.narrow(0, from, BLOCK.min(n - from))?;
        let mean = net.forward(&block, None)?.to_dtype(DType::F64)?.mean(0)?;
        all.extend(mean.to_vec1::<f64>()?);
    }
    Ok(all)
}

/// Slope and intercept that turn the network's log-odds into those of success.
fn calibrate(net: &Network, held: &FeatureTable, rows: &Rows) -> Result<(f64, f64), Error> {
    let z: Vec<f32> = log_odds(net, &rows.x)?.iter().map(|&z| z as f32).collect();
    let success = |s: &Snapshot| f32::from(u8::from(s.succeeded_in_full_seasons()));
    let labels: Vec<f32> = held.snapshots.iter().map(success).collect();
    let design = Design {
        values: &z,
        width: 1,
        labels: &labels,
    };
    let fit = Logistic::fit(&design, 1e-6)?;
    Ok((fit.weights[0], fit.intercept))
}

#[cfg(test)]
mod tests {
    use super::Challenger;
    use crate::domain::{Role, Season};
    use crate::ml::Error;
    use crate::ml::engine::closed::closed_by;
    use crate::ml::features::{FeatureTable, extract};
    use crate::ml::figures::probability::auc;
    use crate::ml::fixture::{LAST, league};

    fn table(role: Role) -> FeatureTable {
        let until = Season(LAST);
        let last = until.minus(Season::WINDOW);
        closed_by(&extract(&league(800), Season(1900)..=last, role), until)
    }

    fn trained(table: &FeatureTable, seed: u64) -> Challenger {
        Challenger::train(table, seed).expect("trains")
    }

    #[test]
    fn it_learns_and_a_seed_gives_one_network_on_any_thread() {
        let table = table(Role::Pitcher);
        let one = trained(&table, 1).predict(&table).expect("predicts");
        let pairs: Vec<_> = one
            .iter()
            .zip(&table.snapshots)
            .map(|(&p, s)| (p, s.label == Some(true)))
            .collect();
        assert!(auc(&pairs) > 0.7, "{}", auc(&pairs));
        let table = &table;
        let other: Vec<_> = std::thread::scope(|scope| {
            let run = |seed| scope.spawn(move || trained(table, seed).predict(table));
            let threads = [1, 1, 2].map(run);
            threads
                .map(|t| t.join().expect("no panic").expect("predicts"))
                .into()
        });
        assert!(one == other[0] && one == other[1]);
        assert!(one != other[2]);
    }

    #[test]
    fn a_saved_challenger_predicts_the_same_and_damage_is_refused() {
        let table = table(Role::Hitter);
        let challenger = trained(&table, 1);
        let dir = tempfile::tempdir().expect("a directory");
        challenger.save(dir.path()).expect("saves");
        let loaded = Challenger::load(dir.path()).expect("loads");
        assert_eq!(
            challenger.predict(&table).expect("a"),
            loaded.predict(&table).expect("b")
        );
        let path = dir.path().join("weights.safetensors");
        let mut bytes = std::fs::read(&path).expect("reads");
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        std::fs::write(&path, bytes).expect("writes");
        assert!(matches!(
            Challenger::load(dir.path()),
            Err(Error::Refused(_))
        ));
    }
}
