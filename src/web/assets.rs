//! Styles, scripts and icons, embedded in the program and named by their
//! content, so that browsers keep them for ever.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::error::WebError;

/// Every embedded file: its name and content.
const FILES: &[(&str, &[u8])] = &[
    ("app.css", include_bytes!("../../assets/app.css")),
    ("app.js", include_bytes!("../../assets/js/app.js")),
    ("icon.svg", include_bytes!("../../assets/icon.svg")),
];

static ASSETS: LazyLock<Assets> = LazyLock::new(|| Assets::new(FILES));

/// Files by plain name and by name with hash.
struct Assets {
    urls: HashMap<&'static str, String>,
    files: HashMap<String, (&'static str, Bytes)>,
}

impl Assets {
    fn new(files: &'static [(&'static str, &'static [u8])]) -> Self {
        let mut assets = Self {
            urls: HashMap::new(),
            files: HashMap::new(),
        };
        for &(name, content) in files {
            let hash = blake3::hash(content).to_hex();
            let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
            let file = format!("{stem}.{}.{extension}", &hash[..12]);
            assets.urls.insert(name, format!("/assets/{file}"));
            assets
                .files
                .insert(file, (content_type(extension), Bytes::from_static(content)));
        }
        assets
    }
}

/// The address of the embedded file `name` (`app.css`); an unknown name gives
/// an address that answers 404.
pub(super) fn asset_url(name: &str) -> String {
    ASSETS
        .urls
        .get(name)
        .cloned()
        .unwrap_or_else(|| format!("/assets/{name}"))
}

/// Serves an embedded file.
pub(super) async fn show(Path(file): Path<String>) -> Result<Response, WebError> {
    let found = ASSETS.files.get(&file);
    let (content_type, body) = found.ok_or(WebError::from_status(StatusCode::NOT_FOUND))?;
    let forever = "public, max-age=31536000, immutable";
    let headers = [
        (header::CONTENT_TYPE, *content_type),
        (header::CACHE_CONTROL, forever),
    ];
    Ok((headers, body.clone()).into_response())
}

fn content_type(extension: &str) -> &'static str {
    match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::Assets;

    #[test]
    fn names_follow_the_content() {
        let assets = Assets::new(&[("app.css", b"a{}"), ("x.js", b"1")]);
        let url = &assets.urls["app.css"];
        assert!(url.starts_with("/assets/app.") && url.ends_with(".css"));
        let (kind, body) = &assets.files[url.trim_start_matches("/assets/")];
        assert_eq!((*kind, &body[..]), ("text/css; charset=utf-8", &b"a{}"[..]));
    }
}
