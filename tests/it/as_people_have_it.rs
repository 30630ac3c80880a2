//! Files as people have them: what spreadsheets, R, pandas, publishers and leagues make
//! of a table. Every kind of trouble in a dozen spellings; all names are invented.

use std::collections::BTreeMap;
use std::path::PathBuf;

use afwd::domain::{Code, Decision, Grade, History, Position, ProspectId, Season};
use afwd::ingest::leaders::import_leaders;
use afwd::ingest::lists::{ListOptions, import_list, taken};
use afwd::ingest::{FileKind, FileReport, ImportError, Options, Silent, import};
use afwd::store::{Config, Opening, Store};
use jiff::civil::{Date, date};
use proptest::prelude::{Just, ProptestConfig, Strategy, proptest};

const DAY: Date = date(2025, 10, 1);
const BATTING: &str = "season,level,league,team_id,team,org,mlbam_id,name,position,birth_date,g,pa,ab,h,b2,b3,hr,bb,so,hbp,sb,cs,swings,whiffs,as_of\n";

struct Desk {
    dir: tempfile::TempDir,
    store: Store,
}

impl Desk {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let store =
            Store::open(&Config::new(dir.path()), Opening::CreateIfAbsent).expect("a store");
        Self { dir, store }
    }

    /// A desk that knows some players and where they played.
    fn with_players() -> Self {
        let desk = Self::new();
        let players = "mlbam_id,name,birth_date,fangraphs_id,fantrax_id\n\
             700001,Orrin Vexley,2004-03-10,sa700001,*0vx01*\n\
             700002,Casimir Blunt,2003-02-02,sa700002,*0cb02*\n\
             700003,Jun-Seo Bak,2005-05-05,sa700003,\n\
             700004,Percival Quist Jr.,2004-08-08,sa700004,\n\
             700005,Teodoro Núñez-Abad,2003-01-20,sa700005,\n\
             700006,D.J. O'Farrow,2002-11-30,sa700006,\n\
             700007,Luis Marr,2004-01-01,sa700007,\n\
             700008,Luis Marr,2001-06-06,sa700008,\n\
             700009,Bobby Tarn,2003-09-09,sa700009,\n";
        desk.must(FileKind::Players, players);
        let line = |id: u32, name: &str, org: &str, pos: &str| {
            format!(
                "2025,AA,EAS,,,{org},{id},{name},{pos},,60,240,216,54,11,1,6,22,48,2,4,1,,,2025-09-20\n"
            )
        };
        let hitters = [
            (700_001, "Orrin Vexley", "PIT", "SS"),
            (700_003, "Jun-Seo Bak", "KCR", "SS"),
            (700_004, "Percival Quist Jr.", "NYY", "RF"),
            (700_005, "Teodoro Núñez-Abad", "CHC", "CF"),
            (700_006, "D.J. O'Farrow", "LAA", "3B"),
            (700_007, "Luis Marr", "SEA", "OF"),
            (700_008, "Luis Marr", "SEA", "OF"),
            (700_009, "Bobby Tarn", "OAK", "C"),
        ];
        let lines = hitters
            .map(|(id, name, org, pos)| line(id, name, org, pos))
            .concat();
        desk.must(FileKind::MilbHitting, &(BATTING.to_owned() + &lines));
        desk.must(
            FileKind::MilbPitching,
            "season,level,league,org,mlbam_id,name,position,g,gs,outs,bf,h,r,er,hr,bb,so,hbp\n\
             2025,AA,SOU,TBR,700002,Casimir Blunt,P,20,18,300,420,90,45,40,8,35,100,4\n",
        );
        desk
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    fn import(&self, kind: FileKind, bytes: impl AsRef<[u8]>) -> Result<FileReport, ImportError> {
        let path = self.file("rows.csv", bytes);
        let report = import(&self.store, kind, &path, &Options::default(), &Silent)?;
        assert!(accounted(&report), "{report:?}");
        Ok(report)
    }

    /// An import in which every row lands.
    fn must(&self, kind: FileKind, text: &str) -> FileReport {
        let report = self.import(kind, text).expect("an import");
        assert_eq!(report.quarantined, 0, "{report:?}");
        report
    }

    fn list(&self, bytes: impl AsRef<[u8]>) -> FileReport {
        self.try_list(bytes).expect("an import")
    }

    fn try_list(&self, bytes: impl AsRef<[u8]>) -> Result<FileReport, ImportError> {
        let options = ListOptions {
            source: "paper".to_owned(),
            list: "top".to_owned(),
            published: Some(DAY),
            ..ListOptions::default()
        };
        let report = import_list(&self.store, &self.file("list.csv", bytes), &options)?;
        assert!(accounted(&report), "{report:?}");
        Ok(report)
    }

    fn history(&self, id: u32) -> History {
        let history = self.store.read(|tx| tx.history(ProspectId(id)));
        history.expect("a read").expect("a player")
    }

    fn grades(&self, id: u32) -> Vec<Grade> {
        self.history(id).grades
    }

    /// Plate appearances, line by line.
    fn batted(&self, id: u32) -> Vec<u16> {
        let history = self.history(id);
        history.batting.iter().map(|line| line.counts.pa).collect()
    }

    fn open_questions(&self) -> usize {
        let reviews = self.store.read(|tx| tx.reviews()).expect("a read");
        reviews
            .iter()
            .filter(|review| review.decision == Decision::Open)
            .count()
    }

    /// Digests of what was imported; refused rows are kept with their line.
    fn data(&self) -> BTreeMap<String, String> {
        let digest = self.store.read(|tx| tx.digest()).expect("a digest");
        let tables = digest.tables.into_iter();
        tables
            .filter(|table| table.name != "quarantine")
            .map(|table| (table.name.to_string(), table.hash))
            .collect()
    }
}

