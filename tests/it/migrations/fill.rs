//! A store with rows in every table, all of them simulated or made up.

mod accounts;

use std::path::Path;

use afwd::clock::SystemClock;
use afwd::domain::{
    Check, Code, Confidence, Decision, Finding, Grade, Job, JobState, LeaderCounts, LeaderLine,
    Level, MajorsInWindow, Position, Prediction, ProspectId, Review, Role, Sample, Season,
    Severity, SnapshotId, Step, StepState, Tool, Transaction, TransactionClub, TransactionKind,
    Verdict,
};
use afwd::pipeline::{board, daily_boards, demo};
use afwd::simulate::LeagueSettings;
use afwd::store::{
    Affiliation, ArmCounts, BoardMeta, Challenge, KeptBody, ModelDecision, ModelState,
    QualityReport, Quarantined, RosterStatus, RunFigures, Store, StoreError, TrainingRun, WriteTx,
};
use jiff::Timestamp;
use jiff::civil::{Date, date};

const PLAYER: ProspectId = ProspectId(700_001);
const DAY: Date = date(2022, 12, 31);
const TIME: Timestamp = Timestamp::UNIX_EPOCH;

/// Fills the store in `dir`.
pub(super) fn fill(store: &Store, dir: &Path) {
    let league = LeagueSettings {
        players: 60,
        first_season: Season(2016),
        last_season: Season(2022),
        seed: 7,
    };
    demo::load(store, &league).expect("a league");
    board::ensure(store, dir, Season(2022), &SystemClock, &mut |_| ()).expect("a board");
    daily_boards::keep_season(store, Season(2022), DAY).expect("a day");
    let filled = store.write(|tx| {
        people(tx)?;
        models(tx)?;
        work(tx)?;
        accounts::fill(tx)
    });
    filled.expect("a write");
}

fn people(tx: &mut WriteTx) -> Result<(), StoreError> {
    let code = Code::new("NYM").unwrap_or_default();
    tx.put_reviews(&[Review {
        key: "somebody".to_owned(),
        source: "paper".to_owned(),
        name: "A. Gram".to_owned(),
        birth_date: Some(date(2001, 2, 3)),
        organisation: code,
        position: "SS".to_owned(),
        age: Some(21.5),
        grades: vec![Grade {
            source: "paper".to_owned(),
            list: "top100".to_owned(),
            list_year: Season(2022),
            published: Some(DAY),
            sample: Sample::FullTop100,
            rank: Some(12),
            org_rank: Some(1),
            future_value: Some(55.0),
            tools: vec![(Tool::Command, 60.0)],
        }],
        candidates: vec![PLAYER],
        decision: Decision::Matched(PLAYER),
    }])?;
    tx.put_leaders(&[LeaderLine {
        player: PLAYER,
        season: Season(2022),
        role: Role::Pitcher,
        level: "AA".to_owned(),
        counts: LeaderCounts {
            published: DAY,
            plate_appearances: Some(301),
            outs: Some(210),
            strikeouts: Some(0.25),
            walks: Some(0.125),
            wrc_plus: None,
            fip: Some(3.5),
        },
    }])?;
    let at = Affiliation {
        as_of: DAY,
        organisation: code,
        organisation_name: "New York".to_owned(),
        club: "Greenwich".to_owned(),
        level: Some(Level::TripleA),
        position: Some(Position::TWP),
    };
    tx.put_affiliations(&[(PLAYER, at)])?;
    let transaction = Transaction {
        id: 9,
        day: DAY,
        kind: TransactionKind::Other,
        code: "X".to_owned(),
        from: None,
        to: Some(TransactionClub {
            id: 3_000,
            name: "Greenwich".to_owned(),
            level: Some(Level::HighA),
            major: false,
        }),
    };
    tx.put_transactions(&[(PLAYER, transaction)])?;
    let status = RosterStatus {
        day: DAY,
        code: "40M".to_owned(),
        club: 121,
    };
    tx.put_rosters(DAY, &[121], &[(PLAYER, status)])?;
    Ok(())
}

