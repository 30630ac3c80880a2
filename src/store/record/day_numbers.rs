//! A day's board as whole numbers in columns, and back.
//!
//! The columns stand in three parts, so that a question reads no more than it needs:
//! who stood where; the facts of the season; the reasons by group and by season. A
//! part's columns are never reordered: [`FORM`] goes up when they change, and the old
//! ones stay readable.

use super::day_board::{DAY_GROUPS, DAY_RATES, DayBoard, DayLine, SUCCESSES};
use super::day_columns::{
    Columns, Key, Keys, pack, read_growing, read_text, unpack, write, write_growing, write_text,
};
use super::numbers::Numbered;
use crate::domain::{
    Code, Confidence, Horizons, Level, Position, Prediction, ProspectId, Role, SEASONS,
};

/// Version of the columns that are written.
pub(in crate::store) const FORM: u8 = 1;
/// Parts of a day, the first of them needed by the others.
pub(in crate::store) const PARTS: usize = 3;

/// A probability of 1.
const ONE: f64 = 1e6;
/// A rate of 1, or a probability of 1 by the end of a season.
const RATE: f64 = 1e5;
/// Log-odds of 1.
const LOG_ODDS: f64 = 1e4;
/// A number that is not known.
const UNKNOWN: i32 = i32::MIN;

const STANDING: usize = 7;
const FACTS: usize = 8 + 2 * DAY_RATES;
const REASONS: usize = SUCCESSES + SEASONS + 1 + DAY_GROUPS.len();

/// A day's board in columns. The two later parts are empty where only the first was
/// read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::store) struct DayColumns {
    keys: Vec<Key>,
    /// First rank of each tier.
    tiers: Vec<u32>,
    /// Codes of leagues, organisations and clubs, in the order in which they appeared.
    codes: Vec<Code>,
    standing: Columns,
    facts: Columns,
    reasons: Columns,
}

impl DayColumns {
    /// The columns of a board; codes known to the day before keep their numbers.
    pub(in crate::store) fn of(board: &DayBoard, before: Option<&Self>) -> Self {
        let mut lines: Vec<&DayLine> = board.lines.iter().collect();
        lines.sort_by_key(|line| key(line));
        let mut columns = Self {
            keys: lines.iter().map(|line| key(line)).collect(),
            tiers: tiers(board),
            codes: before
                .map(|before| before.codes.clone())
                .unwrap_or_default(),
            standing: vec![Vec::new(); STANDING],
            facts: vec![Vec::new(); FACTS],
            reasons: vec![Vec::new(); REASONS],
        };
        for line in lines {
            push(&mut columns.standing, standing(line));
            let codes = [line.league, line.organisation, line.club];
            let codes = codes.map(|code| columns.number_of(code));
            push(&mut columns.facts, facts(line, codes));
            push(&mut columns.reasons, reasons(line));
        }
        let places = columns.places();
        for (at, nudge) in columns.standing[1].iter_mut().enumerate() {
            // Ranks until here; what the probabilities do not tell is left.
            *nudge -= places[at] as i32;
        }
        columns
    }

    fn number_of(&mut self, code: Code) -> i32 {
        let known = self.codes.iter().position(|known| *known == code);
        known.unwrap_or_else(|| {
            self.codes.push(code);
            self.codes.len() - 1
        }) as i32
    }

    /// The parts as they are stored, beside those of an earlier day or by themselves.
    pub(in crate::store) fn write(
        &self,
        before: Option<&Self>,
    ) -> Result<[Vec<u8>; PARTS], String> {
        let nobody = Self::default();
        let old = before.unwrap_or(&nobody);
        let keys = Keys::beside(self.keys.clone(), &old.keys);
        let mut parts = [Vec::new(), Vec::new(), Vec::new()];
        keys.write(&old.keys, &mut parts[0]);
        write_growing(&mut parts[0], &self.tiers);
        keys.write_columns(&self.standing, &old.standing, &mut parts[0]);
        let new = &self.codes[old.codes.len()..];
        write(&mut parts[1], new.len() as u64);
        new.iter()
            .for_each(|code| write_text(&mut parts[1], code.as_str()));
        keys.write_columns(&self.facts, &old.facts, &mut parts[1]);
        keys.write_columns(&self.reasons, &old.reasons, &mut parts[2]);
        let [a, b, c] = parts;
        Ok([pack(&a)?, pack(&b)?, pack(&c)?])
    }

