//! FanGraphs' minor-league leaders: season figures that are kept beside ours and
//! only compared with them.

mod agreement;
mod keep;
mod row;

pub use agreement::compare;
pub use keep::{Players, import_answer, import_leaders};
