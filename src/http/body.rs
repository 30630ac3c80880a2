//! Reading a body without being drowned by it.

use std::io::Read;

use reqwest::{Response, header};

use super::error::{HttpError, failed};

/// The whole body, decompressed, at most `limit` bytes at each stage.
pub(super) async fn read(
    response: Response,
    url: &str,
    limit: usize,
) -> Result<Vec<u8>, HttpError> {
    let coding = response.headers().get(header::CONTENT_ENCODING).cloned();
    let declared = response.content_length().unwrap_or(0);
    let too_large = || HttpError::TooLarge {
        url: url.to_owned(),
        limit,
    };
    if declared > limit as u64 {
        return Err(too_large());
    }
    let raw = collect(response, url, limit).await?;
    match coding.as_ref().map(|value| value.as_bytes()) {
        None | Some(b"" | b"identity") => Ok(raw),
        Some(b"gzip" | b"x-gzip") => gunzip(&raw, limit).map_err(|error| match error {
            None => too_large(),
            Some(reason) => HttpError::Encoding {
                url: url.to_owned(),
                reason,
            },
        }),
        Some(_) => Err(HttpError::Encoding {
            url: url.to_owned(),
            reason: "its compression was not asked for".to_owned(),
        }),
    }
}

async fn collect(mut response: Response, url: &str, limit: usize) -> Result<Vec<u8>, HttpError> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| failed(url, &error))?
    {
        if body.len() + chunk.len() > limit {
            return Err(HttpError::TooLarge {
                url: url.to_owned(),
                limit,
            });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// `Err(None)` when there is more than `limit`.
fn gunzip(raw: &[u8], limit: usize) -> Result<Vec<u8>, Option<String>> {
    let mut body = Vec::new();
    let decoder = flate2::read::MultiGzDecoder::new(raw);
    decoder
        .take(limit as u64 + 1)
        .read_to_end(&mut body)
        .map_err(|error| Some(format!("bad gzip: {error}")))?;
    if body.len() > limit {
        Err(None)
    } else {
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::gunzip;

    #[test]
    fn a_bomb_is_stopped_at_the_limit() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![0; 1 << 20]).expect("in memory");
        let bomb = encoder.finish().expect("in memory");
        assert!(bomb.len() < 5000);
        assert_eq!(gunzip(&bomb, 1000), Err(None));
        assert_eq!(gunzip(&bomb, 1 << 20).map(|body| body.len()), Ok(1 << 20));
        assert!(matches!(gunzip(&bomb[..100], 1 << 20), Err(Some(_))));
    }
}
