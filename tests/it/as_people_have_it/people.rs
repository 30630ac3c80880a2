//! Who a row of a list is about.

use afwd::domain::ProspectId;
use afwd::ingest::FileKind;
use afwd::ingest::lists::taken;

use super::{list, open_questions, with_players};

#[test]
fn names_match_however_they_are_written() {
    let people: [(u32, &str, &str, &str, &[&str]); 6] = [
        (
            700_001,
            "PIT",
            "SS",
            "21",
            &[
                "Vexley, Orrin",
                "ORRIN VEXLEY",
                "Orrin Vexley (SS)",
                "Vexley Orrin",
                "Orrin  Vexley",
                "Orrin Vexley, SS",
            ],
        ),
        (
            700_003,
            "KC",
            "SS",
            "20",
            &[
                "Jun Seo Bak",
                "Junseo Bak",
                "Bak Jun-Seo",
                "Bak, Jun-Seo",
                "JunSeo Bak",
                "Bak Junseo",
            ],
        ),
        (
            700_004,
            "NYY",
            "OF",
            "21",
            &[
                "Percival Quist",
                "Quist, Percival, Jr.",
                "Quist Jr., Percival",
                "Percival Quist, Jr.",
                "Percival Quist JR",
                "Quist, Percival",
            ],
        ),
        (
            700_005,
            "CHC",
            "CF",
            "22",
            &[
                "Teodoro Nunez Abad",
                "TEODORO NÚÑEZ ABAD",
                "Nunez-Abad, Teodoro",
                "Teodoro Nu\u{301}n\u{303}ez-Abad",
            ],
        ),
        (
            700_006,
            "LAA",
            "3B",
            "22",
            &[
                "DJ O'Farrow",
                "D. J. O’Farrow",
                "DJ OFarrow",
                "O'Farrow, D.J.",
                "D.J. O Farrow",
            ],
        ),
        (
            700_002,
            "Tampa Bay",
            "P",
            "22",
            &["Casimir Blunt", "Blunt, Casimir (RHP)"],
        ),
    ];
    for (id, org, pos, age, names) in people {
        for name in names {
            let desk = with_players();
            let report = list(
                &desk,
                format!("Rank;Name;Team;Pos;Age\n1;{name};{org};{pos};{age}\n"),
            );
            assert_eq!(report.added, 1, "{name}: {report:?}");
            assert_eq!(desk.grades(id).len(), 1, "{name}");
        }
    }
    // A nickname, another suffix, another club: asked, with him offered.
    for (row, id) in [
        ("1;Robert Tarn;OAK;C;22", 700_009),
        ("1;Percival Quist III;NYY;OF;21", 700_004),
        ("1;Orrin Vexley;BOS;SS;21", 700_001),
        ("1;Vexley O.;PIT;SS;21", 700_001),
    ] {
        let desk = with_players();
        let report = list(&desk, format!("Rank;Name;Team;Pos;Age\n{row}\n"));
        assert_eq!(
            (report.added, report.unmatched),
            (0, 1),
            "{row}: {report:?}"
        );
        let reviews = desk.store.read(|tx| tx.reviews()).expect("a read");
        assert!(
            id == 700_004 || reviews[0].candidates.contains(&ProspectId(id)),
            "{row}: {reviews:?}"
        );
    }
}

