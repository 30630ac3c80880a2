//! Imports of files written for these tests.

use std::path::Path;

use afwd::domain::on_roster;
use afwd::ingest::{FileKind, ImportError};
use jiff::civil::date;

use crate::support::desk::Desk;
use crate::support::skip::outside_data;

const HITTING: &str = "season,level,league,team_id,team,team_name,mlbam_id,name,position,g,pa,ab,h,b2,b3,hr,rbi,sb,cs,bb,ibb,so,hbp,sh,sf,gidp,ground_outs,air_outs,pitches,swings,whiffs\n";

fn row(id: u32, h: &str) -> String {
    format!(
        "2024,AA,EAS,500,HTF,Hartford,{id},Ana Gram,SS,10,40,36,{h},2,0,1,5,1,0,4,0,9,0,0,0,1,8,9,150,60,14\n"
    )
}

#[test]
fn good_rows_land_and_bad_ones_are_kept_with_their_reason() {
    let desk = Desk::new();
    let text = [
        HITTING.to_owned(),
        row(700_001, "10"),
        row(700_001, "10"),
        row(700_002, "37"),
        row(700_003, "ten"),
        row(700_001, "11"),
        HITTING.to_owned(),
        "2024,AA\n".to_owned(),
        row(700_004, "9").replace(",AA,", ",AAAA,"),
        row(700_005, "9").replace("2024,", "24,"),
        row(700_006, "9"),
    ]
    .concat();
    let report = desk
        .import_file(FileKind::MilbHitting, &desk.file("hitting.csv", text))
        .expect("an import");
    assert_eq!(
        (
            report.rows,
            report.added,
            report.duplicates,
            report.quarantined
        ),
        (10, 2, 1, 7)
    );
    let refused = desk
        .store
        .read(|tx| tx.quarantined(100))
        .expect("the quarantine");
    let lines: Vec<_> = refused.iter().map(|row| row.line).collect();
    assert_eq!(lines, [2, 4, 5, 7, 8, 9, 10]);
    for (row, expected) in refused.iter().zip([
        "contradicts line 6",
        "37 hits in 36 at bats",
        "`h` = `ten`",
        "header is repeated",
        "2 fields",
        "`level` = `AAAA` is no level",
        "not a season",
    ]) {
        assert!(
            row.reason.contains(expected),
            "line {}: {}",
            row.line,
            row.reason
        );
    }
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let desk = Desk::new();
    let path = desk.file(
        "hitting.csv",
        HITTING.to_owned() + &row(700_001, "10") + &row(700_002, "99"),
    );
    desk.import_file(FileKind::MilbHitting, &path)
        .expect("an import");
    let before = desk.digest();
    let again = desk
        .import_file(FileKind::MilbHitting, &path)
        .expect("an import");
    assert_eq!((again.unchanged, again.quarantined, again.added), (1, 1, 0));
    assert_eq!(desk.digest(), before);
}

#[test]
fn a_mended_file_empties_its_quarantine() {
    let desk = Desk::new();
    desk.import_file(
        FileKind::MilbHitting,
        &desk.file("h.csv", HITTING.to_owned() + &row(700_001, "99")),
    )
    .expect("an import");
    assert_eq!(
        desk.store
            .read(|tx| tx.quarantined(10))
            .expect("the quarantine")
            .len(),
        1
    );
    desk.import_file(
        FileKind::MilbHitting,
        &desk.file("h.csv", HITTING.to_owned() + &row(700_001, "9")),
    )
    .expect("an import");
    assert_eq!(
        desk.store
            .read(|tx| tx.quarantined(10))
            .expect("the quarantine"),
        []
    );
}

#[test]
fn gzip_is_read_like_plain_text() {
    use std::io::Write;
    let text = HITTING.to_owned() + &row(700_001, "10");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).expect("compressed");
    let (plain, packed) = (Desk::new(), Desk::new());
    plain
        .import_file(FileKind::MilbHitting, &plain.file("h.csv", &text))
        .expect("an import");
    packed
        .import_file(
            FileKind::MilbHitting,
            &packed.file("h.csv.gz", gzip.finish().expect("compressed")),
        )
        .expect("an import");
    assert_eq!(plain.digest(), packed.digest());
}

