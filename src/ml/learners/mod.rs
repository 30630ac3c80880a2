//! The learners: a linear base and oblivious trees, which are combined, and the
//! network that challenges them. Each stands alone and knows no feature.

pub(super) mod bins;
pub(super) mod boosting;
pub(super) mod forest;
pub(super) mod linear;
pub(super) mod network;
pub(super) mod network_training;
pub(super) mod quantile;
pub(super) mod shapley;