fn models(tx: &mut WriteTx) -> Result<(), StoreError> {
    tx.replace_verdicts(&[Verdict {
        snapshot: SnapshotId {
            prospect: PLAYER,
            season: Season(2016),
            role: Role::Pitcher,
        },
        model_id: "2016-a".to_owned(),
        prediction: Prediction {
            probability: 0.25,
            lower: 0.125,
            upper: 0.5,
            confidence: Confidence::High,
            evaluated: true,
        },
        baseline: 0.0625,
        rank: 3,
        level: Level::DoubleA,
        age: Some(20.5),
        success: true,
        success_in_full_seasons: true,
        majors: MajorsInWindow {
            reached: true,
            pa: 0,
            outs: 401,
        },
    }])?;
    let figures = RunFigures {
        role: "both".to_owned(),
        n: 300,
        base_rate: 0.0625,
        auc: 0.875,
        brier_skill: 0.25,
        log_loss: 0.1875,
        ece: 0.015625,
        observed_to_expected: 1.0,
        balanced_accuracy: 0.75,
    };
    tx.put_training_run(&TrainingRun {
        run: 0,
        model_id: "2016-a".to_owned(),
        trained_until: 2016,
        seed: 1,
        settings: vec![("trees".to_owned(), "300".to_owned())],
        data_hash: "c0ffee".to_owned(),
        feature_schemas: vec![("hitter".to_owned(), "beef".to_owned())],
        code_version: "0.1.0".to_owned(),
        started_by: "train".to_owned(),
        seconds: 61.5,
        finished: TIME,
        unseen: vec![figures.clone()],
        backtest: vec![figures],
    })?;
    let state = ModelState {
        champion: Some("2016-a".to_owned()),
        earlier: vec!["2015-a".to_owned()],
        challenge: Some(Challenge {
            name: "2016-b/0".to_owned(),
            model_id: "2016-b".to_owned(),
            share: 0.125,
            since: TIME,
        }),
    };
    let decision = ModelDecision {
        at: TIME,
        action: "challenge".to_owned(),
        from: None,
        to: Some("2016-b".to_owned()),
        by: "API".to_owned(),
        why: "to see".to_owned(),
    };
    tx.decide(&state, &decision)?;
    tx.add_arm_counts("2016-b/0", "challenger", ArmCounts { views: 3, opens: 1 })?;
    let meta = BoardMeta {
        season: Season(2022),
        model_id: "2016-b".to_owned(),
        data_seq: 1,
    };
    tx.put_challenger_board(&meta, &"a board")
}

fn work(tx: &mut WriteTx) -> Result<(), StoreError> {
    tx.add_job(Job {
        id: 0,
        name: "daily".to_owned(),
        key: "2022-12-31".to_owned(),
        payload: "{}".to_owned(),
        state: JobState::Waiting,
        steps: vec![Step {
            name: "extract".to_owned(),
            state: StepState::Skipped,
            started: Some(TIME),
            finished: Some(TIME),
            rows: 3,
            progress: "3 of 3".to_owned(),
            warnings: vec!["late".to_owned()],
        }],
        failures: 1,
        created: TIME,
        due: TIME,
        started: Some(TIME),
        finished: None,
        error: "no answer".to_owned(),
        cancel: false,
    })?;
    let refused = Quarantined {
        file: "batting.csv".to_owned(),
        line: 7,
        kind: "milb-hitting".to_owned(),
        reason: "no season".to_owned(),
        row: "a,b,c".to_owned(),
    };
    tx.put_quarantined("batting.csv", &[refused])?;
    let kept = KeptBody {
        etag: "\"1\"".to_owned(),
        last_modified: String::new(),
        body: vec![1, 2, 3],
    };
    tx.keep_body("https://example.org/a", &kept)?;
    tx.stage_page("2022-12-31", "teams", 0, &vec![9, 9])?;
    tx.spend_request("https://example.org", DAY, 10)?;
    tx.change_source("mlb", |source| {
        source.terms_accepted = Some(TIME);
        source.data_day = Some(DAY);
    })?;
    let finding = Finding {
        check: Check::Freshness,
        severity: Severity::Critical,
        source: "mlb".to_owned(),
        what: "it is old".to_owned(),
        count: 2,
        examples: vec!["two days".to_owned()],
    };
    let report = QualityReport {
        source: "mlb".to_owned(),
        checked: TIME,
        rows: 3,
        applied: true,
        findings: vec![finding],
    };
    tx.put_quality(DAY, &report)
}
