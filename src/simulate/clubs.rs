//! Fictional organisations and their affiliates.

use crate::domain::{Club, Code, Level};

use super::settings::{COMPLEX, FOREIGN, SHORT_SEASON, SINGLE_A};

const FIRST_TEAM_ID: u32 = 900_001;
const RUNGS: usize = 7;

/// City, nickname and code of each organisation.
const ORGANISATIONS: [(&str, &str, &str); 12] = [
    ("Ashford", "Anvils", "ASF"),
    ("Brightwater", "Herons", "BRW"),
    ("Carrow Bay", "Lanterns", "CRB"),
    ("Dunmere", "Foxes", "DNM"),
    ("Eastvale", "Comets", "EVL"),
    ("Fairhaven", "Gulls", "FHV"),
    ("Granite City", "Rams", "GRC"),
    ("Hollins", "Steamers", "HLN"),
    ("Ironwood", "Owls", "IRW"),
    ("Juniper", "Sky", "JUN"),
    ("Kestrel Point", "Pilots", "KES"),
    ("Larkspur", "Colts", "LKS"),
];

/// City, nickname and code of the affiliates from A- to AAA, five to an organisation.
const AFFILIATES: [(&str, &str, &str); 60] = [
    ("Abbot Falls", "Millers", "ABF"),
    ("Alder Creek", "Otters", "ALC"),
    ("Amberly", "Bees", "AMB"),
    ("Applegate", "Pickers", "APG"),
    ("Bayhurst", "Skippers", "BYH"),
    ("Bellweather", "Rams", "BLW"),
    ("Birchmont", "Loons", "BMT"),
    ("Blackpine", "Bears", "BKP"),
    ("Bluestem", "Larks", "BST"),
    ("Brackley", "Badgers", "BKY"),
    ("Calder", "Smiths", "CLD"),
    ("Cedar Ridge", "Axemen", "CDR"),
    ("Clearbrook", "Trout", "CBK"),
    ("Copperton", "Diggers", "CPT"),
    ("Cottonwood", "Kites", "CTW"),
    ("Crane Harbor", "Tugs", "CHB"),
    ("Dellwood", "Deer", "DLW"),
    ("Dry Fork", "Wranglers", "DFK"),
    ("Eagle Bluff", "Climbers", "EGB"),
    ("Elmsworth", "Elks", "ELM"),
    ("Fallowfield", "Hares", "FLF"),
    ("Fern Hollow", "Frogs", "FNH"),
    ("Flintlock", "Sparks", "FLK"),
    ("Foxglove", "Kits", "FXG"),
    ("Garnet Springs", "Gems", "GNS"),
    ("Glenbrae", "Pipers", "GBR"),
    ("Goldenrod", "Bumblebees", "GRD"),
    ("Graymoor", "Wolves", "GRM"),
    ("Hawthorn", "Hornets", "HWT"),
    ("Hickory Bend", "Nuts", "HKB"),
    ("High Prairie", "Hawks", "HPR"),
    ("Inverness Park", "Thistles", "INP"),
    ("Ivy Landing", "Ferrymen", "IVL"),
    ("Jasper Lake", "Muskies", "JSL"),
    ("Kingsbarn", "Roosters", "KGB"),
    ("Lakeshire", "Swans", "LKR"),
    ("Laurel Gap", "Hikers", "LGP"),
    ("Limestone", "Masons", "LMS"),
    ("Little Heron", "Waders", "LHR"),
    ("Maple Cross", "Tappers", "MPX"),
    ("Marlow", "Mules", "MRL"),
    ("Meadowbank", "Crickets", "MDB"),
    ("Millrace", "Wheels", "MLR"),
    ("Northfork", "Moose", "NFK"),
    ("Oakhaven", "Acorns", "OKH"),
    ("Orchard Hill", "Cidermen", "OCH"),
    ("Pinecrest", "Porcupines", "PNC"),
    ("Port Sorrel", "Dockers", "PSR"),
    ("Quarry Town", "Blasters", "QTN"),
    ("Redcliff", "Lizards", "RDC"),
    ("Riverbend", "Rafters", "RVB"),
    ("Saddleback", "Riders", "SDB"),
    ("Salt Flats", "Racers", "SFL"),
    ("Sandpiper Key", "Pelicans", "SPK"),
    ("Silver Lake", "Minnows", "SVL"),
    ("Stonebridge", "Trolls", "STB"),
    ("Thornbury", "Hedgehogs", "TNB"),
    ("Upper Marsh", "Herons", "UPM"),
    ("Whitewater", "Rapids", "WHW"),
    ("Windham Cove", "Sails", "WDC"),
];

