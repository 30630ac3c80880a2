//! The source's answers, in the shapes of its contract.

use std::collections::BTreeMap;

use afwd::domain::Position;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::Fault;
use super::clubs::{Club, MAJOR};
use super::counts::{self, Counts};
use super::league::{League, Player, Stint};
use super::moves;

const COPYRIGHT: &str = "A fictional league. No rights in any real record are touched.";
/// Rows the source gives when nobody says how many.
const DEFAULT_LIMIT: usize = 50;

/// A request's path and query.
pub(crate) struct Request {
    path: String,
    query: BTreeMap<String, String>,
}

impl Request {
    pub(crate) fn new(target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        Self {
            path: path.to_owned(),
            query: pairs
                .map(|(key, value)| (plain(key), plain(value)))
                .collect(),
        }
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The value of a query parameter that reads as wanted.
    pub(crate) fn get<T: std::str::FromStr>(&self, key: &str) -> Option<T> {
        self.query.get(key)?.parse().ok()
    }

    /// Answers another page than asked for, for the faults that do.
    pub(crate) fn misread(&mut self, fault: Fault) {
        let Some(offset) = self.get::<usize>("offset") else {
            return;
        };
        let other = match fault {
            Fault::DuplicatePage => 0,
            Fault::ReorderedPage => offset - offset / 3,
            _ => offset,
        };
        self.query.insert("offset".to_owned(), other.to_string());
    }

    fn list(&self, key: &str) -> Vec<u32> {
        let text = self.query.get(key).map_or("", String::as_str);
        text.split(',').filter_map(|id| id.parse().ok()).collect()
    }
}

/// Undoes percent encoding.
fn plain(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let hex = bytes
            .get(at + 1..at + 3)
            .and_then(|hex| std::str::from_utf8(hex).ok());
        let code = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (bytes[at], code) {
            (b'%', Some(code)) => {
                out.push(code);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The league on a day.
pub(crate) struct Today<'a> {
    pub(crate) league: &'a League,
    pub(crate) day: Date,
    /// Most rows of a page, whatever is asked for.
    pub(crate) page: usize,
}

impl Today<'_> {
    /// The answer; `None` where the source has nothing under the path.
    pub(crate) fn answer(&self, request: &Request) -> Option<Value> {
        let parts: Vec<&str> = request
            .path
            .trim_start_matches("/api/v1/")
            .split('/')
            .collect();
        let season = request.get("season").unwrap_or(self.day.year() as u16);
        let mut body = match *parts.as_slice() {
            ["teams"] => json!({"teams": self.teams(season, &request.list("sportIds"))}),
            ["seasons"] => json!({"seasons": [dates(season)]}),
            ["stats"] => json!({"stats": self.stats(request, season)}),
            ["sports", sport, "players"] => {
                json!({"people": self.people(sport.parse().ok()?, season)})
            }
            ["transactions"] => {
                let from: Date = request.get("startDate")?;
                let to: Date = request.get("endDate")?;
                json!({"transactions": moves::between(self.league, from, to.min(self.day))})
            }
            ["draft", year] => self.draft(year.parse().ok()?),
            ["teams", id, "roster"] => self.roster(id.parse().ok()?, request),
            _ => return None,
        };
        body["copyright"] = json!(COPYRIGHT);
        Some(body)
    }

    fn teams(&self, season: u16, sports: &[u32]) -> Vec<Value> {
        let clubs = Club::all(season).filter(|club| sports.contains(&club.sport()));
        clubs.map(|club| club.body(season)).collect()
    }

    fn stats(&self, request: &Request, season: u16) -> Vec<Value> {
        let kind: String = request.get("stats").unwrap_or_default();
        let group: String = request.get("group").unwrap_or_default();
        let sport = request.get("sportIds").unwrap_or(1);
        let advanced = kind == "seasonAdvanced";
        let rows = self.rows(season, sport, group == "hitting", advanced);
        if rows.is_empty() {
            // A pool with nobody in it has no block.
            return Vec::new();
        }
        let offset: usize = request.get("offset").unwrap_or(0);
        let limit = request.get("limit").unwrap_or(DEFAULT_LIMIT).min(self.page);
        let page: Vec<&Value> = rows.iter().skip(offset).take(limit).collect();
        vec![json!({
            "type": {"displayName": kind}, "group": {"displayName": group},
            "totalSplits": rows.len(), "exemptions": [], "splits": page,
            "splitsTiedWithOffset": [], "splitsTiedWithLimit": [], "playerPool": "ALL",
        })]
    }

    /// Everybody's line of a level, by player.
    fn rows(&self, season: u16, sport: u32, hitting: bool, advanced: bool) -> Vec<Value> {
        let players = self.league.players.iter();
        players
            .filter_map(|player| {
                let stints = self
                    .stints(player, season, sport)
                    .filter(|s| side(s, hitting).is_some());
                let stints: Vec<&Stint> = stints.collect();
                let last = stints.last()?;
                let parts = stints
                    .iter()
                    .filter_map(|s| Some((side(s, hitting)?, s.share(self.day))));
                let stat = counts::stat(&counts::total(parts), advanced);
                Some(self.row(player, last, stint_clubs(&stints), hitting, stat))
            })
            .collect()
    }

    fn row(
        &self,
        player: &Player,
        last: &Stint,
        clubs: usize,
        hitting: bool,
        stat: Map<String, Value>,
    ) -> Value {
        let position = if hitting {
            player.position
        } else {
            Position::P
        };
        let team = last.club.body(last.season);
        let mut row = json!({
            "season": last.season.to_string(), "stat": stat, "player": self.person(player),
            "sport": team["sport"], "numTeams": clubs, "rank": 1, "position": named(position),
            "gameType": "R", "team": team,
        });
        if clubs == 1 {
            row["league"] = row["team"]["league"].clone();
        }
        row
    }

    /// The player's stints of a season on a level that have begun.
    fn stints<'a>(
        &self,
        player: &'a Player,
        season: u16,
        sport: u32,
    ) -> impl Iterator<Item = &'a Stint> {
        let day = self.day;
        player.stints.iter().filter(move |stint| {
            stint.season == season && stint.club.sport() == sport && stint.from <= day
        })
    }