fn accounted(report: &FileReport) -> bool {
    report.rows
        == report.added
            + report.updated
            + report.unchanged
            + report.duplicates
            + report.unmatched
            + report.left_out
            + report.quarantined
}

/// A batting line of player 710001 for a club, a share of 400 plate appearances.
fn part(team: &str, org: &str, pa: u16) -> String {
    let of = |whole: u32| whole * u32::from(pa) / 400;
    format!(
        "2025,AA,EAS,,{team},{org},710001,Wim Oster,LF,,{},{pa},{},{},{},{},{},{},{},{},{},{},,,2025-09-20\n",
        of(100),
        of(360),
        of(90),
        of(20),
        of(0),
        of(10),
        of(40),
        of(80),
        of(0),
        of(0),
        of(0)
    )
}

#[test]
fn a_placeholder_is_nothing_in_any_column() {
    for missing in [
        "NA", "nan", "NaN", "None", "null", "NULL", "MISSING", "N/A", "#N/A", "unknown", "-", "--",
        "- - -", ".", "?", " ",
    ] {
        let desk = Desk::new();
        let row = format!(
            "2025,AA,EAS,{missing},{missing},{missing},710001,Wim Oster,{missing},{missing},60,240,216,54,11,1,6,22,48,2,4,1,{missing},{missing},2025-09-20\n"
        );
        let report = desk.must(FileKind::MilbHitting, &(BATTING.to_owned() + &row));
        assert!(report.left_out_cells.is_empty(), "{missing}: {report:?}");
        let history = desk.history(710_001);
        let line = &history.batting[0];
        // `- - -` in a column of clubs stands for several of them.
        if missing != "- - -" {
            assert!(line.club.team.is_unknown(), "{missing}: {line:?}");
        }
        assert!(line.club.organisation.is_unknown(), "{missing}: {line:?}");
        assert_eq!(
            (line.position, history.prospect.birth_date),
            (None, None),
            "{missing}"
        );
        let report = desk.must(
            FileKind::Players,
            &format!("mlbam_id,name,birth_date,fangraphs_id,bbref_id\n710001,Wim Oster,{missing},{missing},{missing}\n"),
        );
        assert_eq!(report.rows, 1);
        let ids = desk.history(710_001).prospect.other_ids;
        assert_eq!((ids.fangraphs, ids.bref), (None, None), "{missing}");
        let refused = desk
            .import(
                FileKind::Players,
                format!("mlbam_id,name\n{missing},Nobody Atall\n"),
            )
            .expect("an import");
        assert_eq!(refused.quarantined, 1, "{missing}");
    }
}

