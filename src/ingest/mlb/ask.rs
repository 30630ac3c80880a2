//! What can be asked of the API, and how each question is spelled.

use std::fmt;

use jiff::civil::Date;

use super::sport::Sport;
use crate::domain::Season;

/// Rows asked for at once; some kinds of line stop here whatever is asked.
pub(super) const PAGE: u32 = 1000;

/// A side of the ball, as the API groups statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Batters.
    Hitting,
    /// Pitchers.
    Pitching,
}

impl Side {
    /// Both sides.
    pub const ALL: [Self; 2] = [Self::Hitting, Self::Pitching];

    /// The API's name of the group.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hitting => "hitting",
            Self::Pitching => "pitching",
        }
    }
}

/// One question, answered in one or more pages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ask {
    /// The clubs of a season with their parent organisations.
    Teams {
        /// The season.
        season: Season,
    },
    /// When a season begins and ends.
    Dates {
        /// The season.
        season: Season,
    },
    /// Season lines of everybody on a level.
    Lines {
        /// The season.
        season: Season,
        /// The level.
        level: Sport,
        /// Batters or pitchers.
        side: Side,
        /// True for swings and misses, false for the counts.
        advanced: bool,
    },
    /// Names, birth dates and hands of everybody on a level.
    People {
        /// The season.
        season: Season,
        /// The level.
        level: Sport,
    },
    /// The amateur draft.
    Draft {
        /// The year.
        year: Season,
    },
    /// Roster transactions of some days.
    Transactions {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// The 40-man roster of a major-league club.
    Roster {
        /// The club's id.
        team: u32,
        /// The day.
        day: Date,
    },
}

impl Ask {
    /// A name that never changes, sorts as wanted and reads back with
    /// [`Ask::from_key`].
    pub fn key(&self) -> String {
        match self {
            Self::Teams { season } => format!("teams/{season}"),
            Self::Dates { season } => format!("dates/{season}"),
            Self::Lines {
                season,
                level,
                side,
                advanced,
            } => {
                let kind = if *advanced { "advanced" } else { "season" };
                let (level, side) = (level.id(), side.as_str());
                format!("lines/{season}/{level:04}/{side}/{kind}")
            }
            Self::People { season, level } => format!("people/{season}/{:04}", level.id()),
            Self::Draft { year } => format!("draft/{year}"),
            Self::Transactions { from, to } => format!("transactions/{from}/{to}"),
            Self::Roster { team, day } => format!("roster/{day}/{team}"),
        }
    }

    /// The question with this name, if it is one.
    pub fn from_key(key: &str) -> Option<Self> {
        let parts: Vec<&str> = key.split('/').collect();
        let ask = match *parts.as_slice() {
            ["teams", season] => Self::Teams {
                season: season.parse().ok()?,
            },
            ["dates", season] => Self::Dates {
                season: season.parse().ok()?,
            },
            ["lines", season, level, side, kind] => Self::Lines {
                season: season.parse().ok()?,
                level: Sport::from_id(level.parse().ok()?)?,
                side: Side::ALL.into_iter().find(|known| known.as_str() == side)?,
                advanced: kind == "advanced",
            },
            ["people", season, level] => Self::People {
                season: season.parse().ok()?,
                level: Sport::from_id(level.parse().ok()?)?,
            },
            ["draft", year] => Self::Draft {
                year: year.parse().ok()?,
            },
            ["transactions", from, to] => Self::Transactions {
                from: from.parse().ok()?,
                to: to.parse().ok()?,
            },
            ["roster", day, team] => Self::Roster {
                team: team.parse().ok()?,
                day: day.parse().ok()?,
            },
            _ => return None,
        };
        // Other spellings of the same question are no names of it.
        (ask.key() == key).then_some(ask)
    }

