//! Tokens that others made, or changed: none is believed.

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::{AccessTokens, Statement, TokenRefused};
use crate::auth::keys::KeyRing;
use crate::domain::UserId;
use crate::secret::hex;

const NOW: Timestamp = Timestamp::constant(1_780_000_000, 0);
const SAYS: Statement = Statement {
    user: UserId(7),
    session: 8,
    epoch: 9,
};

fn after(seconds: i64) -> Timestamp {
    NOW + SignedDuration::from_secs(seconds)
}

/// The installation, its keys and one token of its.
fn made() -> (AccessTokens, KeyRing, String) {
    let (tokens, keys) = (AccessTokens::of("here"), KeyRing::new(NOW).expect("a key"));
    let token = tokens
        .make(&keys, &SAYS, NOW, after(100_000))
        .expect("a token");
    let token = token.expose().to_owned();
    (tokens, keys, token)
}

fn claims() -> Value {
    let now = NOW.as_second();
    json!({
        "iss": "afwd", "aud": "afwd:here", "sub": UserId(7).to_string(),
        "sid": format!("{:032x}", 8), "epoch": 9, "jti": "1",
        "iat": now, "nbf": now, "exp": now + 900,
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().expect("an object").remove(name);
    claims
}

fn header() -> Header {
    Header {
        typ: Some("at+jwt".to_owned()),
        kid: Some("1".to_owned()),
        ..Header::new(Algorithm::HS256)
    }
}

fn signed(header: &Header, claims: &Value, keys: &KeyRing) -> String {
    let (_, signer) = keys.signer().expect("a key");
    encode(header, claims, signer).expect("a token")
}

/// `part.part.part` with base64 of these texts, signed by nobody.
fn raw(header: &str, claims: &str, signature: &str) -> String {
    let (header, claims) = (base64(header.as_bytes()), base64(claims.as_bytes()));
    format!("{header}.{claims}.{signature}")
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let all = chunk
            .iter()
            .fold(0_u32, |all, byte| all << 8 | u32::from(*byte));
        let all = all << (8 * (3 - chunk.len()));
        for digit in 0..=chunk.len() {
            let at = all >> (18 - 6 * digit) & 63;
            text.push(char::from(DIGITS[at as usize]));
        }
    }
    text
}

#[test]
fn a_token_is_read_back_while_it_lives_and_for_five_seconds_more() {
    let (tokens, keys, token) = made();
    for seconds in [-5, 0, 900, 905] {
        assert_eq!(
            tokens.read(&keys, &token, after(seconds)),
            Ok(SAYS),
            "{seconds}"
        );
    }
    assert_eq!(
        tokens.read(&keys, &token, after(906)),
        Err(TokenRefused::Expired)
    );
    assert_eq!(
        tokens.read(&keys, &token, after(-6)),
        Err(TokenRefused::Invalid)
    );
    let own = signed(&header(), &claims(), &keys);
    assert_eq!(
        tokens.read(&keys, &own, NOW),
        Ok(SAYS),
        "forged ones differ in one thing"
    );
}

#[test]
fn a_token_ends_with_its_session() {
    let (tokens, keys, _) = made();
    let token = tokens.make(&keys, &SAYS, NOW, after(60)).expect("a token");
    assert_eq!(tokens.read(&keys, token.expose(), after(65)), Ok(SAYS));
    let read = tokens.read(&keys, token.expose(), after(66));
    assert_eq!(read, Err(TokenRefused::Expired));
}

#[test]
fn none_of_three_hundred_forged_tokens_is_believed() {
    let (tokens, keys, good) = made();
    let mut forged = Vec::new();
    forged.extend(wrong_headers(&keys));
    forged.extend(
        wrong_claims()
            .iter()
            .map(|claims| signed(&header(), claims, &keys)),
    );
    forged.extend(of_other_keys());
    forged.extend(unsigned(&good));
    forged.extend(altered(&good));
    assert!(forged.len() >= 300, "{}", forged.len());
    for token in &forged {
        assert_eq!(
            tokens.read(&keys, token, NOW),
            Err(TokenRefused::Invalid),
            "{token}"
        );
    }
    let there = AccessTokens::of("there");
    assert_eq!(there.read(&keys, &good, NOW), Err(TokenRefused::Invalid));
}

/// Right claims, rightly signed, under headers that are not ours.
fn wrong_headers(keys: &KeyRing) -> Vec<String> {
    let some = || Some("https://evil.example/keys".to_owned());
    let mut headers = vec![
        Header {
            typ: None,
            ..header()
        },
        Header {
            kid: None,
            ..header()
        },
        Header {
            jku: some(),
            ..header()
        },
        Header {
            x5u: some(),
            ..header()
        },
        Header {
            x5c: Some(vec!["AAAA".to_owned()]),
            ..header()
        },
        Header {
            x5t: some(),
            ..header()
        },
        Header {
            url: some(),
            ..header()
        },
        Header {
            nonce: some(),
            ..header()
        },
        Header {
            cty: Some("JWT".to_owned()),
            ..header()
        },
        Header {
            crit: Some(vec!["exp".to_owned()]),
            ..header()
        },
    ];
    for typ in [
        "JWT",
        "jwt",
        "at+JWT",
        "AT+JWT",
        "application/at+jwt",
        "rt+jwt",
        "",
        "at+jwt ",
    ] {
        headers.push(Header {
            typ: Some(typ.to_owned()),
            ..header()
        });
    }
    for kid in [
        "0",
        "2",
        "-1",
        "",
        "01x",
        "../1",
        "../../dev/null",
        "1\0",
        "1' OR '1'='1",
        "4294967297",
    ] {
        headers.push(Header {
            kid: Some(kid.to_owned()),
            ..header()
        });
    }
    let mut tokens: Vec<String> = headers
        .iter()
        .map(|header| signed(header, &claims(), keys))
        .collect();
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        let header = Header {
            alg: algorithm,
            ..header()
        };
        tokens.push(signed(&header, &claims(), keys));
    }
    tokens
}

