//! An invented league for tests: talent drives lines, promotion and outcome.

use jiff::civil::date;

use super::rng::Rng;
use crate::domain::{
    BattingCounts, BattingLine, Club, Code, DraftPick, Grade, History, Level, MlbSeason, OtherIds,
    PitchingCounts, PitchingLine, Position, Prospect, ProspectId, RookieLimits, Sample, Season,
};

/// First season of the league.
pub(super) const FIRST: u16 = 2005;
/// Last season of the league; major-league seasons end with it too.
pub(super) const LAST: u16 = 2018;

/// Careers of `players` invented players, half of them pitchers.
pub(super) fn league(players: u32) -> Vec<History> {
    (0..players)
        .map(|i| career(i + 1, &mut Rng::new(11, u64::from(i))))
        .collect()
}

fn career(id: u32, rng: &mut Rng) -> History {
    let talent = (rng.unit() + rng.unit() + rng.unit()) / 1.5 - 1.0;
    let debut = FIRST + rng.below(usize::from(LAST - FIRST)) as u16;
    let birth = date(
        debut as i16 - 17 - rng.below(5) as i16,
        1 + rng.below(12) as i8,
        9,
    );
    let mut history = History {
        prospect: Prospect {
            id: ProspectId(id),
            mlbam_id: None,
            name: format!("Player {id}"),
            birth_date: Some(birth),
            bats: None,
            throws: None,
            other_ids: OtherIds::default(),
        },
        batting: Vec::new(),
        pitching: Vec::new(),
        mlb: Vec::new(),
        rookie_limits: RookieLimits::default(),
        draft: Vec::new(),
        grades: Vec::new(),
        roster: Vec::new(),
    };
    if rng.unit() < 0.5 {
        history.draft.push(DraftPick {
            year: Season(debut),
            round: "2".to_owned(),
            pick: 1 + (600.0 * (1.0 - talent.clamp(-0.9, 0.9)) / 2.0) as u16,
            team: "Elmton".to_owned(),
            position: "SS".to_owned(),
            school: "Elmton University".to_owned(),
        });
    }
    for year in 0..(3 + rng.below(5) as u16).min(LAST + 1 - debut) {
        let season = Season(debut + year);
        if id.is_multiple_of(2) {
            history.batting.push(batting(season, year, talent, rng));
        } else {
            history.pitching.push(pitching(season, year, talent, rng));
        }
    }
    if talent + 0.3 * rng.unit() > 0.45 {
        history.mlb = (debut + 3..=LAST)
            .map(|s| major(Season(s), id.is_multiple_of(2)))
            .collect();
    }
    history
}

fn place(season: Season, year: u16) -> (Level, Club) {
    let level = Level::ALL[usize::from(year).min(Level::ALL.len() - 1)];
    let league = ["GCL", "NYP", "SAL", "CAR", "EAS", "INT"][level as usize];
    let club = Club {
        league: Code::new(league).unwrap_or_default(),
        ..Club::default()
    };
    debug_assert!(season.0 >= FIRST);
    (level, club)
}

fn batting(season: Season, year: u16, talent: f64, rng: &mut Rng) -> BattingLine {
    let (level, club) = place(season, year);
    let pa = 40 + rng.below(500) as u16;
    let part = |share: f64| (f64::from(pa) * share.max(0.0)) as u16;
    let noise = 0.03 * (rng.unit() - 0.5);
    let (so, bb, hr) = (
        part(0.2 - 0.08 * talent + noise),
        part(0.08),
        part(0.02 + 0.02 * talent),
    );
    let ab = pa - bb;
    BattingLine {
        season,
        level,
        club,
        position: Some(if rng.unit() < 0.3 {
            Position::SS
        } else {
            Position::LF
        }),
        as_of: season.last_day(),
        counts: BattingCounts {
            g: pa / 4,
            pa,
            ab,
            h: part(0.24 + 0.04 * talent).min(ab),
            b2: part(0.05),
            hr,
            bb,
            so: so.min(ab),
            sb: part(0.02),
            ..BattingCounts::default()
        },
    }
}

fn pitching(season: Season, year: u16, talent: f64, rng: &mut Rng) -> PitchingLine {
    let (level, club) = place(season, year);
    let bf = 40 + rng.below(500) as u16;
    let part = |share: f64| (f64::from(bf) * share.max(0.0)) as u16;
    let noise = 0.03 * (rng.unit() - 0.5);
    PitchingLine {
        season,
        level,
        club,
        position: Some(Position::P),
        as_of: season.last_day(),
        counts: PitchingCounts {
            g: bf / 15,
            gs: bf / 30,
            outs: part(0.7),
            bf,
            h: part(0.22),
            er: part(0.1 - 0.03 * talent),
            hr: part(0.02),
            bb: part(0.09),
            so: part(0.21 + 0.08 * talent + noise),
            ..PitchingCounts::default()
        },
    }
}

fn major(season: Season, hitter: bool) -> MlbSeason {
    let (pa, outs) = if hitter { (450, 0) } else { (0, 300) };
    MlbSeason {
        season,
        pa,
        ab: pa,
        h: 100,
        hr: 10,
        bb: 0,
        so: 90,
        outs,
        bf: outs * 3 / 2,
        p_so: 80,
        p_bb: 30,
        g: 120,
        g_pit: 0,
        gs: 0,
    }
}

/// A board entry of the given year and sample.
pub(super) fn grade(year: u16, sample: Sample, value: f32) -> Grade {
    Grade {
        source: "invented".to_owned(),
        list: "board".to_owned(),
        list_year: Season(year),
        published: Some(date(year as i16, 9, 1)),
        sample,
        rank: Some(1),
        org_rank: None,
        future_value: Some(value),
        tools: Vec::new(),
    }
}
