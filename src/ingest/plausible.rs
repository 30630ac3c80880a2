//! What a season's line must satisfy, whichever source it came from. The rules of
//! baseball permit more than one thinks, so only what they exclude is refused; a
//! count that nobody needs is left out instead, and the line stays.

use super::row::Dropped;
use crate::domain::{BattingCounts, MlbSeason, PitchingCounts};

/// Most games of a season: the Pacific Coast League played over 220.
const GAMES: u16 = 300;
/// Most plate appearances, likewise.
const APPEARANCES: u16 = 1_300;
/// Most outs of a pitcher: 680 innings in 1879 were 2,040.
const OUTS: u16 = 2_100;

/// `Ok` when the rule holds, else the sentence.
pub(super) fn check(holds: bool, sentence: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(sentence()) }
}

/// Refuses a batting line that can't be true; the error is the reason. Counts nobody
/// needs that can't be true are taken out of the line and returned.
pub(super) fn check_batting(c: &mut BattingCounts) -> Result<Vec<Dropped>, String> {
    check(c.g <= GAMES && c.pa <= APPEARANCES, || {
        format!("{} games and {} plate appearances in a season", c.g, c.pa)
    })?;
    check(c.ab <= c.pa, || {
        format!("{} at bats in {} plate appearances", c.ab, c.pa)
    })?;
    check(c.h <= c.ab, || format!("{} hits in {} at bats", c.h, c.ab))?;
    check(c.b2 + c.b3 + c.hr <= c.h, || {
        format!("{} extra-base hits in {} hits", c.b2 + c.b3 + c.hr, c.h)
    })?;
    check(c.so <= c.pa, || {
        format!("{} strikeouts in {} plate appearances", c.so, c.pa)
    })?;
    check(c.bb + c.hbp <= c.pa, || {
        format!(
            "{} walks and hit batters in {} plate appearances",
            c.bb + c.hbp,
            c.pa
        )
    })?;
    let mut left_out = Vec::new();
    let (bb, pa) = (c.bb, c.pa);
    bound(&mut left_out, "ibb", &mut c.ibb, bb, "more than walks");
    bound(
        &mut left_out,
        "sh",
        &mut c.sh,
        pa,
        "more than plate appearances",
    );
    bound(
        &mut left_out,
        "sf",
        &mut c.sf,
        pa,
        "more than plate appearances",
    );
    bound(
        &mut left_out,
        "gidp",
        &mut c.gidp,
        pa,
        "more than plate appearances",
    );
    if let (Some(whiffs), Some(swings)) = (c.whiffs, c.swings)
        && whiffs > swings
    {
        // Which of the two is wrong is not known.
        left_out.push(dropped("whiffs", "more than swings", whiffs));
        (c.whiffs, c.swings) = (None, None);
    }
    Ok(left_out)
}

