//! The data directory: may it be used, is there room, what was left in it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::{Diagnosis, Doctor};
use crate::data_dir;
use crate::domain::Severity;
use crate::ops::backup::recover;
use crate::store::{Disk, Files, Reserve, Store};

impl Doctor<'_> {
    /// Whether the directory is there, writable, and closed to others.
    pub(super) fn directory(&self) -> Diagnosis {
        const CHECK: &str = "directory";
        let name = self.data.display();
        let meta = match fs::metadata(self.data) {
            Ok(meta) if meta.is_dir() => meta,
            Ok(_) => {
                let what = format!("{name} is no directory");
                return Diagnosis::new(CHECK, Severity::Critical, what)
                    .run("give another with --data");
            }
            Err(error) => {
                let what = format!("{name} can't be used: {error}");
                return Diagnosis::new(CHECK, Severity::Warning, what)
                    .run("give another with --data; afwd import and afwd serve make it");
            }
        };
        if rustix::fs::access(self.data, rustix::fs::Access::WRITE_OK).is_err() {
            let what = format!("{name} can't be written by this user");
            return Diagnosis::new(CHECK, Severity::Critical, what)
                .run(format!("chown it to the user that runs afwd: {name}"));
        }
        if meta.permissions().mode() & 0o002 != 0 {
            let what = format!("everybody on this machine can write in {name}");
            return Diagnosis::new(CHECK, Severity::Warning, what).run(format!("chmod o-w {name}"));
        }
        Diagnosis::fine(CHECK, format!("{name} can be used"))
    }

    /// Whether there is room for writing and for a restore.
    pub(super) fn disk(&self) -> Diagnosis {
        const CHECK: &str = "disk";
        let path = self.data.join(data_dir::STORE);
        let place = [path.as_path(), self.data].into_iter().find(|p| p.exists());
        let Some(Ok(free)) = place.map(|place| Files.free(place)) else {
            return Diagnosis::new(CHECK, Severity::Info, "the free space can't be told");
        };
        let size = fs::metadata(&path).map_or(0, |meta| meta.len());
        let reserve = Reserve::Usual.of(size);
        let said = format!(
            "{} MB are free, the store has {} MB",
            free >> 20,
            size >> 20
        );
        let run = "make room on the disk, or move the data to a larger one";
        if free < reserve {
            let what = format!("{said}: nothing is written below {} MB", reserve >> 20);
            Diagnosis::new(CHECK, Severity::Critical, what).run(run)
        } else if free < reserve + 2 * size {
            let what = format!("{said}: too little for a backup or restore on this disk");
            Diagnosis::new(CHECK, Severity::Warning, what).run(run)
        } else {
            Diagnosis::fine(CHECK, said)
        }
    }

    /// What interrupted runs left, and copies that take room.
    pub(super) fn leftovers(&self) -> Vec<Diagnosis> {
        const CHECK: &str = "leftovers";
        let left = self.entries(data_dir::is_left_over);
        let mut findings = Vec::new();
        if !left.is_empty() {
            let decided = left
                .iter()
                .any(|path| path.ends_with(data_dir::RESTORE_INTENT));
            let what = if decided {
                "a restore was interrupted after it was decided; it is finished before the store \
                 is opened"
                    .to_owned()
            } else {
                format!("{} temporary files of interrupted runs", left.len())
            };
            let finding = Diagnosis::new(CHECK, Severity::Warning, what);
            findings.push(match self.fix.then(|| recover(self.data)) {
                Some(Ok(())) => finding.fixed(),
                Some(Err(error)) => finding.run(error.to_string()),
                None => finding.run("afwd doctor --fix, or just start the server"),
            });
        }
        findings.extend(self.unfinished());
        let kept = self.entries(|name| {
            name.starts_with(data_dir::PREVIOUS) || data_dir::is_copy_before_migration(name)
        });
        for path in kept {
            let what = format!("{} is kept to go back to", path.display());
            let kept = Diagnosis::new(CHECK, Severity::Info, what);
            findings.push(kept.run("delete it once you are sure that you need it no more"));
        }
        findings
    }

    /// Stores and copies that were being made when their maker was killed.
    fn unfinished(&self) -> Option<Diagnosis> {
        let left = self.entries(data_dir::is_unfinished_store);
        if left.is_empty() {
            return None;
        }
        let what = format!("{} unfinished copies of the store", left.len());
        let finding = Diagnosis::new("leftovers", Severity::Warning, what);
        if !self.fix {
            return Some(finding.run("afwd doctor --fix"));
        }
        // Whoever makes one holds the store, if there is one.
        let held = Store::look(&crate::store::Config::new(self.data));
        if matches!(held, Err(crate::store::OpenError::AlreadyOpen(_))) {
            return Some(finding.run("afwd doctor --fix, once no other afwd has the store open"));
        }
        let failed = left.iter().find_map(|path| fs::remove_file(path).err());
        Some(match failed {
            None => finding.fixed(),
            Some(error) => finding.run(error.to_string()),
        })
    }

    fn entries(&self, wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.data).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries
            .filter(|entry| wanted(&entry.file_name().to_string_lossy()))
            .map(|entry| entry.path())
            .collect();
        paths.sort();
        paths
    }
}