#[test]
fn no_placeholder_is_an_id() {
    for id in [
        "0", "-1", "NA", "nan", "None", "null", "MISSING", "N/A", "#N/A", "unknown", "-", "sa",
        "0.0",
    ] {
        let desk = Desk::with_players();
        // Two people the register holds nothing of by that id.
        let report = desk.list(format!(
            "Rank,Name,Team,Pos,Age,PlayerId,MLBAMID\n1,Orrin Vexley,PIT,SS,21,{id},{id}\n2,Somebody Else,PIT,SS,21,{id},{id}\n"
        ));
        assert_eq!((report.added, report.unmatched), (1, 1), "{id}: {report:?}");
        assert_eq!(desk.grades(700_001).len(), 1, "{id}");
    }
}

#[test]
fn numbers_are_read_as_pandas_and_spreadsheets_write_them() {
    let desk = Desk::new();
    let text = BATTING.to_owned()
        + "2025.0,AA,EAS,9011.0,,COL,710001.0,Wim Oster,2B,2004-05-05 00:00:00,60.0,240.0,216.0,54.0,11.0,1.0,6.0,22.0,48.0,2.0,4.0,1.0,1012.0,300.0,2025-09-20\n"
        + "2025,AA,EAS,9011,,COL,710002,Ab Oster,2B,5/25/2004,60,240,216,54,11,1,6,22,48,2,4,1,\"1,012\",300,9/20/2025\n"
        + "2025,AA,EAS,9011,,COL,710003,Cy Oster,2B,\"May 5, 2004\",60,240,216,54,11,1,6,22,48,2,4,1,,,2025-09-20T00:00:00Z\n";
    let report = desk.must(FileKind::MilbHitting, &text);
    assert_eq!(report.added, 3);
    for id in 710_001..=710_003 {
        let history = desk.history(id);
        assert_eq!(history.batting[0].season, Season(2025));
        assert_eq!(history.batting[0].as_of, date(2025, 9, 20), "{id}");
        assert_eq!(
            history.prospect.birth_date.map(|day| day.year()),
            Some(2004),
            "{id}"
        );
    }
    assert_eq!(desk.history(710_001).batting[0].club.team_id, 9011);
    assert_eq!(desk.history(710_002).batting[0].counts.swings, Some(1012));
}

#[test]
fn one_cell_nobody_needs_never_costs_a_row() {
    let desk = Desk::new();
    let good = "2025,AA,EAS,9011,HFD,COL,710001,Wim Oster,LF,2004-02-02,60,240,216,54,11,1,6,22,48,2,4,1,400,100,2025-09-20\n";
    for (from, to) in [
        (",400,100,", ",11,-1,"),
        (",400,100,", ",400,401,"),
        (",400,100,", ",many,100,"),
        (",2004-02-02,", ",2032-02-02,"),
        (",2004-02-02,", ",soon,"),
        (",LF,", ",banana,"),
        (",9011,", ",2x,"),
        (",EAS,", ",The Eastern League of Professional Clubs,"),
        (",COL,", ",Somewhere Far Away,"),
    ] {
        let row = good.replacen(from, to, 1);
        assert_ne!(row, good);
        let report = desk
            .import(FileKind::MilbHitting, BATTING.to_owned() + &row)
            .expect("an import");
        assert_eq!(report.quarantined, 0, "{to}: {report:?}");
        assert_eq!(
            report.left_out_cells.values().sum::<u64>(),
            1,
            "{to}: {report:?}"
        );
        let aside = desk.store.read(|tx| tx.quarantined(9)).expect("a read");
        assert!(
            aside[0].reason.starts_with("kept without"),
            "{to}: {aside:?}"
        );
    }
}

