//! The two models that are combined, a linear base and oblivious trees, and the
//! network that challenges them.

pub(super) mod bins;
pub(super) mod boosting;
pub(super) mod forest;
pub(super) mod linear;
pub(super) mod network;
pub(super) mod quantile;
pub(super) mod shapley;
