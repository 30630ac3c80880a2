//! Where settings come from: a flag, else `AFWD_X`, else the file that `AFWD_X_FILE`
//! names, else the configuration file, else the default.
//!
//! The command line is the one list of settings. What files say is given to it as
//! defaults, so that clap itself reads, checks and documents every value.
//!
//! Each concern has a file with its group of settings, which turns them into what the
//! module behind wants: a new setting is a field there, and its use. The sample file is
//! made from the same list.

pub mod accounts;
pub mod alerts;
pub mod backups;
pub mod billing;
pub mod connections;
mod error;
mod file;
pub mod gateway;
pub mod log;
pub mod mail;
pub mod objects;
pub mod operator;
mod sample;
pub mod site;
pub mod sources;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::Command;

use crate::data_dir::SETTINGS;
pub use error::ConfigError;
pub use sample::sample;

/// Looks a variable of the environment up.
pub type Environment<'a> = dyn Fn(&str) -> Option<OsString> + 'a;

/// A setting as the command line knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its name in the configuration file, and after `--`.
    pub key: String,
    /// Its variable.
    pub variable: String,
    /// True when its value is not shown.
    pub secret: bool,
}

/// A value that a file gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The value.
    pub value: String,
    /// Where it came from: a path, or the name of a variable.
    pub from: String,
}

/// The settings that files give.
#[derive(Debug, Default)]
pub struct Settings {
    known: Vec<Known>,
    given: HashMap<String, Given>,
    /// Variables that are set to nothing, as Compose passes them: they are not set.
    blank: HashSet<String>,
}

impl Settings {
    /// Reads what files give to `command` when it is called with `arguments`.
    ///
    /// # Errors
    /// When a file can't be read, or holds what is not known.
    pub fn read(
        command: &Command,
        arguments: &[OsString],
        environment: &Environment<'_>,
    ) -> Result<Self, ConfigError> {
        let known = known(command);
        let variables = known.iter().map(|known| known.variable.clone());
        let empty = |name: &String| environment(name).is_some_and(|value| value.is_empty());
        let mut settings = Self {
            blank: variables.filter(empty).collect(),
            known,
            given: HashMap::new(),
        };
        let environment = &|name: &str| environment(name).filter(|value| !value.is_empty());
        let named =
            |key: &str, variable: &str| flag(arguments, key).or_else(|| environment(variable));
        let data = named("data", "AFWD_DATA").unwrap_or_else(|| default_data(command));
        let (path, in_data) = match named("config", "AFWD_CONFIG") {
            Some(path) => (PathBuf::from(path), false),
            None => (Path::new(&data).join(SETTINGS), true),
        };
        if !in_data || path.is_file() {
            settings.read_file(&path, in_data)?;
        }
        settings.read_named_files(environment)?;
        Ok(settings)
    }