/// Claims that are missing, of another type, or say something else.
fn wrong_claims() -> Vec<Value> {
    let now = NOW.as_second();
    let names = [
        "iss", "aud", "sub", "sid", "epoch", "jti", "iat", "nbf", "exp",
    ];
    let mut all: Vec<Value> = names.iter().map(|name| without(name)).collect();
    for name in names {
        for value in [
            json!(null),
            json!([]),
            json!({}),
            json!(true),
            json!(-1.5),
            json!(""),
        ] {
            all.push(with(name, value));
        }
    }
    for name in ["iat", "nbf", "exp", "epoch"] {
        for value in ["999", "1780000000", "0x7fffffff", "1e10"] {
            all.push(with(name, json!(value)));
        }
        all.push(with(name, json!(1.5)));
    }
    let others = [
        ("exp", json!(i64::MAX)),
        ("exp", json!(u64::MAX)),
        ("exp", json!(1e300)),
        ("exp", json!(now + 901)),
        ("exp", json!(now - 1)),
        ("exp", json!(i64::MIN)),
        ("nbf", json!(now + 6)),
        ("nbf", json!(now + 900)),
        ("iat", json!(now + 6)),
        ("iat", json!(now - 1)),
        ("iss", json!("evil")),
        ("iss", json!(["afwd"])),
        ("iss", json!("AFWD")),
        ("aud", json!("afwd:there")),
        ("aud", json!(["afwd:here"])),
        ("aud", json!(["afwd:here", "afwd:there"])),
        ("aud", json!("afwd")),
        ("aud", json!("*")),
        ("sub", json!("7")),
        ("sub", json!("0".repeat(32))),
        ("sub", json!("g".repeat(32))),
        ("sid", json!("g")),
        ("sid", json!("f".repeat(33))),
        ("epoch", json!(-1)),
        ("epoch", json!(u64::from(u32::MAX) + 1)),
        ("admin", json!(true)),
        ("scope", json!("operate")),
    ];
    all.extend(others.map(|(name, value)| with(name, value)));
    all
}

/// Everything right, and signed by somebody else.
fn of_other_keys() -> Vec<String> {
    let other = KeyRing::new(NOW).expect("a key");
    let mut tokens = vec![signed(&header(), &claims(), &other)];
    for secret in ["secret", "1", "afwd", &"0".repeat(64), &hex(&[0; 32])] {
        let key = EncodingKey::from_secret(secret.as_bytes()).expect("a key");
        tokens.push(encode(&header(), &claims(), &key).expect("a token"));
    }
    tokens
}

/// Tokens whose header says that nobody needs to have signed them, or somebody could have.
fn unsigned(good: &str) -> Vec<String> {
    let parts: Vec<&str> = good.split('.').collect();
    let claims = claims().to_string();
    let mut tokens = Vec::new();
    for algorithm in [
        "none", "None", "NONE", "nOnE", "", "HS1", "hs256", "RS256", "PS256", "ES256", "EdDSA",
        "RS512", "ES384", "A256GCM", "dir",
    ] {
        let header = format!(r#"{{"typ":"at+jwt","alg":"{algorithm}","kid":"1"}}"#);
        for signature in ["", "AAAA", parts[2]] {
            tokens.push(raw(&header, &claims, signature));
        }
    }
    for header in [
        r#"{"typ":"at+jwt","kid":"1"}"#,
        r#"{"typ":"at+jwt","alg":"HS256","alg":"none","kid":"1"}"#,
        r#"{"typ":"at+jwt","alg":["HS256"],"kid":"1"}"#,
        r#"{"typ":"at+jwt","alg":null,"kid":"1"}"#,
        r#"{"typ":"at+jwt","alg":"HS256","kid":1}"#,
        r#"{"typ":"at+jwt","alg":"HS256","kid":"1","jwk":{"kty":"oct","k":"AAAA"}}"#,
        "[]",
        "null",
        "",
    ] {
        tokens.push(raw(header, &claims, parts[2]));
    }
    let twice = claims.replacen('{', r#"{"sub":"00000000000000000000000000000008","#, 1);
    tokens.push(raw(
        r#"{"typ":"at+jwt","alg":"HS256","kid":"1"}"#,
        &twice,
        parts[2],
    ));
    tokens
}

/// A good token, cut or changed.
fn altered(good: &str) -> Vec<String> {
    let parts: Vec<&str> = good.split('.').collect();
    let mut tokens = vec![
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        parts[..2].join("."),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{good}."),
        format!("{good}="),
        format!("{good}.{}", parts[2]),
        format!(" {good}"),
        format!("{good} "),
        format!("{good}\n"),
        good.to_uppercase(),
        good.repeat(40),
        "a".repeat(100_000),
    ];
    tokens.extend(
        (1..good.len())
            .step_by(9)
            .map(|length| good[..length].to_owned()),
    );
    // Not the last digit: it has bits that stand for nothing.
    tokens.extend((0..good.len() - 1).step_by(3).map(|at| {
        let digit = if &good[at..=at] == "A" { "B" } else { "A" };
        format!("{}{digit}{}", &good[..at], &good[at + 1..])
    }));
    tokens
}
