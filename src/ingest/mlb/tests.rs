//! Whole answers, from bodies to the store.

use jiff::civil::{Date, date};
use proptest::prelude::{Strategy, any, prop};
use proptest::proptest;
use serde_json::{Value, json};

use super::{Ask, Harvest, Page, Purpose, Rules, Side, Sport, apply, daily, read_under, shrunk};
use crate::domain::{Finding, Position, ProspectId, Season, Severity};
use crate::store::{Config, Opening, RosterStatus, Store};

const TODAY: Date = date(2026, 7, 1);
const SEASON: Season = Season(2026);

fn lines(level: Sport, side: Side, advanced: bool) -> Ask {
    Ask::Lines {
        season: SEASON,
        level,
        side,
        advanced,
    }
}

fn page(ask: Ask, body: &Value) -> Page {
    Page {
        ask,
        offset: 0,
        body: body.to_string().into_bytes(),
    }
}

fn clubs() -> Page {
    let club = |id: u32, sport: u32, parent: Option<u32>| {
        let mut club = json!({
            "id": id, "name": format!("Club {id}"), "abbreviation": format!("C{id}"), "season": 2026,
            "league": {"id": 111, "name": "Southern League"}, "sport": {"id": sport},
        });
        if let Some(parent) = parent {
            club["parentOrgId"] = json!(parent);
        }
        club
    };
    let mut parent = club(121, 1, None);
    parent["abbreviation"] = json!("WSH");
    let teams = json!({"teams": [parent, club(500, 12, Some(121)), club(501, 11, Some(121))]});
    page(Ask::Teams { season: SEASON }, &teams)
}

fn hitting() -> Value {
    json!({
        "gamesPlayed": 30, "plateAppearances": 120, "atBats": 100, "hits": 30, "doubles": 5,
        "triples": 1, "homeRuns": 4, "baseOnBalls": 15, "strikeOuts": 25, "hitByPitch": 3,
        "stolenBases": 6, "caughtStealing": 1, "numberOfPitches": 480, "avg": ".300",
    })
}

fn pitching() -> Value {
    json!({
        "gamesPlayed": 12, "gamesStarted": 10, "inningsPitched": "50.1", "battersFaced": 210,
        "hits": 40, "runs": 20, "earnedRuns": 18, "homeRuns": 3, "baseOnBalls": 20,
        "strikeOuts": 55, "hitBatsmen": 4, "strikes": 500, "era": "3.22",
    })
}

fn row(player: u32, sport: u32, stat: &Value) -> Value {
    json!({
        "season": "2026", "stat": stat, "team": {"id": 500, "name": "Club 500"},
        "player": {"id": player, "fullName": format!("Player {player}")},
        "league": {"id": 111, "name": "Southern League"}, "sport": {"id": sport},
        "numTeams": 1, "position": {"abbreviation": "SS"}, "gameType": "R",
    })
}

fn stats(ask: Ask, rows: &[Value]) -> Page {
    let kind = if matches!(ask, Ask::Lines { advanced: true, .. }) {
        "seasonAdvanced"
    } else {
        "season"
    };
    let body = json!({"stats": [{
        "type": {"displayName": kind}, "totalSplits": rows.len(), "splits": rows,
    }]});
    page(ask, &body)
}

fn batters(rows: &[Value]) -> Vec<Page> {
    vec![
        clubs(),
        stats(lines(Sport::DoubleA, Side::Hitting, false), rows),
    ]
}

fn read(pages: &[Page]) -> Result<Harvest, Vec<Finding>> {
    read_under(&Rules::lenient(), pages, TODAY, Purpose::Daily)
}

fn good(pages: &[Page]) -> Harvest {
    read(pages).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

fn bad(pages: &[Page]) -> String {
    let findings = read(pages).expect_err("refused");
    let critical = findings
        .iter()
        .filter(|found| found.severity == Severity::Critical);
    critical
        .map(|found| found.what.clone())
        .collect::<Vec<_>>()
        .join("; ")
}

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().expect("a directory");
    let store = Store::open(&Config::new(dir.path()), Opening::CreateIfAbsent).expect("a store");
    (dir, store)
}

