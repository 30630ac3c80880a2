//! Asking, once the request may be made.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use reqwest::header::{self, HeaderMap};
use reqwest::{Response, StatusCode, Url};

use super::address::{PublicOnly, is_public};
use super::breaker::Breaker;
use super::config::{Config, Host};
use super::error::{HttpError, failed};
use super::pace::Pace;
use super::{Kept, Ledger, LedgerError, body, retry};
use crate::clock::Clock;

/// Longest text of a redirect's target that is repeated in an error.
const LONGEST_TARGET: usize = 200;

/// The client. Clones share paces, budgets and connections.
#[derive(Clone)]
pub struct Client {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    config: Config,
    hosts: Vec<Known>,
    pub(super) inner: reqwest::Client,
    ledger: Arc<dyn Ledger>,
    clock: Arc<dyn Clock>,
}

pub(super) struct Known {
    host: Host,
    origin: url::Origin,
    pace: Pace,
    breaker: Breaker,
}

/// What kind of answer makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// JSON in UTF-8.
    Json,
    /// Any text in UTF-8.
    Text,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The body, decompressed.
    pub body: Vec<u8>,
    /// True when the host said that the kept body is still right.
    pub unchanged: bool,
}

impl Client {
    /// A client for the hosts of `config`.
    ///
    /// # Errors
    /// When an origin can't be read, or TLS can't be set up.
    pub fn new(
        config: Config,
        ledger: Arc<dyn Ledger>,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let hosts = config
            .hosts
            .iter()
            .map(|host| Known::new(host, &config))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let trusted = hosts.iter().filter(|known| known.host.private);
        let trusted = trusted.filter_map(|known| match &known.origin {
            url::Origin::Tuple(_, host, _) => Some(host.to_string()),
            url::Origin::Opaque(_) => None,
        });
        let inner = reqwest::Client::builder()
            .user_agent(&config.user_agent)
            .connect_timeout(config.connect_timeout)
            .read_timeout(config.read_timeout)
            .timeout(config.total_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(PublicOnly {
                trusted: trusted.collect(),
            }))
            .build()?;
        Ok(Self {
            shared: Arc::new(Shared {
                config,
                hosts,
                inner,
                ledger,
                clock,
            }),
        })
    }

    /// Asks for `url`.
    ///
    /// # Errors
    /// When the host may not be asked, does not answer, or not as wanted.
    pub async fn get(&self, url: &str, wants: Wants) -> Result<Reply, HttpError> {
        self.ask(url, wants, None).await
    }

    /// Asks for `url` unless it has not changed since it was last asked for this
    /// way; the body is kept for the next time.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn get_if_changed(&self, url: &str, wants: Wants) -> Result<Reply, HttpError> {
        let kept = self.shared.ledger.kept(url).map_err(ledger)?;
        self.ask(url, wants, Some(kept)).await
    }

    /// `kept` is `Some` when the body is to be kept.
    async fn ask(
        &self,
        url: &str,
        wants: Wants,
        kept: Option<Option<Kept>>,
    ) -> Result<Reply, HttpError> {
        let shared = &*self.shared;
        let (target, known) = shared.allowed(url)?;
        let mut tried = 0;
        loop {
            tried += 1;
            shared.admit(known).await?;
            let error = match shared.attempt(&target, wants, kept.as_ref()).await {
                Ok(reply) => {
                    known.breaker.succeeded();
                    return Ok(reply);
                }
                Err(error) => error,
            };
            let now = shared.clock.now();
            if error.error.is_passing() || matches!(error.error, HttpError::Challenge { .. }) {
                known.breaker.failed(now);
            }
            let pause = match error.retry_after {
                Some(asked) if asked > shared.config.patience => {
                    known.breaker.rest_for(now, asked);
                    return Err(error.error);
                }
                Some(asked) => asked,
                None => retry::pause(shared.config.pause, tried),
            };
            if tried >= shared.config.attempts || !error.error.is_passing() {
                return Err(error.error);
            }
            tokio::time::sleep(pause).await;
        }
    }
}

/// A failed attempt, and how long the host wants to be left alone.
pub(super) struct Failed {
    pub(super) error: HttpError,
    retry_after: Option<Duration>,
}

impl From<HttpError> for Failed {
    fn from(error: HttpError) -> Self {
        Self {
            error,
            retry_after: None,
        }
    }
}

impl Known {
    fn new(host: &Host, config: &Config) -> anyhow::Result<Self> {
        let url = Url::parse(&host.origin).map_err(|error| {
            anyhow::anyhow!("`{}` is no address of a host: {error}", host.origin)
        })?;
        anyhow::ensure!(
            matches!(url.scheme(), "https" | "http") && url.origin().is_tuple(),
            "`{}` is no address of a host: give something like https://statsapi.mlb.com",
            host.origin
        );
        anyhow::ensure!(
            url.scheme() == "https" || host.private,
            "`{}` is not encrypted: only a private host may be asked over http",
            host.origin
        );
        Ok(Self {
            host: host.clone(),
            origin: url.origin(),
            pace: Pace::new(host.per_second),
            breaker: Breaker::new(config.tolerated_failures, config.rest),
        })
    }
}

