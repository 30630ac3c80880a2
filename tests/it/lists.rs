//! Published lists, The Board and leaders, in files written for these tests and,
//! where they are there, recorded ones.

use afwd::domain::{Decision, LeaderLine, ProspectId, Season, Tool};
use afwd::ingest::leaders::import_leaders;
use afwd::ingest::lists::{ListOptions, import_board, import_list};
use afwd::ingest::{FileKind, FileReport, ImportError};
use jiff::civil::{Date, date};
use proptest::prelude::{ProptestConfig, any, proptest};

use crate::support::desk::{Desk, all_accounted, of_paper};
use crate::support::skip::outside_data;

const DAY: Date = date(2024, 2, 1);

/// A desk that knows four players, two of one name.
fn with_players() -> Desk {
    let desk = Desk::new();
    desk.must(
        FileKind::Players,
        "mlbam_id,name,birth_date,fangraphs_id,parent_org_name,as_of\n\
         700001,José Peña,2002-05-01,sa1,Tampa Bay Rays,2023-07-01\n\
         700002,Jose Pena,2002-06-01,sa2,Tampa Bay Rays,2023-07-01\n\
         700003,Ana Gram,2003-01-01,sa3,New York Mets,2023-07-01\n\
         700004,Al Gebra,2001-01-01,sa4,Athletics,2023-07-01\n",
    );
    desk
}

fn list(desk: &Desk, text: &str) -> Result<FileReport, ImportError> {
    desk.list(text, &of_paper("top100", DAY))
}

#[test]
fn a_list_of_any_header_lands_with_its_grades() {
    let desk = with_players();
    let report = list(
        &desk,
        "\u{feff}Rk,Player,Team,Pos,Age,FV,Hit,Notes,Hit\r\n\
             1,Ana Gram,NYM,SS,21,45+,45 / 60,\"prose\r\nover \"\"two\"\" lines\",20\r\n\
             2,Al Gebra,ATH,OF,23,50,,,\r\n\
             3,Al Gebra,ATH,OF,23,high,,secret prose,\r\n",
    )
    .expect("an import");
    assert_eq!((report.added, report.quarantined), (2, 1), "{report:?}");
    let grades = desk.grades(700_003);
    assert_eq!(
        (grades[0].rank, grades[0].future_value),
        (Some(1), Some(47.0))
    );
    assert_eq!(grades[0].tools, [(Tool::Hit, 60.0)]);
    assert_eq!(grades[0].published, Some(DAY));
    let refused = desk.store.read(|tx| tx.quarantined(9)).expect("a read");
    assert!(refused[0].reason.contains("contradicts"), "{refused:?}");
    assert!(!refused[0].row.contains("prose"), "{refused:?}");
}

#[test]
fn an_ambiguous_row_waits_until_the_operator_says_who_it_is() {
    let desk = with_players();
    let text = "Rank,Name,Org,Age,FV\n7,Jose Pena,TB,21.7,50\n";
    let report = list(&desk, text).expect("an import");
    assert_eq!((report.added, report.unmatched), (0, 1));
    let before = desk.digest();
    list(&desk, text).expect("an import");
    assert_eq!(desk.digest(), before, "asked once");
    let reviews = desk.store.read(|tx| tx.reviews()).expect("a read");
    assert_eq!(reviews.len(), 1);
    assert_eq!(reviews[0].candidates, [700_001, 700_002].map(ProspectId));
    let decide = |decision| {
        let key = &reviews[0].key;
        desk.store
            .write(|tx| tx.decide_review(key, decision))
            .expect("a write")
            .expect("the review")
    };
    decide(Decision::Matched(ProspectId(700_002)));
    assert_eq!(desk.grades(700_002)[0].rank, Some(7));
    let again = list(&desk, text).expect("an import");
    assert_eq!((again.unchanged, again.unmatched), (1, 0), "{again:?}");
    let later = desk
        .list("Rank,Name,Org\n9,José Peña,TBR\n", &of_paper("top200", DAY))
        .expect("an import");
    assert_eq!((later.added, later.unmatched), (1, 0), "{later:?}");
    decide(Decision::Matched(ProspectId(700_001)));
    assert_eq!(
        desk.grades(700_002).len(),
        0,
        "a decision can be taken back"
    );
    assert_eq!(desk.grades(700_001).len(), 2);
    decide(Decision::Dismissed);
    assert_eq!(desk.grades(700_001).len(), 0);
    let dismissed = list(&desk, text).expect("an import");
    assert_eq!(
        (dismissed.left_out, dismissed.unmatched),
        (1, 0),
        "{dismissed:?}"
    );
}

#[test]
fn a_list_without_a_day_or_a_person_says_what_to_do() {
    let desk = with_players();
    let file = desk.file("list.csv", "Rank,Name,Org\n1,Ana Gram,NYM\n");
    let undated = ListOptions {
        source: "paper".to_owned(),
        list: "top100".to_owned(),
        ..ListOptions::default()
    };
    let error = import_list(&desk.store, &file, &undated).expect_err("undated");
    assert!(error.to_string().contains("--published"), "{error}");
    let error = list(&desk, "Platz,Spieler\n1,Ana Gram\n").expect_err("a header");
    let said = error.to_string();
    assert!(
        said.contains("Spieler") && said.contains("--map name="),
        "{said}"
    );
    let mapped = ListOptions {
        published: Some(DAY),
        map: vec![
            ("name".to_owned(), "Spieler".to_owned()),
            ("rank".to_owned(), "Platz".to_owned()),
        ],
        ..undated
    };
    let file = desk.file("list.csv", "Platz,Spieler,MLBAMID\n1,Ana Gram,700003\n");
    let report = import_list(&desk.store, &file, &mapped).expect("an import");
    assert_eq!(report.added, 1);
}

