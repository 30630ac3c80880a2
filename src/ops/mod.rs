//! What the one who runs the server does: backups, restores, torture.

pub mod backup;
pub mod torture;
