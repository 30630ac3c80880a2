//! One value of every record, with something in each of its fields.

use std::fmt::Debug;

use jiff::Timestamp;
use jiff::civil::{Date, date};

use crate::domain::{
    Aftermath, AgeCount, AgeingCurve, BattingCounts, BattingLine, Check, Club, Code, Comparable,
    Confidence, Decision, DraftPick, Finding, FineWine, Grade, Hand, Job, JobState, LateBloomer,
    LeaderCounts, Level, MajorsInWindow, MlbSeason, OtherIds, PastBloomer, PitchingCounts,
    PitchingLine, Position, Prediction, ProspectId, Review, Role, RookieLimits,
    Sample as ListSample, Season, Severity, SnapshotId, Step, StepState, Tool, Transaction,
    TransactionClub, TransactionKind, Verdict,
};
use crate::store::record::boards::BoardRecord;
use crate::store::record::changes::{ChangeRecord, Touched, TouchedRecord};
use crate::store::record::days::{ColumnsRecord, DayRecord};
use crate::store::record::grades::GradeRecord;
use crate::store::record::jobs::JobRecord;
use crate::store::record::late_bloomers::FineWineRecord;
use crate::store::record::leaders::LeaderRecord;
use crate::store::record::lines::{BattingRecord, PitchingRecord};
use crate::store::record::models::{
    ArmCounts, Challenge, ModelDecision, ModelState, RunFigures, TrainingRun,
};
use crate::store::record::numbers::Number;
use crate::store::record::players::{DraftRecord, LimitsRecord, MlbRecord, PlayerRecord};
use crate::store::record::predictions::{
    ComparableRecord, ForecastRecord, PredictionRecord, VerdictRecord,
};
use crate::store::record::quarantine::QuarantineRecord;
use crate::store::record::reviews::ReviewRecord;
use crate::store::record::rosters::{
    Affiliation, AffiliationRecord, RosterRecord, TransactionRecord,
};
use crate::store::record::shape::{Form, Opaque, Record};
use crate::store::record::sources::{KeptBody, QualityRecord, QualityReport, SourceState};
use crate::store::tables::{self, StoredKey, Table};

mod people;

/// Whether a row reads as a value.
type Read = dyn Fn(&[u8]) -> Result<bool, String>;

/// A row of a table.
pub(super) struct Sample {
    pub(super) table: &'static str,
    pub(super) version: u8,
    pub(super) row: Vec<u8>,
    /// Whether a row reads as the sample's value.
    pub(super) read: Box<Read>,
    /// True when only the row's owner knows its shape.
    pub(super) is_opaque: bool,
}

fn sample<K: StoredKey, R: Record + PartialEq + Debug + 'static>(
    table: &Table<K, R>,
    value: R,
) -> Sample {
    Sample {
        table: table.name(),
        version: R::VERSION,
        row: value.encode().expect("encodes"),
        read: Box::new(move |row| Ok(R::decode(row)? == value)),
        is_opaque: false,
    }
}

fn opaque(table: &Table<u16, Opaque>) -> Sample {
    let row = crate::store::encode_value(&(7_u8, "a board")).expect("encodes");
    Sample {
        is_opaque: true,
        ..sample(table, Opaque(row))
    }
}

