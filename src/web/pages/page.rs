//! What a page's handler answers.

use crate::web::error::WebError;
use crate::web::whose::Public;

/// A page that is the same for everybody, or why there is none.
pub(super) type Page = Result<Public, WebError>;