    /// Reads the first part, or all, beside the columns of the day they were written
    /// beside.
    pub(in crate::store) fn read(parts: &[Vec<u8>], before: Option<&Self>) -> Result<Self, String> {
        let nobody = Self::default();
        let old = before.unwrap_or(&nobody);
        let (first, rest) = parts.split_first().ok_or("a day without columns")?;
        let raw = unpack(first)?;
        let bytes = &mut raw.as_slice();
        let keys = Keys::read(bytes, &old.keys)?;
        let mut columns = Self {
            tiers: read_growing(bytes)?,
            standing: keys.read_columns(bytes, STANDING, &old.standing)?,
            ..Self::default()
        };
        ended(bytes)?;
        if let [facts, reasons] = rest {
            let raw = unpack(facts)?;
            let bytes = &mut raw.as_slice();
            columns.codes = codes(bytes, &old.codes)?;
            columns.facts = keys.read_columns(bytes, FACTS, &old.facts)?;
            ended(bytes)?;
            let raw = unpack(reasons)?;
            let bytes = &mut raw.as_slice();
            columns.reasons = keys.read_columns(bytes, REASONS, &old.reasons)?;
            ended(bytes)?;
        }
        columns.keys = keys.now;
        Ok(columns)
    }

    /// Rank, and probability with its ends in millionths, of the player's shown line.
    pub(in crate::store) fn standing_of(&self, id: ProspectId) -> Option<(u32, [f64; 3])> {
        let roles = Role::ALL.iter().map(|role| role.number());
        let mut places = roles.filter_map(|role| self.keys.binary_search(&(role, id.0)).ok());
        let at = places.find(|&at| self.standing[0][at] == 1)?;
        let own = (-self.standing[2][at], self.keys[at]);
        let ahead = (0..self.keys.len())
            .filter(|&other| self.standing[0][other] == 1)
            .filter(|&other| (-self.standing[2][other], self.keys[other]) < own);
        let rank = ahead.count() as i32 + 1 + self.standing[1][at];
        let [p, below, above] = [2, 3, 4].map(|column| self.standing[column][at]);
        let units = [p, p.wrapping_sub(below), p.wrapping_add(above)];
        Some((rank as u32, units.map(|units| f64::from(units) / ONE)))
    }

    /// The lines, in the order of a board.
    pub(in crate::store) fn lines(&self) -> Result<Vec<DayLine>, String> {
        let places = self.places();
        let mut lines: Vec<DayLine> = (0..self.keys.len())
            .map(|at| self.line(at, places[at]))
            .collect::<Result<_, _>>()?;
        lines.sort_by(|a, b| {
            let by_rank = (a.rank == 0).cmp(&(b.rank == 0)).then(a.rank.cmp(&b.rank));
            let p = |line: &DayLine| line.prediction.probability;
            by_rank
                .then(p(b).total_cmp(&p(a)))
                .then(key(a).cmp(&key(b)))
        });
        Ok(lines)
    }

    /// The rank that the probability alone gives each line; 0 for those not shown.
    fn places(&self) -> Vec<u32> {
        let shown = (0..self.keys.len()).filter(|&at| self.standing[0][at] == 1);
        let mut shown: Vec<usize> = shown.collect();
        shown.sort_by_key(|&at| (-self.standing[2][at], self.keys[at]));
        let mut places = vec![0; self.keys.len()];
        for (rank, at) in (1..).zip(shown) {
            places[at] = rank;
        }
        places
    }

    fn line(&self, at: usize, place: u32) -> Result<DayLine, String> {
        let [_, nudge, p, below, above, confidence, evaluated] = row(&self.standing, at);
        let facts: [i32; FACTS] = row(&self.facts, at);
        let reasons: [i32; REASONS] = row(&self.reasons, at);
        let (role, id) = self.keys[at];
        let rank = place.wrapping_add_signed(nudge);
        let probability = f64::from(p) / ONE;
        let past = self.tiers.partition_point(|&first| first <= rank);
        let tier = if rank == 0 { self.tiers.len() } else { past };
        let (success, rest) = reasons.split_at(SUCCESSES);
        let (debut, rest) = rest.split_at(SEASONS);
        let share = |units: i32| f64::from(units) / ONE;
        let mut horizons = Horizons {
            success: [probability; SEASONS],
            debut: [0.0; SEASONS],
        };
        let by_season = |units: &i32| f64::from(*units) / RATE;
        horizons
            .success
            .iter_mut()
            .zip(success)
            .for_each(|(to, from)| *to = by_season(from));
        horizons
            .debut
            .iter_mut()
            .zip(debut)
            .for_each(|(to, from)| *to = by_season(from));
        let [
            position,
            level,
            league,
            organisation,
            club,
            age,
            time,
            previous,
        ] = [0, 1, 2, 3, 4, 5, 6, 7].map(|i| facts[i]);
        Ok(DayLine {
            id: ProspectId(id),
            role: Role::of_number(role)?,
            rank,
            tier: tier.max(1) as u32,
            previous_rank: (previous > 0).then_some(previous as u32),
            prediction: Prediction {
                probability,
                lower: share(p.wrapping_sub(below)),
                upper: share(p.wrapping_add(above)),
                confidence: Confidence::of_number(small(confidence)?)?,
                evaluated: evaluated == 1,
            },
            horizons,
            position: (position > 0)
                .then(|| small(position - 1).and_then(Position::of_number))
                .transpose()?,
            level: Level::of_number(small(level)?)?,
            league: self.code(league)?,
            organisation: self.code(organisation)?,
            club: self.code(club)?,
            age: f32::from_bits(age as u32),
            playing_time: time as u32,
            rates: std::array::from_fn(|i| rate(facts[8 + i])),
            averages: std::array::from_fn(|i| rate(facts[8 + DAY_RATES + i])),
            base: f64::from(rest[0]) / LOG_ODDS,
            groups: std::array::from_fn(|i| f64::from(rest[1 + i]) / LOG_ODDS),
        })
    }

