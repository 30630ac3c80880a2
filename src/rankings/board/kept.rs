//! What is kept of a board as that of a day, and the board made of it again.

use super::columns::Columns;
use super::data::{BoardData, Line, rank_rates};
use super::entry::{Facts, RATES};
use super::ranking::Board;
use crate::domain::{Group, ProspectId};
use crate::rankings::features::FeatureSet;
use crate::rankings::group_shares::{GroupShares, settle};
use crate::store::{DAY_GROUPS, DayBoard, DayLine};

impl Board {
    /// What is kept of it as the board of a day; `features` are those of its model.
    pub fn to_keep(&self, features: &FeatureSet) -> DayBoard {
        let data = self.data();
        let lines = data
            .lines
            .iter()
            .map(|line| self.line_to_keep(line, features));
        DayBoard {
            season: data.season,
            model_id: data.model_id.clone(),
            simulated: data.simulated,
            lines: lines.collect(),
            bloomers: data.fine_wine.clone(),
        }
    }

    fn line_to_keep(&self, line: &Line, features: &FeatureSet) -> DayLine {
        let facts = &line.facts;
        let shares = self.group_shares(line, features.of(facts.role));
        DayLine {
            id: facts.id,
            role: facts.role,
            rank: line.rank,
            tier: line.tier,
            previous_rank: line.previous_rank,
            prediction: line.prediction,
            horizons: line.horizons,
            position: facts.position,
            level: facts.level,
            league: facts.league,
            organisation: facts.organisation,
            club: facts.club,
            age: facts.age,
            playing_time: facts.playing_time,
            rates: facts.rates,
            averages: facts.averages,
            base: line.base,
            groups: DAY_GROUPS.map(|group| shares[group as usize]),
        }
    }

    /// The board of a kept day, with the players' names in the order of its lines. It
    /// knows the groups' shares and no features.
    pub fn of_day(day: DayBoard, names: Vec<String>) -> Self {
        let mut names = names.into_iter();
        let mut groups = Vec::with_capacity(day.lines.len());
        let mut lines: Vec<Line> = Vec::with_capacity(day.lines.len());
        for (row, kept) in (0..).zip(day.lines) {
            groups.push(shares(&kept));
            lines.push(line(kept, row, names.next().unwrap_or_default()));
        }
        pair(&mut lines);
        rank_rates(&mut lines);
        let data = BoardData {
            season: day.season,
            model_id: day.model_id,
            simulated: day.simulated,
            lines,
            hitters: Columns::default(),
            pitchers: Columns::default(),
            fine_wine: day.bloomers,
        };
        Self::load(data).with_groups(groups)
    }
}

/// The groups' shares; what rounding took from them is given back to the largest.
fn shares(kept: &DayLine) -> GroupShares {
    let mut shares = [0.0; Group::ALL.len()];
    for (group, share) in DAY_GROUPS.into_iter().zip(kept.groups) {
        shares[group as usize] = share;
    }
    let p = kept.prediction.probability;
    settle(&mut shares, (p / (1.0 - p)).ln() - kept.base);
    shares
}

fn line(kept: DayLine, row: u32, name: String) -> Line {
    Line {
        facts: Facts {
            id: kept.id,
            name,
            role: kept.role,
            position: kept.position,
            level: kept.level,
            league: kept.league,
            organisation: kept.organisation,
            club: kept.club,
            age: kept.age,
            playing_time: kept.playing_time,
            rates: kept.rates,
            averages: kept.averages,
        },
        prediction: kept.prediction,
        horizons: kept.horizons,
        rate_percentiles: [f32::NAN; RATES],
        base: kept.base,
        row,
        rank: kept.rank,
        tier: kept.tier,
        other_role: None,
        previous_rank: kept.previous_rank,
    }
}

/// Links the two lines of two-way players; the lower ones come last.
fn pair(lines: &mut [Line]) {
    let shown = lines.iter().take_while(|line| line.rank > 0).count();
    let (shown, lower) = lines.split_at_mut(shown);
    let mut by_id: std::collections::HashMap<ProspectId, &mut Line> =
        lower.iter_mut().map(|line| (line.facts.id, line)).collect();
    for line in shown {
        if let Some(lower) = by_id.get_mut(&line.facts.id) {
            line.other_role = Some(lower.prediction.probability);
            lower.other_role = Some(line.prediction.probability);
        }
    }
}
