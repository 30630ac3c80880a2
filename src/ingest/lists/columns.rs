//! Which column of a publisher's file says what, told by its header.

use crate::domain::Tool;

/// What a column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    /// Overall rank.
    Rank,
    /// Rank inside the organisation.
    OrgRank,
    /// Name.
    Name,
    /// First name, where the name is in two columns.
    FirstName,
    /// Last name.
    LastName,
    /// Organisation.
    Organisation,
    /// Position.
    Position,
    /// Age.
    Age,
    /// Birth date.
    BirthDate,
    /// Overall grade.
    FutureValue,
    /// MLBAM id.
    Mlbam,
    /// FanGraphs id.
    Fangraphs,
    /// FanGraphs minor-league id, where it stands beside the other one.
    FangraphsMinor,
    /// Fantrax id.
    Fantrax,
    /// Day of publication.
    Published,
    /// Season or year of the list.
    Year,
    /// A tool.
    Tool(Tool),
}

/// Headers by what they say, lower case without blanks and punctuation. They are
/// those seen in exports and those people type.
const SYNONYMS: [(Field, &[&str]); 16] = [
    (
        Field::Rank,
        &[
            "rank",
            "rk",
            "#",
            "no",
            "overall",
            "ovr",
            "ovrrank",
            "overallrank",
            "top100",
            "top100rank",
            "ranking",
            "rkov",
            "rkoverall",
            "rankoverall",
            "overallrk",
            "ovrrk",
            "prospectrank",
            "rnk",
            "currentrank",
            "top500",
            "top200",
            "top101",
            "rank#",
        ],
    ),
    (
        Field::OrgRank,
        &[
            "orgrk",
            "orgrank",
            "teamrank",
            "teamrk",
            "organizationrank",
            "organisationrank",
            "rankorg",
            "org#",
            "clubrank",
            "corg",
        ],
    ),
    (
        Field::Name,
        &[
            "name",
            "player",
            "playername",
            "fullname",
            "prospect",
            "namefg",
            "prospectname",
            "playerfullname",
            "playersname",
            "players",
        ],
    ),
    (
        Field::FirstName,
        &[
            "firstname",
            "namefirst",
            "first",
            "givenname",
            "playerfirstname",
        ],
    ),
    (
        Field::LastName,
        &[
            "lastname",
            "namelast",
            "last",
            "surname",
            "familyname",
            "playerlastname",
        ],
    ),
    (
        Field::Organisation,
        &[
            "org",
            "team",
            "organization",
            "organisation",
            "club",
            "orgabbr",
            "projteam",
            "affabbname",
            "mlbteam",
            "mlborg",
            "mlbclub",
            "parentorg",
            "parentclub",
            "parentorganization",
            "parentteam",
            "orgname",
            "tm",
            "currentteam",
            "currentorg",
            "teamabbr",
            "franchise",
            "mlborganization",
        ],
    ),
    (
        Field::Position,
        &[
            "pos",
            "position",
            "positions",
            "primaryposition",
            "positiondb",
            "primarypos",
            "poss",
            "eligible",
            "eligibility",
            "eligiblepositions",
        ],
    ),
    (Field::Age, &["age", "currentage", "ageyears", "playerage"]),
    (
        Field::BirthDate,
        &[
            "dob",
            "birthdate",
            "birthday",
            "dateofbirth",
            "born",
            "birth",
        ],
    ),
    (
        Field::FutureValue,
        &[
            "fv",
            "ofp",
            "grade",
            "futurevalue",
            "overallgrade",
            "overallfuturepotential",
            "fvcurrent",
            "fvgrade",
            "gradefv",
            "bagrade",
            "scoutinggrade",
        ],
    ),
    (
        Field::Mlbam,
        &[
            "mlbamid",
            "mlbam",
            "mlbid",
            "xmlbamid",
            "mlbplayerid",
            "keymlbam",
            "idmlbam",
            "idmlb",
            "mlbamplayerid",
            "bamid",
        ],
    ),
    (
        Field::Fangraphs,
        &[
            "playerid",
            "fangraphsid",
            "fgid",
            "idfangraphs",
            "keyfangraphs",
            "playerids",
            "idfg",
            "playeridfg",
            "fgplayerid",
            "fangraphsplayerid",
        ],
    ),
    (
        Field::FangraphsMinor,
        &[
            "minormasterid",
            "fangraphsminorid",
            "fgminorid",
            "idfgminors",
            "idfgminor",
        ],
    ),
    (
        Field::Fantrax,
        &["fantraxid", "idtrax", "idfantrax", "traxid", "keyfantrax"],
    ),
    (
        Field::Published,
        &[
            "published",
            "publicationdate",
            "publisheddate",
            "asof",
            "asofdate",
            "date",
            "publishdate",
        ],
    ),
    (Field::Year, &["year", "listyear", "season"]),
];

/// A header that several services use for their own ids; Fantrax' stand in asterisks.
pub(crate) const BARE_ID: &str = "id";

