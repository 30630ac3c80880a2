//! The thirty major-league organisations and everything they are called by.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Code;
use super::folding::fold;

/// A major-league organisation. One that moved or changed its name keeps one code
/// here, as stat lines of all years do.
#[derive(Debug, PartialEq, Eq)]
pub struct Franchise {
    /// Code in the store: FanGraphs', but `OAK` for the Athletics.
    pub code: &'static str,
    /// Full name today.
    pub name: &'static str,
    /// MLB Stats API team id.
    pub mlb_id: u32,
    /// Other codes: MLB's, Baseball-Reference's, Retrosheet's, ESPN's, Yahoo's,
    /// Fantrax', and those of earlier names.
    codes: &'static [&'static str],
    /// Cities, folded, also earlier ones; ambiguous ones name nobody alone.
    cities: &'static [&'static str],
    /// Names without the city and nicknames, folded.
    nicknames: &'static [&'static str],
}

/// Cities of two organisations.
const SHARED_CITIES: [&str; 6] = [
    "new york",
    "chicago",
    "los angeles",
    "ny",
    "chi",
    "california",
];

impl Franchise {
    /// All thirty, by code.
    pub const ALL: [Self; 30] = [
        of(
            "ARI",
            "Arizona Diamondbacks",
            109,
            &["AZ", "ARZ", "AZD"],
            &["arizona", "phoenix"],
            &["diamondbacks", "d backs", "dbacks", "snakes"],
        ),
        of(
            "ATL",
            "Atlanta Braves",
            144,
            &[],
            &["atlanta"],
            &["braves", "bravos"],
        ),
        of(
            "BAL",
            "Baltimore Orioles",
            110,
            &["BLT"],
            &["baltimore"],
            &["orioles", "os", "birds"],
        ),
        of(
            "BOS",
            "Boston Red Sox",
            111,
            &[],
            &["boston"],
            &["red sox", "redsox", "bosox", "bo sox"],
        ),
        of(
            "CHC",
            "Chicago Cubs",
            112,
            &["CHN", "CUB"],
            &["chicago", "chi"],
            &["cubs", "cubbies"],
        ),
        of(
            "CHW",
            "Chicago White Sox",
            145,
            &["CWS", "CHA", "CHS"],
            &["chicago", "chi"],
            &[
                "white sox",
                "whitesox",
                "chisox",
                "chi sox",
                "pale hose",
                "south siders",
            ],
        ),
        of(
            "CIN",
            "Cincinnati Reds",
            113,
            &[],
            &["cincinnati", "cincy"],
            &["reds", "redlegs"],
        ),
        of(
            "CLE",
            "Cleveland Guardians",
            114,
            &["CLV"],
            &["cleveland"],
            &["guardians", "indians", "tribe", "guards"],
        ),
        of(
            "COL",
            "Colorado Rockies",
            115,
            &[],
            &["colorado", "denver"],
            &["rockies", "rox"],
        ),
        of("DET", "Detroit Tigers", 116, &[], &["detroit"], &["tigers"]),
        of(
            "HOU",
            "Houston Astros",
            117,
            &[],
            &["houston"],
            &["astros", "stros", "colt 45s"],
        ),
        of(
            "KCR",
            "Kansas City Royals",
            118,
            &["KC", "KCA", "KAN"],
            &["kansas city"],
            &["royals"],
        ),
        of(
            "LAA",
            "Los Angeles Angels",
            108,
            &["ANA", "CAL"],
            &["los angeles", "la", "anaheim", "california"],
            &["angels", "halos", "angels of anaheim"],
        ),
        of(
            "LAD",
            "Los Angeles Dodgers",
            119,
            &["LAN", "LA"],
            &["los angeles", "la"],
            &["dodgers"],
        ),
        of(
            "MIA",
            "Miami Marlins",
            146,
            &["FLA", "FLO"],
            &["miami", "florida"],
            &["marlins", "fish"],
        ),
        of(
            "MIL",
            "Milwaukee Brewers",
            158,
            &["MLW", "ML4"],
            &["milwaukee"],
            &["brewers", "brew crew", "crew"],
        ),
        of(
            "MIN",
            "Minnesota Twins",
            142,
            &[],
            &["minnesota"],
            &["twins", "twinkies"],
        ),
        of(
            "NYM",
            "New York Mets",
            121,
            &["NYN"],
            &["new york", "ny"],
            &["mets", "metropolitans"],
        ),
        of(
            "NYY",
            "New York Yankees",
            147,
            &["NYA"],
            &["new york", "ny"],
            &["yankees", "yanks", "bronx bombers"],
        ),
        of(
            "OAK",
            "Athletics",
            133,
            &["ATH", "SAC", "LVA"],
            &["oakland", "sacramento", "las vegas", "west sacramento"],
            &["athletics", "as"],
        ),
        of(
            "PHI",
            "Philadelphia Phillies",
            143,
            &["PHL"],
            &["philadelphia", "philly"],
            &["phillies", "phils"],
        ),
        of(
            "PIT",
            "Pittsburgh Pirates",
            134,
            &[],
            &["pittsburgh"],
            &["pirates", "bucs", "buccos"],
        ),
        of(
            "SDP",
            "San Diego Padres",
            135,
            &["SD", "SDN"],
            &["san diego"],
            &["padres", "pads", "friars"],
        ),
        of(
            "SEA",
            "Seattle Mariners",
            136,
            &[],
            &["seattle"],
            &["mariners", "ms"],
        ),
        of(
            "SFG",
            "San Francisco Giants",
            137,
            &["SF", "SFN"],
            &["san francisco"],
            &["giants"],
        ),
        of(
            "STL",
            "St. Louis Cardinals",
            138,
            &["SLN"],
            &["st louis", "saint louis"],
            &["cardinals", "cards", "redbirds"],
        ),
        of(
            "TBR",
            "Tampa Bay Rays",
            139,
            &["TB", "TBA", "TBD", "TAM"],
            &["tampa bay", "tampa", "st petersburg"],
            &["rays", "devil rays"],
        ),
        of(
            "TEX",
            "Texas Rangers",
            140,
            &[],
            &["texas", "arlington"],
            &["rangers"],
        ),
        of(
            "TOR",
            "Toronto Blue Jays",
            141,
            &[],
            &["toronto"],
            &["blue jays", "bluejays", "jays"],
        ),
        of(
            "WSN",
            "Washington Nationals",
            120,
            &["WSH", "WAS", "WDC", "MON"],
            &["washington", "montreal", "dc", "washington dc"],
            &["nationals", "nats", "expos"],
        ),
    ];

