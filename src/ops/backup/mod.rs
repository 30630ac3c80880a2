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
mod step;
mod swap;
mod unpack;
mod verify;

pub use create::{BackupJob, Made, Origin};
pub use encryption::Key;
pub use error::{BackupError, Result};
pub use local_socket::connect;
pub use location::Location;
pub use manifest::{FORMAT, FileSum, MANIFEST, Manifest};
pub use offsite::LocalCopy;
pub use restore::{Restore, RestorePlan, Restored};
pub use retention::{Kept, Shelf, name_of};
pub use schedule::{BackupStatus, Schedule, ScheduleConfig, Scheduled};
pub use socket_server::SocketServer;
pub use step::{BackupStep, Watch, unwatched};
pub use swap::{recover, settle};
pub use verify::{Verified, verify};
