//! Why a request was not answered.

use jiff::Timestamp;

use super::address::PrivateAddress;

/// Why a request was not answered. Each message says what is the matter and what
/// happens next.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The day's requests are spent.
    #[error("the {limit} requests a day to {host} are spent: the next may be made at {resets}")]
    Budget {
        /// The host.
        host: String,
        /// Requests a day.
        limit: u32,
        /// When there are new ones.
        resets: Timestamp,
    },
    /// The host failed too often and is left alone.
    #[error("{host} has failed repeatedly and is left alone until {until}")]
    Resting {
        /// The host.
        host: String,
        /// When it is asked again.
        until: Timestamp,
    },
    /// The host wants a browser.
    #[error(
        "{host} answered with a challenge page instead of data: it does not want to be read by programs"
    )]
    Challenge {
        /// The host.
        host: String,
    },
    /// A redirect, which is never followed.
    #[error(
        "{url} redirects to {to}: redirects are refused; set the address the service gives now"
    )]
    Redirect {
        /// Address asked.
        url: String,
        /// Where it points, cut short.
        to: String,
    },
    /// The name leads to a private address.
    #[error("{host} leads to a private address, which is refused")]
    Private {
        /// The host.
        host: String,
    },
    /// The address is not on the list.
    #[error("{url} is not on the list of hosts that may be asked")]
    NotAllowed {
        /// Address asked.
        url: String,
    },
    /// A status that is not success.
    #[error("{url} answered with status {status}")]
    Status {
        /// Address asked.
        url: String,
        /// HTTP status.
        status: u16,
    },
    /// It took too long.
    #[error("{url} did not answer in time")]
    Timeout {
        /// Address asked.
        url: String,
    },
    /// The body is larger than allowed.
    #[error("the answer of {url} is larger than {limit} bytes")]
    TooLarge {
        /// Address asked.
        url: String,
        /// Largest body taken, in bytes.
        limit: usize,
    },
    /// The body can't be decoded.
    #[error("the answer of {url} can't be read: {reason}")]
    Encoding {
        /// Address asked.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Not the kind of answer wanted.
    #[error("{url} answered with a page instead of JSON")]
    NotJson {
        /// Address asked.
        url: String,
    },
    /// The connection failed.
    #[error("{url} can't be reached: {reason}")]
    Transport {
        /// Address asked.
        url: String,
        /// What the connection said.
        reason: String,
    },
    /// Budget or kept body could not be read or written.
    #[error("the request was not made, because its budget can't be kept: {0}")]
    Ledger(String),
}

impl HttpError {
    /// True when trying again at once may help.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Status { status, .. } => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            Self::Timeout { .. } | Self::Transport { .. } | Self::Encoding { .. } => true,
            // A page with status 200 is what proxies and maintenance modes send.
            Self::NotJson { .. } => true,
            _ => false,
        }
    }
}

/// What a failed connection means.
pub(super) fn failed(url: &str, error: &reqwest::Error) -> HttpError {
    let url = url.to_owned();
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    let causes: Vec<_> = causes.collect();
    if causes
        .iter()
        .any(|cause| cause.downcast_ref::<PrivateAddress>().is_some())
    {
        return HttpError::Private { host: url };
    }
    if error.is_timeout() {
        return HttpError::Timeout { url };
    }
    let reason = causes
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string);
    HttpError::Transport { url, reason }
}
