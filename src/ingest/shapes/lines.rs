//! Minor-league stat lines: one row per player, season, level and club.

use jiff::civil::Date;

use super::{Shape, check, rank};
use crate::domain::{
    BattingCounts, BattingLine, Club, Code, Level, PitchingCounts, PitchingLine, Position,
    ProspectId, Season,
};
use crate::ingest::import::Options;
use crate::ingest::leagues;
use crate::ingest::plausible::{check_batting, check_pitching};
use crate::ingest::row::Row;
use crate::store::{Change, PlayerFacts, StoreError, WriteTx};

/// What both sides of the ball have in common.
#[derive(PartialEq)]
struct Frame {
    player: ProspectId,
    name: String,
    birth_date: Option<Date>,
    season: Season,
    level: Level,
    club: Club,
    club_name: String,
    position: Option<Position>,
    as_of: Date,
}

/// A batting row.
#[derive(PartialEq)]
pub(crate) struct Batting {
    frame: Frame,
    counts: BattingCounts,
}

/// A pitching row.
#[derive(PartialEq)]
pub(crate) struct Pitching {
    frame: Frame,
    counts: PitchingCounts,
}

type LineKey = (ProspectId, Season, i8, Level, Club);

impl Frame {
    fn parse(row: &Row<'_>, options: &Options) -> Result<Self, String> {
        let season = row.season("season")?;
        let as_of = row
            .date("as_of")?
            .or(options.as_of)
            .unwrap_or(season.last_day());
        check(as_of.year() == season.0 as i16, || {
            format!("`as_of` {as_of} lies outside season {season}")
        })?;
        let birth_date = row.birth_date()?;
        check(
            birth_date.is_none_or(|born| born.year() + 12 < season.0 as i16),
            || "born too late for the season".to_owned(),
        )?;
        Ok(Self {
            player: row.player()?,
            name: row.text("name").to_owned(),
            birth_date,
            season,
            level: row.need("level")?,
            club: club(row)?,
            club_name: row.text("team_name").to_owned(),
            position: row.optional("position")?,
            as_of,
        })
    }

    fn key(&self) -> LineKey {
        (
            self.player,
            self.season,
            self.as_of.month(),
            self.level,
            self.club,
        )
    }

    /// Takes over what this row says better than the player's rows before it.
    fn complete(&self, held: &mut PlayerFacts) {
        if (self.season.0, &self.name) > (held.name_rank, &held.name) {
            held.name.clone_from(&self.name);
            held.name_rank = self.season.0;
        }
        held.birth_date = held.birth_date.max(self.birth_date);
    }

    fn facts(&self) -> PlayerFacts {
        PlayerFacts {
            name: self.name.clone(),
            name_rank: self.season.0,
            birth_date: self.birth_date,
            birth_rank: rank::MENTION,
            ..PlayerFacts::default()
        }
    }
}

/// A player's organisations of a season may be several (`NYM/BOS`): the last is where he ended.
fn club(row: &Row<'_>) -> Result<Club, String> {
    let organisation = row.text("org").rsplit('/').next().unwrap_or_default();
    Ok(Club {
        league: league(row)?,
        team_id: row.optional("team_id")?.unwrap_or(0),
        team: team(row)?,
        organisation: Code::new(organisation).ok_or("`org` is longer than 8 bytes")?,
    })
}

/// The league's code; full names of leagues are known.
fn league(row: &Row<'_>) -> Result<Code, String> {
    match leagues::code(row.text("league")) {
        Some(code) => Ok(code),
        None => row.code("league"),
    }
}

/// The club's abbreviation. Shared clubs of the foreign rookie leagues carry the
/// league before two names (`VSL BOS/SD`), which is cut off.
fn team(row: &Row<'_>) -> Result<Code, String> {
    let text = row.text("team");
    let bare = text.split_once(' ').map_or(text, |(_, rest)| rest);
    Code::new(text)
        .or_else(|| Code::new(bare))
        .ok_or_else(|| format!("`team` = `{text}` is longer than 8 bytes"))
}

fn put_frames<'a>(
    frames: impl Iterator<Item = &'a Frame> + Clone,
    tx: &mut WriteTx,
) -> Result<(), StoreError> {
    // Rows are sorted by player, then season: the last of a player knows his newest name.
    let mut players: Vec<(ProspectId, PlayerFacts)> = Vec::new();
    for frame in frames.clone() {
        match players
            .last_mut()
            .filter(|(player, _)| *player == frame.player)
        {
            Some((_, held)) => frame.complete(held),
            None => players.push((frame.player, frame.facts())),
        }
    }
    tx.put_players(&players)?;
    let mut clubs: Vec<_> = frames
        .filter(|frame| frame.club.team_id > 0 && !frame.club_name.is_empty())
        .map(|frame| (frame.club.team_id, frame.season, frame.club_name.as_str()))
        .collect();
    clubs.sort_unstable();
    // Where rows spell a club differently the alphabetically first spelling stays.
    clubs.dedup_by_key(|(team, season, _)| (*team, *season));
    tx.put_team_names(clubs.into_iter())?;
    Ok(())
}

