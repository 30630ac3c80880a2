//! What the one who runs the server does: backups and restores.

pub mod backup;
