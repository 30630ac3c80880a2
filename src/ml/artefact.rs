//! A model as files: `manifest.toml`, `config.json`, `weights.safetensors` and
//! `card.md`. Nothing in them depends on when or where they were written.

use std::collections::HashMap;
use std::path::Path;

use candle_core::{DType, Device, Tensor, safetensors};
use serde::{Deserialize, Serialize};

use super::card::Card;
use super::error::Error;
use super::features::{definitions, schema_hash};
use super::horizons::Timing;
use super::models::forest::{DEPTH, Forest, LEAVES, Split, Tree};
use super::models::linear::Logistic;
use super::models::quantile::Quantiles;
use super::scorer::{Blend, Fitted};
use super::uncertainty::Uncertainty;
use crate::domain::Role;

/// Format of the files; another one is refused.
const FORMAT: u32 = 3;
const MANIFEST: &str = "manifest.toml";
const CONFIG: &str = "config.json";
const WEIGHTS: &str = "weights.safetensors";

/// The shape of the model, for readers of the weights.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Config {
    format: u32,
    depth: usize,
    roles: Vec<RoleConfig>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct RoleConfig {
    role: Role,
    features: usize,
    members: usize,
    trees: usize,
    /// Features with a weight of their own when missing.
    flagged: Vec<u32>,
}

/// The files of a model in memory.
pub(super) struct Files {
    pub(super) manifest: Vec<u8>,
    pub(super) config: Vec<u8>,
    pub(super) weights: Vec<u8>,
}

impl Files {
    /// Encodes fitted roles; `card`'s hashes and id are filled in.
    pub(super) fn encode(roles: &[(Role, &Fitted)], card: &mut Card) -> Result<Self, Error> {
        let config = Config {
            format: FORMAT,
            depth: DEPTH,
            roles: roles
                .iter()
                .map(|(role, f)| RoleConfig::of(*role, f))
                .collect(),
        };
        let mut config = serde_json::to_vec_pretty(&config).map_err(Error::encoding)?;
        config.push(b'\n');
        let mut tensors = HashMap::new();
        for (role, fitted) in roles {
            put(&mut tensors, *role, fitted)?;
        }
        let weights = serialize(&tensors)?;
        card.config_hash = hash(&config);
        card.weights_hash = hash(&weights);
        card.id = content_id(card);
        let manifest = sealed(&toml::to_string(card).map_err(Error::encoding)?).into_bytes();
        Ok(Self {
            manifest,
            config,
            weights,
        })
    }

    /// Reads the files of a directory.
    pub(super) fn read(dir: &Path) -> Result<Self, Error> {
        let read = |name: &str| {
            let path = dir.join(name);
            std::fs::read(&path).map_err(|source| Error::File { path, source })
        };
        Ok(Self {
            manifest: read(MANIFEST)?,
            config: read(CONFIG)?,
            weights: read(WEIGHTS)?,
        })
    }

    /// Writes the files into a directory, made when absent.
    pub(super) fn write(&self, dir: &Path, card: &Card) -> Result<(), Error> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| Error::File { path, source }
        };
        std::fs::create_dir_all(dir).map_err(failed(dir))?;
        let text = card.markdown();
        // The manifest last: a directory without one is not a model.
        let files: [(&str, &[u8]); 4] = [
            (CONFIG, &self.config),
            (WEIGHTS, &self.weights),
            ("card.md", text.as_bytes()),
            (MANIFEST, &self.manifest),
        ];
        for (name, bytes) in files {
            let path = dir.join(name);
            std::fs::write(&path, bytes).map_err(failed(&path))?;
        }
        Ok(())
    }

    /// Verifies hashes and feature schemas, and decodes.
    pub(super) fn decode(&self) -> Result<(Card, Vec<(Role, Fitted)>), Error> {
        let card: Card = toml::from_str(unsealed(&self.manifest)?)
            .map_err(|e| refused(&format!("its manifest is not valid: {e}")))?;
        for (name, bytes, expected) in [
            (CONFIG, &self.config, &card.config_hash),
            (WEIGHTS, &self.weights, &card.weights_hash),
        ] {
            if hash(bytes) != *expected {
                return Err(refused(&format!(
                    "{name} is not the file its manifest describes"
                )));
            }
        }
        if card.id != content_id(&card) {
            return Err(refused("its id is not that of its content"));
        }
        for role in &card.roles {
            if role.feature_schema != schema_hash(role.role) {
                return Err(refused(&format!(
                    "it was trained on other {} features ({}) than this program computes ({})",
                    role.role,
                    role.feature_schema,
                    schema_hash(role.role)
                )));
            }
        }
        let config: Config = serde_json::from_slice(&self.config)
            .map_err(|e| refused(&format!("{CONFIG} is not valid: {e}")))?;
        if config.format != FORMAT || config.depth != DEPTH {
            return Err(refused("another version of the program wrote it"));
        }
        let tensors = safetensors::load_buffer(&self.weights, &Device::Cpu)?;
        let roles = config.roles.iter().map(|r| Ok((r.role, get(&tensors, r)?)));
        Ok((card, roles.collect::<Result<_, Error>>()?))
    }
}

