//! The models there are: those of a directory, and the one shipped.

use std::path::{Path, PathBuf};

use super::model::Model;
use crate::domain::Season;
use crate::ml::error::Error;

/// Directories below `dir` that hold a model's manifest, by name. An absent
/// `dir` holds none.
///
/// # Errors
/// When the directory cannot be read.
pub fn models_in(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |source| Error::File {
        path: dir.to_owned(),
        source,
    };
    let entries = match std::fs::read_dir(dir) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        if path.join("manifest.toml").is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// What is in a model's directory.
#[derive(Debug)]
pub struct Found {
    /// Name of the directory: the id its model should have.
    pub name: String,
    /// The model, or why it is refused.
    pub model: Result<Model, Error>,
}

/// Every model below `dir`, by name; damaged ones with the reason.
///
/// # Errors
/// When the directory cannot be read.
pub fn survey(dir: &Path) -> Result<Vec<Found>, Error> {
    let found = models_in(dir)?.into_iter().map(|path| {
        let name = path.file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let model = load_named(&path, &name);
        Found { name, model }
    });
    Ok(found.collect())
}

/// The local or shipped model `id`; a local one goes first.
///
/// # Errors
/// When there is none, or its files are damaged.
pub fn find(dir: &Path, id: &str) -> Result<Model, Error> {
    let path = dir.join(id);
    // An id is a name, never a way out of the directory.
    let plain = Path::new(id).file_name() == Some(id.as_ref());
    if plain && path.exists() {
        return load_named(&path, id);
    }
    let shipped = Model::embedded()?;
    if shipped.id() == id {
        return Ok(shipped);
    }
    Err(Error::Refused(format!("there is no model {id}")))
}

fn load_named(path: &Path, name: &str) -> Result<Model, Error> {
    let model = Model::load(path)?;
    if model.id() == name {
        return Ok(model);
    }
    let reason = format!("its directory is named {name}, its content {}", model.id());
    Err(Error::Refused(reason))
}

/// The newest model that has seen nothing after `as_of`; a local model goes
/// before the shipped one of the same season, and a damaged one is passed over.
///
/// # Errors
/// When the directory cannot be read.
pub fn newest_for(dir: &Path, as_of: Season) -> Result<Option<Model>, Error> {
    let local = survey(dir)?
        .into_iter()
        .filter_map(|found| found.model.ok());
    let mut candidates: Vec<Model> = local.collect();
    candidates.push(Model::embedded()?);
    let allowed = candidates
        .into_iter()
        .filter(|m| m.trained_until() <= as_of);
    // The first of equals is kept: local models come before the shipped one.
    Ok(allowed.reduce(|best, next| {
        if next.trained_until() > best.trained_until() {
            next
        } else {
            best
        }
    }))
}

/// The newest model whatever it has seen, for a simulated league: fictional
/// seasons share no future with the real ones a model was trained on.
///
/// # Errors
/// As [`newest_for`].
pub fn newest_for_simulated(dir: &Path) -> Result<Option<Model>, Error> {
    newest_for(dir, Season(u16::MAX))
}