    /// Path and query of the page from `offset` on, below the base URL.
    pub fn path(&self, offset: u32) -> String {
        match self {
            Self::Teams { season } => {
                let sports: Vec<_> = Sport::of(*season).map(|s| s.id().to_string()).collect();
                format!(
                    "/api/v1/teams?sportIds={}&season={season}",
                    sports.join(",")
                )
            }
            Self::Dates { season } => format!("/api/v1/seasons?sportId=1&season={season}"),
            Self::Lines {
                season,
                level,
                side,
                advanced,
            } => {
                let stats = if *advanced {
                    "seasonAdvanced"
                } else {
                    "season"
                };
                format!(
                    "/api/v1/stats?stats={stats}&group={}&season={season}&sportIds={}\
                     &playerPool=ALL&gameType=R&hydrate=person(currentTeam),team\
                     &limit={PAGE}&offset={offset}",
                    side.as_str(),
                    level.id(),
                )
            }
            Self::People { season, level } => {
                format!("/api/v1/sports/{}/players?season={season}", level.id())
            }
            Self::Draft { year } => format!("/api/v1/draft/{year}"),
            Self::Transactions { from, to } => {
                format!("/api/v1/transactions?startDate={from}&endDate={to}")
            }
            Self::Roster { team, day } => {
                format!("/api/v1/teams/{team}/roster?rosterType=40Man&date={day}")
            }
        }
    }

    /// The season asked about, where the question is about one.
    pub(super) fn season(&self) -> Option<Season> {
        match self {
            Self::Teams { season }
            | Self::Dates { season }
            | Self::Lines { season, .. }
            | Self::People { season, .. } => Some(*season),
            _ => None,
        }
    }

    /// Name of the answer's rows where refused ones are kept.
    pub(super) fn file(&self) -> String {
        format!("mlb/{self}")
    }
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Teams { season } => write!(f, "{season} clubs"),
            Self::Dates { season } => write!(f, "{season} season dates"),
            Self::Lines {
                season,
                level,
                side,
                advanced,
            } => {
                let more = if *advanced { " swings" } else { "" };
                write!(f, "{season} {level} {}{more}", side.as_str())
            }
            Self::People { season, level } => write!(f, "{season} {level} people"),
            Self::Draft { year } => write!(f, "{year} draft"),
            Self::Transactions { from, to } => write!(f, "transactions from {from} to {to}"),
            Self::Roster { team, day } => write!(f, "roster of club {team} on {day}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Ask, Side};
    use crate::domain::Season;
    use crate::ingest::mlb::{Sport, backfill, daily};

    #[test]
    fn every_planned_question_reads_back_from_its_name() {
        let mut asks = daily(date(2026, 7, 15), date(2026, 7, 13));
        asks.extend((2005..=2026).flat_map(|year| backfill(Season(year))));
        for ask in asks {
            assert_eq!(
                Ask::from_key(&ask.key()),
                Some(ask.clone()),
                "{}",
                ask.key()
            );
        }
    }

    #[test]
    fn names_of_nothing_are_refused() {
        for key in [
            "",
            "teams",
            "teams/x",
            "teams/02026",
            "lines/2026/0099/hitting/season",
            "lines/2026/0011/hitting/weekly",
            "roster/2026-02-30/147",
            "people/2026/0011/1",
        ] {
            assert_eq!(Ask::from_key(key), None, "{key}");
        }
    }

    #[test]
    fn lines_are_asked_for_everybody_in_full_pages() {
        let ask = Ask::Lines {
            season: Season(2025),
            level: Sport::TripleA,
            side: Side::Pitching,
            advanced: false,
        };
        insta::assert_snapshot!(ask.path(1000), @"/api/v1/stats?stats=season&group=pitching&season=2025&sportIds=11&playerPool=ALL&gameType=R&hydrate=person(currentTeam),team&limit=1000&offset=1000");
        let teams = |year| {
            Ask::Teams {
                season: Season(year),
            }
            .path(0)
        };
        insta::assert_snapshot!(teams(2026), @"/api/v1/teams?sportIds=1,11,12,13,14,16&season=2026");
        insta::assert_snapshot!(teams(2019), @"/api/v1/teams?sportIds=1,11,12,13,14,15,16,5442&season=2019");
    }
}
