//! Rows of statistics to stat lines.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value;

use super::ask::{Ask, Side};
use super::clubs::{self, Clubs};
use super::drift::Drift;
use super::fields::{HITTING, PITCHING, ROW, SWINGS};
use super::sport::Sport;
use super::wire::{self, Object, count, object, optional_count, text};
use crate::domain::{
    BattingCounts, BattingLine, Club, Level, MlbSeason, PitchingCounts, PitchingLine, Position,
    Positions, ProspectId, Season,
};
use crate::ingest::cell::brief;
use crate::ingest::plausible::{check_batting, check_majors, check_pitching};
use crate::ingest::row::Dropped;

/// Whose line, in which season and on which level.
pub(super) type Key = (ProspectId, Season, Sport);

/// The lines read so far, one for each player, season and level.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) batting: BTreeMap<Key, BattingLine>,
    pub(super) pitching: BTreeMap<Key, PitchingLine>,
    pub(super) majors: BTreeMap<(ProspectId, Season), MlbSeason>,
    /// Counts nobody needs that can't be true, and whose.
    pub(super) left_out: Vec<(ProspectId, Dropped)>,
}

/// What became of a good row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// It is among the lines.
    Line,
    /// It is of a league outside affiliated ball.
    Unaffiliated,
}

/// One answer's rows and what they are read by.
pub(super) struct Slice<'a> {
    pub(super) season: Season,
    pub(super) advanced: bool,
    level: Sport,
    side: Side,
    /// Day up to which the rows count.
    as_of: Date,
    /// The answer's name.
    answer: &'a str,
    clubs: &'a Clubs,
}

impl<'a> Slice<'a> {
    /// What rows of an answer are read by; `None` when it has no lines.
    pub(super) fn of(ask: &Ask, answer: &'a str, as_of: Date, clubs: &'a Clubs) -> Option<Self> {
        let &Ask::Lines {
            season,
            level,
            side,
            advanced,
        } = ask
        else {
            return None;
        };
        Some(Self {
            season,
            level,
            side,
            advanced,
            as_of,
            answer,
            clubs,
        })
    }

    /// Counts the row's fields.
    pub(super) fn note(&self, row: &Object, drift: &mut Drift) {
        drift.note(&ROW, self.answer, row);
        let shape = match (self.advanced, self.side) {
            (true, _) => &SWINGS,
            (false, Side::Hitting) => &HITTING,
            (false, Side::Pitching) => &PITCHING,
        };
        if let Some(stat) = object(row, "stat") {
            drift.note(shape, self.answer, stat);
        }
    }

    /// Reads a row of the player into the lines; the error is the reason to
    /// refuse it.
    pub(super) fn take(
        &self,
        player: ProspectId,
        row: &Object,
        lines: &mut Lines,
    ) -> Result<Taken, String> {
        if self.is_unaffiliated(row) {
            return Ok(Taken::Unaffiliated);
        }
        let stat = object(row, "stat").ok_or("no `stat`")?;
        let key = (player, self.season, self.level);
        match (self.advanced, self.level.level(), self.side) {
            (true, ..) => return self.swings(key, stat, lines),
            (false, Some(level), Side::Hitting) => {
                let mut stats = Stats::new(stat);
                let line = self.batting(level, row, &mut stats)?;
                lines.batting.insert(key, line);
                lines.leave_out(player, stats);
            }
            (false, Some(level), Side::Pitching) => {
                let mut stats = Stats::new(stat);
                let line = self.pitching(level, row, &mut stats)?;
                lines.pitching.insert(key, line);
                lines.leave_out(player, stats);
            }
            (false, None, side) => {
                let blank = MlbSeason::empty(self.season);
                let held = lines.majors.get(&(player, self.season)).copied();
                let mut stats = Stats::new(stat);
                let line = majors(held.unwrap_or(blank), side, &mut stats)?;
                lines.leave_out(player, stats);
                lines.majors.insert((player, self.season), line);
            }
        }
        Ok(Taken::Line)
    }

    /// The club of a row, when it is none of the season's clubs.
    pub(super) fn stranger(&self, row: &Object) -> Option<u32> {
        let id = wire::id(object(row, "team")?).ok()?;
        self.clubs.get(self.season, id).is_none().then_some(id)
    }