#[test]
fn an_id_that_contradicts_the_rest_is_a_question() {
    for row in [
        // Another man's id of ours, of FanGraphs, of Fantrax; one nobody has.
        "1,Orrin Vexley,PIT,SS,21,2004-03-10,700002,,",
        "1,Orrin Vexley,PIT,SS,21,,,sa700002,",
        "1,Orrin Vexley,PIT,SS,21,,,,*0cb02*",
        "1,Orrin Vexley,PIT,SS,21,,799999,,",
        "1,Orrin Vexley,PIT,SS,21,2004-03-10,799999,,",
        // The namesake's id with the other's birth date.
        "1,Luis Marr,SEA,OF,,2004-01-01,700008,,",
        // Two ids of two men.
        "1,,PIT,SS,21,,,sa700001,*0cb02*",
    ] {
        let desk = with_players();
        let report = list(
            &desk,
            format!("Rank,Name,Team,Pos,Age,DOB,MLBAMID,PlayerId,ID_trax\n{row}\n"),
        );
        assert_eq!(
            (report.added, report.unmatched),
            (0, 1),
            "{row}: {report:?}"
        );
    }
    for (row, id) in [
        ("1,Vexley,PIT,,,,700001,,", 700_001),
        ("1,Luis Marr,SEA,OF,,2004-01-01,,,", 700_007),
        ("1,,,,,,,sa700003,", 700_003),
        ("1,Casimir Blunt,,,,,,,*0cb02*", 700_002),
        ("1,Bob Tarn,OAK,C,,,700009,,", 700_009),
    ] {
        let desk = with_players();
        let report = list(
            &desk,
            format!("Rank,Name,Team,Pos,Age,DOB,MLBAMID,PlayerId,ID_trax\n{row}\n"),
        );
        assert_eq!(
            (report.added, desk.grades(id).len()),
            (1, 1),
            "{row}: {report:?}"
        );
    }
}

#[test]
fn exports_are_understood_without_a_map() {
    for (what, text) in [
        (
            "Fantrax",
            "\"ID\",\"Player\",\"Team\",\"Position\",\"RkOv\",\"Status\",\"Age\",\"+/-\"\n\"*0vx01*\",\"Orrin Vexley\",\"PIT\",\"2B,SS\",\"12\",\"FA\",\"21\",\"+1%\"\n",
        ),
        (
            "Prospects Live",
            "Rank,Tier,Name_FG,ID_trax,ID_fg,Team,Age,Position\n12,1,Orrin Vexley,MISSING,sa700001,PIT,21,SS\n",
        ),
        (
            "a year",
            "2025 Rank,2024 Rank,Player,MLB Team,Pos,Age (4/1)\n12,90,Orrin Vexley,PIT,SS,21\n",
        ),
        (
            "winter",
            "2026 Rank,Player,MLB Team,Pos,Age\n12,Orrin Vexley,PIT,SS,21\n",
        ),
    ] {
        let desk = with_players();
        let report = list(&desk, text);
        assert_eq!(report.added, 1, "{what}: {report:?}");
        assert_eq!(desk.grades(700_001)[0].rank, Some(12), "{what}");
    }
    let desk = with_players();
    let report = list(
        &desk,
        "Rank,Plyer,MLBAMID,Tier,Positon\n1,Orrin Vexley,700001,1,SS\n",
    );
    let note = report
        .notes
        .iter()
        .find(|note| note.contains("Tier"))
        .expect("a note");
    assert!(
        note.contains("Positon (is it pos?)") && note.contains("--map"),
        "{note}"
    );
    let report = desk.must(
        FileKind::Players,
        "mlbam_id,name,birht_date,Shoe Size\n710009,Zo Oster,2004-01-01,44\n",
    );
    let note = report
        .notes
        .iter()
        .find(|note| note.contains("shoe size"))
        .expect("a note");
    assert!(note.contains("birth_date?"), "{note}");
}

#[test]
fn a_cell_that_is_no_rank_or_grade_is_left_out() {
    let desk = with_players();
    let report = list(
        &desk,
        "Rank,Name,Team,Pos,Age,Grade,Published\n\
         T-12,Orrin Vexley,PIT,SS,21,60/High,2025-10-01\n\
         12-13,Orrin Vexley,PIT,SS,21,50 (55),2025-10-02\n\
         HM,Orrin Vexley,PIT,SS,21,FV 45+,2025-10-03\n\
         5,Orrin Vexley,PIT,SS,21,B+,2025-10-04\n\
         6,Orrin Vexley,PIT,SS,old,TBD,2025-10-05\n\
         4.8,Orrin Vexley,PIT,SS,21,n/a,2025-10-06\n",
    );
    assert_eq!(
        (report.added, report.unmatched, report.quarantined),
        (4, 1, 1),
        "{report:?}"
    );
    let grades = desk.grades(700_001);
    let said: Vec<_> = grades
        .iter()
        .map(|grade| (grade.rank, grade.future_value))
        .collect();
    assert_eq!(
        said,
        [
            (Some(12), Some(60.0)),
            (None, Some(50.0)),
            (None, Some(47.0)),
            (Some(5), None)
        ]
    );
    assert!(report.left_out_cells.len() >= 3, "{report:?}");
}