#[test]
fn tabs_of_the_board_complete_one_another() {
    let desk = with_players();
    let report = desk.file(
        "a.csv",
        "Top 100,Org Rk,Name,Org,Pos,Current Level,ETA,FV,Risk,Age,Report,playerId\n\
         4,1,Ana Gram,NYM,SS,AA,2025,55,Med,21.1,<p>prose</p>,sa3\n",
    );
    let scouting = desk.file(
        "b.csv",
        "Name,Pos,Org,Age,Hit,Game,FV,playerId\nAna Gram,SS,NYM,21.1,45 / 60,50 / 55,55,sa3\n",
    );
    for file in [&report, &scouting] {
        let report = import_board(&desk.store, file, DAY).expect("an import");
        assert_eq!(all_accounted(report).quarantined, 0);
    }
    let grades = desk.grades(700_003);
    assert_eq!(grades.len(), 1);
    assert_eq!((grades[0].rank, grades[0].tools.len()), (Some(4), 2));
    let other = desk.file("c.csv", "Rank,Name\n1,Ana Gram\n");
    let error = import_board(&desk.store, &other, DAY).expect_err("no tab");
    assert!(error.to_string().contains("import list"), "{error}");
}

#[test]
fn leaders_are_kept_by_level_and_foreign_or_combined_rows_are_not() {
    let desk = with_players();
    let file = desk.file(
        "leaders.csv",
        "Name,Team,Level,Age,PA,BB%,K%,wRC+,PlayerId,BABIP,BABIP\n\
         Ana Gram,NYM,AA,21,300,0.1,0.2,120.5,sa3,.3,.3\n\
         Ana Gram,BOS,AA,21,100,0.1,0.4,100.5,sa3,.3,.3\n\
         Al Gebra,MEX,AAA,23,300,0.1,0.2,120.5,sa4,.3,.3\n\
         Al Gebra,- - -,\"AA,AAA\",23,300,0.1,0.2,120.5,sa4,.3,.3\n\
         Zed Zero,NYM,AA,21,300,0.1,0.2,120.5,sa9,.3,.3\n",
    );
    let error = import_leaders(&desk.store, &file, None, DAY).expect_err("no season");
    assert!(error.to_string().contains("--season"), "{error}");
    let season = Season(2024);
    let report = import_leaders(&desk.store, &file, Some(season), DAY).expect("an import");
    assert_eq!(
        (
            report.added,
            report.left_out,
            report.quarantined,
            report.unmatched
        ),
        (2, 1, 1, 1),
        "{report:?}"
    );
    let rows: Vec<LeaderLine> = desk.store.read(|tx| tx.leaders(season)).expect("a read");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].counts.plate_appearances, Some(400));
    let strikeouts = rows[0].counts.strikeouts.expect("a rate");
    assert!((strikeouts - 0.25).abs() < 1e-9);
    let again = import_leaders(&desk.store, &file, Some(season), DAY).expect("an import");
    assert_eq!((again.unchanged, again.added), (2, 0));
}

#[test]
fn recorded_samples_are_read_with_every_row_accounted_for() {
    let Some(samples) = outside_data("upstream/samples/fangraphs") else {
        return;
    };
    let mut read = 0;
    for entry in std::fs::read_dir(&samples).expect("a directory") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if !name.ends_with(".csv") {
            continue;
        }
        let desk = Desk::new();
        let report = if name.starts_with("board-") {
            import_board(&desk.store, &path, DAY)
        } else {
            import_leaders(&desk.store, &path, None, DAY)
        };
        let report = report.unwrap_or_else(|error| panic!("{name}: {error}"));
        let report = all_accounted(report);
        assert!(report.rows > 0, "{name}: {report:?}");
        assert!(report.quarantined * 20 <= report.rows, "{name}: {report:?}");
        read += 1;
    }
    assert!(read >= 12, "{read} samples");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn arbitrary_files_never_panic(head in "[A-Za-z0-9,/ #\"\n]{0,60}", body in any::<Vec<u8>>()) {
        let desk = Desk::new();
        for header in [head.as_str(), "Rank,Name,Org,FV,Hit,DOB", "Name,Org,Current Level,FV", "Name,Season,PA,IP,K%"] {
            let mut bytes = header.as_bytes().to_vec();
            bytes.push(b'\n');
            bytes.extend_from_slice(&body);
            let file = desk.file("any.csv", &bytes);
            let options = of_paper("any", DAY);
            let reports = [
                import_list(&desk.store, &file, &options),
                import_board(&desk.store, &file, DAY),
                import_leaders(&desk.store, &file, Some(Season(2024)), DAY),
            ];
            for report in reports.into_iter().flatten() {
                all_accounted(report);
            }
        }
    }
}
