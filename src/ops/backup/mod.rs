//! Backups that can be trusted: made, verified, restored.
//!
//! A backup is a tar in zstd, and in age when it is encrypted, so that
//! `age -d | zstd -d | tar x` opens it without this program. Its members have
//! fixed names: `manifest.json` first, then `afwd.redb`, then
//! `models/ID/FILE`. The search index is not in it: it is made again.
//!
//! Invariants:
//! - the store is copied from one snapshot to the local disk first; writers are
//!   never blocked and no slow reader holds a snapshot;
//! - a backup has its name only after it was read back and every digest agreed;
//!   until then it is a locked temporary file, which the next run clears away
//!   when its maker has died;
//! - nothing that exists is overwritten;
//! - reading believes nothing: members must be those of the manifest, in order
//!   and size; no path comes from the archive; memory is bounded;
//! - a restore leaves the old or the new data, whenever it is interrupted
//!   ([`recover`] finishes or clears away), and keeps the old until [`settle`].
//!
//! Start at `create.rs` and `restore.rs`; `swap.rs` has the states of a restore.

mod archive;
mod create;
mod encryption;
mod error;
pub mod hostile;
mod local_socket;
mod location;
mod manifest;
mod offsite;
mod restore;
mod retention;
mod schedule;
mod scratch;
mod socket_server;
mod swap;
mod unpack;
mod verify;

pub use create::{Job, Made, Origin};
pub use encryption::Key;
pub use error::BackupError;
pub use local_socket::connect;
pub use location::Location;
pub use manifest::{FORMAT, FileSum, MANIFEST, Manifest};
pub use offsite::LocalCopy;
pub use restore::{Plan, Restore, Restored};
pub use retention::{Kept, Shelf, name_of};
pub use schedule::{Schedule, ScheduleConfig, Status};
pub use socket_server::SocketServer;
pub use swap::{recover, settle};
pub use verify::{Verified, verify};

/// Result of an operation on backups.
pub type Result<T> = std::result::Result<T, BackupError>;

/// What a backup or restore has just done. Callers show these, and tests take
/// the machine away between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
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
pub type Watch<'a> = &'a (dyn Fn(Step) + Sync);

/// A watch that does nothing.
pub fn unwatched(_: Step) {}
