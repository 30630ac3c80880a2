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
    /// Day of publication.
    Published,
    /// Season or year of the list.
    Year,
    /// A tool.
    Tool(Tool),
}

/// Headers by what they say, lower case without blanks and punctuation. They are
/// those seen in exports and those people type.
const SYNONYMS: [(Field, &[&str]); 15] = [
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
        ],
    ),
    (
        Field::Name,
        &["name", "player", "playername", "fullname", "prospect"],
    ),
    (Field::FirstName, &["firstname", "namefirst", "first"]),
    (Field::LastName, &["lastname", "namelast", "last"]),
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
        ],
    ),
    (Field::Age, &["age", "currentage"]),
    (
        Field::BirthDate,
        &["dob", "birthdate", "birthday", "dateofbirth", "born"],
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
        ],
    ),
    (
        Field::Mlbam,
        &["mlbamid", "mlbam", "mlbid", "xmlbamid", "mlbplayerid"],
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
        ],
    ),
    (
        Field::FangraphsMinor,
        &["minormasterid", "fangraphsminorid", "fgminorid"],
    ),
    (
        Field::Published,
        &[
            "published",
            "publicationdate",
            "publisheddate",
            "asof",
            "date",
        ],
    ),
    (Field::Year, &["year", "listyear", "season"]),
];

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

/// The field an operator names in `--map NAME=Header`.
pub(crate) fn named(name: &str) -> Option<Field> {
    field(name)
}

/// Names to choose from in `--map`.
pub(crate) fn names() -> String {
    let plain = SYNONYMS.iter().map(|(_, names)| names[0]);
    let tools = TOOLS.iter().map(|(_, names)| names[0]);
    plain.chain(tools).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Field, field};
    use crate::domain::Tool;

    #[test]
    fn headers_are_known_however_they_are_written() {
        for (header, expected) in [
            ("\u{feff}Rk", Field::Rank),
            ("#", Field::Rank),
            ("Player Name", Field::Name),
            ("Organization", Field::Organisation),
            ("Birth Date", Field::BirthDate),
            ("MLBAM ID", Field::Mlbam),
            ("mlbam_id", Field::Mlbam),
            ("MLBAMID", Field::Mlbam),
            ("FanGraphs ID", Field::Fangraphs),
            ("playerId", Field::Fangraphs),
            ("OFP", Field::FutureValue),
            ("Game Pwr", Field::Tool(Tool::GamePower)),
            ("CMD", Field::Tool(Tool::Command)),
        ] {
            assert_eq!(field(header), Some(expected), "{header}");
        }
        for unused in ["Report", "Video", "TLDR", "Summary", "Signed From", ""] {
            assert_eq!(field(unused), None, "{unused}");
        }
    }
}
