//! The recorded bodies of the real source. They are not ours to ship: without
//! them the test skips.

use afwd::domain::{Check, Season};
use afwd::ingest::mlb::{Ask, Page, Purpose, Rules, Side, Sport, read_under};
use jiff::civil::date;

use crate::support::skip::outside_data;

/// The recorded bodies and the questions they may stand for.
fn recorded() -> Vec<(&'static str, Ask)> {
    let lines = |season, side| Ask::Lines {
        season: Season(season),
        level: Sport::Majors,
        side,
        advanced: false,
    };
    let people = |season| Ask::People {
        season: Season(season),
        level: Sport::Majors,
    };
    let day = date(2024, 3, 1);
    vec![
        (
            "teams-sport1-2026",
            Ask::Teams {
                season: Season(2026),
            },
        ),
        (
            "teams-mixed-milb-2022",
            Ask::Teams {
                season: Season(2022),
            },
        ),
        ("sports-1-players-2024.first25of1454", people(2024)),
        ("sports-players.trimmed11", people(2022)),
        ("person-660271", people(2026)),
        ("person-676265", people(2022)),
        ("people-yearByYear-milb_all-677941.trimmed", people(2026)),
        ("person-season-multilevel-milb-2025", people(2025)),
        (
            "season-2024-sport1",
            Ask::Dates {
                season: Season(2024),
            },
        ),
        ("draft-2024.trimmed", Ask::Draft { year: Season(2024) }),
        (
            "draft-prospects-2024-limit5",
            Ask::Draft { year: Season(2024) },
        ),
        (
            "transactions-2024-03-01_02.trimmed",
            Ask::Transactions {
                from: day,
                to: date(2024, 3, 2),
            },
        ),
        ("roster-147-active-2024", Ask::Roster { team: 147, day }),
        (
            "roster-fullSeason-5015-2025-hydrated.trimmed3",
            Ask::Roster { team: 5015, day },
        ),
        (
            "stats-bulk-projected_ZipsRos-2026-hitting.trimmed3",
            lines(2026, Side::Hitting),
        ),
        (
            "stats-bulk-projected_ZipsRos-2026-pitching.trimmed3",
            lines(2026, Side::Pitching),
        ),
    ]
}

#[test]
fn the_recorded_bodies_are_read_row_by_row() {
    let Some(samples) = outside_data("upstream/samples/mlb-stats-api") else {
        return;
    };
    for (name, ask) in recorded() {
        let path = samples.join(format!("{name}.json"));
        let text = std::fs::read_to_string(path).expect("a sample");
        let (body, rows) = as_asked(&text);
        let page = Page {
            ask: ask.clone(),
            offset: 0,
            body,
        };
        let as_of = date(2026, 11, 1);
        let harvest = read_under(&Rules::lenient(), &[page], as_of, Purpose::Daily);
        let harvest = harvest.unwrap_or_else(|findings| panic!("{name}: {findings:#?}"));
        assert_eq!(harvest.rows, rows, "{name}");
        assert_eq!(harvest.refused, [], "{name}");
        let facts = harvest.teams.len()
            + harvest.players.len()
            + harvest.draft.len()
            + harvest.transactions.len()
            + harvest.mlb.len()
            + harvest
                .rosters
                .iter()
                .map(|roster| roster.players.len())
                .sum::<usize>();
        let repeats = harvest
            .findings
            .iter()
            .filter(|finding| finding.check == Check::Duplicates);
        let facts = facts + repeats.map(|finding| finding.count as usize).sum::<usize>();
        println!(
            "{name}: {rows} rows, {facts} facts, {} findings",
            harvest.findings.len()
        );
        assert!(
            facts >= rows as usize || matches!(ask, Ask::Dates { .. }),
            "{name}"
        );
    }
}

/// The sample as the answer it was cut from: statistics under the kind that is
/// asked for, declared totals as cut. Also how many rows it has.
fn as_asked(text: &str) -> (Vec<u8>, u64) {
    let mut body: serde_json::Value = serde_json::from_str(text).expect("JSON");
    let count = |list: &serde_json::Value| list.as_array().map_or(0, Vec::len) as u64;
    let mut rows = 0;
    for key in [
        "teams",
        "people",
        "seasons",
        "transactions",
        "roster",
        "prospects",
    ] {
        rows += count(&body[key]);
    }
    if !body["prospects"].is_null() {
        body["queriedSize"] = serde_json::json!(rows);
    }
    let rounds = body["drafts"]["rounds"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    rows += rounds
        .iter()
        .map(|round| count(&round["picks"]))
        .sum::<u64>();
    if let Some(block) = body.pointer_mut("/stats/0") {
        rows += count(&block["splits"]);
        block["totalSplits"] = serde_json::json!(rows);
        block["type"]["displayName"] = serde_json::json!("season");
    }
    (body.to_string().into_bytes(), rows)
}
