//! The command line as scripts use it: output, messages, exit codes.

use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

use crate::support::program::{afwd, complained, printed};

struct Shell(TempDir);

impl Shell {
    fn new() -> Self {
        Self(TempDir::new().expect("a directory"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        afwd(self.path())
            .args(arguments)
            .output()
            .expect("the program runs")
    }

    /// Runs what must succeed; gives stdout.
    fn good(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            complained(&output)
        );
        printed(&output)
    }

    /// Runs what must fail with `code`, nothing on stdout; gives stderr.
    fn bad(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {}",
            complained(&output)
        );
        assert_eq!(printed(&output), "", "{arguments:?}");
        complained(&output)
    }
}

#[test]
fn errors_say_what_to_do_and_exit_codes_tell_the_truth() {
    let shell = Shell::new();
    for arguments in [
        &["digest"][..],
        &["predict", "--as-of", "2024"],
        &["train", "--until", "2021"],
        &["explain", "700001"],
        &["search", "ana"],
        &["quarantine"],
        &["features", "--seasons", "2010..2012"],
        &["backtest", "--seasons", "2012..2013"],
        &["ablate", "--seasons", "2012..2013"],
        &["ablate", "--scouting", "2021"],
        &["tune", "--seasons", "2009..2011"],
        &["challenge", "--until", "2021"],
    ] {
        let message = shell.bad(1, arguments);
        assert!(message.contains("afwd import"), "{arguments:?}: {message}");
    }
    assert!(
        !shell.path().join("afwd-data").exists(),
        "asking made a store"
    );
    assert!(
        shell
            .bad(1, &["import", "milb-hitting", "absent.csv"])
            .contains("absent.csv does not exist")
    );
    for arguments in [
        &["import", "fantasy", "x.csv"][..],
        &["predict", "--as-of", "24"],
        &["features", "--seasons", "2017..2012"],
        &["explain", "zero"],
        &["explain", "0"],
        &["train"],
        &["ablate"],
        &["ablate", "--seasons", "2012", "--scouting", "2021"],
        &["challenge"],
        &["serve", "--listen", "nowhere"],
        &["pour"],
    ] {
        shell.bad(2, arguments);
    }
}

#[test]
fn a_taken_port_is_named() {
    let shell = Shell::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    assert!(
        shell
            .bad(1, &["serve", "--listen", &address])
            .contains(&address)
    );
}

