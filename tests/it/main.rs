//! Integration tests, one module an area.

mod search_quality;