/// BLAKE3 in hexadecimal.
/// A manifest's text, below a line with its hash: figures of a manifest decide what
/// a model may predict, so a changed bit must be noticed there too.
pub(super) fn sealed(text: &str) -> String {
    format!("{}\n{text}", seal(text))
}

/// The text below the line of [`sealed`].
pub(super) fn unsealed(manifest: &[u8]) -> Result<&str, Error> {
    let text = std::str::from_utf8(manifest).map_err(|_| refused("its manifest is not text"))?;
    match text.split_once('\n') {
        Some((line, rest)) if line == seal(rest) => Ok(rest),
        _ => Err(refused(
            "its manifest is damaged, or another version of the program wrote it",
        )),
    }
}

fn seal(text: &str) -> String {
    format!("checksum = \"{}\"", hash(text.as_bytes()))
}

pub(super) fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

fn refused(why: &str) -> Error {
    Error::Refused(why.to_owned())
}

impl RoleConfig {
    fn of(role: Role, fitted: &Fitted) -> Self {
        Self {
            role,
            features: definitions(role).len(),
            members: fitted.bases.len(),
            trees: fitted.forest.trees.len(),
            flagged: fitted.flagged.clone(),
        }
    }
}

/// Tensors as the bytes of a safetensors file.
pub(super) fn serialize(tensors: &HashMap<String, Tensor>) -> Result<Vec<u8>, Error> {
    // candle writes safetensors to a path only.
    let dir = std::env::temp_dir();
    let path = dir.join(format!(
        "afwd-{}-{:p}.safetensors",
        std::process::id(),
        tensors
    ));
    safetensors::save(tensors, &path)?;
    let bytes = std::fs::read(&path);
    let removed = std::fs::remove_file(&path);
    bytes
        .and_then(|b| removed.map(|()| b))
        .map_err(|source| Error::File { path, source })
}

fn put(tensors: &mut HashMap<String, Tensor>, role: Role, f: &Fitted) -> Result<(), Error> {
    let cpu = &Device::Cpu;
    let mut add = |name: &str, tensor: candle_core::Result<Tensor>| {
        tensor
            .map(|t| tensors.insert(format!("{role}.{name}"), t))
            .map(|_| ())
    };
    let (knots, scores) = f.quantiles.parts();
    let lengths = knots.iter().map(|k| k.len() as u32);
    add("knots.lengths", Tensor::from_iter(lengths, cpu))?;
    add(
        "knots.values",
        Tensor::from_iter(knots.iter().flatten().copied(), cpu),
    )?;
    add(
        "knots.scores",
        Tensor::from_iter(scores.iter().flatten().copied(), cpu),
    )?;
    add(
        "missing.shares",
        Tensor::from_slice(&f.missing, f.missing.len(), cpu),
    )?;
    let weights = f.bases.iter().flat_map(|b| b.weights.iter().copied());
    add(
        "base.weights",
        Tensor::from_iter(weights, cpu)?.reshape((f.bases.len(), ())),
    )?;
    add(
        "base.intercepts",
        Tensor::from_iter(f.bases.iter().map(|b| b.intercept), cpu),
    )?;
    add(
        "base.means",
        Tensor::from_slice(&f.means, f.means.len(), cpu),
    )?;
    let splits = || f.forest.trees.iter().flat_map(|t| t.splits);
    let per_split = |t: Tensor| t.reshape(((), DEPTH));
    add(
        "forest.features",
        per_split(Tensor::from_iter(splits().map(|s| s.feature), cpu)?),
    )?;
    add(
        "forest.thresholds",
        per_split(Tensor::from_iter(splits().map(|s| s.threshold), cpu)?),
    )?;
    let missing = splits().map(|s| u8::from(s.missing_right));
    add(
        "forest.missing_right",
        per_split(Tensor::from_iter(missing, cpu)?),
    )?;
    let leaves = f.forest.trees.iter().flat_map(|t| t.leaves);
    add(
        "forest.leaves",
        Tensor::from_iter(leaves, cpu)?.reshape(((), LEAVES)),
    )?;
    let counts = f.counts.iter().flatten().copied();
    add(
        "forest.counts",
        Tensor::from_iter(counts, cpu)?.reshape(((), LEAVES)),
    )?;
    let weights = f.timing.parts().flat_map(|s| s.weights.iter().copied());
    let columns = f.means.len() + 1;
    add(
        "timing.weights",
        Tensor::from_iter(weights, cpu)?.reshape(((), columns)),
    )?;
    add(
        "timing.intercepts",
        Tensor::from_iter(f.timing.parts().map(|s| s.intercept), cpu),
    )?;
    let (b, u) = (f.blend, f.uncertainty);
    let scalars = [
        b.base,
        b.forest,
        b.intercept,
        u.drift,
        u.sparse,
        u.thin,
        u.high,
        u.medium,
    ];
    add("scalars", Tensor::from_slice(&scalars, scalars.len(), cpu))?;
    Ok(())
}