/// A sample of every table.
pub(super) fn samples() -> Vec<Sample> {
    vec![
        sample(&tables::PROSPECTS, player()),
        sample(&tables::BATTING, vec![BattingRecord::from(&batting())]),
        sample(&tables::PITCHING, vec![PitchingRecord::from(&pitching())]),
        sample(&tables::MONTHS, ()),
        sample(&tables::MLB_SEASONS, MlbRecord::of(&majors())),
        sample(&tables::ROOKIE_LIMITS, LimitsRecord::of(&limits())),
        sample(&tables::GRADES, GradeRecord::of(&grade())),
        sample(&tables::REVIEWS, ReviewRecord::of(&review())),
        sample(&tables::LEADERS, LeaderRecord::of(&leader())),
        sample(&tables::DRAFT_PICKS, DraftRecord::of(&pick())),
        sample(&tables::TEAMS, "Greenwich Wharf Rats".to_owned()),
        sample(
            &tables::AFFILIATIONS,
            AffiliationRecord::from(&affiliation()),
        ),
        sample(&tables::TRANSACTIONS, TransactionRecord::of(&transaction())),
        sample(&tables::ROSTER_STATUS, roster()),
        sample(&tables::PREDICTIONS, prediction()),
        sample(
            &tables::COMPARABLES,
            vec![ComparableRecord::of(&comparable())],
        ),
        sample(&tables::BOARDS, board()),
        opaque(&tables::BOARD_PAYLOADS),
        sample(&tables::DAY_BOARDS, day_board()),
        sample(&tables::DAY_COLUMNS, vec![1, 2, 253]),
        sample(&tables::DAY_BLOOMERS, FineWineRecord::of(&fine_wine())),
        sample(&tables::DAY_PAYLOADS, vec![1, 2, 253]),
        sample(&tables::VERDICTS, VerdictRecord::of(&verdict())),
        sample(&tables::QUARANTINE, quarantined()),
        sample(&tables::TRAINING_RUNS, training_run()),
        sample(&tables::MODEL_STATE, model_state()),
        sample(&tables::MODEL_LOG, model_decision()),
        sample(&tables::DRIFT, vec![1, 2, 253]),
        sample(
            &tables::ARM_COUNTS,
            ArmCounts {
                views: 300,
                opens: 4,
            },
        ),
        sample(&tables::CHALLENGER_BOARDS, board()),
        opaque(&tables::CHALLENGER_PAYLOADS),
        sample(&tables::JOBS, JobRecord::of(&job())),
        sample(&tables::JOB_KEYS, 70_000),
        sample(&tables::SOURCES, source()),
        sample(&tables::BUDGETS, 300),
        sample(&tables::KEPT_BODIES, kept_body()),
        sample(&tables::STAGED, vec![1, 2, 253]),
        sample(&tables::QUALITY, QualityRecord::of(&report())),
        sample(&tables::CHANGES, change()),
    ]
    .into_iter()
    .chain(people::samples())
    .collect()
}

fn day() -> Date {
    date(2026, 7, 3)
}

fn time(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + seconds).expect("a time")
}

fn player() -> PlayerRecord {
    let ids = OtherIds {
        fangraphs: Some("sa3001".to_owned()),
        bref_minors: Some("gram--000ana".to_owned()),
        bref: Some("gramaan01".to_owned()),
        chadwick: Some("deadbeef".to_owned()),
        fantrax: Some("04abc".to_owned()),
    };
    PlayerRecord {
        name: "Ana Gramañez".to_owned(),
        name_rank: 300,
        birth: Some(Form::of(&date(2004, 2, 29))),
        birth_rank: 2,
        bats: Some(Number(Hand::Switch)),
        throws: Some(Number(Hand::Right)),
        other_ids: Form::of(&ids),
    }
}

fn club() -> Club {
    let code = |text| Code::new(text).expect("short");
    Club {
        league: code("EAS"),
        team_id: 3_000,
        team: code("GRN"),
        organisation: code("NYM"),
    }
}

fn batting() -> BattingLine {
    BattingLine {
        season: Season(2026),
        level: Level::DoubleA,
        club: club(),
        position: Some(Position::SS),
        as_of: day(),
        counts: BattingCounts {
            g: 1,
            pa: 402,
            ab: 3,
            h: 4,
            b2: 5,
            b3: 6,
            hr: 7,
            rbi: 8,
            bb: 9,
            ibb: 10,
            so: 11,
            hbp: 12,
            sh: 13,
            sf: 14,
            gidp: 15,
            sb: 16,
            cs: 17,
            r: Some(18),
            ground_outs: Some(19),
            air_outs: Some(20),
            pitches: Some(2_100),
            swings: Some(22),
            whiffs: Some(23),
        },
    }
}

fn pitching() -> PitchingLine {
    PitchingLine {
        season: Season(2026),
        level: Level::HighA,
        club: club(),
        position: Some(Position::TWP),
        as_of: day(),
        counts: PitchingCounts {
            g: 1,
            gs: 2,
            w: 3,
            l: 4,
            sv: 5,
            hld: 6,
            cg: 7,
            sho: 8,
            outs: 309,
            bf: 410,
            h: 11,
            r: 12,
            er: 13,
            hr: 14,
            bb: 15,
            ibb: 16,
            so: 17,
            hbp: 18,
            wp: 19,
            bk: 20,
            ground_outs: Some(21),
            air_outs: Some(22),
            pitches: Some(2_300),
            strikes: Some(24),
            whiffs: Some(25),
        },
    }
}

fn majors() -> MlbSeason {
    MlbSeason {
        season: Season(2025),
        pa: 501,
        ab: 2,
        h: 3,
        hr: 4,
        bb: 5,
        so: 6,
        outs: 307,
        bf: 8,
        p_so: 9,
        p_bb: 10,
        g: 11,
        g_pit: 12,
        gs: 13,
    }
}

