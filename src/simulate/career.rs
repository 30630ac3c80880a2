//! One player's way from signing to his last season.

use jiff::civil::{Date, date};

use crate::domain::{
    BattingCounts, BattingLine, DraftPick, MlbSeason, PitchingCounts, PitchingLine, Position,
    Season,
};

use super::names::Origin;
use super::random::Random;
use super::scouting::{Signing, View, draft_pick};
use super::settings::{COMPLEX, FOREIGN, MAJORS, SHORT_SEASON, SINGLE_A, TRIPLE_A, rung};
use super::talent::{Talent, easier};
use super::{batting, clubs, majors};

/// How a player plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Bats,
    Pitches,
    Both,
}

/// A career in progress.
pub(super) struct Career {
    pub(super) random: Random,
    pub(super) talent: Talent,
    pub(super) origin: Origin,
    pub(super) birth: Date,
    pub(super) batting: Vec<BattingLine>,
    pub(super) pitching: Vec<PitchingLine>,
    pub(super) mlb: Vec<MlbSeason>,
    pub(super) draft: Vec<DraftPick>,
    pub(super) views: Vec<View>,
    way: Way,
    position: Position,
    starter: f64,
    organisation: usize,
    at: usize,
    years: u16,
    bonus: f64,
}

impl Career {
    /// Plays a whole career; `entry` is the season of signing.
    pub(super) fn play(mut random: Random, entry: Season, last: Season) -> Self {
        let mut career = Self::sign(&mut random, entry);
        for year in entry.0..=last.0 {
            let season = Season(year);
            let on = career.season(season);
            career.years += 1;
            if !on {
                break;
            }
        }
        career
    }

    fn sign(random: &mut Random, entry: Season) -> Self {
        let origin = match random.below(100) {
            0..54 => Origin::American,
            54..96 => Origin::Latin,
            96..98 => Origin::Dutch,
            _ => Origin::Asian,
        };
        let amateur = origin == Origin::American || random.chance(0.08);
        let college = amateur && random.chance(0.80);
        let age = match (amateur, college) {
            (true, true) => random.between(21.1, 23.2),
            (true, false) => random.between(18.0, 19.1),
            _ => random.between(16.7, 18.6) + if random.chance(0.12) { 1.8 } else { 0.2 },
        };
        let peak = match (amateur, college) {
            (true, true) => 1.20 + random.normal(0.80),
            (true, false) => 1.50 + random.normal(0.92),
            _ => 0.95 + random.normal(1.05),
        };
        let talent = Talent::new(random, peak);
        let way = match random.below(1000) {
            0..6 => Way::Both,
            6..480 => Way::Bats,
            _ => Way::Pitches,
        };
        let position = match way {
            Way::Both => Position::TWP,
            Way::Bats => talent.position(random),
            Way::Pitches => Position::P,
        };
        let starter = starter_share(random, &talent);
        let organisation = random.below(clubs::organisation_count());
        let signing = Signing {
            entry,
            peak,
            college,
            organisation,
            position,
        };
        let draft = amateur.then(|| draft_pick(random, &signing)).flatten();
        let bonus = draft
            .as_ref()
            .map_or(peak - 1.4, |pick| 1.6 - f64::from(pick.pick) / 120.0);
        Self {
            origin,
            birth: birth_date(entry, age),
            way,
            position,
            starter,
            organisation,
            at: if amateur { COMPLEX } else { FOREIGN },
            talent,
            draft: draft.into_iter().collect(),
            random: random.clone(),
            batting: Vec::new(),
            pitching: Vec::new(),
            mlb: Vec::new(),
            views: Vec::new(),
            years: 0,
            bonus,
        }
    }

    /// One season; false when the career is over.
    fn season(&mut self, season: Season) -> bool {
        let age = self.age(season);
        let seen = self.talent.ability(age) + self.random.normal(0.25);
        let health = self.health();
        if health > 0.0 {
            self.assign(season, age, seen);
        }
        if season.0 == 2020 {
            if self.at == MAJORS {
                self.segment(season, age, MAJORS, health * 60.0 / 162.0);
            }
        } else if health > 0.0 {
            self.play_season(season, age, seen, health);
        }
        self.views.push(View {
            season,
            ability: self.talent.ability(age),
            ceiling: self.talent.ceiling(),
            age,
        });
        self.drift(age);
        !self.released(age, seen)
    }