#[test]
fn a_traded_player_is_not_counted_twice() {
    for sum in [
        "2TM",
        "3TM",
        "2 Teams",
        "2 Tms",
        "TOT",
        "Total",
        "- - -",
        "2LG",
        "Multiple Teams",
    ] {
        let clubs = [part("HFD", "COL", 240), part("REA", "PHI", 160)];
        let total = part(sum, "", 400);
        let by_org = part("", sum, 400);
        for (rows, expected) in [
            (
                vec![total.clone(), clubs[0].clone(), clubs[1].clone()],
                vec![240, 160],
            ),
            (
                vec![clubs[0].clone(), clubs[1].clone(), by_org.clone()],
                vec![240, 160],
            ),
            (vec![total.clone()], vec![400]),
            // A sum with more in it than the clubs that are there.
            (vec![total.clone(), clubs[0].clone()], vec![400]),
        ] {
            let desk = Desk::new();
            let report = desk.must(
                FileKind::MilbHitting,
                &(BATTING.to_owned() + &rows.concat()),
            );
            assert_eq!(desk.batted(710_001), expected, "{sum}: {report:?}");
            assert_eq!(report.left_out > 0, rows.len() > 1, "{sum}");
            assert_eq!(
                report.notes.iter().any(|note| note.contains("sum")),
                rows.len() > 1,
                "{sum}: {report:?}"
            );
        }
        // The same in files of their own, whichever comes first.
        let files = [clubs.concat(), total];
        for order in [[0, 1], [1, 0]] {
            let desk = Desk::new();
            for at in order {
                desk.must(FileKind::MilbHitting, &(BATTING.to_owned() + &files[at]));
            }
            assert_eq!(desk.batted(710_001), [240, 160], "{sum} {order:?}");
        }
    }
}

#[test]
fn a_sum_that_does_not_say_so_is_told_by_what_it_adds_up_to() {
    let clubs = part("HFD", "COL", 240) + &part("REA", "PHI", 160);
    for sum in [
        part("", "", 400),
        part("", "COL/PHI", 400),
        part("", "NA", 400),
        part("HFD/REA", "COL/PHI", 400),
        part("HFD/REA", "", 400),
    ] {
        let desk = Desk::new();
        desk.must(FileKind::MilbHitting, &(BATTING.to_owned() + &clubs + &sum));
        assert_eq!(desk.batted(710_001), [240, 160], "{sum}");
    }
    // Without columns of clubs: three rows, one the sum of the others.
    let bare = |text: &str| {
        text.replace("HFD", "")
            .replace("COL", "")
            .replace("REA", "")
            .replace("PHI", "")
    };
    let desk = Desk::new();
    desk.must(
        FileKind::MilbHitting,
        &(BATTING.to_owned() + &bare(&clubs) + &part("", "", 400)),
    );
    assert_eq!(desk.batted(710_001), [400]);
    // More than the clubs that are there: nobody can know, so it is asked.
    let desk = Desk::new();
    let report = desk
        .import(
            FileKind::MilbHitting,
            BATTING.to_owned() + &part("HFD", "COL", 240) + &part("", "", 400),
        )
        .expect("an import");
    assert_eq!((report.added, report.quarantined), (1, 1), "{report:?}");
    assert!(
        report.reasons.keys().any(|reason| reason.contains("`org`")),
        "{report:?}"
    );
}