/// A fictional club of the demo league.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// Team id, from 900001.
    pub team_id: u32,
    /// Full name (`Abbot Falls Millers`).
    pub name: String,
    /// Club, league and organisation codes as they stand in stat lines.
    pub club: Club,
    /// Name of the parent organisation (`Ashford Anvils`).
    pub organisation_name: String,
    /// Level it plays at.
    pub level: Level,
}

/// Every fictional club, by team id.
///
/// League codes: `DSL` for the foreign rookie league (so that everything that
/// tells foreign from domestic rookie ball works), `SUN` and `MES` for the
/// complex leagues, `LKE` for short-season A, `PIE` and `COA` for A, `PLN` and
/// `HAR` for A+, `RDG` and `DLT` for AA, `FRO` and `OCN` for AAA.
pub fn teams() -> Vec<Team> {
    (0..ORGANISATIONS.len())
        .flat_map(|organisation| (0..RUNGS).map(move |rung| team(organisation, rung)))
        .collect()
}

/// Name of the club with this team id, if it is one of the demo league's.
pub fn team_name(team_id: u32) -> Option<String> {
    let index = team_id.checked_sub(FIRST_TEAM_ID)? as usize;
    let (organisation, rung) = (index / RUNGS, index % RUNGS);
    (organisation < ORGANISATIONS.len()).then(|| name(organisation, rung))
}

/// Organisation codes and names.
pub fn organisations() -> Vec<(Code, String)> {
    (ORGANISATIONS.iter())
        .map(|(city, nickname, text)| (code(text), format!("{city} {nickname}")))
        .collect()
}

/// How many organisations there are.
pub(super) const fn organisation_count() -> usize {
    ORGANISATIONS.len()
}

/// Name of an organisation by index.
pub(super) fn organisation_name(organisation: usize) -> String {
    let (city, nickname, _) = ORGANISATIONS[organisation];
    format!("{city} {nickname}")
}

/// The club of an organisation on a rung below the majors.
pub(super) fn club(organisation: usize, rung: usize) -> Club {
    let text = match rung {
        FOREIGN | COMPLEX => ORGANISATIONS[organisation].2,
        _ => AFFILIATES[organisation * 5 + rung - SHORT_SEASON].2,
    };
    Club {
        league: code(league(organisation, rung)),
        team_id: FIRST_TEAM_ID + (organisation * RUNGS + rung) as u32,
        team: code(text),
        organisation: code(ORGANISATIONS[organisation].2),
    }
}

/// The level of a rung below the majors.
pub(super) fn level(rung: usize) -> Level {
    match rung {
        FOREIGN | COMPLEX => Level::Rookie,
        SHORT_SEASON => Level::ShortSeasonA,
        SINGLE_A => Level::A,
        4 => Level::HighA,
        5 => Level::DoubleA,
        _ => Level::TripleA,
    }
}

fn team(organisation: usize, rung: usize) -> Team {
    let club = club(organisation, rung);
    Team {
        team_id: club.team_id,
        name: name(organisation, rung),
        club,
        organisation_name: organisation_name(organisation),
        level: level(rung),
    }
}

fn name(organisation: usize, rung: usize) -> String {
    let (city, nickname) = match rung {
        FOREIGN => ("DSL", ORGANISATIONS[organisation].1),
        COMPLEX => ("Complex", ORGANISATIONS[organisation].1),
        _ => {
            let (city, nickname, _) = AFFILIATES[organisation * 5 + rung - SHORT_SEASON];
            (city, nickname)
        }
    };
    format!("{city} {nickname}")
}

fn league(organisation: usize, rung: usize) -> &'static str {
    let east = organisation.is_multiple_of(2);
    match (rung, east) {
        (FOREIGN, _) => "DSL",
        (COMPLEX, true) => "SUN",
        (COMPLEX, false) => "MES",
        (SHORT_SEASON, _) => "LKE",
        (SINGLE_A, true) => "PIE",
        (SINGLE_A, false) => "COA",
        (4, true) => "PLN",
        (4, false) => "HAR",
        (5, true) => "RDG",
        (5, false) => "DLT",
        (_, true) => "FRO",
        (_, false) => "OCN",
    }
}

fn code(text: &str) -> Code {
    Code::new(text).unwrap_or_default()
}
