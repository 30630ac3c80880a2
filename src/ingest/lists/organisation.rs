//! Organisations as publishers name them, in the codes the store uses.

use crate::domain::Code;
use crate::search::fold::fold;

/// Our code, other codes and names, folded. A club that moved or changed its
/// name keeps one code here, as lines of all years do.
const ORGANISATIONS: [(&str, &[&str]); 30] = [
    (
        "ARI",
        &[
            "az",
            "arz",
            "arizona",
            "diamondbacks",
            "arizona diamondbacks",
            "d backs",
        ],
    ),
    ("ATL", &["atlanta", "braves", "atlanta braves"]),
    ("BAL", &["baltimore", "orioles", "baltimore orioles"]),
    ("BOS", &["boston", "red sox", "boston red sox"]),
    ("CHC", &["chn", "cubs", "chicago cubs"]),
    ("CHW", &["cws", "cha", "white sox", "chicago white sox"]),
    ("CIN", &["cincinnati", "reds", "cincinnati reds"]),
    (
        "CLE",
        &[
            "cleveland",
            "guardians",
            "cleveland guardians",
            "indians",
            "cleveland indians",
        ],
    ),
    ("COL", &["colorado", "rockies", "colorado rockies"]),
    ("DET", &["detroit", "tigers", "detroit tigers"]),
    ("HOU", &["houston", "astros", "houston astros"]),
    (
        "KCR",
        &["kc", "kca", "kansas city", "royals", "kansas city royals"],
    ),
    (
        "LAA",
        &[
            "ana",
            "angels",
            "los angeles angels",
            "los angeles angels of anaheim",
        ],
    ),
    ("LAD", &["lan", "la", "dodgers", "los angeles dodgers"]),
    (
        "MIA",
        &[
            "fla",
            "miami",
            "marlins",
            "miami marlins",
            "florida marlins",
        ],
    ),
    ("MIL", &["milwaukee", "brewers", "milwaukee brewers"]),
    ("MIN", &["minnesota", "twins", "minnesota twins"]),
    ("NYM", &["nyn", "mets", "new york mets"]),
    ("NYY", &["nya", "yankees", "new york yankees"]),
    (
        "OAK",
        &[
            "ath",
            "athletics",
            "oakland athletics",
            "oakland",
            "sacramento athletics",
            "las vegas athletics",
        ],
    ),
    (
        "PHI",
        &["philadelphia", "phillies", "philadelphia phillies"],
    ),
    ("PIT", &["pittsburgh", "pirates", "pittsburgh pirates"]),
    (
        "SDP",
        &["sd", "sdn", "san diego", "padres", "san diego padres"],
    ),
    ("SEA", &["seattle", "mariners", "seattle mariners"]),
    (
        "SFG",
        &[
            "sf",
            "sfn",
            "san francisco",
            "giants",
            "san francisco giants",
        ],
    ),
    (
        "STL",
        &["sln", "st louis", "cardinals", "st louis cardinals"],
    ),
    (
        "TBR",
        &[
            "tb",
            "tba",
            "tbd",
            "tampa bay",
            "rays",
            "tampa bay rays",
            "tampa bay devil rays",
        ],
    ),
    ("TEX", &["texas", "rangers", "texas rangers"]),
    ("TOR", &["toronto", "blue jays", "toronto blue jays"]),
    (
        "WSN",
        &[
            "wsh",
            "was",
            "wsn",
            "washington",
            "nationals",
            "washington nationals",
            "mon",
            "montreal expos",
        ],
    ),
];

/// The organisation's code in the store; unknown when the text names none.
pub(crate) fn code(text: &str) -> Code {
    let folded = fold(text);
    let named = ORGANISATIONS.iter().find(|(ours, others)| {
        ours.eq_ignore_ascii_case(&folded) || others.contains(&folded.as_str())
    });
    named
        .and_then(|(ours, _)| Code::new(ours))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn every_spelling_gives_the_code_of_the_store() {
        for (text, expected) in [
            ("TB", "TBR"),
            ("TBR", "TBR"),
            ("Tampa Bay Rays", "TBR"),
            ("ATH", "OAK"),
            ("AZ", "ARI"),
            ("St. Louis Cardinals", "STL"),
            ("D-Backs", "ARI"),
            ("", ""),
            ("Free Agent", ""),
        ] {
            assert_eq!(code(text).as_str(), expected, "{text}");
        }
    }
}
