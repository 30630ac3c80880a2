//! Rows of statistics to stat lines.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value;

use super::ask::{Ask, Side};
use super::clubs::{self, Clubs};
use super::drift::Drift;
use super::fields::{HITTING, PITCHING, ROW, SWINGS};
use super::sport::Sport;
use super::wire::{self, Object, count, object, optional_count, recorded, text};
use crate::domain::{
    BattingCounts, BattingLine, Club, Level, MlbSeason, PitchingCounts, PitchingLine, Position,
    ProspectId, Season,
};
use crate::ingest::plausible::{check_batting, check_majors, check_pitching};

/// Whose line, in which season and on which level.
pub(super) type Key = (ProspectId, Season, Sport);

/// The lines read so far, one for each player, season and level.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) batting: BTreeMap<Key, BattingLine>,
    pub(super) pitching: BTreeMap<Key, PitchingLine>,
    pub(super) majors: BTreeMap<(ProspectId, Season), MlbSeason>,
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
                let line = self.batting(level, row, stat)?;
                lines.batting.insert(key, line);
            }
            (false, Some(level), Side::Pitching) => {
                let line = self.pitching(level, row, stat)?;
                lines.pitching.insert(key, line);
            }
            (false, None, side) => {
                let blank = MlbSeason::empty(self.season);
                let held = lines.majors.get(&(player, self.season)).copied();
                let line = majors(held.unwrap_or(blank), side, stat)?;
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

    fn batting(&self, level: Level, row: &Object, stat: &Object) -> Result<BattingLine, String> {
        let counts = batting_counts(stat)?;
        check_batting(&counts)?;
        Ok(BattingLine {
            season: self.season,
            level,
            club: self.club(row)?,
            position: position(row, "position"),
            as_of: self.as_of,
            counts,
        })
    }

    fn pitching(&self, level: Level, row: &Object, stat: &Object) -> Result<PitchingLine, String> {
        let counts = pitching_counts(stat)?;
        check_pitching(&counts)?;
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
        let swings = recorded(stat, "totalSwings")?;
        let whiffs = recorded(stat, "swingAndMisses")?;
        if whiffs > swings {
            return Err("more whiffs than swings".to_owned());
        }
        match self.side {
            Side::Hitting => {
                if let Some(line) = lines.batting.get_mut(&key) {
                    line.counts.swings = swings;
                    line.counts.whiffs = whiffs;
                }
            }
            Side::Pitching => {
                if let Some(line) = lines.pitching.get_mut(&key) {
                    line.counts.whiffs = whiffs;
                }
            }
        }
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

/// A position under `key`, where it is one that lines have.
pub(super) fn position(row: &Object, key: &str) -> Option<Position> {
    text(object(row, key)?, "abbreviation").parse().ok()
}

fn batting_counts(stat: &Object) -> Result<BattingCounts, String> {
    Ok(BattingCounts {
        g: count(stat, "gamesPlayed")?,
        pa: count(stat, "plateAppearances")?,
        ab: count(stat, "atBats")?,
        h: count(stat, "hits")?,
        b2: count(stat, "doubles")?,
        b3: count(stat, "triples")?,
        hr: count(stat, "homeRuns")?,
        rbi: count(stat, "rbi")?,
        bb: count(stat, "baseOnBalls")?,
        ibb: count(stat, "intentionalWalks")?,
        so: count(stat, "strikeOuts")?,
        hbp: count(stat, "hitByPitch")?,
        sh: count(stat, "sacBunts")?,
        sf: count(stat, "sacFlies")?,
        gidp: count(stat, "groundIntoDoublePlay")?,
        sb: count(stat, "stolenBases")?,
        cs: count(stat, "caughtStealing")?,
        r: optional_count(stat, "runs")?,
        ground_outs: recorded(stat, "groundOuts")?,
        air_outs: recorded(stat, "airOuts")?,
        pitches: recorded(stat, "numberOfPitches")?,
        swings: None,
        whiffs: None,
    })
}

fn pitching_counts(stat: &Object) -> Result<PitchingCounts, String> {
    let hit = optional_count(stat, "hitByPitch")?;
    Ok(PitchingCounts {
        g: count(stat, "gamesPlayed")?,
        gs: count(stat, "gamesStarted")?,
        w: count(stat, "wins")?,
        l: count(stat, "losses")?,
        sv: count(stat, "saves")?,
        hld: count(stat, "holds")?,
        cg: count(stat, "completeGames")?,
        sho: count(stat, "shutouts")?,
        outs: wire::outs(stat)?,
        bf: count(stat, "battersFaced")?,
        h: count(stat, "hits")?,
        r: count(stat, "runs")?,
        er: count(stat, "earnedRuns")?,
        hr: count(stat, "homeRuns")?,
        bb: count(stat, "baseOnBalls")?,
        ibb: count(stat, "intentionalWalks")?,
        so: count(stat, "strikeOuts")?,
        hbp: hit.map_or_else(|| count(stat, "hitBatsmen"), Ok)?,
        wp: count(stat, "wildPitches")?,
        bk: count(stat, "balks")?,
        ground_outs: recorded(stat, "groundOuts")?,
        air_outs: recorded(stat, "airOuts")?,
        pitches: recorded(stat, "numberOfPitches")?,
        strikes: recorded(stat, "strikes")?,
        whiffs: None,
    })
}

/// A season with one side of it filled in.
fn majors(mut line: MlbSeason, side: Side, stat: &Object) -> Result<MlbSeason, String> {
    match side {
        Side::Hitting => {
            let counts = batting_counts(stat)?;
            check_batting(&counts)?;
            (line.g, line.pa, line.ab, line.h) = (counts.g, counts.pa, counts.ab, counts.h);
            (line.hr, line.bb, line.so) = (counts.hr, counts.bb, counts.so);
        }
        Side::Pitching => {
            let counts = pitching_counts(stat)?;
            check_pitching(&counts)?;
            (line.g_pit, line.gs, line.outs) = (counts.g, counts.gs, counts.outs);
            (line.bf, line.p_so, line.p_bb) = (counts.bf, counts.so, counts.bb);
        }
    }
    check_majors(&line)?;
    Ok(line)
}
