//! What a season's line must satisfy, whichever source it came from.

use crate::domain::{BattingCounts, MlbSeason, PitchingCounts};

/// Largest count a row may hold: above any season's, and small enough that
/// sums of three counts fit their type.
pub(super) const MOST: u16 = 9_999;

/// `Ok` when the rule holds, else the sentence.
pub(super) fn check(holds: bool, sentence: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(sentence()) }
}

/// Refuses a batting line that can't be true; the error is the reason.
pub(super) fn check_batting(c: &BattingCounts) -> Result<(), String> {
    check(c.g <= 200 && c.pa <= 1000, || {
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
    check(c.ibb <= c.bb, || {
        format!("{} intentional walks in {} walks", c.ibb, c.bb)
    })?;
    check(c.bb + c.hbp <= c.pa, || {
        format!(
            "{} walks and hit batters in {} plate appearances",
            c.bb + c.hbp,
            c.pa
        )
    })?;
    check(
        c.whiffs.unwrap_or(0) <= c.swings.unwrap_or(u16::MAX),
        || "more whiffs than swings".to_owned(),
    )
}

/// Refuses a pitching line that can't be true; the error is the reason.
pub(super) fn check_pitching(c: &PitchingCounts) -> Result<(), String> {
    check(c.g <= 120 && c.outs <= 900, || {
        format!("{} games and {} outs in a season", c.g, c.outs)
    })?;
    // Games may be 0 beside outs: some sources add up weekly windows.
    check(c.g == 0 || c.gs <= c.g, || {
        format!("{} starts in {} games", c.gs, c.g)
    })?;
    check(c.outs <= 3 * c.bf, || {
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
    check(c.ibb <= c.bb, || {
        format!("{} intentional walks in {} walks", c.ibb, c.bb)
    })
}

/// Refuses a major-league season that can't be true; the error is the reason.
pub(super) fn check_majors(line: &MlbSeason) -> Result<(), String> {
    check(line.ab <= line.pa, || {
        format!("{} at bats in {} plate appearances", line.ab, line.pa)
    })?;
    check(line.h <= line.ab, || {
        format!("{} hits in {} at bats", line.h, line.ab)
    })?;
    check(line.pa <= 1000 && line.outs <= 2000, || {
        "more than a season holds".to_owned()
    })
}
