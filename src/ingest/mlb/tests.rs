//! Whole answers, from bodies to the store.