#[test]
fn files_that_are_not_what_was_said_change_nothing() {
    let desk = Desk::new();
    let before = desk.digest();
    let pitching = desk.file(
        "p.csv",
        "season,level,league,mlbam_id,name,position,g,gs,outs\n2024,AA,EAS,1,A,P,1,1,3\n",
    );
    let error = desk
        .import_file(FileKind::MilbHitting, &pitching)
        .expect_err("refused")
        .to_string();
    assert!(
        error.contains("milb-hitting") && error.contains("`pa`"),
        "{error}"
    );
    assert!(matches!(
        desk.import_file(FileKind::Draft, &desk.file("e.csv", "")),
        Err(ImportError::Empty(_))
    ));
    assert!(matches!(
        desk.import_file(FileKind::Draft, Path::new("/nonexistent.csv")),
        Err(ImportError::Io { .. })
    ));
    let mut broken = vec![0x1f, 0x8b, 8, 0];
    broken.extend([0xff; 40]);
    assert!(
        desk.import_file(FileKind::MilbHitting, &desk.file("b.csv.gz", broken))
            .is_err()
    );
    assert_eq!(desk.digest(), before);
}

#[test]
fn bytes_that_are_no_text_are_one_bad_row() {
    let desk = Desk::new();
    let named = row(700_001, "10").replace("Ana", "Añá");
    let mut bytes = (HITTING.to_owned() + &named).into_bytes();
    bytes.extend(b"2024,AA,EAS,500,HTF,Hartford,700002,\xff\xfe,SS,10,40,36,9,2,0,1,5,1,0,4,0,9,0,0,0,1,8,9,150,60,14\n");
    let report = desk
        .import_file(FileKind::MilbHitting, &desk.file("h.csv", bytes))
        .expect("an import");
    assert_eq!((report.added, report.quarantined), (1, 1));
}

#[test]
fn an_interrupted_file_leaves_nothing_half() {
    // A gzip stream cut in the middle fails after many good rows were read.
    use std::io::Write;
    let desk = Desk::new();
    let before = desk.digest();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(HITTING.as_bytes()).expect("compressed");
    for id in 700_001..720_000 {
        gzip.write_all(row(id, "10").as_bytes())
            .expect("compressed");
    }
    let mut bytes = gzip.finish().expect("compressed");
    bytes.truncate(bytes.len() / 2);
    assert!(matches!(
        desk.import_file(FileKind::MilbHitting, &desk.file("h.csv.gz", bytes)),
        Err(ImportError::Io { .. })
    ));
    assert_eq!(desk.digest(), before);
}

#[test]
fn every_kind_reads_its_documented_example() {
    let examples = [
        (FileKind::MilbHitting, HITTING.to_owned() + &row(700_001, "10")),
        (
            FileKind::MilbPitching,
            "season,level,league,org,mlbam_id,name,position,birth_date,g,gs,bf,h,r,er,hr,bb,so,hbp,outs,as_of\n\
             2025,A+,MID,NYM,700002,Cy Clone,P,2003-05-06,20,18,380,80,40,35,6,30,110,4,273,2025-08-25\n"
                .to_owned(),
        ),
        (
            FileKind::MlbSeasons,
            "season,mlbam_id,name,pa,ab,h,hr,bb,so,g_bat,g_pit,gs,ip_outs,bf,p_so,p_bb\n\
             2021,700001,Ana Gram,512,460,130,12,44,101,120,0,0,0,0,0,0\n"
                .to_owned(),
        ),
        (FileKind::Players, "mlbam_id,name_first,name_last,birth_date,fangraphs_id\n700001,Ana,Gram,2001-02-03,sa123\n".to_owned()),
        (FileKind::Eligibility, "mlbam_id,mlb_debut_date,rookie_until\n700001,2021-04-01,2021-06-15\n".to_owned()),
        (
            FileKind::Scouting,
            "source,list_name,list_year,as_of,sample,rank,fv,hit,mlbam_id\nmy_list,top100,2024,2024-02-01,full,7,55+,60,700001\n"
                .to_owned(),
        ),
        (
            FileKind::Draft,
            "year,round,pick,name,team,position,school,mlbam_id\n2022,1,3,Ana Gram,Some Club,SS,Some High School,700001\n".to_owned(),
        ),
    ];
    let desk = Desk::new();
    for (kind, text) in examples {
        let report = desk
            .import_file(kind, &desk.file("example.csv", text))
            .unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_eq!(
            (report.rows, report.quarantined),
            (1, 0),
            "{kind}: {report:?}"
        );
    }
    let history = desk
        .store
        .read(|tx| tx.history(afwd::domain::ProspectId(700_001)))
        .expect("a read")
        .expect("Ana");
    assert_eq!(
        history.prospect.birth_date,
        Some(jiff::civil::date(2001, 2, 3))
    );
    assert_eq!(
        (history.mlb.len(), history.draft.len(), history.grades.len()),
        (1, 1, 1)
    );
    assert_eq!(history.grades[0].future_value, Some(57.0));
}

