//! Integration tests: one module per area.

mod browser;
mod support {
    pub(crate) mod browser;
}