    fn people(&self, sport: u32, season: u16) -> Vec<Value> {
        let players = self.league.players.iter();
        players
            .filter(|player| self.stints(player, season, sport).next().is_some())
            .map(|player| self.person(player))
            .collect()
    }

    fn person(&self, player: &Player) -> Value {
        let (first, last) = player.name.split_once(' ').unwrap_or((&player.name, ""));
        let side =
            |hand: Option<afwd::domain::Hand>| json!({"code": hand.map_or("R", |h| h.as_str())});
        let mut person = json!({
            "id": player.id, "fullName": player.name, "firstName": first, "lastName": last,
            "link": format!("/api/v1/people/{}", player.id), "primaryNumber": "7",
            "height": "6' 1\"", "weight": 200, "active": true, "isPlayer": true, "gender": "M",
            "primaryPosition": named(player.position), "batSide": side(player.bats),
            "pitchHand": side(player.throws), "strikeZoneTop": 3.37, "strikeZoneBottom": 1.54,
        });
        if let Some(born) = player.birth_date {
            person["birthDate"] = json!(born);
        }
        if let Some(debut) = player.debut.filter(|debut| *debut <= self.day) {
            person["mlbDebutDate"] = json!(debut);
        }
        if let Some(club) = player.club(self.day) {
            person["currentTeam"] = json!({"id": club.id(), "name": club.name()});
        }
        person
    }

    fn draft(&self, year: u16) -> Value {
        let mut rounds: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        let ahead = self.day < jiff::civil::date(year as i16, 7, 15);
        for player in self.league.players.iter().filter(|_| !ahead) {
            for pick in player.draft.iter().filter(|pick| pick.year.0 == year) {
                rounds.entry(&pick.round).or_default().push(json!({
                    "pickRound": pick.round, "pickNumber": pick.pick, "year": year.to_string(),
                    "school": {"name": pick.school, "schoolClass": "4YR JR"},
                    "person": self.person(player), "team": {"id": 108, "name": pick.team},
                    "isDrafted": true, "isPass": false, "blurb": "Prose that nobody should keep.",
                }));
            }
        }
        let rounds: Vec<Value> = rounds
            .into_iter()
            .map(|(round, picks)| json!({"round": round, "picks": picks}))
            .collect();
        json!({"drafts": {"draftYear": year, "rounds": rounds}})
    }

    /// Major leaguers of the season, and minor leaguers who have debuted.
    fn roster(&self, id: u32, request: &Request) -> Value {
        let day = request.get("date").unwrap_or(self.day).min(self.day);
        let players = self.league.players.iter().filter_map(|player| {
            let club = player.club(day)?;
            let mine = (Club {
                rung: MAJOR,
                ..club
            })
            .id()
                == id;
            let playing = player
                .stints
                .iter()
                .any(|stint| stint.season == day.year() as u16);
            let debuted = player.debut.is_some_and(|debut| debut <= day);
            let code = if club.rung == MAJOR { "A" } else { "40M" };
            (mine && playing && debuted).then(|| {
                json!({
                    "person": {"id": player.id, "fullName": player.name}, "jerseyNumber": "7",
                    "position": named(player.position),
                    "status": {"code": code, "description": "Of the fake source"},
                })
            })
        });
        let roster: Vec<Value> = players.collect();
        json!({"roster": roster, "teamId": id, "rosterType": "40Man"})
    }
}

fn side(stint: &Stint, hitting: bool) -> Option<&Counts> {
    if hitting {
        stint.hitting.as_ref()
    } else {
        stint.pitching.as_ref()
    }
}

fn stint_clubs(stints: &[&Stint]) -> usize {
    let mut clubs: Vec<Club> = stints.iter().map(|stint| stint.club).collect();
    clubs.sort();
    clubs.dedup();
    clubs.len()
}

fn named(position: Position) -> Value {
    json!({"code": "1", "name": position.as_str(), "type": "Any", "abbreviation": position.as_str()})
}

fn dates(season: u16) -> Value {
    let start = if season == 2020 { "07-23" } else { "03-26" };
    json!({
        "seasonId": season.to_string(), "preSeasonStartDate": format!("{season}-01-01"),
        "regularSeasonStartDate": format!("{season}-{start}"),
        "regularSeasonEndDate": format!("{season}-09-28"),
        "qualifierPlateAppearances": 3.1, "qualifierOutsPitched": 3.0,
    })
}