fn get(tensors: &HashMap<String, Tensor>, config: &RoleConfig) -> Result<Fitted, Error> {
    let find = |name: &str, dtype: DType| {
        let name = format!("{}.{name}", config.role);
        let tensor = tensors.get(&name).filter(|t| t.dtype() == dtype);
        tensor
            .ok_or_else(|| refused(&format!("{WEIGHTS} lacks {name}")))?
            .flatten_all()
            .map_err(Error::from)
    };
    let f32s = |name: &str| Ok::<_, Error>(find(name, DType::F32)?.to_vec1::<f32>()?);
    let f64s = |name: &str| Ok::<_, Error>(find(name, DType::F64)?.to_vec1::<f64>()?);
    let u32s = |name: &str| Ok::<_, Error>(find(name, DType::U32)?.to_vec1::<u32>()?);
    let lengths = u32s("knots.lengths")?;
    let quantiles = Quantiles::from_parts(
        cut(&f32s("knots.values")?, &lengths)?,
        cut(&f32s("knots.scores")?, &lengths)?,
    );
    let missing_shares = f32s("missing.shares")?;
    let means = f64s("base.means")?;
    let (weights, intercepts) = (f64s("base.weights")?, f64s("base.intercepts")?);
    let missing = find("forest.missing_right", DType::U8)?.to_vec1::<u8>()?;
    let splits: Vec<Split> = u32s("forest.features")?
        .into_iter()
        .zip(f32s("forest.thresholds")?)
        .zip(missing)
        .map(|((feature, threshold), right)| Split {
            feature,
            threshold,
            missing_right: right == 1,
        })
        .collect();
    let (leaves, counts) = (f32s("forest.leaves")?, u32s("forest.counts")?);
    let scalars = f64s("scalars")?;
    let columns = 2 * config.features + config.flagged.len();
    let whole = lengths.len() == config.features
        && missing_shares.len() == config.features
        && means.len() == columns
        && intercepts.len() == config.members
        && config.members > 0
        && config.trees.is_multiple_of(config.members)
        && weights.len() == config.members * columns
        && splits.len() == config.trees * DEPTH
        && splits
            .iter()
            .all(|s| (s.feature as usize) < config.features)
        && config
            .flagged
            .iter()
            .all(|&f| (f as usize) < config.features)
        && leaves.len() == config.trees * LEAVES
        && counts.len() == leaves.len();
    let &[base, forest, intercept, drift, sparse, thin, high, medium] = scalars.as_slice() else {
        return Err(refused("its scalars are incomplete"));
    };
    if !whole {
        return Err(refused(
            "its tensors do not have the shapes its configuration says",
        ));
    }
    let trees = splits
        .chunks(DEPTH)
        .zip(leaves.chunks(LEAVES))
        .map(|(splits, leaves)| Tree::new(splits.to_vec(), std::array::from_fn(|i| leaves[i])));
    let timing = logistics(
        &f64s("timing.weights")?,
        &f64s("timing.intercepts")?,
        columns + 1,
    );
    let timing = Timing::from_parts(timing).ok_or_else(|| refused("its timing is incomplete"))?;
    Ok(Fitted {
        quantiles,
        missing: missing_shares,
        flagged: config.flagged.clone(),
        bases: logistics(&weights, &intercepts, columns),
        forest: Forest::new(trees.collect()),
        counts: counts
            .chunks(LEAVES)
            .map(|c| std::array::from_fn(|i| c[i]))
            .collect(),
        means,
        blend: Blend {
            base,
            forest,
            intercept,
        },
        timing,
        uncertainty: Uncertainty {
            drift,
            sparse,
            thin,
            high,
            medium,
        },
    })
}

/// One regression per row of `width` weights.
fn logistics(weights: &[f64], intercepts: &[f64], width: usize) -> Vec<Logistic> {
    let rows = weights.chunks_exact(width).zip(intercepts);
    rows.map(|(w, &intercept)| Logistic {
        weights: w.to_vec(),
        intercept,
    })
    .collect()
}

/// A model's id: the last season seen and the start of a hash over its weights.
fn content_id(card: &Card) -> String {
    let hash = hash(card.weights_hash.as_bytes());
    format!("{}-{}", card.trained_until, &hash[..8])
}

/// Cuts a flat list into runs of the given lengths.
pub(super) fn cut(values: &[f32], lengths: &[u32]) -> Result<Vec<Vec<f32>>, Error> {
    let mut rest = values;
    let mut runs = Vec::with_capacity(lengths.len());
    for &length in lengths {
        let (run, tail) = rest
            .split_at_checked(length as usize)
            .ok_or_else(|| refused("its knots are incomplete"))?;
        runs.push(run.to_vec());
        rest = tail;
    }
    Ok(runs)
}
