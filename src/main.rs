//! The `afwd` program.

fn main() {}