fn limits() -> RookieLimits {
    RookieLimits {
        debut: Some(date(2025, 4, 1)),
        passed_on: Some(date(2025, 9, 1)),
        passed_by: Some(Season(2025)),
    }
}

fn grade() -> Grade {
    Grade {
        source: "fangraphs".to_owned(),
        list: "top100".to_owned(),
        list_year: Season(2026),
        published: Some(day()),
        sample: ListSample::Amateur,
        rank: Some(301),
        org_rank: Some(2),
        future_value: Some(52.5),
        tools: vec![(Tool::Hit, 55.0), (Tool::Command, 60.0)],
    }
}

fn review() -> Review {
    Review {
        key: "k".to_owned(),
        source: "fangraphs".to_owned(),
        name: "A. Gram".to_owned(),
        birth_date: Some(day()),
        organisation: Code::new("NYM").expect("short"),
        position: "SS".to_owned(),
        age: Some(20.5),
        grades: vec![grade()],
        candidates: vec![ProspectId(700_001), ProspectId(2)],
        decision: Decision::Matched(ProspectId(700_001)),
    }
}

fn leader() -> LeaderCounts {
    LeaderCounts {
        published: day(),
        plate_appearances: Some(401),
        outs: Some(2),
        strikeouts: Some(0.25),
        walks: Some(0.125),
        wrc_plus: Some(131.0),
        fip: Some(3.5),
    }
}

fn pick() -> DraftPick {
    DraftPick {
        year: Season(2022),
        round: "CB-A".to_owned(),
        pick: 301,
        team: "Mets".to_owned(),
        position: "SS".to_owned(),
        school: "Wharf High".to_owned(),
    }
}

fn affiliation() -> Affiliation {
    Affiliation {
        as_of: day(),
        organisation: Code::new("NYM").expect("short"),
        organisation_name: "New York".to_owned(),
        club: "Greenwich".to_owned(),
        level: Some(Level::TripleA),
        position: Some(Position::DH),
    }
}

fn transaction() -> Transaction {
    let club = |id, level| TransactionClub {
        id,
        name: "Greenwich".to_owned(),
        level,
        major: level.is_none(),
    };
    Transaction {
        id: 800_001,
        day: day(),
        kind: TransactionKind::Claim,
        code: "CLW".to_owned(),
        from: Some(club(121, None)),
        to: Some(club(3_000, Some(Level::ShortSeasonA))),
    }
}

fn roster() -> RosterRecord {
    RosterRecord {
        code: "D60".to_owned(),
        club: 3_000,
    }
}

fn forecast() -> Prediction {
    Prediction {
        probability: 0.25,
        lower: 0.125,
        upper: 0.5,
        confidence: Confidence::High,
        evaluated: true,
    }
}

fn snapshot() -> SnapshotId {
    SnapshotId {
        prospect: ProspectId(700_001),
        season: Season(2021),
        role: Role::Pitcher,
    }
}

fn prediction() -> PredictionRecord {
    PredictionRecord {
        made_at: 1_780_000_000,
        forecast: ForecastRecord::of(&forecast()),
    }
}

fn comparable() -> Comparable {
    Comparable {
        id: snapshot(),
        age: Some(20.5),
        level: Level::A,
        distance: 0.75,
        aftermath: Aftermath {
            pa: 600,
            outs: 301,
            debut: Some(1),
            success: Some(2),
            success_in_full_seasons: Some(3),
        },
    }
}

fn board() -> BoardRecord {
    BoardRecord {
        model_id: "m-2021".to_owned(),
        data_seq: 70_000,
    }
}

fn day_board() -> DayRecord {
    DayRecord {
        season: 2026,
        model_id: "m-2021".to_owned(),
        data_seq: 70_000,
        whole: None,
        columns: Some(ColumnsRecord {
            of: 20_636,
            form: 1,
            base: Some(20_635),
            links: 3,
            simulated: true,
        }),
    }
}

fn fine_wine() -> FineWine {
    FineWine {
        bloomers: vec![LateBloomer {
            id: ProspectId(700_001),
            role: Role::Pitcher,
            since: Season(2025),
            rises: [0.5, -0.25, 0.0, 1.5, 0.125, -2.0],
            last_list: Some((2019, "mlb_pipeline".to_owned())),
        }],
        lists_known: true,
        curves: vec![AgeingCurve {
            role: Role::Hitter,
            seasons: (Season(2010), Season(2021)),
            by_age: vec![AgeCount {
                age: 25,
                risen: (40, 4),
                others: (400, 8),
            }],
            players: 30,
            crossed_at: vec![(27, 3)],
            crossed_after: [0, 2, 1, 300],
            examples: vec![PastBloomer {
                id: ProspectId(700_002),
                name: "Ana Gramañez".to_owned(),
                season: Season(2014),
                age: 25.5,
                level: Level::DoubleA,
                crossed: Season(2017),
                became: (1200, 0),
            }],
        }],
    }
}