#[test]
fn a_league_goes_through_every_verb() {
    let shell = Shell::new();
    league::write(shell.path(), 2026);
    let report = shell.good(&["import", "milb-hitting", "hitting.csv", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report[0]["quarantined"], 1, "{report}");
    shell.good(&["import", "milb-pitching", "pitching.csv"]);
    shell.good(&["import", "mlb-seasons", "mlb.csv"]);
    shell.good(&["import", "players", "players.csv"]);
    let digest = shell.good(&["digest"]);
    shell.good(&["import", "milb-hitting", "hitting.csv"]);
    assert_eq!(shell.good(&["digest"]), digest);
    assert!(shell.good(&["quarantine"]).contains("hits in"));

    shell.good(&[
        "features",
        "--seasons",
        "2018..2019",
        "--out",
        "features.csv",
        "--outcomes",
        "outcomes.csv",
    ]);
    let outcomes =
        std::fs::read_to_string(shell.path().join("outcomes.csv")).expect("the outcomes");
    assert!(outcomes.starts_with("id,season,role,label,window_seasons,window_pa,window_outs\n"));
    let features = std::fs::read_to_string(shell.path().join("features.csv")).expect("the table");
    let header = features.lines().next().expect("a header");
    assert!(
        header.starts_with("id,mlbam_id,season,role,label,evaluated,")
            && header.split(',').count() > 56
    );

    let then = "2031-05-05T12:00:00Z";
    let model = shell.good(&["train", "--until", "2021", "--seed", "7", "--now", then]);
    let shown = shell.good(&["models", "show", model.trim(), "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
    let finished = shown["runs"][0]["finished"].as_str().expect("a time");
    assert!(finished.starts_with("2031-05-05T12"), "{shown}");
    let promoted = shell.good(&["models", "promote", model.trim(), "--now", then]);
    assert!(promoted.starts_with("2031-05-05T12"), "{promoted}");
    assert_eq!(
        shell.good(&["train", "--until", "2021", "--seed", "7"]),
        model
    );
    shell.good(&["predict", "--as-of", "2024", "--out", "board.csv"]);
    let board = std::fs::read_to_string(shell.path().join("board.csv")).expect("the board");
    let mut lines = board.lines();
    assert_eq!(
        lines.next(),
        Some(
            "mlbam_id,season,role,probability,lower,upper,confidence,evaluated,withheld,\
             success_1,success_2,success_3,success_4,debut_1,debut_2,debut_3,debut_4"
        )
    );
    let first: Vec<&str> = lines.next().expect("a prospect").split(',').collect();
    assert!(
        first[3].split_once('.').expect("a fraction").1.len() >= 6,
        "{first:?}"
    );

    let explained = shell.good(&["explain", first[0], "--as-of", "2024", "--json"]);
    let view: serde_json::Value =
        serde_json::from_str(explained.lines().next().expect("a line")).expect("JSON");
    let shares: f64 = view["features"]
        .as_array()
        .expect("features")
        .iter()
        .map(|f| f["log_odds"].as_f64().expect("a share"))
        .sum();
    let sum = shares + view["base_log_odds"].as_f64().expect("a base");
    let shown: f64 = first[3].parse().expect("a probability");
    assert!(
        (1.0 / (1.0 + (-sum).exp()) - shown).abs() < 1e-6,
        "{sum} is not {shown}"
    );
    assert!(
        shell
            .good(&["search", &league::name(3)])
            .contains(&league::name(3))
    );
    assert!(
        shell
            .bad(1, &["predict", "--as-of", "1990"])
            .contains("1990")
    );
}

#[test]
fn a_prediction_knows_nothing_later() {
    let boards = [2026, 2021].map(|last| {
        let shell = Shell::new();
        league::write(shell.path(), last);
        shell.good(&["import", "milb-hitting", "hitting.csv"]);
        shell.good(&["import", "milb-pitching", "pitching.csv"]);
        shell.good(&["import", "mlb-seasons", "mlb.csv"]);
        shell.good(&["import", "players", "players.csv"]);
        shell.good(&["train", "--until", "2021"]);
        shell.good(&["predict", "--as-of", "2021"])
    });
    assert!(boards[0].lines().count() > 300);
    assert!(boards[0] == boards[1], "the future changed a prediction");
}

#[test]
fn the_api_is_described() {
    let document: serde_json::Value =
        serde_json::from_str(&Shell::new().good(&["openapi"])).expect("JSON");
    assert!(
        document["openapi"]
            .as_str()
            .expect("a version")
            .starts_with("3.1")
    );
}

/// The simulated league as the CSV files an operator would have.
mod league {
    use std::fmt::Write;
    use std::path::Path;

    use afwd::domain::History;
    use afwd::simulate::{LeagueSettings, league};

    fn histories() -> Vec<History> {
        league(&LeagueSettings {
            players: 1500,
            ..LeagueSettings::default()
        })
    }

    /// Ids of the simulated league lie outside the range of MLBAM ids.
    fn id(history: &History) -> u32 {
        history.prospect.id.0 - 900_000_000 + 100_000
    }

    pub(super) fn name(at: usize) -> String {
        histories()[at].prospect.name.clone()
    }

    /// The files as they were at the end of season `last`.
    pub(super) fn write(dir: &Path, last: u16) {
        let mut histories = histories();
        for history in &mut histories {
            history.batting.retain(|line| line.season.0 <= last);
            history.pitching.retain(|line| line.season.0 <= last);
            history.mlb.retain(|line| line.season.0 <= last);
        }
        let put = |name: &str, text: String| std::fs::write(dir.join(name), text).expect("a file");
        put("hitting.csv", hitting(&histories));
        put("pitching.csv", pitching(&histories));
        put("mlb.csv", mlb(&histories));
        put("players.csv", players(&histories));
    }

    fn hitting(histories: &[History]) -> String {
        let mut csv = "season,level,league,team_id,mlbam_id,name,position,g,pa,ab,h,b2,b3,hr,bb,so,hbp,sb,cs\n".to_owned();
        for history in histories {
            for line in &history.batting {
                let (c, position) = (
                    &line.counts,
                    line.position.map(|p| p.as_str()).unwrap_or_default(),
                );
                let (id, name) = (id(history), &history.prospect.name);
                writeln!(
                    csv,
                    "{},{},{},{},{id},{name},{position},{},{},{},{},{},{},{},{},{},{},{},{}",
                    line.season,
                    line.level,
                    line.club.league,
                    line.club.team_id,
                    c.g,
                    c.pa,
                    c.ab,
                    c.h,
                    c.b2,
                    c.b3,
                    c.hr,
                    c.bb,
                    c.so,
                    c.hbp,
                    c.sb,
                    c.cs
                )
                .expect("text");
            }
        }
        csv + "2024,AA,RDG,1,100001,Nobody,SS,1,4,3,9,0,0,0,1,0,0,0,0\n"
    }

    fn pitching(histories: &[History]) -> String {
        let mut csv =
            "season,level,league,team_id,mlbam_id,name,position,g,gs,outs,bf,h,r,er,hr,bb,so,hbp\n"
                .to_owned();
        for history in histories {
            for line in &history.pitching {
                let (c, position) = (
                    &line.counts,
                    line.position.map(|p| p.as_str()).unwrap_or_default(),
                );
                let (id, name) = (id(history), &history.prospect.name);
                writeln!(
                    csv,
                    "{},{},{},{},{id},{name},{position},{},{},{},{},{},{},{},{},{},{},{}",
                    line.season,
                    line.level,
                    line.club.league,
                    line.club.team_id,
                    c.g,
                    c.gs,
                    c.outs,
                    c.bf,
                    c.h,
                    c.r,
                    c.er,
                    c.hr,
                    c.bb,
                    c.so,
                    c.hbp
                )
                .expect("text");
            }
        }
        csv
    }

    fn mlb(histories: &[History]) -> String {
        let mut csv = "season,mlbam_id,pa,ab,ip_outs\n".to_owned();
        for history in histories {
            for season in &history.mlb {
                writeln!(
                    csv,
                    "{},{},{},{},{}",
                    season.season,
                    id(history),
                    season.pa,
                    season.ab,
                    season.outs
                )
                .expect("text");
            }
        }
        csv
    }

    fn players(histories: &[History]) -> String {
        let mut csv = "mlbam_id,name,birth_date\n".to_owned();
        for history in histories {
            let born = history
                .prospect
                .birth_date
                .map(|date| date.to_string())
                .unwrap_or_default();
            writeln!(csv, "{},{},{born}", id(history), history.prospect.name).expect("text");
        }
        csv
    }
}