    fn batting(
        &self,
        level: Level,
        row: &Object,
        stats: &mut Stats<'_>,
    ) -> Result<BattingLine, String> {
        let counts = batting_counts(stats)?;
        Ok(BattingLine {
            season: self.season,
            level,
            club: self.club(row)?,
            position: position(row, "position"),
            as_of: self.as_of,
            counts,
        })
    }

    fn pitching(
        &self,
        level: Level,
        row: &Object,
        stats: &mut Stats<'_>,
    ) -> Result<PitchingLine, String> {
        let counts = pitching_counts(stats)?;
        Ok(PitchingLine {
            season: self.season,
            level,
            club: self.club(row)?,
            position: position(row, "position"),
            as_of: self.as_of,
            counts,
        })
    }

    /// Completes the line of the same player with swings and misses.
    fn swings(&self, key: Key, stat: &Object, lines: &mut Lines) -> Result<Taken, String> {
        let mut stats = Stats::new(stat);
        let swings = stats.recorded("totalSwings");
        let whiffs = stats.recorded("swingAndMisses");
        match self.side {
            Side::Hitting => {
                if let Some(line) = lines.batting.get_mut(&key) {
                    line.counts.swings = swings;
                    line.counts.whiffs = whiffs;
                    stats.left_out.extend(check_batting(&mut line.counts)?);
                }
            }
            Side::Pitching => {
                if let Some(line) = lines.pitching.get_mut(&key) {
                    line.counts.whiffs = whiffs;
                    stats.left_out.extend(check_pitching(&mut line.counts)?);
                }
            }
        }
        lines.leave_out(key.0, stats);
        Ok(Taken::Line)
    }

    /// The club of a row. A row over several clubs of a level may name none.
    fn club(&self, row: &Object) -> Result<Club, String> {
        let team = object(row, "team");
        let team_id = team
            .map_or(Ok(None), |team| wire::whole(team, "id"))?
            .unwrap_or(0);
        let known = self.clubs.get(self.season, team_id);
        let league = object(row, "league").map(|league| clubs::league(league, self.season));
        let given = team.map_or("", |team| text(team, "abbreviation"));
        let abbreviation = known.map_or(given, |club| club.abbreviation.as_str());
        Ok(Club {
            league: league.or(known.map(|club| club.league)).unwrap_or_default(),
            team_id,
            team: clubs::abbreviation(abbreviation),
            organisation: self.clubs.organisation(self.season, team_id).0,
        })
    }

    fn is_unaffiliated(&self, row: &Object) -> bool {
        let of_team = || object(object(row, "team")?, "league");
        object(row, "league")
            .or_else(of_team)
            .is_some_and(clubs::is_mexican)
    }
}

/// The name on a row of statistics.
pub(super) fn name(row: &Object) -> &str {
    object(row, "player").map_or("", |player| text(player, "fullName"))
}

/// The player of a row of statistics.
pub(super) fn player(row: &Value) -> Result<(ProspectId, &Object), String> {
    let row = row.as_object().ok_or("not an object")?;
    let (player, _) = wire::person(row, "player")?;
    Ok((player, row))
}

/// A position under `key`, as far as it is understood.
pub(super) fn position(row: &Object, key: &str) -> Option<Position> {
    Positions::read(text(object(row, key)?, "abbreviation")).main()
}

impl Lines {
    fn leave_out(&mut self, player: ProspectId, stats: Stats<'_>) {
        let left_out = stats.left_out.into_iter();
        self.left_out.extend(left_out.map(|cell| (player, cell)));
    }
}

/// The counts of a row. Those nobody needs are left out where they can't be true.
struct Stats<'a> {
    stat: &'a Object,
    left_out: Vec<Dropped>,
}

impl<'a> Stats<'a> {
    fn new(stat: &'a Object) -> Self {
        Self {
            stat,
            left_out: Vec::new(),
        }
    }

    /// A count the line stands on, 0 when absent.
    fn need(&self, key: &str) -> Result<u16, String> {
        count(self.stat, key)
    }