const TOOLS: [(Tool, &[&str]); 15] = [
    (Tool::Hit, &["hit", "hitting", "hittool", "contact"]),
    (
        Tool::GamePower,
        &["gamepower", "gamepwr", "game", "power", "pwr", "pow"],
    ),
    (Tool::RawPower, &["rawpower", "rawpwr", "raw"]),
    (Tool::Speed, &["speed", "spd", "run", "running", "runspeed"]),
    (
        Tool::Field,
        &[
            "field", "fld", "fielding", "glove", "defense", "defence", "def",
        ],
    ),
    (Tool::Arm, &["arm", "armstrength", "throw", "throwing"]),
    (
        Tool::PitchSelection,
        &["pitchselect", "pitchsel", "pitchselection"],
    ),
    (Tool::BatControl, &["batcontrol", "batctrl"]),
    (Tool::Fastball, &["fastball", "fb"]),
    (Tool::Slider, &["slider", "sl"]),
    (Tool::Curve, &["curve", "cb", "curveball", "cu"]),
    (Tool::Changeup, &["changeup", "ch"]),
    (Tool::Cutter, &["cutter", "ct", "fc"]),
    (Tool::Splitter, &["splitter", "spl", "split"]),
    (Tool::Command, &["command", "cmd", "control", "ctl", "ctrl"]),
];

/// A header without what publishers write differently.
pub(crate) fn folded(header: &str) -> String {
    let kept = header
        .trim_start_matches('\u{feff}')
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '#' | '%' | '+' | '/'));
    kept.flat_map(char::to_lowercase).collect()
}

/// What a header says; `None` when it is one we have no use for.
pub(crate) fn field(header: &str) -> Option<Field> {
    let folded = folded(header);
    let says = |names: &&[&str]| names.contains(&folded.as_str());
    let plain = SYNONYMS.iter().find(|(_, names)| says(names));
    let tool = || TOOLS.iter().find(|(_, names)| says(names));
    plain
        .map(|(field, _)| *field)
        .or_else(|| tool().map(|(tool, _)| Field::Tool(*tool)))
}

/// As [`field`], of a header with something more in it: an aside in brackets
/// (`Age (4/1)`), or a year (`2025 Rank`), which is returned.
pub(crate) fn loose_field(header: &str) -> Option<(Field, Option<u16>)> {
    let bare = header.split(['(', '[']).next().unwrap_or_default();
    if let Some(field) = field(bare) {
        return Some((field, None));
    }
    let (years, words): (Vec<&str>, Vec<&str>) = bare
        .split([' ', '_', '-', '.', '\''])
        .filter(|word| !word.is_empty())
        .partition(|word| year(word).is_some());
    match years[..] {
        [one] => Some((field(&words.concat())?, year(one))),
        _ => None,
    }
}

fn year(word: &str) -> Option<u16> {
    let year: u16 = word.parse().ok()?;
    (word.len() == 4 && (1900..=2100).contains(&year)).then_some(year)
}

/// The field an operator names in `--map NAME=Header`.
pub(crate) fn named(name: &str) -> Option<Field> {
    field(name)
}

/// The name in `--map` of the field a header is most like, if it is like any.
pub(crate) fn nearest(header: &str) -> Option<&'static str> {
    let all = || {
        let plain = SYNONYMS.iter().map(|(_, names)| *names);
        plain.chain(TOOLS.iter().map(|(_, names)| *names))
    };
    // Names of two letters are in too many words.
    let long = all().flatten().copied().filter(|name| name.len() > 3);
    let found = crate::ingest::headers::nearest(header, long)?;
    all()
        .find(|names| names.contains(&found))
        .map(|names| names[0])
}

/// The name of a field in messages and in `--map`.
pub(crate) fn name(field: Field) -> &'static str {
    if let Field::Tool(tool) = field {
        return tool.as_str();
    }
    SYNONYMS
        .iter()
        .find(|(known, _)| *known == field)
        .map_or("", |(_, names)| names[0])
}

/// Names to choose from in `--map`.
pub(crate) fn names() -> String {
    let plain = SYNONYMS.iter().map(|(_, names)| names[0]);
    let tools = TOOLS.iter().map(|(_, names)| names[0]);
    plain.chain(tools).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Field, field, loose_field, nearest};
    use crate::domain::Tool;

    #[test]
    fn headers_are_known_however_they_are_written() {
        for (header, expected) in [
            ("\u{feff}Rk", Field::Rank),
            ("#", Field::Rank),
            ("RkOv", Field::Rank),
            ("Player Name", Field::Name),
            ("Name_FG", Field::Name),
            ("Organization", Field::Organisation),
            ("MLB Team", Field::Organisation),
            ("Birth Date", Field::BirthDate),
            ("MLBAM ID", Field::Mlbam),
            ("mlbam_id", Field::Mlbam),
            ("MLBAMID", Field::Mlbam),
            ("FanGraphs ID", Field::Fangraphs),
            ("ID_fg", Field::Fangraphs),
            ("ID_trax", Field::Fantrax),
            ("playerId", Field::Fangraphs),
            ("OFP", Field::FutureValue),
            ("Game Pwr", Field::Tool(Tool::GamePower)),
            ("CMD", Field::Tool(Tool::Command)),
        ] {
            assert_eq!(field(header), Some(expected), "{header}");
        }
        for unused in [
            "Report",
            "Video",
            "TLDR",
            "Summary",
            "Signed From",
            "",
            "ID",
            "2025",
        ] {
            assert_eq!(field(unused), None, "{unused}");
        }
    }

    #[test]
    fn asides_and_years_in_headers_are_seen_through() {
        assert_eq!(loose_field("2025 Rank"), Some((Field::Rank, Some(2025))));
        assert_eq!(
            loose_field("Org Rank 2026"),
            Some((Field::OrgRank, Some(2026)))
        );
        assert_eq!(loose_field("Age (4/1)"), Some((Field::Age, None)));
        assert_eq!(loose_field("Previous Rank"), None);
        assert_eq!(nearest("Plyer Name"), Some("name"));
        assert_eq!(nearest("Positon"), Some("pos"));
        assert_eq!(nearest("Tier"), None);
    }
}
