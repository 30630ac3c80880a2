//! Lines of players: what is missing, what is counted twice, what adds up.

use afwd::domain::{Code, Position, Season};
use afwd::ingest::FileKind;
use jiff::civil::date;

use super::{BATTING, batted, list, part, with_players};
use crate::support::desk::Desk;

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
        let desk = with_players();
        // Two people the register holds nothing of by that id.
        let report = list(
            &desk,
            format!(
                "Rank,Name,Team,Pos,Age,PlayerId,MLBAMID\n1,Orrin Vexley,PIT,SS,21,{id},{id}\n2,Somebody Else,PIT,SS,21,{id},{id}\n"
            ),
        );
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
            assert_eq!(batted(&desk, 710_001), expected, "{sum}: {report:?}");
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
            assert_eq!(batted(&desk, 710_001), [240, 160], "{sum} {order:?}");
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
        assert_eq!(batted(&desk, 710_001), [240, 160], "{sum}");
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
    assert_eq!(batted(&desk, 710_001), [400]);
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
        assert_eq!(batted(&desk, 710_001), [240]);
    }
    for order in [[&june, &later], [&later, &june]] {
        let desk = Desk::new();
        for rows in order {
            desk.must(FileKind::MilbHitting, &(BATTING.to_owned() + rows));
        }
        assert_eq!(batted(&desk, 710_001), [240]);
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