#[test]
fn stints_add_up_with_and_without_a_club() {
    let desk = Desk::new();
    let text = "season,level,league,mlbam_id,name,position,g,pa,ab,h,b2,b3,hr,bb,so,hbp,sb,cs\n\
        2025,AA,EAS,710001,Wim Oster,SS,60,240,216,54,11,1,6,22,48,2,4,1\n\
        2025,AA,EAS,710001,Wim Oster,2B,40,160,144,36,7,1,4,14,32,2,2,1\n";
    let report = desk.must(FileKind::MilbHitting, text);
    assert_eq!(report.added, 2, "{report:?}");
    let line = desk.history(710_001).batting[0];
    assert_eq!(
        (line.counts.pa, line.counts.g, line.counts.h),
        (400, 100, 90)
    );
    assert_eq!(line.position, Some(Position::SS), "where he played more");
    let again = desk.must(FileKind::MilbHitting, text);
    assert_eq!((again.unchanged, again.added), (2, 0));

    let desk = Desk::new();
    let pitching = "season,level,league,mlbam_id,name,position,g,gs,outs,bf,h,r,er,hr,bb,so,hbp\n\
        2025,AA,EAS,710002,Ab Oster,RHP;SP,10,10,150,210,45,22,20,4,17,50,2\n\
        2025,AA,EAS,710002,Ab Oster,SP,5,5,75,105,22,11,10,2,8,25,1\n";
    desk.must(FileKind::MilbPitching, pitching);
    assert_eq!(desk.history(710_002).pitching[0].counts.outs, 225);

    // Two rows of one club contradict each other, and the message says by what to part them.
    let desk = Desk::new();
    let rows = part("HFD", "COL", 240) + &part("HFD", "COL", 160);
    let report = desk
        .import(FileKind::MilbHitting, BATTING.to_owned() + &rows)
        .expect("an import");
    assert_eq!((report.added, report.quarantined), (1, 1));
    assert!(
        report
            .reasons
            .keys()
            .all(|reason| reason.contains("`team_id`")),
        "{report:?}"
    );
}

#[test]
fn major_league_seasons_by_stint_add_up() {
    let head = "season,mlbam_id,name,pa,ab,h,ip_outs,g_bat,g_pit";
    for (columns, rows, expected) in [
        (",stint", [",1", ",2"].as_slice(), 400),
        (",team", &[",NYA", ",BOS"], 400),
        (",team", &[",NYA", ",BOS", ",TOT"], 400),
        (",team", &[",NYA", ",BOS", ",2TM"], 400),
        ("", &["", ""], 400),
        ("", &["", "", ""], 400),
    ] {
        let counts = [
            "240,216,54,0,60,0",
            "160,144,36,0,40,0",
            "400,360,90,0,100,0",
        ];
        let text: String = rows
            .iter()
            .zip(counts)
            .map(|(club, counts)| format!("2021,710001,Wim Oster,{counts}{club}\n"))
            .collect();
        let desk = Desk::new();
        desk.must(FileKind::MlbSeasons, &format!("{head}{columns}\n{text}"));
        let mlb = desk.history(710_001).mlb;
        assert_eq!((mlb.len(), mlb[0].pa), (1, expected), "{columns} {rows:?}");
    }
}

#[test]
fn the_same_line_of_a_later_day_replaces_the_earlier_in_any_order() {
    let june = part("HFD", "COL", 160).replace("2025-09-20", "2025-09-02");
    let later = part("HFD", "COL", 240);
    for text in [june.clone() + &later, later.clone() + &june] {
        let desk = Desk::new();
        desk.must(FileKind::MilbHitting, &(BATTING.to_owned() + &text));
        assert_eq!(desk.batted(710_001), [240]);
    }
    for order in [[&june, &later], [&later, &june]] {
        let desk = Desk::new();
        for rows in order {
            desk.must(FileKind::MilbHitting, &(BATTING.to_owned() + rows));
        }
        assert_eq!(desk.batted(710_001), [240]);
    }
}

#[test]
fn clubs_have_one_code_under_any_name() {
    for (written, code) in [
        ("TB", "TBR"),
        ("KC", "KCR"),
        ("WSH", "WSN"),
        ("AZ", "ARI"),
        ("ATH", "OAK"),
        ("CWS", "CHW"),
        ("SD", "SDP"),
        ("SF", "SFG"),
        ("D-backs", "ARI"),
        ("ChiSox", "CHW"),
        ("Athletics", "OAK"),
        ("Tampa Bay Rays", "TBR"),
        ("FLA", "MIA"),
    ] {
        let desk = Desk::new();
        desk.must(
            FileKind::MilbHitting,
            &(BATTING.to_owned() + &part("HFD", written, 400)),
        );
        let line = desk.history(710_001).batting[0];
        assert_eq!(Some(line.club.organisation), Code::new(code), "{written}");
    }
}