#[test]
fn a_row_becomes_a_line_of_its_season() {
    let harvest = good(&batters(&[row(7, 12, &hitting())]));
    let (player, line) = harvest.batting[0];
    assert_eq!(
        (player, line.season, line.as_of),
        (ProspectId(7), SEASON, TODAY)
    );
    assert_eq!(
        (line.club.league.as_str(), line.club.team.as_str()),
        ("SOU", "C500")
    );
    assert_eq!(
        (line.club.organisation.as_str(), line.position),
        ("WSN", Some(Position::SS))
    );
    assert_eq!(
        (line.counts.pa, line.counts.b2, line.counts.rbi),
        (120, 5, 0)
    );
    assert_eq!(
        (line.counts.pitches, line.counts.air_outs),
        (Some(480), None)
    );
    assert_eq!(harvest.players[0].1.name, "Player 7");
    assert_eq!(harvest.findings, []);
}

#[test]
fn a_row_over_several_clubs_may_name_none() {
    let mut combined = row(7, 12, &hitting());
    let fields = combined.as_object_mut().expect("an object");
    fields.retain(|key, _| key != "team" && key != "league");
    combined["numTeams"] = json!(2);
    let line = good(&batters(&[combined])).batting[0].1;
    assert_eq!((line.club.team_id, line.counts.pa), (0, 120));
}

#[test]
fn swings_complete_the_line_of_the_same_player() {
    let advanced = json!({"totalSwings": 220, "swingAndMisses": 60});
    let wrong = json!({"totalSwings": 10, "swingAndMisses": 60});
    let mut pages = batters(&[row(7, 12, &hitting()), row(8, 12, &hitting())]);
    let swings = lines(Sport::DoubleA, Side::Hitting, true);
    let rows = [7, 9, 10, 11, 12].map(|player| row(player, 12, &advanced));
    pages.push(stats(swings, &[&rows[..], &[row(8, 12, &wrong)]].concat()));
    let harvest = good(&pages);
    let swings = |at: usize| harvest.batting[at].1.counts.swings;
    assert_eq!(
        (harvest.batting.len(), swings(0), swings(1)),
        (2, Some(220), None)
    );
    let told = &harvest.findings[0];
    assert_eq!(
        told.what,
        "counts that can't be true were left out of their lines"
    );
    assert!(told.examples[0].starts_with("8: "), "{:?}", told.examples);
    assert!(harvest.refused.is_empty(), "{:?}", harvest.refused);
}

#[test]
fn both_sides_of_a_major_league_season_are_one() {
    let harvest = good(&[
        clubs(),
        stats(
            lines(Sport::Majors, Side::Hitting, false),
            &[row(7, 1, &hitting())],
        ),
        stats(
            lines(Sport::Majors, Side::Pitching, false),
            &[row(7, 1, &pitching())],
        ),
    ]);
    let (_, season) = harvest.mlb[0];
    assert_eq!(
        (season.pa, season.g, season.outs, season.p_so),
        (120, 30, 151, 55)
    );
    assert!(harvest.batting.is_empty() && harvest.mlb.len() == 1);
}

#[test]
fn the_mexican_league_is_left_out_and_told() {
    let mut mexican = row(8, 12, &hitting());
    mexican["league"] = json!({"id": 125, "name": "Mexican League"});
    let harvest = good(&batters(&[row(7, 12, &hitting()), mexican]));
    assert_eq!(harvest.batting.len(), 1);
    assert!(harvest.players.iter().all(|(id, _)| id.0 != 8));
    assert_eq!(harvest.findings[0].count, 1);
}

#[test]
fn a_club_that_the_season_does_not_have_is_told() {
    let mut stranger = row(7, 12, &hitting());
    stranger["team"] = json!({"id": 999, "name": "Nobody's"});
    let harvest = good(&batters(&[stranger]));
    assert_eq!(harvest.findings[0].examples, ["club 999"]);
    assert!(harvest.batting[0].1.club.organisation.is_unknown());
}

