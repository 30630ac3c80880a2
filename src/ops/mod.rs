//! What the one who runs the server does: backups and restores, alerts, his token,
//! torture.

pub mod alerts;
pub mod backup;
pub mod supervision;
pub mod token;
pub mod torture;