#[test]
fn a_list_is_read_with_any_separator_and_encoding() {
    let rows = [
        ["Rank", "Player", "Team", "Pos", "Age"],
        ["3", "Teodoro Núñez-Abad", "CHC", "CF", "22"],
    ];
    let text = |separator: &str| rows.map(|row| row.join(separator)).join("\r\n") + "\r\n";
    let utf16 = |text: &str, big: bool| {
        let units = text.encode_utf16();
        units
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect::<Vec<u8>>()
    };
    let latin = |text: &str| {
        text.chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
            .collect::<Vec<u8>>()
    };
    let marked = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
    for (what, bytes) in [
        ("commas", text(",").into_bytes()),
        ("semicolons", text(";").into_bytes()),
        ("tabs", text("\t").into_bytes()),
        ("bars", text("|").into_bytes()),
        ("sep", (String::from("sep=;\r\n") + &text(";")).into_bytes()),
        (
            "sep tab",
            (String::from("\"sep=\t\"\r\n") + &text("\t")).into_bytes(),
        ),
        ("a mark", marked(b"\xef\xbb\xbf", text(",").into_bytes())),
        ("UTF-16", marked(b"\xff\xfe", utf16(&text("\t"), false))),
        ("UTF-16 BE", marked(b"\xfe\xff", utf16(&text(","), true))),
        ("UTF-16 without a mark", utf16(&text(","), false)),
        ("Windows-1252", latin(&text(";"))),
        (
            "titles",
            (String::from("My list of 2025,,,,\r\nUpdated today\r\n\r\n") + &text(","))
                .into_bytes(),
        ),
        (
            "empty cells at the end",
            text(",").replace("\r\n", ",,,\r\n").into_bytes(),
        ),
        ("old Mac", text(",").replace("\r\n", "\r").into_bytes()),
    ] {
        let desk = Desk::with_players();
        let report = desk
            .try_list(&bytes)
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(
            (report.added, report.quarantined),
            (1, 0),
            "{what}: {report:?}"
        );
        assert_eq!(desk.grades(700_005)[0].rank, Some(3), "{what}");
        if what == "Windows-1252" {
            assert!(
                report
                    .notes
                    .iter()
                    .any(|note| note.contains("Windows-1252")),
                "{report:?}"
            );
        }
    }
}

#[test]
fn what_is_no_table_is_named_with_what_to_do() {
    let desk = Desk::with_players();
    for (bytes, said) in [
        (&b"PK\x03\x04\x14\0list.csv"[..], "unpack"),
        (b"[{\"Rank\": 1}]", "JSON"),
        (
            b"<!DOCTYPE html><html><head><title>Sign in</title>",
            "sign in",
        ),
        (b"%PDF-1.7", "PDF"),
        (
            b"PK\x03\x04\x14\0[Content_Types].xml and nothing",
            "workbook",
        ),
        (b"PAR1\0\0", "Parquet"),
    ] {
        let error = desk.try_list(bytes).expect_err("no table").to_string();
        assert!(error.contains(said), "{error}");
        let error = desk
            .import(FileKind::Players, bytes)
            .expect_err("no table")
            .to_string();
        assert!(error.contains(said), "{error}");
    }
}

/// An archive of files as they are, as a spreadsheet program would write it.
fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let (mut bytes, mut index) = (Vec::new(), Vec::new());
    let short = |bytes: &mut Vec<u8>, numbers: &[u16]| {
        numbers
            .iter()
            .for_each(|number| bytes.extend(number.to_le_bytes()));
    };
    for (name, text) in files {
        let mut sum = flate2::Crc::new();
        sum.update(text.as_bytes());
        let at = u32::try_from(bytes.len()).expect("small");
        let size = u32::try_from(text.len()).expect("small");
        let name_size = u16::try_from(name.len()).expect("small");
        let mut common = Vec::new();
        short(&mut common, &[20, 0, 0, 0, 0x21]);
        [sum.sum(), size, size]
            .iter()
            .for_each(|number| common.extend(number.to_le_bytes()));
        short(&mut common, &[name_size, 0]);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&common);
        bytes.extend(name.as_bytes());
        bytes.extend(text.as_bytes());
        index.extend(b"PK\x01\x02\x14\0");
        index.extend(&common);
        short(&mut index, &[0, 0, 0, 0, 0]);
        index.extend(at.to_le_bytes());
        index.extend(name.as_bytes());
    }
    let count = u16::try_from(files.len()).expect("few");
    let at = u32::try_from(bytes.len()).expect("small");
    let size = u32::try_from(index.len()).expect("small");
    bytes.extend(index);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    short(&mut bytes, &[count, count]);
    bytes.extend(size.to_le_bytes());
    bytes.extend(at.to_le_bytes());
    short(&mut bytes, &[0]);
    bytes
}

