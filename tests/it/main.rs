//! Integration tests: one binary, a module per area.

mod browser;
mod search;
mod search_quality;

mod support {
    pub(crate) mod browser;
}
