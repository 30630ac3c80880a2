//! Where a plan does its harm, and writes down what it found.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::plan::{Config, HarmPlan, Scale};
use super::process::Worker;

/// Broken promises told in words; more are only counted.
const TOLD: usize = 20;

/// Where a plan does its harm and writes down what it found.
pub(super) struct Bench<'a> {
    pub(super) config: &'a Config,
    pub(super) dice: fastrand::Rng,
    pub(super) tried: u64,
    pub(super) counts: BTreeMap<&'static str, u64>,
    pub(super) broken: Vec<String>,
    pub(super) skipped: Option<String>,
    dir: PathBuf,
    made: u32,
}

impl<'a> Bench<'a> {
    pub(super) fn new(plan: HarmPlan, config: &'a Config) -> anyhow::Result<Self> {
        let dir = config.scratch.join(plan.name());
        fs::create_dir_all(&dir)?;
        Ok(Self {
            config,
            dice: fastrand::Rng::with_seed(config.seed),
            tried: 0,
            counts: BTreeMap::new(),
            broken: Vec::new(),
            skipped: None,
            dir,
            made: 0,
        })
    }

    /// One of three numbers, by scale.
    pub(super) fn times(&self, tiny: u32, quick: u32, full: u32) -> u32 {
        match self.config.scale {
            Scale::Tiny => tiny,
            Scale::Quick => quick,
            Scale::Full => full,
        }
    }

    /// A new empty directory.
    pub(super) fn fresh(&mut self) -> anyhow::Result<PathBuf> {
        self.made += 1;
        let dir = self.dir.join(self.made.to_string());
        fs::create_dir(&dir)?;
        Ok(dir)
    }

    pub(super) fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// Keeps the largest of some numbers.
    pub(super) fn at_least(&mut self, what: &'static str, number: u64) {
        let held = self.counts.entry(what).or_default();
        *held = number.max(*held);
    }

    /// A promise was broken.
    pub(super) fn break_promise(&mut self, how: impl Into<String>) {
        self.count("broken");
        if self.broken.len() < TOLD {
            self.broken.push(how.into());
        }
    }

    /// Another process of this program, doing `work` in `dir`. Its standard input
    /// and output are piped.
    pub(super) fn start(&self, work: Worker, dir: &Path) -> anyhow::Result<Child> {
        let mut command = Command::new(&self.config.program);
        command.args(["torture", "--worker", work.name(), "--dir"]);
        command.arg(dir);
        if self.config.planted {
            command.arg("--planted");
        }
        command.stdin(Stdio::piped()).stderr(Stdio::null());
        Ok(command.stdout(Stdio::piped()).spawn()?)
    }
}

/// Names of what is in a directory, in order.
pub(super) fn names(dir: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
