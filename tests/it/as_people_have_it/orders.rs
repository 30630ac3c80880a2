//! Orders of rows and files that must not matter.

use afwd::domain::{Grade, Season};
use afwd::ingest::FileKind;
use afwd::ingest::leaders::import_leaders;
use proptest::prelude::{Just, ProptestConfig, Strategy, proptest};

use super::{BATTING, DAY, batted, data, list, part, with_players};
use crate::support::desk::{Desk, all_accounted};

#[test]
fn leaders_count_a_traded_player_once_and_know_lost_signs() {
    let desk = with_players();
    let head = "Season,Name,Team,Level,Age,PA,K%,BB%,wRC+,PlayerId\n";
    let clubs = "2025,Orrin Vexley,PIT,AA,21,300,20.0,0.9,120,sa700001\n2025,Orrin Vexley,BOS,AA,21,100,10.0,5.0,100,sa700001\n";
    let sum = "2025,Orrin Vexley,- - -,AA,21,400,17.5,1.9,115,sa700001\n";
    for text in [clubs.to_owned(), sum.to_owned(), clubs.to_owned() + sum] {
        let file = desk.file("leaders.csv", head.to_owned() + &text);
        let report = import_leaders(&desk.store, &file, None, DAY).expect("an import");
        all_accounted(report.clone());
        let rows = desk
            .store
            .read(|tx| tx.leaders(Season(2025)))
            .expect("a read");
        assert_eq!(rows[0].counts.plate_appearances, Some(400), "{text}");
        let strikeouts = rows[0].counts.strikeouts.expect("a rate");
        assert!((strikeouts - 0.175).abs() < 1e-9, "{text}: {strikeouts}");
    }
}

/// Rows of two players with two clubs each, a sum, a repeat and a later day.
fn lines() -> Vec<String> {
    let of = |id: u32, row: &str| row.replace("710001", &id.to_string());
    let mut rows = vec![
        part("HFD", "COL", 240),
        part("REA", "PHI", 160),
        part("2TM", "", 400),
        part("REA", "PHI", 160),
        of(710_002, &part("HFD", "COL", 80)).replace("2025-09-20", "2025-09-02"),
        of(710_002, &part("HFD", "COL", 160)),
        of(710_002, &part("", "", 40)),
        of(710_003, &part("", "", 40)),
        of(710_003, &part("", "", 80)),
    ];
    rows.push(of(710_004, &part("TOT", "", 120)));
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_rows_does_not_matter(rows in Just(lines()).prop_shuffle()) {
        let (ordered, shuffled) = (Desk::new(), Desk::new());
        ordered.must(FileKind::MilbHitting, &(BATTING.to_owned() + &lines().concat()));
        shuffled.must(FileKind::MilbHitting, &(BATTING.to_owned() + &rows.concat()));
        assert_eq!(data(&ordered), data(&shuffled));
    }

    #[test]
    fn the_order_of_files_does_not_matter(order in Just(vec![0usize, 1, 2, 3]).prop_shuffle()) {
        let files = [
            part("HFD", "COL", 240),
            part("REA", "PHI", 160),
            part("TOT", "", 400),
            part("HFD", "COL", 80).replace("2025-09-20", "2025-09-02"),
        ];
        let (ordered, shuffled) = (Desk::new(), Desk::new());
        for at in 0..files.len() {
            ordered.must(FileKind::MilbHitting, &(BATTING.to_owned() + &files[at]));
            shuffled.must(FileKind::MilbHitting, &(BATTING.to_owned() + &files[order[at]]));
        }
        assert_eq!(batted(&ordered, 710_001), [240, 160]);
        assert_eq!(batted(&ordered, 710_001), batted(&shuffled, 710_001));
        assert_eq!(data(&ordered)["batting"], data(&shuffled)["batting"]);
    }

    #[test]
    fn a_row_is_at_most_one_players(
        name in "(Orrin |Luis |Casimir |Bak )(Vexley|Marr|Blunt|Jun-Seo)",
        org in "(PIT|SEA|TB|KC|BOS|)",
        pos in "(SS|OF|RHP|)",
        age in "(20|21|22|)",
        id in "(700001|700007|700008|799999|0|NA|)",
        birth in "(2004-03-10|2004-01-01|2001-06-06|)",
    ) {
        let desk = with_players();
        let row = format!("1,{name},{org},{pos},{age},{id},{birth}\n");
        let report = list(&desk, format!("Rank,Name,Org,Pos,Age,MLBAMID,DOB\n{row}"));
        let grade = Grade {
            source: "paper".to_owned(),
            list: "top".to_owned(),
            list_year: Season(2025),
            published: Some(DAY),
            sample: afwd::domain::Sample::Full,
            rank: Some(1),
            org_rank: None,
            future_value: None,
            tools: Vec::new(),
        };
        let held = desk.store.read(|tx| tx.entries_beside(&grade)).expect("a read");
        assert!(held.len() as u64 == report.added && held.len() <= 1, "{row}: {held:?}");
    }
}
