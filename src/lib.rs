//! A Fine Wine Dynasty: every minor-league prospect ranked with a calibrated,
//! explained probability of major-league success, in one program.
//!
//! Modules are listed in reading order; `tests/architecture.rs` holds the
//! direction of imports between them. ARCHITECTURE.md is the map.

pub mod domain;

pub mod clock;
pub mod data_dir;
pub mod deflate;
pub mod secret;

pub mod http;
pub mod jobs;
pub mod mail;
pub mod ml;
pub mod objects;
pub mod search;
pub mod simulate;
pub mod store;
pub mod work;

pub mod auth;
pub mod billing;
pub mod ingest;
pub mod rankings;

pub mod ops;
pub mod pipeline;
pub mod web;

pub mod app;
pub mod cli;
pub mod config;
