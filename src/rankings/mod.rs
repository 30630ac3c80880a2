//! The read model: boards, profiles, comparisons and search, over store, models
//! and index.

pub mod view;
