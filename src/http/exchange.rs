//! One request to a service that one has an account with, and its whole answer.

use reqwest::{Method, header};

use super::body;
use super::client::Client;
use super::error::{HttpError, failed};
use crate::secret::Secret;

/// What is asked, once: whoever asks decides when to try again.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// Method and address.
    pub method: Verb,
    /// The address.
    pub url: &'a str,
    /// Sent as `Authorization: Bearer`.
    pub key: &'a Secret,
    /// Other headers.
    pub headers: &'a [(&'a str, &'a str)],
    /// Fields of a form; none for a request without a body.
    pub form: &'a [(String, String)],
}

/// Methods such services use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Reads.
    Get,
    /// Makes or changes.
    Post,
    /// Ends.
    Delete,
}

/// Whatever the service answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// Its own name of the request, for whoever asks the service about it.
    pub request_id: String,
}

impl Client {
    /// Asks, and reads the answer whatever its status is.
    ///
    /// # Errors
    /// When the host may not be asked, does not answer, redirects, or says too much.
    pub async fn exchange(&self, asked: Exchange<'_>) -> Result<Answered, HttpError> {
        let shared = &*self.shared;
        let (target, known) = shared.allowed(asked.url)?;
        shared.admit(known).await?;
        let method = match asked.method {
            Verb::Get => Method::GET,
            Verb::Post => Method::POST,
            Verb::Delete => Method::DELETE,
        };
        let mut request = shared
            .inner
            .request(method, target)
            .bearer_auth(asked.key.expose())
            .header(header::ACCEPT, "application/json");
        for (name, value) in asked.headers {
            request = request.header(*name, *value);
        }
        if asked.method == Verb::Post {
            let form = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(asked.form)
                .finish();
            request = request
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form);
        }
        let sent = request.send().await;
        let response = sent.map_err(|error| failed(asked.url, &error))?;
        let status = response.status();
        if status.is_redirection() {
            return Err(shared.refusal(asked.url, &response).error);
        }
        let request_id = response.headers().get("request-id");
        let request_id = request_id.and_then(|id| id.to_str().ok()).unwrap_or("");
        let request_id = request_id.chars().take(LONGEST_ID).collect();
        Ok(Answered {
            status: status.as_u16(),
            body: body::read(response, asked.url, LARGEST).await?,
            request_id,
        })
    }
}

/// Largest answer, in bytes.
const LARGEST: usize = 1 << 20;
/// Longest name of a request.
const LONGEST_ID: usize = 100;
