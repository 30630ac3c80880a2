//! What handlers take: everything a request says, read and checked.

mod board;
mod compare;
mod fine_wine;
mod form;
mod format;
mod here;
mod moment;
mod movers;
mod params;
mod path;
mod search;
mod sent;
mod shown;
mod viewer;

pub(super) use board::{BoardParams, BoardQuestion, FILTERS};
pub(super) use compare::{CompareParams, Comparison};
pub(super) use fine_wine::{FineWineParams, FineWineQuestion};
pub(super) use form::{Confirmed, FormSession, Submitted};
pub(super) use format::{Format, format};
pub(super) use here::Here;
pub(super) use moment::{AsOfParams, Moment, moment};
pub(super) use movers::MoversParams;
pub(super) use params::{Asked, Question, bad, fields, parse};
pub(super) use path::{ProspectPath, SeasonPath};
pub(super) use search::{SearchParams, SearchQuestion};
pub(super) use sent::Sent;
pub(super) use shown::Shown;
pub(super) use viewer::{Entitled, Jar, Viewer, closed, sign_in_cookies, sign_out_cookies};
