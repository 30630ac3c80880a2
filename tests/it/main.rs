//! Integration tests: one binary, a module per area.

mod browser;
mod import;
mod search;
mod search_quality;
mod store;

mod support {
    pub(crate) mod browser;
}
