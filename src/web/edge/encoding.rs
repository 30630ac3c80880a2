//! The form of a body that a client takes (RFC 9110, section 12.5.3).

use axum::http::{HeaderMap, header};

use crate::web::response_cache::Encoding;

/// The form the client likes best, the smaller one of equals. A client that takes none
/// of ours gets the plain body all the same: better than none.
pub(super) fn accepted(headers: &HeaderMap) -> Encoding {
    let mut liked = Liked::default();
    let lists = headers.get_all(header::ACCEPT_ENCODING).iter();
    for list in lists.filter_map(|list| list.to_str().ok()) {
        for item in list.split(',') {
            liked.note(item);
        }
    }
    liked.best()
}

/// Weights by form, from 0 (refused) to 1; `None` for what is not named.
#[derive(Default)]
struct Liked {
    brotli: Option<f32>,
    gzip: Option<f32>,
    identity: Option<f32>,
    others: Option<f32>,
}

impl Liked {
    fn note(&mut self, item: &str) {
        let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
        let is = |known: &str| name.trim().eq_ignore_ascii_case(known);
        let place = match () {
            () if is("br") => &mut self.brotli,
            () if is("gzip") || is("x-gzip") => &mut self.gzip,
            () if is("identity") => &mut self.identity,
            () if is("*") => &mut self.others,
            () => return,
        };
        *place = Some(weight(parameters));
    }

    fn best(&self) -> Encoding {
        let compressed = |named: Option<f32>| named.or(self.others).unwrap_or(0.0);
        let (brotli, gzip) = (compressed(self.brotli), compressed(self.gzip));
        // The plain body is taken unless it is refused, but liked only when it is named.
        let identity = self.identity.unwrap_or(0.0);
        if brotli > 0.0 && brotli >= gzip && brotli >= identity {
            Encoding::Brotli
        } else if gzip > 0.0 && gzip >= identity {
            Encoding::Gzip
        } else {
            Encoding::Identity
        }
    }
}

/// The weight `q=`; 1 without one, and for what is no number.
fn weight(parameters: &str) -> f32 {
    let mut named = parameters.split(';').filter_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then_some(value)
    });
    let weight = named.next().and_then(|value| value.trim().parse().ok());
    weight.unwrap_or(1.0_f32).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::{Encoding, accepted};

    #[test]
    fn the_best_liked_form_is_sent() {
        use Encoding::{Brotli, Gzip, Identity};
        for (asked, form) in [
            ("", Identity),
            ("br, gzip", Brotli),
            ("gzip, deflate, br, zstd", Brotli),
            ("GZIP", Gzip),
            ("gzip;q=1.0, br;q=0.5", Gzip),
            ("gzip;q=0.5, br; q=0.8", Brotli),
            ("br;q=0, gzip", Gzip),
            ("br;q=0.000, gzip;q=0", Identity),
            ("*", Brotli),
            ("*;q=0", Identity),
            ("br;q=0, *", Gzip),
            ("identity, br;q=0.1", Identity),
            ("identity;q=0.5, gzip;q=0.5", Gzip),
            ("zstd", Identity),
            ("br;q=x", Brotli),
        ] {
            let mut headers = HeaderMap::new();
            headers.append("accept-encoding", asked.parse().expect("a value"));
            assert_eq!(accepted(&headers), form, "{asked}");
        }
        assert_eq!(accepted(&HeaderMap::new()), Identity);
    }
}