    /// A count nobody needs.
    fn optional(&mut self, key: &'static str) -> Option<u16> {
        match optional_count(self.stat, key) {
            Ok(count) => count,
            Err(_) => {
                self.left_out.push(Dropped {
                    column: key,
                    reason: "not a count".to_owned(),
                    value: self
                        .stat
                        .get(key)
                        .map_or(String::new(), |value| brief(&value.to_string())),
                });
                None
            }
        }
    }

    /// The same, 0 when absent.
    fn count(&mut self, key: &'static str) -> u16 {
        self.optional(key).unwrap_or(0)
    }

    /// A count that is written as 0 where nobody recorded it.
    fn recorded(&mut self, key: &'static str) -> Option<u16> {
        self.optional(key).filter(|&count| count > 0)
    }
}

fn batting_counts(stats: &mut Stats<'_>) -> Result<BattingCounts, String> {
    let mut counts = BattingCounts {
        g: stats.need("gamesPlayed")?,
        pa: stats.need("plateAppearances")?,
        ab: stats.need("atBats")?,
        h: stats.need("hits")?,
        b2: stats.need("doubles")?,
        b3: stats.need("triples")?,
        hr: stats.need("homeRuns")?,
        rbi: stats.count("rbi"),
        bb: stats.need("baseOnBalls")?,
        ibb: stats.count("intentionalWalks"),
        so: stats.need("strikeOuts")?,
        hbp: stats.need("hitByPitch")?,
        sh: stats.count("sacBunts"),
        sf: stats.count("sacFlies"),
        gidp: stats.count("groundIntoDoublePlay"),
        sb: stats.need("stolenBases")?,
        cs: stats.need("caughtStealing")?,
        r: stats.optional("runs"),
        ground_outs: stats.recorded("groundOuts"),
        air_outs: stats.recorded("airOuts"),
        pitches: stats.recorded("numberOfPitches"),
        swings: None,
        whiffs: None,
    };
    stats.left_out.extend(check_batting(&mut counts)?);
    Ok(counts)
}

fn pitching_counts(stats: &mut Stats<'_>) -> Result<PitchingCounts, String> {
    let hit = optional_count(stats.stat, "hitByPitch")?;
    let mut counts = PitchingCounts {
        g: stats.need("gamesPlayed")?,
        gs: stats.need("gamesStarted")?,
        w: stats.count("wins"),
        l: stats.count("losses"),
        sv: stats.count("saves"),
        hld: stats.count("holds"),
        cg: stats.count("completeGames"),
        sho: stats.count("shutouts"),
        outs: wire::outs(stats.stat)?,
        bf: stats.need("battersFaced")?,
        h: stats.need("hits")?,
        r: stats.need("runs")?,
        er: stats.need("earnedRuns")?,
        hr: stats.need("homeRuns")?,
        bb: stats.need("baseOnBalls")?,
        ibb: stats.count("intentionalWalks"),
        so: stats.need("strikeOuts")?,
        hbp: hit.map_or_else(|| stats.need("hitBatsmen"), Ok)?,
        wp: stats.count("wildPitches"),
        bk: stats.count("balks"),
        ground_outs: stats.recorded("groundOuts"),
        air_outs: stats.recorded("airOuts"),
        pitches: stats.recorded("numberOfPitches"),
        strikes: stats.recorded("strikes"),
        whiffs: None,
    };
    stats.left_out.extend(check_pitching(&mut counts)?);
    Ok(counts)
}

/// A season with one side of it filled in.
fn majors(mut line: MlbSeason, side: Side, stats: &mut Stats<'_>) -> Result<MlbSeason, String> {
    match side {
        Side::Hitting => {
            let counts = batting_counts(stats)?;
            (line.g, line.pa, line.ab, line.h) = (counts.g, counts.pa, counts.ab, counts.h);
            (line.hr, line.bb, line.so) = (counts.hr, counts.bb, counts.so);
        }
        Side::Pitching => {
            let counts = pitching_counts(stats)?;
            (line.g_pit, line.gs, line.outs) = (counts.g, counts.gs, counts.outs);
            (line.bf, line.p_so, line.p_bb) = (counts.bf, counts.so, counts.bb);
        }
    }
    check_majors(&line)?;
    Ok(line)
}
