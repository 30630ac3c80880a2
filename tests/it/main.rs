//! Integration tests, one module an area.

mod search;
mod search_quality;
