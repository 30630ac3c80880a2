//! What can go wrong with the source, switchable by name.

use serde_json::{Map, Value, json};

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// A way of failing.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Fault { $($(#[$doc])* $name),+ }

        impl Fault {
            /// Every fault with its name.
            pub(crate) const ALL: &[(Self, &str)] = &[$((Self::$name, $text)),+];
        }
    };
}

faults! {
    /// The connection is accepted and nothing is ever said.
    Hang = "hang",
    /// The body comes at one byte a second.
    Slow = "slow",
    /// The connection is reset in the middle of the body.
    Reset = "reset",
    /// The JSON ends in the middle.
    Truncated = "truncated",
    /// A web page with status 200.
    Html = "html",
    /// 401.
    Unauthorized = "401",
    /// 403.
    Forbidden = "403",
    /// 403 with the header of a challenge page.
    Challenge = "challenge",
    /// 404.
    NotFound = "404",
    /// 429 with seconds to wait.
    TooMany = "429",
    /// 429 with a date to wait for.
    TooManyDate = "429-date",
    /// 429 with ten years to wait.
    TooManyYears = "429-years",
    /// 429 that does not say how long.
    TooManyNone = "429-none",
    /// 500.
    Internal = "500",
    /// 503.
    Unavailable = "503",
    /// A redirect to itself.
    RedirectLoop = "redirect-loop",
    /// A redirect to the client's own machine.
    RedirectLocal = "redirect-local",
    /// A redirect to the address where clouds keep secrets.
    RedirectMetadata = "redirect-metadata",
    /// A small body that unpacks to a quarter of a gigabyte.
    GzipBomb = "gzip-bomb",
    /// A body that claims to be gzip and is not.
    BadGzip = "bad-gzip",
    /// Ten megabytes more than needed.
    Huge = "huge",
    /// A charset other than UTF-8.
    Charset = "charset",
    /// A later page repeats the first.
    DuplicatePage = "duplicate-page",
    /// A later page begins before the end of the one before.
    ReorderedPage = "reordered-page",
    /// Fewer rows than declared.
    MissingRows = "missing-rows",
    /// A field has a new name.
    Renamed = "renamed",
    /// A field nobody knows.
    Unknown = "unknown",
    /// Counts below zero.
    Negative = "negative",
    /// `NaN` where a number should be.
    NotANumber = "nan",
    /// Counts of no possible season.
    Absurd = "absurd",
    /// No rows at all.
    Empty = "empty",
}

impl std::str::FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(_, name)| *name == text);
        found.map(|(fault, _)| *fault).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|(_, name)| *name).collect();
            format!("no fault `{text}`: there are {}", names.join(", "))
        })
    }
}

/// Rows that get impossible counts.
const SPOILT: usize = 3;

impl Fault {
    /// Spoils an answer, for the faults that are in the data.
    pub(crate) fn spoil(self, body: &mut Value) {
        match self {
            Self::MissingRows => each_list(body, &|rows| {
                let mut at = 0;
                rows.retain(|_| {
                    at += 1;
                    at % 10 != 1
                });
            }),
            Self::Empty => {
                each_list(body, &Vec::clear);
                if let Some(stats) = body.get_mut("stats") {
                    *stats = json!([]);
                }
            }
            Self::Renamed => each_object(body, &|object| {
                for (old, new) in [("homeRuns", "homeRunsHit"), ("abbreviation", "abbrev")] {
                    if let Some(value) = object.remove(old) {
                        object.insert(new.to_owned(), value);
                    }
                }
            }),
            Self::Unknown => each_object(body, &|object| {
                if object.contains_key("homeRuns") || object.contains_key("birthDate") {
                    object.insert("astroSign".to_owned(), json!("Leo"));
                }
            }),
            Self::Negative => spoil_stats(body, &[("homeRuns", -3), ("battersFaced", -40)]),
            Self::Absurd => spoil_stats(body, &[("hits", 900), ("outs", 5000)]),
            Self::Huge => body["padding"] = json!("x".repeat(10 << 20)),
            _ => {}
        }
    }

    /// Spoils the text of an answer, for what JSON values can't say.
    pub(crate) fn spoil_text(self, text: String) -> Vec<u8> {
        match self {
            Self::NotANumber => text
                .replacen("\"baseOnBalls\":", "\"baseOnBalls\":NaN,\"was\":", 1)
                .into_bytes(),
            Self::Truncated => {
                let mut bytes = text.into_bytes();
                bytes.truncate(bytes.len() / 2);
                bytes
            }
            Self::Charset => text
                .chars()
                .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
                .collect(),
            _ => text.into_bytes(),
        }
    }
}

/// The list of rows of each kind of answer.
fn each_list(body: &mut Value, edit: &dyn Fn(&mut Vec<Value>)) {
    for path in [
        "/stats/0/splits",
        "/people",
        "/teams",
        "/transactions",
        "/roster",
        "/drafts/rounds",
        "/seasons",
    ] {
        if let Some(Value::Array(rows)) = body.pointer_mut(path) {
            edit(rows);
        }
    }
}

fn each_object(value: &mut Value, edit: &dyn Fn(&mut Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            edit(object);
            object
                .values_mut()
                .for_each(|value| each_object(value, edit));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| each_object(value, edit)),
        _ => {}
    }
}

fn spoil_stats(body: &mut Value, counts: &[(&str, i64)]) {
    let Some(Value::Array(rows)) = body.pointer_mut("/stats/0/splits") else {
        return;
    };
    for stat in rows
        .iter_mut()
        .take(SPOILT)
        .filter_map(|row| row["stat"].as_object_mut())
    {
        for (name, count) in counts {
            if let Some(value) = stat.get_mut(*name) {
                *value = json!(count);
            }
        }
    }
}
