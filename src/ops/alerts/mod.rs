//! Telling the operator when something needs him: rules over what the server knows
//! of itself, a book of what he was told, and the ways to tell him.
//!
//! He is told of changes: once when an alert is raised, again each day while it
//! stays, once when it is over. The book is kept in the data directory, so that a
//! restart repeats nothing; whatever could not be sent is sent later.

mod mail;
mod message;
mod raised;
mod rules;
mod runner;
mod webhook;

pub use mail::{MailSink, Post};
pub use message::{Change, Message, Sink};
pub use raised::{Book, Raised};
pub use rules::{Condition, LateSource, Signals, conditions};
pub use runner::{AlertStatus, Alerts, AlertsConfig};
pub use webhook::Webhook;