/// Refuses a pitching line that can't be true; the error is the reason. Counts nobody
/// needs that can't be true are taken out of the line and returned.
pub(super) fn check_pitching(c: &mut PitchingCounts) -> Result<Vec<Dropped>, String> {
    check(c.g <= GAMES && c.outs <= OUTS, || {
        format!("{} games and {} outs in a season", c.g, c.outs)
    })?;
    // Games may be 0 beside outs: some sources add up weekly windows.
    check(c.g == 0 || c.gs <= c.g, || {
        format!("{} starts in {} games", c.gs, c.g)
    })?;
    // A batter makes three outs at most. Runners he inherits can be put out without
    // a batter, three in every game.
    check(c.outs <= 3 * (c.bf + c.g.max(1)), || {
        format!("{} outs against {} batters", c.outs, c.bf)
    })?;
    check(c.h + c.bb + c.hbp <= c.bf, || {
        format!("{} batters reached of {} faced", c.h + c.bb + c.hbp, c.bf)
    })?;
    check(c.so <= c.bf, || {
        format!("{} strikeouts of {} batters", c.so, c.bf)
    })?;
    check(c.hr <= c.h, || {
        format!("{} home runs in {} hits", c.hr, c.h)
    })?;
    check(c.er <= c.r, || {
        format!("{} earned runs in {} runs", c.er, c.r)
    })?;
    let mut left_out = Vec::new();
    let bb = c.bb;
    bound(&mut left_out, "ibb", &mut c.ibb, bb, "more than walks");
    if c.g > 0 {
        let g = c.g;
        for (column, count) in [
            ("w", &mut c.w),
            ("l", &mut c.l),
            ("sv", &mut c.sv),
            ("hld", &mut c.hld),
            ("cg", &mut c.cg),
            ("sho", &mut c.sho),
        ] {
            bound(&mut left_out, column, count, g, "more than games");
        }
    }
    if let (Some(strikes), Some(pitches)) = (c.strikes, c.pitches)
        && strikes > pitches
    {
        left_out.push(dropped("strikes", "more than pitches", strikes));
        (c.strikes, c.pitches) = (None, None);
    }
    if let (Some(whiffs), Some(pitches)) = (c.whiffs, c.pitches)
        && whiffs > pitches
    {
        left_out.push(dropped("whiffs", "more than pitches", whiffs));
        c.whiffs = None;
    }
    Ok(left_out)
}

/// Refuses a major-league season that can't be true; the error is the reason.
pub(super) fn check_majors(line: &MlbSeason) -> Result<(), String> {
    check(line.ab <= line.pa, || {
        format!("{} at bats in {} plate appearances", line.ab, line.pa)
    })?;
    check(line.h <= line.ab, || {
        format!("{} hits in {} at bats", line.h, line.ab)
    })?;
    check(line.pa <= APPEARANCES && line.outs <= OUTS, || {
        "more than a season holds".to_owned()
    })
}

/// Takes a count above its bound out of the line.
fn bound(
    left_out: &mut Vec<Dropped>,
    column: &'static str,
    count: &mut u16,
    most: u16,
    reason: &str,
) {
    if *count > most {
        left_out.push(dropped(column, reason, *count));
        *count = 0;
    }
}

fn dropped(column: &'static str, reason: &str, value: u16) -> Dropped {
    Dropped {
        column,
        reason: reason.to_owned(),
        value: value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{check_batting, check_pitching};
    use crate::domain::{BattingCounts, PitchingCounts};

    #[test]
    fn what_the_rules_permit_is_kept() {
        // A reliever who picks a runner off and leaves, and a pinch runner.
        for mut line in [
            PitchingCounts {
                g: 1,
                outs: 1,
                ..PitchingCounts::default()
            },
            PitchingCounts {
                g: 2,
                outs: 7,
                bf: 2,
                ..PitchingCounts::default()
            },
            PitchingCounts {
                outs: 30,
                bf: 40,
                ..PitchingCounts::default()
            },
        ] {
            assert_eq!(check_pitching(&mut line), Ok(Vec::new()), "{line:?}");
        }
        let mut runner = BattingCounts {
            g: 1,
            r: Some(1),
            sb: 1,
            ..BattingCounts::default()
        };
        assert_eq!(check_batting(&mut runner), Ok(Vec::new()));
        let mut impossible = PitchingCounts {
            g: 1,
            outs: 10,
            bf: 2,
            ..PitchingCounts::default()
        };
        assert!(check_pitching(&mut impossible).is_err());
    }

    #[test]
    fn a_count_nobody_needs_costs_itself_only() {
        let mut line = BattingCounts {
            g: 9,
            pa: 30,
            ab: 28,
            h: 7,
            bb: 1,
            ibb: 2,
            swings: Some(40),
            whiffs: Some(41),
            ..BattingCounts::default()
        };
        let left_out = check_batting(&mut line).expect("a line");
        let columns: Vec<_> = left_out.iter().map(|cell| cell.column).collect();
        assert_eq!(columns, ["ibb", "whiffs"]);
        assert_eq!((line.ibb, line.swings, line.whiffs), (0, None, None));
    }
}
