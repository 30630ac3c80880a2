//! Rows of statistics to stat lines.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value;

use super::ask::Side;
use super::clubs::{self, Clubs};
use super::drift::{Drift, Shape};
use super::sport::Sport;
use super::wire::{self, Object, count, object, optional_count, recorded, text};
use crate::domain::{
    BattingCounts, BattingLine, Club, Level, MlbSeason, PitchingCounts, PitchingLine, Position,
    ProspectId, Season, Severity,
};
use crate::ingest::plausible::{check_batting, check_majors, check_pitching};

/// A row of statistics.
pub(super) static ROW: Shape = Shape {
    what: "row of statistics",
    relied: &["season", "stat", "player", "sport"],
    known: &[
        "team",
        "league",
        "numTeams",
        "numLeagues",
        "rank",
        "position",
        "gameType",
        "person",
        "date",
        "type",
        "group",
    ],
    severity: Severity::Critical,
};

/// Batting counts.
pub(super) static HITTING: Shape = Shape {
    what: "batting line",
    relied: &[
        "gamesPlayed",
        "plateAppearances",
        "atBats",
        "hits",
        "doubles",
        "triples",
        "homeRuns",
        "baseOnBalls",
        "strikeOuts",
        "hitByPitch",
        "stolenBases",
        "caughtStealing",
    ],
    known: &[
        "age",
        "airOuts",
        "atBatsPerHomeRun",
        "avg",
        "babip",
        "catchersInterference",
        "caughtStealingPercentage",
        "groundIntoDoublePlay",
        "groundOuts",
        "groundOutsToAirouts",
        "intentionalWalks",
        "leftOnBase",
        "numberOfPitches",
        "obp",
        "ops",
        "rbi",
        "runs",
        "sacBunts",
        "sacFlies",
        "slg",
        "stolenBasePercentage",
        "totalBases",
        "war",
    ],
    severity: Severity::Critical,
};

/// Pitching counts.
pub(super) static PITCHING: Shape = Shape {
    what: "pitching line",
    relied: &[
        "gamesPlayed",
        "gamesStarted",
        "inningsPitched",
        "battersFaced",
        "hits",
        "runs",
        "earnedRuns",
        "homeRuns",
        "baseOnBalls",
        "strikeOuts",
    ],
    known: &[
        "age",
        "airOuts",
        "atBats",
        "avg",
        "balks",
        "blownSaves",
        "catchersInterference",
        "caughtStealing",
        "caughtStealingPercentage",
        "completeGames",
        "doubles",
        "era",
        "gamesFinished",
        "gamesPitched",
        "groundIntoDoublePlay",
        "groundOuts",
        "groundOutsToAirouts",
        "hitBatsmen",
        "hitByPitch",
        "hitsPer9Inn",
        "holds",
        "homeRunsPer9",
        "inheritedRunners",
        "inheritedRunnersScored",
        "intentionalWalks",
        "losses",
        "numberOfPitches",
        "obp",
        "ops",
        "outs",
        "pickoffs",
        "pitchesPerInning",
        "runsScoredPer9",
        "sacBunts",
        "sacFlies",
        "saveOpportunities",
        "saves",
        "shutouts",
        "slg",
        "stolenBasePercentage",
        "stolenBases",
        "strikePercentage",
        "strikeoutWalkRatio",
        "strikeoutsPer9Inn",
        "strikes",
        "totalBases",
        "triples",
        "walksPer9Inn",
        "war",
        "whip",
        "wildPitches",
        "winPercentage",
        "wins",
    ],
    severity: Severity::Critical,
};

/// Swings and misses. Lines are whole without them.
pub(super) static SWINGS: Shape = Shape {
    what: "line of swings",
    relied: &["totalSwings", "swingAndMisses"],
    known: &[
        "age",
        "babip",
        "balks",
        "ballsInPlay",
        "baseOnBallsPer9",
        "battersFaced",
        "bequeathedRunners",
        "bequeathedRunnersScored",
        "caughtStealing",
        "doubles",
        "extraBaseHits",
        "flyHits",
        "flyOuts",
        "gamesFinished",
        "gidp",
        "gidpOpp",
        "groundHits",
        "groundOuts",
        "hitByPitch",
        "hitsPer9",
        "homeRunsPer9",
        "homeRunsPerPlateAppearance",
        "inheritedRunners",
        "inheritedRunnersScored",
        "iso",
        "leftOnBase",
        "lineHits",
        "lineOuts",
        "numberOfPitches",
        "obp",
        "ops",
        "pickoffs",
        "pitchesPerInning",
        "pitchesPerPlateAppearance",
        "plateAppearances",
        "popHits",
        "popOuts",
        "qualityStarts",
        "reachedOnError",
        "runSupport",
        "runsScoredPer9",
        "sacBunts",
        "sacFlies",
        "slg",
        "stolenBases",
        "strikePercentage",
        "strikeoutsPer9",
        "strikeoutsPerPlateAppearance",
        "strikesoutsToWalks",
        "totalBases",
        "triples",
        "walkOffs",
        "walksPerPlateAppearance",
        "walksPerStrikeout",
        "whiffPercentage",
        "wildPitches",
        "winningPercentage",
    ],
    severity: Severity::Warning,
};

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
    pub(super) level: Sport,
    pub(super) side: Side,
    pub(super) advanced: bool,
    /// Day up to which the rows count.
    pub(super) as_of: Date,
    /// The answer's name.
    pub(super) answer: &'a str,
    pub(super) clubs: &'a Clubs,
}

impl Slice<'_> {
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
                let blank = no_majors(self.season);
                let held = lines.majors.get(&(player, self.season)).copied();
                let line = majors(held.unwrap_or(blank), side, stat)?;
                lines.majors.insert((player, self.season), line);
            }
        }
        Ok(Taken::Line)
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

fn no_majors(season: Season) -> MlbSeason {
    MlbSeason {
        season,
        pa: 0,
        ab: 0,
        h: 0,
        hr: 0,
        bb: 0,
        so: 0,
        outs: 0,
        bf: 0,
        p_so: 0,
        p_bb: 0,
        g: 0,
        g_pit: 0,
        gs: 0,
    }
}