#[test]
fn a_workbook_is_read_as_its_first_filled_sheet() {
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let cell = |at: &str, text: &str| {
        if text.parse::<f64>().is_ok() {
            format!("<c r=\"{at}\"><v>{text}</v></c>")
        } else {
            format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        }
    };
    let row = |number: u32, cells: [&str; 5]| {
        let cells: String = ["A", "B", "C", "D", "E"]
            .iter()
            .zip(cells)
            .map(|(column, text)| cell(&format!("{column}{number}"), text))
            .collect();
        format!("<row r=\"{number}\">{cells}</row>")
    };
    let sheet = format!(
        "<worksheet xmlns=\"{main}\"><sheetData>{}{}{}</sheetData></worksheet>",
        row(2, ["My list", "of", "the", "year", "2025"]),
        row(3, ["Rank", "Player", "Team", "Pos", "Age"]),
        row(4, ["12", "Teodoro Núñez-Abad", "CHC", "CF", "22.5"]),
    );
    let workbook = archive(&[
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        ),
        (
            "_rels/.rels",
            &format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{kind}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{kind}\"><sheets><sheet name=\"Top\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            &format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{kind}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", &sheet),
    ]);
    let desk = Desk::with_players();
    let report = desk.list(&workbook);
    assert_eq!(report.added, 1, "{report:?}");
    assert_eq!(desk.grades(700_005)[0].rank, Some(12));
    assert!(
        report.notes.iter().any(|note| note.contains("“Top”")),
        "{report:?}"
    );
}

#[test]
fn a_cell_is_read_as_on_a_page() {
    let desk = Desk::with_players();
    let report = desk.list(
        "Rank,Name,Team,Pos,Age\n\
         1,\"<a href=\"\"https://example.org/p?id=1&x=2\"\">Orrin Vexley</a>\",\"<b>PIT</b>\",SS,21\n\
         2,D.J. O&#39;Farrow,LAA,3B,22\n\
         3,Teodoro N&uacute;&ntilde;ez-Abad,CHC,CF,22\n\
         4,Casimir&nbsp;Blunt,TBR,RHP,22\n",
    );
    assert_eq!((report.added, report.unmatched), (4, 0), "{report:?}");
}

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
            let desk = Desk::with_players();
            let report = desk.list(format!(
                "Rank;Name;Team;Pos;Age\n1;{name};{org};{pos};{age}\n"
            ));
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
        let desk = Desk::with_players();
        let report = desk.list(format!("Rank;Name;Team;Pos;Age\n{row}\n"));
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
        let desk = Desk::with_players();
        let report = desk.list(format!(
            "Rank,Name,Team,Pos,Age,DOB,MLBAMID,PlayerId,ID_trax\n{row}\n"
        ));
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
        let desk = Desk::with_players();
        let report = desk.list(format!(
            "Rank,Name,Team,Pos,Age,DOB,MLBAMID,PlayerId,ID_trax\n{row}\n"
        ));
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
        let desk = Desk::with_players();
        let report = desk.list(text);
        assert_eq!(report.added, 1, "{what}: {report:?}");
        assert_eq!(desk.grades(700_001)[0].rank, Some(12), "{what}");
    }
    let desk = Desk::with_players();
    let report = desk.list("Rank,Plyer,MLBAMID,Tier,Positon\n1,Orrin Vexley,700001,1,SS\n");
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
    let desk = Desk::with_players();
    let report = desk.list(
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
    let desk = Desk::with_players();
    desk.must(
        FileKind::Players,
        "mlbam_id,name,birth_date\n710021,Ezra Pell,2007-01-09\n",
    );
    desk.must(
        FileKind::Draft,
        "year,round,pick,name,team,position,school,mlbam_id\n2025,1,7,Ezra Pell,Pittsburgh Pirates,RHP,Testville High School,710021\n",
    );
    let report = desk.list("Rank,Player,Team,Pos,Age\n1,Ezra Pell,PIT,RHP,18\n");
    assert_eq!(report.added, 1, "{report:?}");
    let report = desk.list("Rank,Player,Team,Pos,Age\n2,Ezra Pell,PIT,SS,18\n");
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
        let desk = Desk::with_players();
        desk.list(head.to_owned() + first);
        let key = desk.store.read(|tx| tx.reviews()).expect("a read")[0]
            .key
            .clone();
        let report = desk.list(head.to_owned() + corrected);
        assert_eq!(
            (report.added, desk.open_questions()),
            (1, 0),
            "{first}: {report:?}"
        );
        let gone = desk.store.read(|tx| tx.review(&key)).expect("a read");
        assert!(gone.is_none(), "{first}");
    }
    // A row read otherwise and asked about again leaves one question, not two.
    let desk = Desk::with_players();
    desk.list(head.to_owned() + "1,Orrin Vexley,BOS,SS,21\n");
    desk.list(head.to_owned() + "1,Orrin Vexley,TEX,SS,21\n");
    assert_eq!(desk.open_questions(), 1);
    // A row that names another man now is taken from the first.
    let desk = Desk::with_players();
    desk.list("Rank,Player,Team,Pos,Age,DOB\n1,Luis Marr,SEA,OF,,2004-01-01\n");
    assert_eq!(desk.grades(700_007).len(), 1);
    desk.list("Rank,Player,Team,Pos,Age,DOB\n1,Luis Marr,SEA,OF,,2001-06-06\n");
    assert_eq!(
        (desk.grades(700_007).len(), desk.grades(700_008).len()),
        (0, 1)
    );
}

