//! Minor-league stat lines: one row per player, season, level and club.

use jiff::civil::Date;

use super::shape::{Judged, Settled, Shape};
use super::stints::{self, Named, Stint, is_pair, is_total, several};
use crate::domain::{
    BattingCounts, BattingLine, Club, Code, Level, PitchingCounts, PitchingLine, Position,
    ProspectId, Season,
};
use crate::ingest::plausible::check;
use crate::ingest::plausible::{check_batting, check_pitching};
use crate::ingest::rank;
use crate::ingest::report::Options;
use crate::ingest::row::Row;
use crate::ingest::{cell, leagues};
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
    named: Named,
    /// Number of the stint with a club, 0 when it is not given.
    stint: u16,
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

/// Columns of both kinds of lines that are read where they are there.
const FRAME: [&str; 8] = [
    "team_id",
    "team",
    "team_name",
    "org",
    "birth_date",
    "as_of",
    "stint",
    "sport_id",
];

impl Frame {
    fn parse(row: &Row<'_>, options: &Options) -> Result<Self, String> {
        let season = row.season("season")?;
        let as_of = row
            .certain_date("as_of")?
            .or(options.as_of)
            .unwrap_or(season.last_day());
        check(as_of.year() == season.0 as i16, || {
            format!("`as_of` {as_of} lies outside season {season}")
        })?;
        let birth_date = row.birth_date().filter(|born| {
            let possible = born.year() + 12 < season.0 as i16;
            if !possible {
                row.leave_out("birth_date", "too late for the season");
            }
            possible
        });
        let (club, named) = club(row);
        Ok(Self {
            player: row.player()?,
            name: row.name("name"),
            birth_date,
            season,
            level: row.level("level")?,
            club_name: if named == Named::Total {
                String::new()
            } else {
                row.text("team_name").to_owned()
            },
            club,
            named,
            stint: row.optional_count("stint").unwrap_or(0),
            position: row.position("position"),
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

/// The club of a row, and how it is named. A player's organisations of a season may be
/// several (`NYM/BOS`): the last is where he ended.
fn club(row: &Row<'_>) -> (Club, Named) {
    let cells = ["team", "team_name", "org", "team_id"];
    let league = league(row);
    let organisations = several(row.raw("org"));
    let organisation = match &organisations {
        Some(all) => all.last().map_or(Code::default(), |one| one.code()),
        None if is_total(row.raw("org")) => Code::default(),
        None => row.organisation("org"),
    };
    if cells.iter().any(|column| is_total(row.raw(column))) {
        return (Club::total(league, organisation), Named::Total);
    }
    let number = |text: &str| cell::numeric_id(text).map(Option::unwrap_or_default);
    let club = Club {
        league,
        team_id: row.optional("team_id", number).unwrap_or(0),
        team: team(row),
        organisation,
    };
    let unnamed = club.team_id == 0 && club.team.is_unknown();
    let pair = club.team_id == 0 && is_pair(row.raw("team"));
    let named = if (unnamed || pair) && organisations.is_some() {
        Named::Several
    } else if pair {
        Named::Shared
    } else if unnamed && organisation.is_unknown() {
        Named::Nobody
    } else {
        Named::Club
    };
    (club, named)
}

/// The league's code; full names of leagues are known.
fn league(row: &Row<'_>) -> Code {
    match leagues::code(row.text("league")) {
        Some(code) => code,
        None => row.code("league"),
    }
}

/// The club's abbreviation. Shared clubs of the foreign rookie leagues carry the
/// league before two names (`VSL BOS/SD`), which is cut off.
fn team(row: &Row<'_>) -> Code {
    let text = row.text("team");
    let bare = text.split_once(' ').map_or(text, |(_, rest)| rest);
    Code::new(text)
        .or_else(|| Code::new(bare))
        // A full name is no code; the organisation or the id tells the club.
        .unwrap_or_default()
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
    const OPTIONAL: &'static [&'static str] = &[
        FRAME[0],
        FRAME[1],
        FRAME[2],
        FRAME[3],
        FRAME[4],
        FRAME[5],
        FRAME[6],
        FRAME[7],
        "rbi",
        "ibb",
        "sh",
        "sf",
        "gidp",
        "r",
        "ground_outs",
        "air_outs",
        "pitches",
        "swings",
        "whiffs",
    ];
    type Key = LineKey;

    fn parse(row: &Row<'_>, options: &Options) -> Result<Self, String> {
        let frame = Frame::parse(row, options)?;
        let mut counts = BattingCounts {
            g: row.need_count("g")?,
            pa: row.need_count("pa")?,
            ab: row.need_count("ab")?,
            h: row.need_count("h")?,
            b2: row.need_count("b2")?,
            b3: row.need_count("b3")?,
            hr: row.need_count("hr")?,
            rbi: row.count("rbi"),
            bb: row.need_count("bb")?,
            ibb: row.count("ibb"),
            so: row.need_count("so")?,
            hbp: row.need_count("hbp")?,
            sh: row.count("sh"),
            sf: row.count("sf"),
            gidp: row.count("gidp"),
            sb: row.need_count("sb")?,
            cs: row.need_count("cs")?,
            r: row.optional_count("r"),
            ground_outs: row.recorded("ground_outs"),
            air_outs: row.recorded("air_outs"),
            pitches: row.recorded("pitches"),
            swings: row.recorded("swings"),
            whiffs: row.recorded("whiffs"),
        };
        row.leave_out_all(check_batting(&mut counts)?);
        Ok(Self { frame, counts })
    }

    fn key(&self) -> LineKey {
        self.frame.key()
    }

    fn settle(rows: Vec<Judged<Self>>) -> Settled<Self> {
        stints::settle(rows)
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
    const OPTIONAL: &'static [&'static str] = &[
        FRAME[0],
        FRAME[1],
        FRAME[2],
        FRAME[3],
        FRAME[4],
        FRAME[5],
        FRAME[6],
        FRAME[7],
        "w",
        "l",
        "sv",
        "hld",
        "cg",
        "sho",
        "ibb",
        "wp",
        "bk",
        "ground_outs",
        "air_outs",
        "pitches",
        "strikes",
        "whiffs",
    ];
    type Key = LineKey;

    fn parse(row: &Row<'_>, options: &Options) -> Result<Self, String> {
        let frame = Frame::parse(row, options)?;
        let mut counts = PitchingCounts {
            // Totals added up from weekly windows come without games.
            g: row.zero_count("g")?,
            gs: row.need_count("gs")?,
            w: row.count("w"),
            l: row.count("l"),
            sv: row.count("sv"),
            hld: row.count("hld"),
            cg: row.count("cg"),
            sho: row.count("sho"),
            outs: row.need_count("outs")?,
            bf: row.need_count("bf")?,
            h: row.need_count("h")?,
            r: row.need_count("r")?,
            er: row.need_count("er")?,
            hr: row.need_count("hr")?,
            bb: row.need_count("bb")?,
            ibb: row.count("ibb"),
            so: row.need_count("so")?,
            hbp: row.need_count("hbp")?,
            wp: row.count("wp"),
            bk: row.count("bk"),
            ground_outs: row.recorded("ground_outs"),
            air_outs: row.recorded("air_outs"),
            pitches: row.recorded("pitches"),
            strikes: row.recorded("strikes"),
            whiffs: row.recorded("whiffs"),
        };
        row.leave_out_all(check_pitching(&mut counts)?);
        Ok(Self { frame, counts })
    }

    fn key(&self) -> LineKey {
        self.frame.key()
    }

    fn settle(rows: Vec<Judged<Self>>) -> Settled<Self> {
        stints::settle(rows)
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

/// Columns that tell two rows of a season and level apart.
const APART: &str = "`team_id`, `team` or `org`";

type Group = (ProspectId, Season, i8, Level);

impl Frame {
    fn group(&self) -> Group {
        (self.player, self.season, self.as_of.month(), self.level)
    }

    /// Takes over what a further stint says.
    fn add(&mut self, other: &Self, longer: bool) {
        if longer {
            self.position = other.position.or(self.position);
        }
        self.position = self.position.or(other.position);
        self.birth_date = self.birth_date.max(other.birth_date);
        if self.name < other.name {
            self.name.clone_from(&other.name);
        }
    }

    fn is_of_another_stint(&self, other: &Self) -> bool {
        self.stint != other.stint
    }
}

/// Adds counts that both stints have; what only one recorded is not known of both.
fn both(a: Option<u16>, b: Option<u16>) -> Option<u16> {
    Some(a?.saturating_add(b?))
}

impl Stint for Batting {
    type Group = Group;
    type Club = Club;
    const APART: &'static str = APART;

    fn group(&self) -> Group {
        self.frame.group()
    }

    fn club(&self) -> Club {
        self.frame.club
    }

    fn named(&self) -> Named {
        self.frame.named
    }

    fn stint(&self) -> u16 {
        self.frame.stint
    }

    fn as_of(&self) -> Date {
        self.frame.as_of
    }

    fn counts(&self) -> Vec<u32> {
        let c = &self.counts;
        [
            c.pa, c.ab, c.h, c.b2, c.b3, c.hr, c.bb, c.so, c.hbp, c.sb, c.cs,
        ]
        .map(u32::from)
        .to_vec()
    }

    fn add(&mut self, other: &Self) {
        self.frame
            .add(&other.frame, other.counts.pa > self.counts.pa);
        let (a, b) = (&mut self.counts, &other.counts);
        for (sum, count) in [
            (&mut a.g, b.g),
            (&mut a.pa, b.pa),
            (&mut a.ab, b.ab),
            (&mut a.h, b.h),
            (&mut a.b2, b.b2),
            (&mut a.b3, b.b3),
            (&mut a.hr, b.hr),
            (&mut a.rbi, b.rbi),
            (&mut a.bb, b.bb),
            (&mut a.ibb, b.ibb),
            (&mut a.so, b.so),
            (&mut a.hbp, b.hbp),
            (&mut a.sh, b.sh),
            (&mut a.sf, b.sf),
            (&mut a.gidp, b.gidp),
            (&mut a.sb, b.sb),
            (&mut a.cs, b.cs),
        ] {
            *sum = sum.saturating_add(count);
        }
        for (sum, count) in [
            (&mut a.r, b.r),
            (&mut a.ground_outs, b.ground_outs),
            (&mut a.air_outs, b.air_outs),
            (&mut a.pitches, b.pitches),
            (&mut a.swings, b.swings),
            (&mut a.whiffs, b.whiffs),
        ] {
            *sum = both(*sum, count);
        }
    }

    fn adds_to(&self, other: &Self) -> bool {
        self.frame.is_of_another_stint(&other.frame)
    }
}

impl Stint for Pitching {
    type Group = Group;
    type Club = Club;
    const APART: &'static str = APART;

    fn group(&self) -> Group {
        self.frame.group()
    }

    fn club(&self) -> Club {
        self.frame.club
    }

    fn named(&self) -> Named {
        self.frame.named
    }

    fn stint(&self) -> u16 {
        self.frame.stint
    }

    fn as_of(&self) -> Date {
        self.frame.as_of
    }

    fn counts(&self) -> Vec<u32> {
        let c = &self.counts;
        [c.bf, c.outs, c.h, c.r, c.er, c.hr, c.bb, c.so, c.hbp]
            .map(u32::from)
            .to_vec()
    }

    fn add(&mut self, other: &Self) {
        self.frame
            .add(&other.frame, other.counts.bf > self.counts.bf);
        let (a, b) = (&mut self.counts, &other.counts);
        for (sum, count) in [
            (&mut a.g, b.g),
            (&mut a.gs, b.gs),
            (&mut a.w, b.w),
            (&mut a.l, b.l),
            (&mut a.sv, b.sv),
            (&mut a.hld, b.hld),
            (&mut a.cg, b.cg),
            (&mut a.sho, b.sho),
            (&mut a.outs, b.outs),
            (&mut a.bf, b.bf),
            (&mut a.h, b.h),
            (&mut a.r, b.r),
            (&mut a.er, b.er),
            (&mut a.hr, b.hr),
            (&mut a.bb, b.bb),
            (&mut a.ibb, b.ibb),
            (&mut a.so, b.so),
            (&mut a.hbp, b.hbp),
            (&mut a.wp, b.wp),
            (&mut a.bk, b.bk),
        ] {
            *sum = sum.saturating_add(count);
        }
        for (sum, count) in [
            (&mut a.ground_outs, b.ground_outs),
            (&mut a.air_outs, b.air_outs),
            (&mut a.pitches, b.pitches),
            (&mut a.strikes, b.strikes),
            (&mut a.whiffs, b.whiffs),
        ] {
            *sum = both(*sum, count);
        }
    }

    fn adds_to(&self, other: &Self) -> bool {
        self.frame.is_of_another_stint(&other.frame)
    }
}
