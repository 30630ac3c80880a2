//! A model as files: `manifest.toml`, `config.json`, `weights.safetensors` and
//! `card.md`. Nothing in them depends on when or where they were written.

mod config;
mod parts;
mod sealed;
mod tensors;

use std::collections::HashMap;
use std::path::Path;

use candle_core::{Device, safetensors};

pub(crate) use sealed::{hash, sealed, unsealed};
pub(crate) use tensors::{cut, serialize};

use self::config::{Config, RoleConfig};
use super::card::Card;
use super::scorer::Fitted;
use crate::domain::Role;
use crate::ml::error::Error;
use crate::ml::features::schema_hash;
use crate::ml::learners::forest::DEPTH;

/// Format of the files; another one is refused.
const FORMAT: u32 = 4;
const MANIFEST: &str = "manifest.toml";
const CONFIG: &str = "config.json";
const WEIGHTS: &str = "weights.safetensors";

/// The files of a model in memory.
pub(crate) struct Files {
    pub(crate) manifest: Vec<u8>,
    pub(crate) config: Vec<u8>,
    pub(crate) weights: Vec<u8>,
}

impl Files {
    /// Encodes fitted roles; `card`'s hashes and id are filled in.
    pub(crate) fn encode(roles: &[(Role, &Fitted)], card: &mut Card) -> Result<Self, Error> {
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
            parts::put(&mut tensors, *role, fitted)?;
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
    pub(crate) fn read(dir: &Path) -> Result<Self, Error> {
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
    pub(crate) fn write(&self, dir: &Path, card: &Card) -> Result<(), Error> {
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
    pub(crate) fn decode(&self) -> Result<(Card, Vec<(Role, Fitted)>), Error> {
        let card: Card = toml::from_str(unsealed(&self.manifest)?)
            .map_err(|e| Error::refused(&format!("its manifest is not valid: {e}")))?;
        for (name, bytes, expected) in [
            (CONFIG, &self.config, &card.config_hash),
            (WEIGHTS, &self.weights, &card.weights_hash),
        ] {
            if hash(bytes) != *expected {
                return Err(Error::refused(&format!(
                    "{name} is not the file its manifest describes"
                )));
            }
        }
        if card.id != content_id(&card) {
            return Err(Error::refused("its id is not that of its content"));
        }
        for role in &card.roles {
            if role.feature_schema != schema_hash(role.role) {
                return Err(Error::refused(&format!(
                    "it was trained on other {} features ({}) than this program computes ({})",
                    role.role,
                    role.feature_schema,
                    schema_hash(role.role)
                )));
            }
        }
        let config: Config = serde_json::from_slice(&self.config)
            .map_err(|e| Error::refused(&format!("{CONFIG} is not valid: {e}")))?;
        if config.format != FORMAT || config.depth != DEPTH {
            return Err(Error::refused("another version of the program wrote it"));
        }
        let tensors = safetensors::load_buffer(&self.weights, &Device::Cpu)?;
        let roles = config
            .roles
            .iter()
            .map(|r| Ok((r.role, parts::get(&tensors, r)?)));
        Ok((card, roles.collect::<Result<_, Error>>()?))
    }
}

/// A model's id: the last season seen and the start of a hash over its weights.
fn content_id(card: &Card) -> String {
    let hash = hash(card.weights_hash.as_bytes());
    format!("{}-{}", card.trained_until, &hash[..8])
}