#[test]
fn an_answer_gives_no_row_to_two_men() {
    let desk = Desk::with_players();
    desk.list("Rank,Player,Team,Pos,Age\n1,Luis Marr,BOS,OF,21\n");
    let key = desk.store.read(|tx| tx.reviews()).expect("a read")[0]
        .key
        .clone();
    // The same row by its id, in a file the question is not known to be about.
    desk.list("Rank,MLBAMID\n1,700007\n");
    let refused = taken(&desk.store, &key, ProspectId(700_008)).expect("a read");
    if desk.open_questions() > 0 {
        assert!(refused.expect("a reason").contains("Luis Marr"));
    }
    assert_eq!(
        taken(&desk.store, &key, ProspectId(700_007)).expect("a read"),
        None
    );
}

#[test]
fn leaders_count_a_traded_player_once_and_know_lost_signs() {
    let desk = Desk::with_players();
    let head = "Season,Name,Team,Level,Age,PA,K%,BB%,wRC+,PlayerId\n";
    let clubs = "2025,Orrin Vexley,PIT,AA,21,300,20.0,0.9,120,sa700001\n2025,Orrin Vexley,BOS,AA,21,100,10.0,5.0,100,sa700001\n";
    let sum = "2025,Orrin Vexley,- - -,AA,21,400,17.5,1.9,115,sa700001\n";
    for text in [clubs.to_owned(), sum.to_owned(), clubs.to_owned() + sum] {
        let file = desk.file("leaders.csv", head.to_owned() + &text);
        let report = import_leaders(&desk.store, &file, None, DAY).expect("an import");
        assert!(accounted(&report), "{report:?}");
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
        assert_eq!(ordered.data(), shuffled.data());
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
        assert_eq!(ordered.batted(710_001), [240, 160]);
        assert_eq!(ordered.batted(710_001), shuffled.batted(710_001));
        assert_eq!(ordered.data()["batting"], shuffled.data()["batting"]);
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
        let desk = Desk::with_players();
        let row = format!("1,{name},{org},{pos},{age},{id},{birth}\n");
        let report = desk.list(format!("Rank,Name,Org,Pos,Age,MLBAMID,DOB\n{row}"));
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
