//! Telling a host something, once: whoever calls decides when to try again.

use reqwest::header;

use super::client::Client;
use super::error::{HttpError, failed};

impl Client {
    /// Sends `body` as JSON with `headers`; any success will do, and what the answer
    /// says is not read.
    ///
    /// # Errors
    /// When the host may not be asked, does not answer, or not with success.
    pub async fn post_json(
        &self,
        url: &str,
        body: Vec<u8>,
        headers: &[(&str, &str)],
    ) -> Result<(), HttpError> {
        let shared = &*self.shared;
        let (target, known) = shared.allowed(url)?;
        shared.admit(known).await?;
        let mut request = shared
            .inner
            .post(target)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let sent = request.send().await;
        let response = sent.map_err(|error| failed(url, &error))?;
        match response.status().is_success() {
            true => Ok(()),
            false => Err(shared.refusal(url, &response).error),
        }
    }
}