fn verdict() -> Verdict {
    Verdict {
        snapshot: snapshot(),
        model_id: "m-2021".to_owned(),
        prediction: forecast(),
        baseline: 0.125,
        rank: 301,
        level: Level::Rookie,
        age: Some(19.5),
        success: true,
        success_in_full_seasons: true,
        majors: MajorsInWindow {
            reached: true,
            pa: 501,
            outs: 302,
        },
    }
}

fn quarantined() -> QuarantineRecord {
    QuarantineRecord {
        kind: "milb-hitting".to_owned(),
        reason: "no season".to_owned(),
        row: "a,b,c".to_owned(),
    }
}

fn training_run() -> TrainingRun {
    let figures = |role: &str| RunFigures {
        role: role.to_owned(),
        n: 30_000,
        base_rate: 0.0625,
        auc: 0.875,
        brier_skill: 0.25,
        log_loss: 0.1875,
        ece: 0.015625,
        observed_to_expected: 1.0,
        balanced_accuracy: 0.75,
    };
    TrainingRun {
        run: 7,
        model_id: "m-2021".to_owned(),
        trained_until: 2021,
        seed: 70_000,
        settings: vec![("trees".to_owned(), "300".to_owned())],
        data_hash: "c0ffee".to_owned(),
        feature_schemas: vec![("hitter".to_owned(), "beef".to_owned())],
        code_version: "0.1.0".to_owned(),
        started_by: "train".to_owned(),
        seconds: 61.5,
        finished: time(0),
        unseen: vec![figures("hitter")],
        backtest: vec![figures("both")],
    }
}

fn model_state() -> ModelState {
    ModelState {
        champion: Some("m-2021".to_owned()),
        earlier: vec!["m-2020".to_owned()],
        challenge: Some(Challenge {
            name: "m-2022/1".to_owned(),
            model_id: "m-2022".to_owned(),
            share: 0.125,
            since: time(1),
        }),
    }
}

fn model_decision() -> ModelDecision {
    ModelDecision {
        at: time(2),
        action: "promote".to_owned(),
        from: Some("m-2020".to_owned()),
        to: Some("m-2021".to_owned()),
        by: "API".to_owned(),
        why: "better".to_owned(),
    }
}

/// A job.
pub(super) fn job() -> Job {
    Job {
        id: 70_000,
        name: "daily".to_owned(),
        key: "2026-07-03".to_owned(),
        payload: "{}".to_owned(),
        state: JobState::Failed,
        steps: vec![Step {
            name: "extract".to_owned(),
            state: StepState::Skipped,
            started: Some(time(3)),
            finished: Some(time(4)),
            rows: 301,
            progress: "3 of 4".to_owned(),
            warnings: vec!["late".to_owned()],
        }],
        failures: 5,
        created: time(5),
        due: time(6),
        started: Some(time(7)),
        finished: Some(time(8)),
        error: "no answer".to_owned(),
        cancel: true,
    }
}

fn source() -> SourceState {
    SourceState {
        terms_accepted: Some(time(9)),
        applied: Some(time(10)),
        data_day: Some(day()),
        run: "2026-07-03".to_owned(),
        rows: 70_000,
        asked: Some(time(11)),
        error: "no answer".to_owned(),
        blocked_since: Some(time(12)),
    }
}

fn kept_body() -> KeptBody {
    KeptBody {
        etag: "\"1\"".to_owned(),
        last_modified: "Fri, 03 Jul 2026 00:00:00 GMT".to_owned(),
        body: vec![1, 2, 253],
    }
}

fn report() -> QualityReport {
    QualityReport {
        source: "mlb".to_owned(),
        checked: time(13),
        rows: 301,
        applied: true,
        findings: vec![Finding {
            check: Check::Freshness,
            severity: Severity::Critical,
            source: "mlb".to_owned(),
            what: "it is old".to_owned(),
            count: 302,
            examples: vec!["two days".to_owned()],
        }],
    }
}

fn change() -> ChangeRecord {
    let mut players = Touched::default();
    for id in [700_001, 700_301] {
        players.add(Some(id));
    }
    let mut whole = Touched::default();
    whole.add(None);
    ChangeRecord {
        tables: vec![
            TouchedRecord::new("batting", &players),
            TouchedRecord::new("reviews", &whole),
        ],
    }
}