    /// The organisation a text names, by any code, city, name or nickname, alone or
    /// together (`NY Mets`, `TB Rays`, `Arizona D-backs`, `COL (AAA)`); `None` when it
    /// names none, or could name two (`Chicago`).
    pub fn named(text: &str) -> Option<&'static Self> {
        let bare = text.split(['(', '[']).next().unwrap_or_default();
        let folded = fold(bare);
        if folded.is_empty() || folded.len() > 40 {
            return None;
        }
        ALL.iter()
            .find(|one| one.has_code(&folded) || one.nicknames.contains(&folded.as_str()))
            .or_else(|| ALL.iter().find(|one| one.is_in(&folded)))
            .or_else(|| ALL.iter().find(|one| one.is_called(&folded)))
            .or_else(|| Self::numbered(&folded))
    }

    /// The organisation a code of the store stands for, under an earlier or foreign
    /// code too. Unlike [`Self::named`] it reads codes only.
    pub fn coded(code: Code) -> Option<&'static Self> {
        BY_CODE.get(&code).copied()
    }

    /// The code of the store for a code of any source; others stay as they are.
    pub fn canonical(code: Code) -> Code {
        Self::coded(code).map_or(code, Self::code)
    }

    /// Code in the store.
    pub fn code(&self) -> Code {
        Code::new(self.code).unwrap_or_default()
    }

    /// The code that a text is most like, for messages about one nobody knows.
    pub fn nearest(text: &str) -> Option<&'static str> {
        let folded = fold(text);
        let distance = |known: &str| {
            let known = fold(known);
            (strsim::osa_distance(&known, &folded), known.len())
        };
        let words = |one: &'static Self| {
            let codes = std::iter::once(one.code).chain(one.codes.iter().copied());
            codes
                .chain(one.cities.iter().copied())
                .chain(one.nicknames.iter().copied())
                .chain(std::iter::once(one.name))
                .map(move |known| (distance(known), one.code))
        };
        let ((edits, length), code) = ALL.iter().flat_map(words).min()?;
        (edits < length.max(folded.len())).then_some(code)
    }

    fn has_code(&self, folded: &str) -> bool {
        self.code.eq_ignore_ascii_case(folded)
            || self
                .codes
                .iter()
                .any(|code| code.eq_ignore_ascii_case(folded))
    }

    fn is_in(&self, folded: &str) -> bool {
        self.cities.contains(&folded) && !SHARED_CITIES.contains(&folded)
    }

    /// True for a city or code with a nickname after it.
    fn is_called(&self, folded: &str) -> bool {
        self.nicknames.iter().any(|nickname| {
            folded
                .strip_suffix(nickname)
                .and_then(|head| head.strip_suffix(' '))
                .is_some_and(|head| self.cities.contains(&head) || self.has_code(head))
        })
    }

    fn numbered(folded: &str) -> Option<&'static Self> {
        let id: u32 = folded.parse().ok()?;
        ALL.iter().find(|one| one.mlb_id == id)
    }
}

