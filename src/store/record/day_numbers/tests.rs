//! The columns of a day: frozen, read back, alone and beside others.

use super::{DayColumns, FORM};
use crate::domain::{
    Code, Confidence, FineWine, Horizons, Level, Position, Prediction, ProspectId, Role, Season,
};
use crate::store::record::day_board::{DayBoard, DayLine};
use crate::store::record::day_columns::unpack;

/// Keys and standing, facts, reasons of [`board`] as form 1 has them.
const FROZEN: [&str; 3] = [
    "0002e1dc2a818080801002010102020000f8b335b0e32da0c21ea0c21ea0c21ea0c21e04000002",
    "0403454153034e594d035359520347524e000c08060000020204068080e09a088080e09a08a206a40600dc04d08603d08603a8c301a8c301ffffffff0fffffffff0fa08d06a08d060000a08d06a08d06d08603d08603a8c301a8c301ffffffff0fffffffff0fc09a0cc09a0c",
    "be9201d461e6d502fca4028e9904a4e803d08603d08603a08d06a08d06f09309f09309c09a0cc09a0cefa204efa2048f4e8f4ecb3acb3a87278727c313c3130000c413c41388278827cc3acc3a904e904ed461d46198759875dc8801dc8801a09c01a09c01",
];

fn line(n: u32) -> DayLine {
    let share = f64::from(n) / 16.0;
    let role = [Role::Pitcher, Role::Hitter][n as usize % 2];
    DayLine {
        id: ProspectId(700_000 + n),
        role,
        rank: n,
        tier: n,
        previous_rank: (n > 1).then_some(300 + n),
        prediction: Prediction {
            probability: 0.5 - share,
            lower: 0.25 - share,
            upper: 0.75 - share,
            confidence: [Confidence::Low, Confidence::High][n as usize % 2],
            evaluated: n > 1,
        },
        horizons: Horizons {
            success: [0.125, 0.25, 0.375, 0.5].map(|p| p - share / 2.0),
            debut: [0.25, 0.5, 0.75, 1.0],
        },
        position: (n > 1).then_some(Position::SS),
        level: [Level::HighA, Level::DoubleA][n as usize % 2],
        league: Code::new("EAS").unwrap_or_default(),
        organisation: Code::new("NYM").unwrap_or_default(),
        club: Code::new(["GRN", "SYR"][n as usize % 2]).unwrap_or_default(),
        age: 21.5,
        playing_time: 400 + n,
        rates: [0.25, 0.125, f32::NAN, 0.5, 0.0],
        averages: [0.5, 0.25, 0.125, f32::NAN, 1.0],
        base: -3.5,
        groups: std::array::from_fn(|group| group as f64 / 8.0 - 0.5),
    }
}

fn board() -> DayBoard {
    DayBoard {
        season: Season(2026),
        model_id: "m-2021".to_owned(),
        simulated: true,
        lines: vec![line(1), line(2)],
        bloomers: FineWine::default(),
    }
}

#[test]
fn the_columns_of_a_day_are_those_frozen() {
    let parts = DayColumns::of(&board(), None).write(None).expect("columns");
    let written = parts.map(|part| {
        let raw = unpack(&part).expect("unpacks");
        raw.iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    });
    assert_eq!(
        (FORM, written.each_ref().map(String::as_str)),
        (1, FROZEN),
        "kept days have the frozen columns. If the change was meant: raise FORM, go on \
         reading columns of the forms before, and freeze the new ones here"
    );
}

#[test]
fn a_day_is_read_back_alone_and_beside_another() {
    let first = DayColumns::of(&board(), None);
    let mut later = board();
    later.lines.remove(0);
    later.lines[0].rank = 1;
    later.lines[0].club = Code::new("NEW").unwrap_or_default();
    later.lines.push(DayLine { rank: 2, ..line(3) });
    let second = DayColumns::of(&later, Some(&first));
    let alone = second.write(None).expect("columns");
    let beside = second.write(Some(&first)).expect("columns");
    assert_eq!(DayColumns::read(&alone, None), Ok(second.clone()));
    assert_eq!(DayColumns::read(&beside, Some(&first)), Ok(second.clone()));
    assert_ne!(DayColumns::read(&beside, None), Ok(second.clone()));
    let lines = second.lines().expect("lines");
    assert_eq!(
        (lines[0].id, lines[0].club.as_str()),
        (ProspectId(700_002), "NEW")
    );
    assert!(lines[0].rates[2].is_nan() && lines[0].rates[0] == 0.25);
    let [p, lower, upper] = second.standing_of(ProspectId(700_002)).expect("on it").1;
    assert_eq!((p, lower, upper), (0.375, 0.125, 0.625));
}
