//! Integration tests: one binary, a module per area.

mod api;
mod backup;
mod browser;
mod cli;
mod daily;
mod disk_full;
mod doctor;
mod fangraphs;
mod faults;
mod import;
mod leaks;
mod lists;
mod mended_index;
mod migrations;
mod mlb;
mod models;
mod movers;
mod pages;
mod reviews;
mod search;
mod search_quality;
mod store;
mod support;
mod torture;