static ALL: [Franchise; 30] = Franchise::ALL;

/// Stat lines are read by the hundred thousand.
static BY_CODE: LazyLock<HashMap<Code, &Franchise>> = LazyLock::new(|| {
    let codes = |one: &'static Franchise| {
        let codes = std::iter::once(one.code).chain(one.codes.iter().copied());
        codes.filter_map(move |code| Some((Code::new(code)?, one)))
    };
    ALL.iter().flat_map(codes).collect()
});

const fn of(
    code: &'static str,
    name: &'static str,
    mlb_id: u32,
    codes: &'static [&'static str],
    cities: &'static [&'static str],
    nicknames: &'static [&'static str],
) -> Franchise {
    Franchise {
        code,
        name,
        mlb_id,
        codes,
        cities,
        nicknames,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ALL, Franchise, fold};
    use crate::domain::Code;

    #[test]
    fn every_spelling_gives_the_code_of_the_store() {
        for (text, expected) in [
            ("TB", "TBR"),
            ("tbr", "TBR"),
            ("Tampa Bay Rays", "TBR"),
            ("Tampa Bay Devil Rays", "TBR"),
            ("TB Rays", "TBR"),
            ("ATH", "OAK"),
            ("A's", "OAK"),
            ("Oakland Athletics", "OAK"),
            ("Athletics", "OAK"),
            ("AZ", "ARI"),
            ("D-Backs", "ARI"),
            ("Arizona D-backs", "ARI"),
            ("St. Louis Cardinals", "STL"),
            ("St Louis", "STL"),
            ("ChiSox", "CHW"),
            ("CWS", "CHW"),
            ("NY Mets", "NYM"),
            ("LA Angels", "LAA"),
            ("Los Angeles Angels of Anaheim", "LAA"),
            ("Anaheim Angels", "LAA"),
            ("Cleveland Indians", "CLE"),
            ("Florida Marlins", "MIA"),
            ("FLA", "MIA"),
            ("Montreal Expos", "WSN"),
            ("WAS", "WSN"),
            ("COL (AAA)", "COL"),
            ("158", "MIL"),
        ] {
            let found = Franchise::named(text).map(|one| one.code);
            assert_eq!(found, Some(expected), "{text}");
        }
        for text in [
            "",
            "Free Agent",
            "FA",
            "Chicago",
            "New York",
            "Sox",
            "XYZ",
            "0",
        ] {
            assert_eq!(Franchise::named(text), None, "{text}");
        }
    }

    #[test]
    fn no_name_stands_for_two() {
        let mut seen = BTreeSet::new();
        for one in &ALL {
            for name in one.codes.iter().chain([&one.code]) {
                assert!(seen.insert(name.to_lowercase()), "{name}");
            }
            for nickname in one.nicknames {
                assert_eq!(fold(nickname), *nickname);
                assert!(seen.insert((*nickname).to_owned()), "{nickname}");
            }
            assert!(one.cities.iter().all(|city| fold(city) == *city));
            assert_eq!(Franchise::named(one.name), Some(one), "{}", one.name);
        }
    }

    #[test]
    fn an_unknown_text_has_a_nearest() {
        assert_eq!(Franchise::nearest("TBX"), Some("TBR"));
        assert_eq!(Franchise::nearest("brewrs"), Some("MIL"));
        assert_eq!(Franchise::nearest("qqqqqqqqqq"), None);
    }

    #[test]
    fn codes_of_stores_written_before_stand_for_one_club() {
        let canonical = |code| Franchise::canonical(Code::new(code).expect("short"));
        assert_eq!(canonical("KC").as_str(), "KCR");
        assert_eq!(canonical("ASF").as_str(), "ASF");
        assert!(canonical("").is_unknown());
    }
}