    fn age(&self, season: Season) -> f64 {
        season.age(Some(self.birth)).map_or(22.0, f64::from)
    }

    /// Share of the season he is able to play.
    fn health(&mut self) -> f64 {
        match self.random.unit() {
            x if x < 0.035 => {
                self.talent.hurt(&mut self.random);
                0.0
            }
            x if x < 0.19 => self.random.between(0.1, 0.7),
            _ => 1.0,
        }
    }

    /// Chooses the rung to start the season on.
    fn assign(&mut self, season: Season, age: f64, seen: f64) {
        if self.years == 0 {
            return;
        }
        let steps = if self.random.chance(0.3) { 2 } else { 1 };
        for _ in 0..steps {
            let next = above(self.at, season);
            if next > self.at && self.ready(next, age, seen) {
                self.at = next;
            }
        }
        let low = seen < rung(self.at).difficulty - if self.at == MAJORS { 0.35 } else { 0.95 };
        if low && self.at > SHORT_SEASON && self.random.chance(0.6) {
            self.at = below(self.at, season);
        }
        if self.at == SHORT_SEASON && season.0 > 2019 {
            self.at = SINGLE_A;
        }
    }

    fn ready(&mut self, next: usize, age: f64, seen: f64) -> bool {
        let late = age - rung(self.at).typical_age;
        let margin = seen - rung(next).difficulty;
        if next == MAJORS {
            return margin > -0.12 + self.random.normal(0.1);
        }
        let push = (0.28 * late).clamp(-0.35, 0.75) + 0.12 * self.bonus.clamp(-1.0, 1.6);
        margin + push > -0.25 + self.random.normal(0.2)
    }

    fn play_season(&mut self, season: Season, age: f64, seen: f64, health: f64) {
        let mut share = health * self.usage(seen);
        if self.years == 0 && !self.draft.is_empty() {
            share *= 0.6;
            if age > 20.5 {
                self.at = self.first_stop(season);
            }
        }
        let next = above(self.at, season);
        let rises = next > self.at && self.years > 0 && self.ready(next, age, seen + 0.12);
        let trial = self.at == TRIPLE_A
            && seen > rung(MAJORS).difficulty - 0.55
            && self.random.chance(0.55);
        if rises || trial {
            let early = if trial && !rises {
                self.random.between(0.75, 0.97)
            } else {
                self.random.between(0.25, 0.75)
            };
            self.segment(season, age, self.at, share * early);
            self.segment(season, age, next, share * (1.0 - early));
            if rises {
                self.at = next;
            }
            return;
        }
        if self.at == MAJORS && seen < rung(MAJORS).difficulty && self.random.chance(0.5) {
            let sent = self.random.between(0.2, 0.6);
            self.segment(season, age, TRIPLE_A, share * sent);
            share *= 1.0 - sent;
        } else if self.random.chance(0.03) && self.at != MAJORS {
            self.segment(season, age, self.at, share * 0.6);
            // A trade goes to another organisation, so that its line stands apart.
            let others = clubs::organisation_count() - 1;
            self.organisation = (self.organisation + 1 + self.random.below(others)) % (others + 1);
            share *= 0.4;
        }
        self.segment(season, age, self.at, share);
    }

    fn first_stop(&mut self, season: Season) -> usize {
        match (season.0 <= 2019, self.random.chance(0.45)) {
            (true, true) => SHORT_SEASON,
            (true, false) if self.random.chance(0.35) => SINGLE_A,
            (false, true) => SINGLE_A,
            _ => COMPLEX,
        }
    }

    /// Share of a regular's playing time.
    fn usage(&mut self, seen: f64) -> f64 {
        let margin = seen - rung(self.at).difficulty;
        let base = 0.62 + 0.22 * margin.clamp(-1.2, 1.0) + 0.06 * self.bonus.clamp(-1.0, 1.6);
        let role = if self.way == Way::Bats {
            1.0
        } else {
            reliever_share(self.at) * (1.0 - self.starter) + self.starter
        };
        (base + self.random.normal(0.20)).clamp(0.04, 1.04) * role
    }