impl Shape for Batting {
    const REQUIRED: &'static [&'static str] = &[
        "season", "level", "league", "mlbam_id", "name", "position", "g", "pa", "ab", "h", "b2",
        "b3", "hr", "bb", "so", "hbp", "sb", "cs",
    ];
    type Key = LineKey;

    fn parse(row: &Row<'_>, options: &Options) -> Result<Self, String> {
        let frame = Frame::parse(row, options)?;
        let counts = BattingCounts {
            g: row.need_count("g")?,
            pa: row.need_count("pa")?,
            ab: row.need_count("ab")?,
            h: row.need_count("h")?,
            b2: row.need_count("b2")?,
            b3: row.need_count("b3")?,
            hr: row.need_count("hr")?,
            rbi: row.count("rbi")?,
            bb: row.need_count("bb")?,
            ibb: row.count("ibb")?,
            so: row.need_count("so")?,
            hbp: row.need_count("hbp")?,
            sh: row.count("sh")?,
            sf: row.count("sf")?,
            gidp: row.count("gidp")?,
            sb: row.need_count("sb")?,
            cs: row.need_count("cs")?,
            r: row.optional_count("r")?,
            ground_outs: row.recorded("ground_outs")?,
            air_outs: row.recorded("air_outs")?,
            pitches: row.recorded("pitches")?,
            swings: row.recorded("swings")?,
            whiffs: row.recorded("whiffs")?,
        };
        check_batting(&counts)?;
        Ok(Self { frame, counts })
    }

    fn key(&self) -> LineKey {
        self.frame.key()
    }

    fn put(rows: &[&Self], tx: &mut WriteTx) -> Result<Vec<Change>, StoreError> {
        put_frames(rows.iter().map(|row| &row.frame), tx)?;
        let lines: Vec<_> = rows
            .iter()
            .map(|row| (row.frame.player, row.line()))
            .collect();
        tx.put_batting(&lines)
    }
}

impl Batting {
    fn line(&self) -> BattingLine {
        let Frame {
            season,
            level,
            club,
            position,
            as_of,
            ..
        } = self.frame;
        BattingLine {
            season,
            level,
            club,
            position,
            as_of,
            counts: self.counts,
        }
    }
}

impl Shape for Pitching {
    const REQUIRED: &'static [&'static str] = &[
        "season", "level", "league", "mlbam_id", "name", "position", "g", "gs", "outs", "bf", "h",
        "r", "er", "hr", "bb", "so", "hbp",
    ];
    type Key = LineKey;

    fn parse(row: &Row<'_>, options: &Options) -> Result<Self, String> {
        let frame = Frame::parse(row, options)?;
        let counts = PitchingCounts {
            // Totals added up from weekly windows come without games.
            g: row.count("g")?,
            gs: row.need_count("gs")?,
            w: row.count("w")?,
            l: row.count("l")?,
            sv: row.count("sv")?,
            hld: row.count("hld")?,
            cg: row.count("cg")?,
            sho: row.count("sho")?,
            outs: row.need_count("outs")?,
            bf: row.need_count("bf")?,
            h: row.need_count("h")?,
            r: row.need_count("r")?,
            er: row.need_count("er")?,
            hr: row.need_count("hr")?,
            bb: row.need_count("bb")?,
            ibb: row.count("ibb")?,
            so: row.need_count("so")?,
            hbp: row.need_count("hbp")?,
            wp: row.count("wp")?,
            bk: row.count("bk")?,
            ground_outs: row.recorded("ground_outs")?,
            air_outs: row.recorded("air_outs")?,
            pitches: row.recorded("pitches")?,
            strikes: row.recorded("strikes")?,
            whiffs: row.recorded("whiffs")?,
        };
        check_pitching(&counts)?;
        Ok(Self { frame, counts })
    }

    fn key(&self) -> LineKey {
        self.frame.key()
    }

    fn put(rows: &[&Self], tx: &mut WriteTx) -> Result<Vec<Change>, StoreError> {
        put_frames(rows.iter().map(|row| &row.frame), tx)?;
        let lines: Vec<_> = rows
            .iter()
            .map(|row| (row.frame.player, row.line()))
            .collect();
        tx.put_pitching(&lines)
    }
}

impl Pitching {
    fn line(&self) -> PitchingLine {
        let Frame {
            season,
            level,
            club,
            position,
            as_of,
            ..
        } = self.frame;
        PitchingLine {
            season,
            level,
            club,
            position,
            as_of,
            counts: self.counts,
        }
    }
}
