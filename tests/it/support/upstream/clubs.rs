//! The clubs of the fake source: thirty fictional organisations under the ids
//! of the real ones, each with a club on every rung, in leagues that carry the
//! real ids and names.

use serde_json::{Value, json};

/// The ids the source gives major-league clubs, with an abbreviation.
pub(crate) const MAJORS: [(u32, &str); 30] = [
    (108, "LAA"),
    (109, "AZ"),
    (110, "BAL"),
    (111, "BOS"),
    (112, "CHC"),
    (113, "CIN"),
    (114, "CLE"),
    (115, "COL"),
    (116, "DET"),
    (117, "HOU"),
    (118, "KC"),
    (119, "LAD"),
    (120, "WSH"),
    (121, "NYM"),
    (133, "ATH"),
    (134, "PIT"),
    (135, "SD"),
    (136, "SEA"),
    (137, "SF"),
    (138, "STL"),
    (139, "TB"),
    (140, "TEX"),
    (141, "TOR"),
    (142, "MIN"),
    (143, "PHI"),
    (144, "ATL"),
    (145, "CWS"),
    (146, "MIA"),
    (147, "NYY"),
    (158, "MIL"),
];

/// Rungs of the simulated ladder, the majors last.
pub(crate) const MAJOR: usize = 7;
const FIRST_AFFILIATE: u32 = 1000;

/// A club: one of thirty organisations on one of eight rungs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Club {
    /// Number of the organisation, below 30.
    pub(crate) organisation: usize,
    /// Rung, from the foreign rookie league to the majors.
    pub(crate) rung: usize,
}

impl Club {
    /// Every club of a season.
    pub(crate) fn all(season: u16) -> impl Iterator<Item = Self> {
        let rungs = (0..=MAJOR).filter(move |&rung| is_played(rung, season));
        rungs
            .flat_map(|rung| (0..MAJORS.len()).map(move |organisation| Self { organisation, rung }))
    }

    /// The source's id.
    pub(crate) fn id(self) -> u32 {
        match self.rung {
            MAJOR => MAJORS[self.organisation].0,
            rung => FIRST_AFFILIATE + (self.organisation * 10 + rung) as u32,
        }
    }

    /// The source's number of the level.
    pub(crate) fn sport(self) -> u32 {
        match self.rung {
            0 | 1 => 16,
            2 => 15,
            3 => 14,
            4 => 13,
            5 => 12,
            6 => 11,
            _ => 1,
        }
    }

    /// Full name.
    pub(crate) fn name(self) -> String {
        let (city, nickname) = self.words();
        format!("{city} {nickname}")
    }

    fn words(self) -> (String, String) {
        let clubs = simulated();
        let (parents, affiliates) = clubs;
        let n = self.organisation;
        let parent = |shift: usize| &parents[(n + shift * (n / 12)) % 12];
        match self.rung {
            MAJOR => (parent(0).0.clone(), parent(1).1.clone()),
            0 => ("DSL".to_owned(), format!("{} {n}", parent(1).1)),
            1 => ("Complex".to_owned(), format!("{} {n}", parent(1).1)),
            rung => {
                let at = n * 5 + rung - 2;
                let (city, other) = (at % 60, (at + at / 60) % 60);
                (affiliates[city].0.clone(), affiliates[other].1.clone())
            }
        }
    }

    fn abbreviation(self) -> String {
        match self.rung {
            MAJOR => MAJORS[self.organisation].1.to_owned(),
            0 => format!("DSL {}", MAJORS[self.organisation].1),
            1 => format!("CPX {}", MAJORS[self.organisation].1),
            rung => {
                let (city, _) = self.words();
                let head: String = city
                    .chars()
                    .filter(char::is_ascii_alphabetic)
                    .take(3)
                    .collect();
                format!("{}{rung}", head.to_ascii_uppercase())
            }
        }
    }

    /// Id and name of the league in a season.
    pub(crate) fn league(self, season: u16) -> (u32, &'static str) {
        let n = self.organisation;
        let of = |leagues: &[(u32, &'static str)]| leagues[n % leagues.len()];
        match (self.rung, season) {
            (0, _) => (130, "Dominican Summer League"),
            (1, ..=2020) => of(&[(121, "Arizona League"), (124, "Gulf Coast League")]),
            (1, _) => of(&[
                (121, "Arizona Complex League"),
                (124, "Florida Complex League"),
            ]),
            (2, _) => of(&[(127, "New York-Penn League"), (126, "Northwest League")]),
            (3, ..=2020) => of(&[(118, "Midwest League"), (116, "South Atlantic League")]),
            (4, 2021..) => of(&[
                (118, "Midwest League"),
                (126, "Northwest League"),
                (116, "South Atlantic League"),
            ]),
            (3, _) | (4, _) => of(&[
                (110, "California League"),
                (122, "Carolina League"),
                (123, "Florida State League"),
            ]),
            (5, _) => of(&[
                (113, "Eastern League"),
                (111, "Southern League"),
                (109, "Texas League"),
            ]),
            (6, _) => of(&[(117, "International League"), (112, "Pacific Coast League")]),
            _ => of(&[(103, "American League"), (104, "National League")]),
        }
    }

    /// The club as `/teams` gives it.
    pub(crate) fn body(self, season: u16) -> Value {
        let (league, league_name) = self.league(season);
        let (city, nickname) = self.words();
        let mut body = json!({
            "allStarStatus": "N", "id": self.id(), "name": self.name(),
            "link": format!("/api/v1/teams/{}", self.id()), "season": season,
            "venue": {"id": 401, "name": "TBD", "link": "/api/v1/venues/401"},
            "teamCode": "tst", "fileCode": format!("t{}", self.id()),
            "abbreviation": self.abbreviation(), "teamName": nickname, "locationName": city,
            "firstYearOfPlay": "1990",
            "league": {"id": league, "name": league_name, "link": format!("/api/v1/league/{league}")},
            "sport": {"id": self.sport(), "link": format!("/api/v1/sports/{}", self.sport())},
            "shortName": city, "franchiseName": city, "clubName": nickname, "active": true,
        });
        if self.rung < MAJOR {
            let parent = Self {
                rung: MAJOR,
                ..self
            };
            body["parentOrgId"] = json!(parent.id());
            body["parentOrgName"] = json!(parent.name());
        }
        body
    }
}

fn is_played(rung: usize, season: u16) -> bool {
    match rung {
        MAJOR => true,
        2 => season <= 2019,
        _ => season != 2020,
    }
}

type Names = Vec<(String, String)>;

/// City and nickname of the simulated organisations and of their affiliates.
fn simulated() -> &'static (Names, Names) {
    static NAMES: std::sync::LazyLock<(Names, Names)> = std::sync::LazyLock::new(|| {
        let split = |name: &str| {
            let (city, nickname) = name.rsplit_once(' ').expect("two words");
            (city.to_owned(), nickname.to_owned())
        };
        let organisations = afwd::simulate::organisations();
        let teams = afwd::simulate::teams();
        let affiliates = teams
            .iter()
            .filter(|team| team.level != afwd::domain::Level::Rookie);
        (
            organisations.iter().map(|(_, name)| split(name)).collect(),
            affiliates.map(|team| split(&team.name)).collect(),
        )
    });
    &NAMES
}