    /// Plays `share` of a full season on a rung.
    fn segment(&mut self, season: Season, age: f64, at: usize, share: f64) {
        if self.way != Way::Pitches {
            let part = if self.way == Way::Both { 0.7 } else { 1.0 };
            let pa = (rung(at).pa * share * part).round() as u16;
            if pa > 0 {
                let counts = batting::draw(&mut self.random, &self.talent, age, at, pa);
                self.put_batting(season, at, counts);
            }
        }
        if self.way != Way::Bats {
            let bf = (rung(at).bf * share).round() as u16;
            if bf > 0 {
                let counts = super::pitching::draw(
                    &mut self.random,
                    &self.talent,
                    age,
                    at,
                    bf,
                    self.starter,
                );
                self.put_pitching(season, at, counts);
            }
        }
    }

    fn put_batting(&mut self, season: Season, at: usize, counts: BattingCounts) {
        if at == MAJORS {
            majors::add_batting(self.major(season), &counts);
            return;
        }
        self.batting.push(BattingLine {
            season,
            level: clubs::level(at),
            club: clubs::club(self.organisation, at),
            position: Some(self.position),
            as_of: season.last_day(),
            counts,
        });
    }

    fn put_pitching(&mut self, season: Season, at: usize, counts: PitchingCounts) {
        if at == MAJORS {
            majors::add_pitching(self.major(season), &counts);
            return;
        }
        self.pitching.push(PitchingLine {
            season,
            level: clubs::level(at),
            club: clubs::club(self.organisation, at),
            position: Some(self.position),
            as_of: season.last_day(),
            counts,
        });
    }

    fn major(&mut self, season: Season) -> &mut MlbSeason {
        if self.mlb.last().is_none_or(|last| last.season != season) {
            self.mlb.push(MlbSeason::empty(season));
        }
        let last = self.mlb.len() - 1;
        &mut self.mlb[last]
    }

    /// Winter: growth, new positions, new organisations.
    fn drift(&mut self, age: f64) {
        self.talent.grow(&mut self.random);
        if self.way == Way::Bats && self.random.chance(0.07) {
            self.position = easier(self.position);
        }
        if self.way == Way::Pitches && age > 22.0 && self.random.chance(0.12) {
            self.starter *= 0.3;
        }
        if age > 24.0 && self.random.chance(0.06) {
            self.organisation = self.random.below(clubs::organisation_count());
        }
    }

    /// Whether the club lets him go, or he retires, after the season.
    fn released(&mut self, age: f64, seen: f64) -> bool {
        let here = rung(self.at);
        let hazard = if self.at == MAJORS {
            0.02 + 0.07 * (age - 33.0).max(0.0)
        } else {
            let late = age - here.typical_age;
            let stand = seen - here.difficulty + 0.15 * self.bonus.clamp(-1.0, 1.6);
            let tired = if self.at == TRIPLE_A { 0.18 } else { 0.0 };
            0.20 + tired + 0.085 * late - 0.22 * stand + 0.1 * (age - 30.0).max(0.0)
        };
        let patience = match self.years {
            0 => 0.35,
            1 => 0.8,
            _ => 1.0,
        };
        self.random.chance(hazard.clamp(0.015, 0.92) * patience)
    }
}

fn starter_share(random: &mut Random, talent: &Talent) -> f64 {
    match talent.skills.defence + random.normal(0.5) {
        x if x > 0.35 => random.between(0.85, 1.0),
        x if x > -0.1 => random.between(0.3, 0.8),
        _ => random.between(0.0, 0.12),
    }
}

/// A reliever's batters faced as a share of a starter's: low rungs share innings evenly.
fn reliever_share(at: usize) -> f64 {
    if at <= COMPLEX { 0.8 } else { 0.42 }
}

fn above(at: usize, season: Season) -> usize {
    let next = match at {
        FOREIGN => COMPLEX,
        COMPLEX if season.0 > 2019 => SINGLE_A,
        _ => at + 1,
    };
    next.min(MAJORS)
}

fn below(at: usize, season: Season) -> usize {
    match at {
        SINGLE_A if season.0 > 2019 => COMPLEX,
        _ => at.saturating_sub(1),
    }
}

fn birth_date(entry: Season, age: f64) -> Date {
    let days = (age * 365.25).round() as i64;
    let middle = date(entry.0 as i16, 7, 1);
    middle.saturating_sub(jiff::Span::new().days(days))
}