#[test]
fn a_draftee_who_has_not_played_is_matched() {
    let desk = with_players();
    desk.must(
        FileKind::Players,
        "mlbam_id,name,birth_date\n710021,Ezra Pell,2007-01-09\n",
    );
    desk.must(
        FileKind::Draft,
        "year,round,pick,name,team,position,school,mlbam_id\n2025,1,7,Ezra Pell,Pittsburgh Pirates,RHP,Testville High School,710021\n",
    );
    let report = list(&desk, "Rank,Player,Team,Pos,Age\n1,Ezra Pell,PIT,RHP,18\n");
    assert_eq!(report.added, 1, "{report:?}");
    let report = list(&desk, "Rank,Player,Team,Pos,Age\n2,Ezra Pell,PIT,SS,18\n");
    assert_eq!(report.unmatched, 1, "another side: {report:?}");
}

#[test]
fn a_question_dies_with_its_row() {
    let head = "Rank,Player,Team,Pos,Age\n";
    for (first, corrected) in [
        ("1,Orin Vexly,PIT,SS,21\n", "1,Orrin Vexley,PIT,SS,21\n"),
        ("1,Orrin Vexley,BOS,SS,21\n", "1,Orrin Vexley,PIT,SS,21\n"),
        ("1,Orrin Vexley,,SS,21\n", "1,Orrin Vexley,PIT,SS,21\n"),
        ("1,Wrong Man,PIT,SS,21\n", "1,Orrin Vexley,PIT,SS,21\n"),
        ("1,O. Vexley,PIT,SS,21\n", "1,Orrin Vexley,PIT,SS,21\n"),
    ] {
        let desk = with_players();
        list(&desk, head.to_owned() + first);
        let key = desk.store.read(|tx| tx.reviews()).expect("a read")[0]
            .key
            .clone();
        let report = list(&desk, head.to_owned() + corrected);
        assert_eq!(
            (report.added, open_questions(&desk)),
            (1, 0),
            "{first}: {report:?}"
        );
        let gone = desk.store.read(|tx| tx.review(&key)).expect("a read");
        assert!(gone.is_none(), "{first}");
    }
    // A row read otherwise and asked about again leaves one question, not two.
    let desk = with_players();
    list(&desk, head.to_owned() + "1,Orrin Vexley,BOS,SS,21\n");
    list(&desk, head.to_owned() + "1,Orrin Vexley,TEX,SS,21\n");
    assert_eq!(open_questions(&desk), 1);
    // A row that names another man now is taken from the first.
    let desk = with_players();
    list(
        &desk,
        "Rank,Player,Team,Pos,Age,DOB\n1,Luis Marr,SEA,OF,,2004-01-01\n",
    );
    assert_eq!(desk.grades(700_007).len(), 1);
    list(
        &desk,
        "Rank,Player,Team,Pos,Age,DOB\n1,Luis Marr,SEA,OF,,2001-06-06\n",
    );
    assert_eq!(
        (desk.grades(700_007).len(), desk.grades(700_008).len()),
        (0, 1)
    );
}

#[test]
fn an_answer_gives_no_row_to_two_men() {
    let desk = with_players();
    list(&desk, "Rank,Player,Team,Pos,Age\n1,Luis Marr,BOS,OF,21\n");
    let key = desk.store.read(|tx| tx.reviews()).expect("a read")[0]
        .key
        .clone();
    // The same row by its id, in a file the question is not known to be about.
    list(&desk, "Rank,MLBAMID\n1,700007\n");
    let refused = taken(&desk.store, &key, ProspectId(700_008)).expect("a read");
    if open_questions(&desk) > 0 {
        assert!(refused.expect("a reason").contains("Luis Marr"));
    }
    assert_eq!(
        taken(&desk.store, &key, ProspectId(700_007)).expect("a read"),
        None
    );
}
