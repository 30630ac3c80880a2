//! The composition root: builds every part in the order of their dependencies,
//! and serves until told to stop.
//!
//! `start_up` opens the data and loads the newest board; `serving` joins what runs:
//! the threads of the jobs, backups, alerts and the site. `store_ports` and `read_model`
//! put the store behind the interfaces of lower layers, `site_ports` the operation.

mod accounts;
mod alerts;
mod backups;
mod champion;
mod config;
mod data_quality;
pub mod doctor;
mod job_thread;
mod model_card;
mod monitor;
mod post;
mod read_model;
pub mod search_index;
mod serving;
mod site_ports;
pub mod sources;
mod start_up;
mod store_ports;
mod subscriptions;

pub use accounts::console as accounts_at_the_console;
pub use alerts::sinks as alert_sinks;
pub use config::Config;
pub use read_model::catalog;
pub use serving::serve;
pub use start_up::{make_ready, search_index};