#[test]
fn the_real_files_are_accounted_for_when_they_are_there() {
    let Some(data) = outside_data("data/milb_recent") else {
        return;
    };
    let desk = Desk::new();
    for (kind, file) in [
        (FileKind::MilbHitting, "hitting.csv.gz"),
        (FileKind::MilbPitching, "pitching.csv.gz"),
    ] {
        let report = desk.import_file(kind, &data.join(file)).expect("an import");
        assert!(report.quarantined * 100 < report.rows, "{report:?}");
    }
}

#[test]
fn huge_and_missing_counts_are_refused_without_a_panic() {
    let desk = Desk::new();
    let text = [
        HITTING.to_owned(),
        row(700_001, "10").replace(",2,0,1,", ",40000,30000,1,"),
        row(700_002, ""),
        row(700_003, "9"),
    ]
    .concat();
    let report = desk
        .import_file(FileKind::MilbHitting, &desk.file("hitting.csv", text))
        .expect("an import");
    assert_eq!((report.added, report.quarantined), (1, 2), "{report:?}");
    let pitching = "season,level,league,mlbam_id,name,position,g,gs,outs,bf,h,r,er,hr,bb,so,hbp\n\
        2024,AA,EAS,700004,Ana Gram,P,9,1,30,30000,5,3,1,1,1,1,1\n\
        2024,AA,EAS,700005,Al Gebra,P,,1,30,40,5,3,1,1,1,1,1\n";
    let report = desk
        .import_file(FileKind::MilbPitching, &desk.file("pitching.csv", pitching))
        .expect("an import");
    assert_eq!((report.added, report.quarantined), (1, 1), "{report:?}");
}

#[test]
fn a_file_of_another_kind_changes_nothing() {
    let desk = Desk::new();
    let before = desk.digest();
    let file = desk.file("hitting.csv", HITTING.to_owned() + &row(700_001, "10"));
    for kind in [
        FileKind::Players,
        FileKind::Eligibility,
        FileKind::MilbPitching,
    ] {
        let error = desk.import_file(kind, &file).expect_err("another kind");
        assert!(error.to_string().contains(kind.as_str()), "{error}");
    }
    assert_eq!(desk.digest(), before);
}

#[test]
fn transactions_tell_who_is_on_a_roster_on_which_day() {
    let desk = Desk::new();
    let must = |kind, name: &str, text: String| {
        desk.import_file(kind, &desk.file(name, text))
            .expect("an import")
    };
    must(
        FileKind::MilbHitting,
        "hitting.csv",
        HITTING.to_owned() + &row(700_001, "10"),
    );
    let report = must(
        FileKind::Transactions,
        "moves.csv",
        "date,mlbam_id,event\n2024-05-01,700001,option\n2024-05-01,700001,select\n\
         2024-06-01,700001,vanished\n,700001,select\n2024-09-01,700001,outright\n\
         2024-05-01,700001,SE\n"
            .to_owned(),
    );
    assert_eq!(
        (report.added, report.duplicates, report.quarantined),
        (3, 1, 2),
        "{report:?}"
    );
    let history = desk.store.read(|tx| tx.histories()).expect("histories");
    let until = |day| {
        let moves = history[0].roster.iter().filter(|step| step.day <= day);
        on_roster(moves.copied())
    };
    let added = date(2024, 5, 1);
    assert_eq!(
        until(date(2024, 8, 1)).and_then(|on| on.selected),
        Some(added)
    );
    assert_eq!(until(date(2024, 9, 1)), None);
}
