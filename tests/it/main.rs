//! One binary of integration tests; a module per area.

mod api;
mod support;
