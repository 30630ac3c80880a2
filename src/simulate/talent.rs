//! Latent talent and how it changes with age.

use crate::domain::Position;

use super::random::Random;

/// Overall ability and its parts. One unit is about the spread of adult talent
/// between professionals; every rung's difficulty is on the same scale.
#[derive(Clone, Debug)]
pub(super) struct Talent {
    /// Ability at full growth, before random drift.
    peak: f64,
    /// Years by which he is ahead of the usual growth; late bloomers are negative.
    early: f64,
    /// Sum of yearly surprises.
    drift: f64,
    /// Deviations of the single skills from the overall ability.
    pub(super) skills: Skills,
}

/// Deviations from overall ability, in the same unit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Skills {
    /// Bat: balls put in play. Pitcher: stuff.
    pub(super) contact: f64,
    /// Bat: strike-zone judgement. Pitcher: command.
    pub(super) discipline: f64,
    /// Bat: power. Pitcher: home runs prevented.
    pub(super) power: f64,
    /// Running; normal with spread one, not tied to ability.
    pub(super) speed: f64,
    /// Glove for hitters, stamina for pitchers; normal with spread one.
    pub(super) defence: f64,
    /// Tendency towards ground balls, spread one.
    pub(super) ground: f64,
}

impl Talent {
    /// A new talent with the given peak.
    pub(super) fn new(random: &mut Random, peak: f64) -> Self {
        let (a, b, c) = (random.normal(0.7), random.normal(0.7), random.normal(0.8));
        let mean = (a + b + c) / 3.0;
        Self {
            peak,
            early: random.normal(1.1),
            drift: 0.0,
            skills: Skills {
                contact: a - mean,
                discipline: b - mean,
                power: c - mean,
                speed: random.normal(1.0),
                defence: random.normal(1.0),
                ground: random.normal(1.0),
            },
        }
    }

    /// Overall ability at an age in years.
    pub(super) fn ability(&self, age: f64) -> f64 {
        let decline = 0.055 * (age - 29.0).max(0.0).powf(1.35);
        self.peak + self.drift - growth_left(age + self.early) - decline
    }

    /// Ability to be expected at full growth.
    pub(super) fn ceiling(&self) -> f64 {
        self.peak + self.drift
    }

    /// One year's surprise: mostly small, now and then a jump or an injury's mark.
    pub(super) fn grow(&mut self, random: &mut Random) {
        let sd = if random.chance(0.08) { 0.45 } else { 0.17 };
        self.drift += random.normal(sd);
        self.skills.speed -= 0.05;
    }

    /// Marks left by a serious injury.
    pub(super) fn hurt(&mut self, random: &mut Random) {
        self.drift -= random.between(0.0, 0.35);
    }

    /// The position a hitter of this talent starts at.
    pub(super) fn position(&self, random: &mut Random) -> Position {
        use Position::{B1, B2, B3, C, CF, DH, LF, RF, SS};
        let glove = self.skills.defence;
        if random.chance(0.17) {
            return C;
        }
        match (glove + random.normal(0.4), self.skills.speed > 0.2) {
            (x, false) if x > 0.5 => random.pick(&[SS, SS, B2, B3]),
            (x, true) if x > 0.3 => random.pick(&[SS, SS, CF, CF, B2]),
            (x, true) if x > -0.7 => random.pick(&[B2, CF, LF, RF, SS]),
            (x, false) if x > -0.6 => random.pick(&[B3, B2, RF, LF, B1]),
            (x, _) if x > -1.9 => random.pick(&[B1, LF, RF, B3, LF]),
            _ => random.pick(&[B1, DH]),
        }
    }
}

/// Growth still to come at an age: fast in the teens, done at 27.
fn growth_left(age: f64) -> f64 {
    0.075 * (27.0 - age).max(0.0).powf(1.62)
}

/// Where a player moves when his position asks too much of him.
pub(super) fn easier(position: Position) -> Position {
    match position {
        Position::SS => Position::B2,
        Position::B2 => Position::B3,
        Position::CF => Position::LF,
        Position::B3 | Position::C | Position::RF | Position::LF => Position::B1,
        other => other,
    }
}