#[test]
fn rows_that_cannot_be_true_are_set_aside_with_their_place() {
    let mut absurd = hitting();
    absurd["hits"] = json!(101);
    let mut rows: Vec<Value> = (1..=10).map(|player| row(player, 12, &hitting())).collect();
    rows.push(row(11, 12, &absurd));
    let harvest = good(&batters(&rows));
    let refused = &harvest.refused[0];
    assert_eq!(
        (refused.file.as_str(), refused.line),
        ("mlb/2026 AA hitting", 11)
    );
    assert_eq!(refused.reason, "101 hits in 100 at bats");
    assert_eq!(harvest.batting.len(), 10);
    let mostly: Vec<Value> = (1..=4).map(|player| row(player, 12, &absurd)).collect();
    assert!(bad(&batters(&mostly)).contains("4 of 4 rows can't be true"));
}

#[test]
fn a_repeated_player_is_a_missing_one() {
    let rows = [row(7, 12, &hitting()), row(7, 12, &hitting())];
    assert!(bad(&batters(&rows)).contains("2 rows are declared, 1 different ones came"));
}

#[test]
fn a_season_ahead_of_the_day_is_refused() {
    let pages = batters(&[row(7, 12, &hitting())]);
    let early = read_under(&Rules::lenient(), &pages, date(2025, 7, 1), Purpose::Daily);
    let findings = early.expect_err("refused");
    assert!(
        findings[0].what.contains("lies ahead of 2025-07-01"),
        "{findings:?}"
    );
}

#[test]
fn a_bio_without_a_club_of_ours_has_no_place() {
    let bio = |club: u32| {
        let people = Ask::People {
            season: SEASON,
            level: Sport::DoubleA,
        };
        page(
            people,
            &json!({"people": [{"id": 7, "fullName": "A", "currentTeam": {"id": club}}]}),
        )
    };
    assert!(good(&[clubs(), bio(77)]).affiliations.is_empty());
    assert_eq!(good(&[clubs(), bio(500)]).affiliations.len(), 1);
}

#[test]
fn applying_twice_changes_nothing() {
    let (_dir, store) = store();
    let harvest = everything();
    let state = || {
        store
            .read(|tx| Ok((tx.digest()?, tx.change_seq()?)))
            .expect("read")
    };
    let first = store.write(|tx| apply(&harvest, tx)).expect("applied");
    assert!(first.total().added >= 8, "{first:?}");
    let before = state();
    let second = store.write(|tx| apply(&harvest, tx)).expect("applied");
    assert_eq!((second.total().added, second.total().updated), (0, 0));
    assert_eq!(state(), before);
}

#[test]
fn a_source_that_lost_players_is_told() {
    let (_dir, store) = store();
    let rows: Vec<Value> = (1..=10).map(|player| row(player, 12, &hitting())).collect();
    let full = good(&batters(&rows));
    store.write(|tx| apply(&full, tx)).expect("applied");
    let findings = |rows: &[Value]| {
        let harvest = good(&batters(rows));
        store.read(|tx| shrunk(&harvest, tx)).expect("read")
    };
    assert_eq!(findings(&rows[..8]), []);
    assert_eq!(
        findings(&rows[..7])[0].what,
        "2026 has 7 players, 10 are known"
    );
}

#[test]
fn places_are_stored_when_they_change_and_stay() {
    let (_dir, store) = store();
    let mut harvest = everything();
    let put = |harvest: &Harvest| store.write(|tx| apply(harvest, tx)).expect("applied");
    put(&harvest);
    harvest.affiliations[0].1.as_of = date(2026, 7, 2);
    assert_eq!(
        put(&harvest).affiliations.added,
        0,
        "nothing new on the next day"
    );
    harvest.affiliations[0].1.club = "Club 501".to_owned();
    assert_eq!(put(&harvest).affiliations.added, 1);
    harvest.affiliations[0].1.club = "Club 500".to_owned();
    assert_eq!(
        put(&harvest).affiliations.added,
        0,
        "the first word of a day stays"
    );
}