impl Shared {
    pub(super) fn allowed(&self, url: &str) -> Result<(Url, &Known), HttpError> {
        let not_allowed = || HttpError::NotAllowed {
            url: url.to_owned(),
        };
        let target = Url::parse(url).map_err(|_| not_allowed())?;
        let plain = target.username().is_empty() && target.password().is_none();
        let known = self
            .hosts
            .iter()
            .find(|known| plain && known.origin == target.origin());
        let known = known.ok_or_else(not_allowed)?;
        let literal = match target.host() {
            Some(url::Host::Ipv4(v4)) => Some(v4.into()),
            Some(url::Host::Ipv6(v6)) => Some(v6.into()),
            _ => None,
        };
        // Literal addresses pass no resolver.
        if literal.is_some_and(|address| !known.host.private && !is_public(address)) {
            return Err(HttpError::Private {
                host: known.host.origin.clone(),
            });
        }
        Ok((target, known))
    }

    /// Waits for the host's pace and spends one request of its budget.
    pub(super) async fn admit(&self, known: &Known) -> Result<(), HttpError> {
        let host = &known.host.origin;
        let now = self.clock.now();
        known
            .breaker
            .check(now)
            .map_err(|until| HttpError::Resting {
                host: host.clone(),
                until,
            })?;
        known.pace.wait().await;
        let today = self.clock.now().to_zoned(TimeZone::UTC).date();
        if self
            .ledger
            .spend(host, today, known.host.per_day)
            .map_err(ledger)?
        {
            return Ok(());
        }
        let tomorrow = today
            .tomorrow()
            .ok()
            .and_then(|day| day.to_zoned(TimeZone::UTC).ok());
        Err(HttpError::Budget {
            host: host.clone(),
            limit: known.host.per_day,
            resets: tomorrow.map_or(Timestamp::MAX, |day| day.timestamp()),
        })
    }

    async fn attempt(
        &self,
        url: &Url,
        wants: Wants,
        kept: Option<&Option<Kept>>,
    ) -> Result<Reply, Failed> {
        let mut request = self
            .inner
            .get(url.clone())
            .header(header::ACCEPT_ENCODING, "gzip");
        request = match wants {
            Wants::Json => request.header(header::ACCEPT, "application/json"),
            Wants::Text => request.header(header::ACCEPT, "text/*, */*;q=0.1"),
        };
        let known = kept.and_then(Option::as_ref);
        if let Some(known) = known {
            request = conditional(request, known);
        }
        let response = request
            .send()
            .await
            .map_err(|error| failed(url.as_str(), &error))?;
        let status = response.status();
        if let (StatusCode::NOT_MODIFIED, Some(known)) = (status, known) {
            return Ok(Reply {
                body: known.body.clone(),
                unchanged: true,
            });
        }
        if status != StatusCode::OK {
            return Err(self.refusal(url.as_str(), &response));
        }
        let headers = response.headers().clone();
        let body = body::read(response, url.as_str(), self.config.largest_body).await?;
        judge(url.as_str(), wants, &headers, &body)?;
        if kept.is_some() {
            self.ledger
                .keep(url.as_str(), &keepable(&headers, &body))
                .map_err(ledger)?;
        }
        Ok(Reply {
            body,
            unchanged: false,
        })
    }

    pub(super) fn refusal(&self, url: &str, response: &Response) -> Failed {
        let (status, headers) = (response.status(), response.headers());
        let text =
            |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        if status.is_redirection() {
            let to = text(header::LOCATION).unwrap_or("nowhere");
            let to = to.chars().take(LONGEST_TARGET).collect();
            return HttpError::Redirect {
                url: url.to_owned(),
                to,
            }
            .into();
        }
        let forbidden = matches!(status.as_u16(), 403 | 503);
        if forbidden && (headers.contains_key("cf-mitigated") || is_html(headers)) {
            let host = response.url().host_str().unwrap_or_default().to_owned();
            return HttpError::Challenge { host }.into();
        }
        Failed {
            error: HttpError::Status {
                url: url.to_owned(),
                status: status.as_u16(),
            },
            retry_after: retry::asked(text(header::RETRY_AFTER), self.clock.now()),
        }
    }
}

fn conditional(request: reqwest::RequestBuilder, kept: &Kept) -> reqwest::RequestBuilder {
    let pairs = [
        (header::IF_NONE_MATCH, &kept.etag),
        (header::IF_MODIFIED_SINCE, &kept.last_modified),
    ];
    let said = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    said.fold(request, |request, (name, value)| {
        request.header(name, value)
    })
}

fn keepable(headers: &HeaderMap, body: &[u8]) -> Kept {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &header::HeaderValue| value.to_str().ok())
    };
    Kept {
        etag: text(header::ETAG).unwrap_or_default().to_owned(),
        last_modified: text(header::LAST_MODIFIED).unwrap_or_default().to_owned(),
        body: body.to_vec(),
    }
}

/// Refuses a body that is not of the wanted kind.
fn judge(url: &str, wants: Wants, headers: &HeaderMap, body: &[u8]) -> Result<(), HttpError> {
    if std::str::from_utf8(body).is_err() {
        let reason = "it is not UTF-8".to_owned();
        return Err(HttpError::Encoding {
            url: url.to_owned(),
            reason,
        });
    }
    let page = is_html(headers) || body.trim_ascii_start().starts_with(b"<");
    if wants == Wants::Json && page {
        return Err(HttpError::NotJson {
            url: url.to_owned(),
        });
    }
    Ok(())
}

fn is_html(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| {
        kind.trim_start()
            .to_ascii_lowercase()
            .starts_with("text/html")
    })
}

fn ledger(error: LedgerError) -> HttpError {
    HttpError::Ledger(error.to_string())
}