    fn code(&self, number: i32) -> Result<Code, String> {
        let code = usize::try_from(number)
            .ok()
            .and_then(|at| self.codes.get(at));
        code.copied()
            .ok_or_else(|| format!("code {number} is unknown"))
    }
}

fn key(line: &DayLine) -> Key {
    (line.role.number(), line.id.0)
}

/// First rank of each tier; tiers are numbered from 1 without gaps.
fn tiers(board: &DayBoard) -> Vec<u32> {
    let mut tiers: Vec<u32> = Vec::new();
    for line in board.lines.iter().filter(|line| line.rank > 0) {
        while (tiers.len() as u32) < line.tier {
            tiers.push(line.rank);
        }
    }
    tiers
}

fn standing(line: &DayLine) -> [i32; STANDING] {
    let Prediction {
        probability,
        lower,
        upper,
        confidence,
        evaluated,
    } = line.prediction;
    // Neither certain: log-odds must exist.
    let p = share(probability).clamp(1, ONE as i32 - 1);
    [
        i32::from(line.rank > 0),
        line.rank as i32,
        p,
        p.wrapping_sub(share(lower)),
        share(upper).wrapping_sub(p),
        confidence.number().into(),
        i32::from(evaluated),
    ]
}

fn facts(line: &DayLine, [league, organisation, club]: [i32; 3]) -> [i32; FACTS] {
    let mut row = [0; FACTS];
    row[..8].copy_from_slice(&[
        line.position
            .map_or(0, |position| i32::from(position.number()) + 1),
        line.level.number().into(),
        league,
        organisation,
        club,
        line.age.to_bits() as i32,
        line.playing_time as i32,
        line.previous_rank.unwrap_or(0) as i32,
    ]);
    let rates = line.rates.iter().chain(&line.averages);
    row[8..]
        .iter_mut()
        .zip(rates)
        .for_each(|(to, rate)| *to = units(f64::from(*rate), RATE));
    row
}

fn reasons(line: &DayLine) -> [i32; REASONS] {
    let mut row = [0; REASONS];
    let by_season = line.horizons.success[..SUCCESSES]
        .iter()
        .chain(&line.horizons.debut);
    let by_season = by_season.map(|share| units(*share, RATE));
    let log_odds = [&line.base].into_iter().chain(&line.groups);
    let log_odds = log_odds.map(|log_odds| units(*log_odds, LOG_ODDS));
    row.iter_mut()
        .zip(by_season.chain(log_odds))
        .for_each(|(to, from)| *to = from);
    row
}

fn share(share: f64) -> i32 {
    units(share, ONE)
}

/// Rounded to so many parts of one; a number that is not known is none.
fn units(number: f64, one: f64) -> i32 {
    if number.is_nan() {
        return UNKNOWN;
    }
    (number * one).round() as i32
}

fn rate(units: i32) -> f32 {
    match units {
        UNKNOWN => f32::NAN,
        units => (f64::from(units) / RATE) as f32,
    }
}

fn small(number: i32) -> Result<u8, String> {
    u8::try_from(number).map_err(|_| format!("{number} names no value"))
}

fn push<const N: usize>(columns: &mut Columns, row: [i32; N]) {
    columns
        .iter_mut()
        .zip(row)
        .for_each(|(column, number)| column.push(number));
}

fn row<const N: usize>(columns: &Columns, at: usize) -> [i32; N] {
    std::array::from_fn(|column| columns.get(column).map_or(0, |column| column[at]))
}

fn codes(bytes: &mut &[u8], before: &[Code]) -> Result<Vec<Code>, String> {
    let mut codes = before.to_vec();
    for _ in 0..super::day_columns::read(bytes)? {
        let text = read_text(bytes)?;
        codes.push(Code::new(text).ok_or("a code is too long")?);
    }
    Ok(codes)
}

fn ended(bytes: &[u8]) -> Result<(), String> {
    match bytes.len() {
        0 => Ok(()),
        left => Err(format!("{left} bytes left over")),
    }
}

#[cfg(test)]
mod tests;