#[test]
fn who_is_no_longer_listed_has_left_the_roster() {
    let (_dir, store) = store();
    let mut harvest = everything();
    let put = |harvest: &Harvest| store.write(|tx| apply(harvest, tx)).expect("applied");
    put(&harvest);
    let tomorrow = date(2026, 7, 2);
    harvest.rosters[0].day = tomorrow;
    harvest.rosters[0].players.clear();
    put(&harvest);
    let his = store
        .read(|tx| tx.roster_status_of(ProspectId(7)))
        .expect("read");
    let status = |day, code: &str, club| RosterStatus {
        day,
        code: code.to_owned(),
        club,
    };
    assert_eq!(his, [status(TODAY, "40M", 121), status(tomorrow, "", 0)]);
}

/// A harvest with one fact of every kind.
fn everything() -> Harvest {
    let person = json!({"id": 7, "fullName": "Al Otter"});
    let people = Ask::People {
        season: SEASON,
        level: Sport::DoubleA,
    };
    let bio = json!({"people": [{
        "id": 7, "fullName": "Al Otter", "birthDate": "2004-05-06", "mlbDebutDate": "2026-06-30",
        "currentTeam": {"id": 500},
    }]});
    let moves = Ask::Transactions {
        from: TODAY,
        to: TODAY,
    };
    let moved = json!({"transactions": [{
        "id": 1, "person": person, "toTeam": {"id": 501, "name": "Club 501"}, "date": "2026-07-01",
        "typeCode": "ASG", "description": "prose",
    }]});
    let roster = json!({"roster": [{"person": person, "status": {"code": "40M"}}]});
    let draft = json!({"drafts": {"draftYear": 2026, "rounds": [{"round": "1", "picks": [
        {"pickRound": "1", "pickNumber": 1, "person": person, "team": {"name": "Club 121"}},
    ]}]}});
    let mut pages = batters(&[row(7, 12, &hitting())]);
    pages.extend([
        stats(
            lines(Sport::DoubleA, Side::Pitching, false),
            &[row(7, 12, &pitching())],
        ),
        stats(
            lines(Sport::Majors, Side::Hitting, false),
            &[row(7, 1, &hitting())],
        ),
        page(people, &bio),
        page(moves, &moved),
        page(
            Ask::Roster {
                team: 121,
                day: TODAY,
            },
            &roster,
        ),
        page(Ask::Draft { year: SEASON }, &draft),
    ]);
    good(&pages)
}

/// What a JSON value may be replaced with.
fn any_value() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!(null),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!("é☃"),
        json!("NaN"),
        json!([]),
        json!({}),
        json!(true),
        json!([[[]]]),
        json!("2026-13-45"),
    ])
}

/// Replaces the value that `at` leads to, a digit for each step down.
fn replace(value: &mut Value, mut at: u64, with: &Value) {
    let below: Vec<&mut Value> = match value {
        Value::Array(values) => values.iter_mut().collect(),
        Value::Object(fields) => fields.values_mut().collect(),
        _ => Vec::new(),
    };
    let count = below.len() as u64;
    if count == 0 || at.is_multiple_of(7) {
        *value = with.clone();
        return;
    }
    let step = at % count;
    at /= count.max(2);
    if let Some(next) = below.into_iter().nth(step as usize) {
        replace(next, at, with);
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(ask in 0..60_usize, bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let asks = daily(TODAY, TODAY);
        let ask = asks[ask % asks.len()].clone();
        let _ = ask.next(&bytes, 0);
        let _ = read(&[clubs(), Page { ask, offset: 0, body: bytes }]);
    }

    #[test]
    fn no_value_in_the_wrong_place_makes_it_panic(at in any::<u64>(), with in any_value(), cut in 0..4000_usize) {
        let mut pages = batters(&[row(7, 12, &hitting()), row(8, 12, &hitting())]);
        pages.push(stats(lines(Sport::DoubleA, Side::Pitching, false), &[row(7, 12, &pitching())]));
        let victim = at as usize % pages.len();
        let mut body: Value = serde_json::from_slice(&pages[victim].body).expect("JSON");
        replace(&mut body, at / 3, &with);
        pages[victim].body = body.to_string().into_bytes();
        let _ = read(&pages);
        pages[victim].body.truncate(cut);
        let _ = read(&pages);
    }
}
