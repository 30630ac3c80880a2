//! Files as people have them: what spreadsheets, R, pandas, publishers and leagues make
//! of a table. Every kind of trouble in a dozen spellings; all names are invented.

mod files;
mod lines;
mod orders;
mod people;

use std::collections::BTreeMap;

use afwd::domain::Decision;
use afwd::ingest::{FileKind, FileReport, ImportError};
use jiff::civil::{Date, date};

use crate::support::desk::{Desk, of_paper};

const DAY: Date = date(2025, 10, 1);
const BATTING: &str = "season,level,league,team_id,team,org,mlbam_id,name,position,birth_date,g,pa,ab,h,b2,b3,hr,bb,so,hbp,sb,cs,swings,whiffs,as_of\n";

/// A desk that knows some players and where they played.
fn with_players() -> Desk {
    let desk = Desk::new();
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

fn list(desk: &Desk, bytes: impl AsRef<[u8]>) -> FileReport {
    try_list(desk, bytes).expect("an import")
}

fn try_list(desk: &Desk, bytes: impl AsRef<[u8]>) -> Result<FileReport, ImportError> {
    desk.list(bytes, &of_paper("top", DAY))
}

/// Plate appearances, line by line.
fn batted(desk: &Desk, id: u32) -> Vec<u16> {
    let history = desk.history(id);
    history.batting.iter().map(|line| line.counts.pa).collect()
}

fn open_questions(desk: &Desk) -> usize {
    let reviews = desk.store.read(|tx| tx.reviews()).expect("a read");
    reviews
        .iter()
        .filter(|review| review.decision == Decision::Open)
        .count()
}

/// Digests of what was imported; refused rows are kept with their line.
fn data(desk: &Desk) -> BTreeMap<String, String> {
    let digest = desk.store.read(|tx| tx.digest()).expect("a digest");
    let tables = digest.tables.into_iter();
    tables
        .filter(|table| table.name != "quarantine")
        .map(|table| (table.name.to_string(), table.hash))
        .collect()
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
