//! Which questions a refresh and a backfill ask.

use jiff::civil::Date;

use super::ask::{Ask, Side};
use super::sport::Sport;
use crate::domain::Season;

/// First season whose swings and misses are asked for: the source has them for
/// most players from 2005 on.
const SWINGS_SINCE: u16 = 2005;

/// The major-league clubs.
const CLUBS: [u32; 30] = [
    108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 133, 134, 135, 136, 137,
    138, 139, 140, 141, 142, 143, 144, 145, 146, 147, 158,
];

/// What a refresh asks on a day: the season so far, everybody's bio, the rosters,
/// the transactions since the last refresh and, in summer, the draft.
pub fn daily(today: Date, since: Date) -> Vec<Ask> {
    let season = Season(today.year().max(1) as u16);
    let mut asks = vec![Ask::Teams { season }, Ask::Dates { season }];
    asks.extend(lines(season));
    asks.extend(people(season));
    asks.push(Ask::Transactions {
        from: since.min(today),
        to: today,
    });
    if (6..=8).contains(&today.month()) {
        asks.push(Ask::Draft { year: season });
    }
    asks.extend(CLUBS.map(|team| Ask::Roster { team, day: today }));
    asks
}

/// What a backfill of one season asks.
pub fn backfill(season: Season) -> Vec<Ask> {
    let mut asks = vec![Ask::Teams { season }, Ask::Dates { season }];
    asks.extend(lines(season));
    asks.extend(people(season));
    asks.push(Ask::Draft { year: season });
    asks
}

/// Pages a question is expected to take. Measured on the seasons from 2005 on;
/// a level may take one more.
pub fn requests(ask: &Ask) -> u32 {
    match ask {
        Ask::Lines { level, side, .. } => match (level, side) {
            (Sport::Majors, Side::Pitching) | (Sport::ShortSeasonA | Sport::AdvancedRookie, _) => 1,
            (Sport::Rookie, _) => 3,
            _ => 2,
        },
        _ => 1,
    }
}

/// The lines of every level and side of a season.
pub(super) fn lines(season: Season) -> impl Iterator<Item = Ask> {
    let asks = move |level, advanced| {
        Side::ALL.map(|side| Ask::Lines {
            season,
            level,
            side,
            advanced,
        })
    };
    Sport::of(season).flat_map(move |level| {
        let mut both = asks(level, false).to_vec();
        // Rates of major leaguers feed no feature.
        if level != Sport::Majors && season.0 >= SWINGS_SINCE {
            both.extend(asks(level, true));
        }
        both
    })
}

fn people(season: Season) -> impl Iterator<Item = Ask> {
    Sport::of(season).map(move |level| Ask::People { season, level })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use jiff::civil::date;

    use super::{backfill, daily, requests};
    use crate::domain::Season;
    use crate::ingest::mlb::{Ask, Sport};

    #[test]
    fn a_refresh_fits_150_requests_on_every_day() {
        let mut day = date(2026, 1, 1);
        let mut most = 0;
        while day.year() == 2026 {
            let asks = daily(day, day.yesterday().expect("a day"));
            most = most.max(asks.iter().map(requests).sum());
            day = day.tomorrow().expect("a day");
        }
        println!("a refresh takes up to {most} requests");
        assert!(
            most <= 120,
            "{most} leave too little room for longer answers"
        );
    }

    #[test]
    fn everything_since_2005_is_fetched_in_two_days() {
        let asks: Vec<Ask> = (2005..=2026)
            .flat_map(|year| backfill(Season(year)))
            .collect();
        let total: u32 = asks.iter().map(requests).sum();
        println!("2005 to 2026: {} questions, {total} requests", asks.len());
        assert!(total <= 2 * 1000 - 2 * 150, "{total}");
        let keys: HashSet<String> = asks.iter().map(Ask::key).collect();
        assert_eq!(keys.len(), asks.len());
    }

    #[test]
    fn there_were_no_minor_leagues_in_2020() {
        for ask in backfill(Season(2020)) {
            if let Ask::Lines { level, .. } | Ask::People { level, .. } = ask {
                assert_eq!(level, Sport::Majors);
            }
        }
    }

    #[test]
    fn short_season_ball_ended_in_2019() {
        let short = |year| {
            let level = |ask: &Ask| match ask {
                Ask::Lines { level, .. } => Some(*level),
                _ => None,
            };
            backfill(Season(year))
                .iter()
                .filter_map(level)
                .any(|level| level == Sport::ShortSeasonA)
        };
        assert!(short(2005) && short(2019) && !short(2021) && !short(2026));
    }
}
