//! Integration tests: one binary, a module per area.

mod api;
mod backup;
mod browser;
mod cli;
mod daily;
mod fangraphs;
mod import;
mod leaks;
mod lists;
mod mlb;
mod models;
mod movers;
mod ops_alerts;
mod ops_config;
mod ops_monitor;
mod ops_serving;
mod pages;
mod reviews;
mod search;
mod search_quality;
mod store;
mod support;
