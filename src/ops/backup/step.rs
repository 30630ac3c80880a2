//! The steps of a backup and of a restore, for whoever watches.

/// What a backup or restore has just done. Callers show these, and tests take
/// the machine away between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupStep {
    /// The store was copied and the snapshot let go.
    Copied,
    /// The archive is on disk under a temporary name.
    Archived,
    /// The archive was read back and everything agreed.
    Verified,
    /// The archive has its name.
    Named,
    /// The archive's members are on disk beside the data.
    Unpacked,
    /// The copy of the store is whole.
    Checked,
    /// What is made from the data was made: it is ready to be served.
    Prepared,
    /// From here on the restore will be finished, come what may.
    Decided,
    /// One name of the old data moved out of the way.
    MovedOut,
    /// One name of the new data took its place.
    MovedIn,
    /// The decision was carried out.
    Swapped,
}

/// Called after each step.
pub type Watch<'a> = &'a (dyn Fn(BackupStep) + Sync);

/// A watch that does nothing.
pub fn unwatched(_: BackupStep) {}
