//! Integration tests: one binary, a module per area.

mod api;
mod backup;
mod browser;
mod cli;
mod import;
mod leaks;
mod models;
mod pages;
mod search;
mod search_quality;
mod store;
mod support;