    /// `command` with what the files give as its defaults.
    pub fn apply(&self, command: Command) -> Command {
        let given = |arg: clap::Arg| {
            let variable = arg.get_env().and_then(OsStr::to_str).map(str::to_owned);
            let Some(variable) = variable else { return arg };
            let arg = match self.blank.contains(&variable) {
                true => arg.env(None::<&'static str>),
                false => arg,
            };
            let given = self.given.get(&variable);
            match given.map(|given| given.value.clone()) {
                // Help shows defaults, and anybody may ask for help.
                Some(value) if arg.is_hide_env_values_set() => {
                    arg.default_value(value).hide_default_value(true)
                }
                Some(value) => arg.default_value(value),
                None => arg,
            }
        };
        command
            .mut_args(given)
            .mut_subcommands(|verb| self.apply(verb))
    }

    /// What a file gave to the setting of `variable`.
    pub fn given(&self, variable: &str) -> Option<&Given> {
        self.given.get(variable)
    }

    /// Where the setting called `key` got its value, when it was a file.
    pub fn origin(&self, key: &str) -> Option<&str> {
        let known = self.known.iter().find(|known| known.key == key)?;
        self.given(&known.variable).map(|given| &*given.from)
    }

    /// The variable's name, and the known one nearest to it, for each of `names` that
    /// looks like ours and is not.
    pub fn unknown(&self, names: impl Iterator<Item = String>) -> BTreeMap<String, String> {
        let known = |name: &str| {
            let plain = name.strip_suffix("_FILE").unwrap_or(name);
            self.known
                .iter()
                .any(|k| k.variable == name || k.variable == plain)
        };
        let ours = names.filter(|name| name.starts_with("AFWD_") && !known(name));
        let variables = || self.known.iter().map(|known| &*known.variable);
        ours.map(|name| (name.clone(), nearest(&name, variables())))
            .collect()
    }

    fn read_file(&mut self, path: &Path, in_data: bool) -> Result<(), ConfigError> {
        for (key, value) in file::read(path)? {
            let allowed = |known: &&Known| {
                known.key == key
                    && !file::NOT_IN_FILES.contains(&&*key)
                    // The file was found by this one.
                    && !(in_data && key == "data")
            };
            let Some(known) = self.known.iter().find(allowed) else {
                let keys = self.known.iter().map(|known| &*known.key);
                return Err(ConfigError::Unknown {
                    path: path.to_owned(),
                    nearest: nearest(&key, keys.filter(|known| *known != key)),
                    key,
                });
            };
            let from = path.display().to_string();
            self.given
                .insert(known.variable.clone(), Given { value, from });
        }
        Ok(())
    }

    /// Reads the files that `AFWD_X_FILE` names.
    fn read_named_files(&mut self, environment: &Environment<'_>) -> Result<(), ConfigError> {
        for known in &self.known {
            let variable = format!("{}_FILE", known.variable);
            // Some settings are files themselves.
            if self.known.iter().any(|other| other.variable == variable) {
                continue;
            }
            let Some(path) = environment(&variable) else {
                continue;
            };
            if environment(&known.variable).is_some() {
                return Err(ConfigError::Twice {
                    variable: known.variable.clone(),
                });
            }
            let path = PathBuf::from(path);
            let value = std::fs::read_to_string(&path)
                .map_err(|cause| ConfigError::File { path, cause })?;
            let given = Given {
                value: value.trim_end_matches(['\r', '\n']).to_owned(),
                from: variable,
            };
            self.given.insert(known.variable.clone(), given);
        }
        Ok(())
    }
}

/// All settings of `command` and its verbs, by name.
fn known(command: &Command) -> Vec<Known> {
    let mut found = BTreeMap::new();
    collect(command, &mut found);
    found.into_values().collect()
}

fn collect(command: &Command, found: &mut BTreeMap<String, Known>) {
    for arg in command.get_arguments() {
        let variable = arg.get_env().and_then(OsStr::to_str);
        if let (Some(key), Some(variable)) = (arg.get_long(), variable) {
            let known = Known {
                key: key.to_owned(),
                variable: variable.to_owned(),
                secret: arg.is_hide_env_values_set(),
            };
            found.insert(key.to_owned(), known);
        }
    }
    for verb in command.get_subcommands() {
        collect(verb, found);
    }
}

/// The value of `--key` among `arguments`, before clap has read them.
pub fn flag(arguments: &[OsString], key: &str) -> Option<OsString> {
    let own = arguments.iter().take_while(|argument| *argument != "--");
    let own: Vec<&OsString> = own.collect();
    let long = format!("--{key}");
    let inline = format!("--{key}=");
    own.iter().enumerate().find_map(|(place, argument)| {
        if **argument == *long {
            return own.get(place + 1).map(|value| (*value).clone());
        }
        argument
            .to_str()
            .and_then(|text| text.strip_prefix(&inline))
            .map(OsString::from)
    })
}

fn default_data(command: &Command) -> OsString {
    let data = command.get_arguments().find(|arg| arg.get_id() == "data");
    data.and_then(|arg| arg.get_default_values().first())
        .map_or_else(OsString::new, |value| value.as_os_str().to_owned())
}

fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> String {
    let near = known.max_by(|a, b| {
        let to = |known: &str| strsim::jaro_winkler(name, known);
        to(a).total_cmp(&to(b))
    });
    near.unwrap_or_default().to_owned()
}
