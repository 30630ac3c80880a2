//! The configuration file: TOML whose keys are the names of flags.
//!
//! A table stands for the beginning of names: `[backup] dir = "…"` is `backup-dir`.

use std::collections::BTreeMap;
use std::path::Path;

use toml::{Table, Value};

use super::ConfigError;

/// Settings that no file may hold: they say where the file is, or what time it is.
pub(super) const NOT_IN_FILES: [&str; 2] = ["config", "now"];

/// The values by name.
pub(super) fn read(path: &Path) -> Result<BTreeMap<String, String>, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|cause| ConfigError::File {
        path: path.to_owned(),
        cause,
    })?;
    let table: Table = text.parse().map_err(|cause| ConfigError::Syntax {
        path: path.to_owned(),
        cause,
    })?;
    let mut values = BTreeMap::new();
    flatten(path, "", &table, &mut values)?;
    Ok(values)
}

fn flatten(
    path: &Path,
    prefix: &str,
    table: &Table,
    values: &mut BTreeMap<String, String>,
) -> Result<(), ConfigError> {
    for (name, value) in table {
        let key = format!("{prefix}{}", name.replace('_', "-"));
        if let Value::Table(inner) = value {
            flatten(path, &format!("{key}-"), inner, values)?;
            continue;
        }
        let text = text(value).map_err(|found| ConfigError::Value {
            path: path.to_owned(),
            key: key.clone(),
            found,
        })?;
        if values.insert(key.clone(), text).is_some() {
            return Err(ConfigError::Repeated {
                path: path.to_owned(),
                key,
            });
        }
    }
    Ok(())
}

/// The value as it would be written after a flag.
fn text(value: &Value) -> Result<String, &'static str> {
    Ok(match value {
        Value::String(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Boolean(truth) => truth.to_string(),
        Value::Array(items) => {
            let items: Result<Vec<_>, _> = items.iter().map(text).collect();
            items?.join(",")
        }
        Value::Datetime(_) | Value::Table(_) => return Err(value.type_str()),
    })
}
