//! The models there are: those of a directory, and the one shipped.

use std::path::{Path, PathBuf};

use super::error::Error;
use super::model::Model;
use crate::domain::Season;

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

/// The newest model that has seen nothing after `as_of`; a local model goes
/// before the shipped one of the same season.
///
/// # Errors
/// When a local model is damaged or was trained on other features.
pub fn newest_for(dir: &Path, as_of: Season) -> Result<Option<Model>, Error> {
    let mut candidates = Vec::new();
    for path in models_in(dir)? {
        candidates.push(Model::load(&path)?);
    }
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
