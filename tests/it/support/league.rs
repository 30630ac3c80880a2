//! A small invented league in memory: players, boards of two seasons, a search
//! by substring and a predictor that repeats the board.

use std::sync::Arc;

use afwd::domain::{
    Aftermath, Attribution, BattingCounts, BattingLine, Club, Code, Comparable, Confidence,
    Contribution, Grade, Group, History, Horizons, Level, MajorsInWindow, MlbamId, OtherIds,
    Position, Prediction, Prospect, ProspectId, Role, RookieLimits, Season, SnapshotId,
    Transaction, TransactionClub, TransactionKind, Verdict,
};
use afwd::rankings::view::ModelCardView;
use afwd::rankings::{
    AgeCount, AgeingCurve, Better, Board, BoardData, BoardEntry, BoardInput, Catalog, DayAnswer,
    Facts, FeatureMeta, FeatureSet, FineWine, LateBloomer, LeagueAverages, NameSearch, Predictor,
    Source, SourceError, Sources,
};
use afwd::store::DayStanding;
use jiff::civil::{Date, date};

/// Number of players on the board.
pub(crate) const PLAYERS: u32 = 120;
/// Season of the newest board.
pub(crate) const SEASON: Season = Season(2024);

const NAMES: [&str; 6] = [
    "Ada Birch",
    "Ben Cole",
    "Cy Dunn",
    "Dov Elm",
    "Eli Ford",
    "Gus Hale",
];

/// The players by number.
pub(crate) struct League {
    histories: Vec<History>,
    /// How its days are kept.
    kept: Days,
}

/// How days are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Days {
    /// Whole, as the first releases did.
    Whole,
    /// Rounded, and without features.
    Small,
}

/// The player `n`, a hitter at a level of his own.
fn history(n: u32) -> History {
    let born = jiff::civil::date(1998 + (n % 8) as i16, 3, 1);
    let counts = BattingCounts {
        g: 100,
        pa: (200 + n) as u16,
        ab: (180 + n) as u16,
        h: 50,
        b2: 10,
        b3: 2,
        hr: (n % 20) as u16,
        bb: 20,
        so: (30 + n % 40) as u16,
        sb: 5,
        ..BattingCounts::default()
    };
    let level = Level::ALL[n as usize % Level::ALL.len()];
    let club = Club {
        league: Code::new(if n.is_multiple_of(2) { "EAS" } else { "WES" }).unwrap_or_default(),
        team_id: n,
        team: Code::new("CLB").unwrap_or_default(),
        organisation: Code::new(if n.is_multiple_of(3) { "NYX" } else { "BOX" })
            .unwrap_or_default(),
    };
    let line = |season: Season| BattingLine {
        season,
        level,
        club,
        position: Some(if n.is_multiple_of(5) {
            Position::C
        } else {
            Position::SS
        }),
        as_of: season.last_day(),
        counts,
    };
    History {
        prospect: Prospect {
            id: ProspectId(100 + n),
            mlbam_id: Some(MlbamId(100 + n)),
            name: format!("{} {n:03}", NAMES[n as usize % NAMES.len()]),
            birth_date: (!n.is_multiple_of(11)).then_some(born),
            bats: None,
            throws: None,
            other_ids: OtherIds::default(),
        },
        batting: vec![line(Season(2023)), line(SEASON)],
        pitching: Vec::new(),
        mlb: Vec::new(),
        rookie_limits: RookieLimits::default(),
        draft: Vec::new(),
        grades: Vec::new(),
        roster: Vec::new(),
    }
}

/// The prediction of player `n` and its exact shares.
fn predicted(n: u32) -> (Prediction, Attribution, Vec<f32>) {
    let features = vec![n as f32 / 100.0, 0.25, f32::NAN];
    let shares = [1.5 - f64::from(n) / 40.0, -0.3, 0.05];
    let contributions = shares.into_iter().zip(&features).enumerate();
    let contributions = contributions.map(|(i, (log_odds, &value))| Contribution {
        feature: i as u16,
        value,
        log_odds,
    });
    let attribution = Attribution {
        base: -1.2,
        contributions: contributions.collect(),
    };
    let probability = attribution.probability();
    let prediction = Prediction {
        probability,
        lower: probability * 0.8,
        upper: probability + (1.0 - probability) * 0.2,
        confidence: Confidence::ALL[n as usize % 3],
        evaluated: !n.is_multiple_of(7),
    };
    (prediction, attribution, features)
}

/// A probability divided evenly over the seasons, half as much again debuting.
fn horizons(probability: f64) -> Horizons {
    let share = |k: f64| probability * k / 4.0;
    Horizons {
        success: [1.0, 2.0, 3.0, 4.0].map(share),
        debut: [1.0, 2.0, 3.0, 4.0].map(|k| share(k) + (1.0 - probability) * k / 8.0),
    }
}

/// Player 3 as a late bloomer, and two invented hitters of the past.
fn fine_wine() -> FineWine {
    let bloomer = LateBloomer {
        id: ProspectId(103),
        role: Role::Hitter,
        since: Season(2022),
        rises: [0.5, 0.25, -0.05, 0.0, 0.0, 0.0],
        last_list: Some((2019, "mlb_pipeline".into())),
    };
    let curve = AgeingCurve {
        role: Role::Hitter,
        seasons: (Season(2010), Season(2017)),
        by_age: vec![AgeCount {
            age: 25,
            risen: (40, 4),
            others: (400, 8),
        }],
        players: 30,
        crossed_at: vec![(27, 3)],
        crossed_after: [0, 2, 1, 0],
        examples: Vec::new(),
    };
    FineWine {
        bloomers: vec![bloomer],
        lists_known: true,
        curves: vec![curve],
    }
}

impl League {
    fn season_board(&self, season: Season, previous: Option<&BoardData>) -> BoardData {
        self.board_of(season, previous, &Some)
    }

    /// The board of a season on which player `n` is predicted like player `like(n)`.
    fn board_of(
        &self,
        season: Season,
        previous: Option<&BoardData>,
        like: &dyn Fn(u32) -> Option<u32>,
    ) -> BoardData {
        let averages = LeagueAverages::of(&self.histories, season);
        let entries = self
            .histories
            .iter()
            .enumerate()
            .filter_map(|(n, history)| {
                let (prediction, attribution, features) = predicted(like(n as u32)?);
                let facts = Facts::of(history, Role::Hitter, season, &averages)?;
                Some(BoardEntry {
                    facts,
                    prediction,
                    horizons: horizons(prediction.probability),
                    features,
                    attribution,
                })
            });
        let input = BoardInput {
            season,
            model_id: "2021-test".into(),
            simulated: true,
            entries: entries.collect(),
            fine_wine: fine_wine(),
        };
        BoardData::build(input, previous)
    }
}

impl League {
    /// The board as it is read back from where days are kept.
    fn as_kept(&self, board: Board) -> Board {
        if self.kept == Days::Whole {
            return board;
        }
        let kept = board.to_keep(&features());
        let names = kept.lines.iter().map(|line| {
            let name = self.name(line.id).expect("a name");
            name.unwrap_or_default()
        });
        let names = names.collect();
        Board::of_day(kept, names)
    }
}

impl Source for League {
    fn seasons(&self) -> Result<Vec<Season>, SourceError> {
        Ok(vec![Season(2023), SEASON])
    }

    fn board(&self, season: Season) -> Result<Option<BoardData>, SourceError> {
        let previous = self.season_board(Season(2023), None);
        Ok(match season {
            SEASON => Some(self.season_board(SEASON, Some(&previous))),
            Season(2023) => Some(previous),
            _ => None,
        })
    }

    fn days(&self) -> Result<Vec<Date>, SourceError> {
        Ok(vec![date(2024, 7, 2), date(2024, 7, 3)])
    }

    /// On the second day player 1 arrives, player 2 leaves and player 60 rises.
    fn day_board(&self, day: Date) -> Result<DayAnswer, SourceError> {
        let first = |n| (n != 1).then_some(n);
        let second = |n| match n {
            2 => None,
            60 => Some(20),
            other => Some(other),
        };
        let board = match day.day() {
            2 => self.board_of(SEASON, None, &first),
            3 => self.board_of(SEASON, None, &second),
            _ => return Ok(DayAnswer::Gone),
        };
        Ok(DayAnswer::Kept(Box::new(self.as_kept(Board::load(board)))))
    }

    fn standings(&self, id: ProspectId) -> Result<Vec<(Date, DayStanding)>, SourceError> {
        let mut standings = Vec::new();
        for day in self.days()? {
            let DayAnswer::Kept(board) = self.day_board(day)? else {
                continue;
            };
            let standing = board.row(id).map(|row| DayStanding {
                rank: row.rank,
                probability: row.probability,
                lower: row.lower,
                upper: row.upper,
                model_id: board.model_id().to_owned(),
            });
            standings.extend(standing.map(|standing| (day, standing)));
        }
        Ok(standings)
    }

    fn transactions(
        &self,
        _: Date,
        to: Date,
    ) -> Result<Vec<(ProspectId, Transaction)>, SourceError> {
        let club = |id, name: &str| TransactionClub {
            id,
            name: name.into(),
            level: None,
            major: false,
        };
        let trade = Transaction {
            id: 1,
            day: to,
            kind: TransactionKind::Trade,
            code: "TR".into(),
            from: Some(club(1, "Larks")),
            to: Some(club(2, "Herons")),
        };
        Ok(vec![(ProspectId(105), trade)])
    }

    fn history(&self, id: ProspectId) -> Result<Option<History>, SourceError> {
        Ok(self
            .histories
            .iter()
            .find(|history| history.prospect.id == id)
            .cloned())
    }

    /// The players after him, of whom every third succeeded.
    fn comparables(&self, at: SnapshotId) -> Result<Vec<Comparable>, SourceError> {
        let others = self
            .histories
            .iter()
            .filter(|h| h.prospect.id > at.prospect);
        let comparable = |(n, history): (usize, &History)| Comparable {
            id: SnapshotId {
                prospect: history.prospect.id,
                season: at.season.minus(6),
                role: at.role,
            },
            age: Some(21.0),
            level: Level::DoubleA,
            distance: n as f32 / 10.0,
            aftermath: Aftermath {
                pa: 600,
                debut: Some(1),
                success: n.is_multiple_of(3).then_some(2),
                ..Aftermath::default()
            },
        };
        Ok(others.take(20).enumerate().map(comparable).collect())
    }

    fn name(&self, id: ProspectId) -> Result<Option<String>, SourceError> {
        Ok(self.history(id)?.map(|history| history.prospect.name))
    }

    fn verdicts(&self) -> Result<Vec<Verdict>, SourceError> {
        Ok((0..PLAYERS).map(verdict).collect())
    }

    fn verdicts_of(&self, id: ProspectId) -> Result<Vec<Verdict>, SourceError> {
        Ok(vec![verdict(id.0 - 100)])
    }

    fn overall_ranks(&self) -> Result<Vec<(ProspectId, Grade)>, SourceError> {
        Ok(Vec::new())
    }
}

/// What would have been said of player `n` in 2012: the higher half succeeded.
fn verdict(n: u32) -> Verdict {
    Verdict {
        snapshot: SnapshotId {
            prospect: ProspectId(100 + n),
            season: Season(2012),
            role: Role::Hitter,
        },
        model_id: "2012-test".into(),
        prediction: Prediction {
            evaluated: true,
            ..predicted(n).0
        },
        baseline: 0.3,
        rank: n + 1,
        level: Level::ALL[n as usize % Level::ALL.len()],
        age: Some(21.5),
        success: n < PLAYERS / 2,
        success_in_full_seasons: n < PLAYERS / 2,
        majors: MajorsInWindow {
            reached: n < PLAYERS / 2,
            pa: 501,
            outs: 0,
        },
    }
}

impl NameSearch for League {
    fn search(&self, query: &str, limit: usize) -> Result<Vec<(ProspectId, f32)>, SourceError> {
        let prospects = self.histories.iter().map(|history| &history.prospect);
        let found = prospects.filter(|p| p.name.to_lowercase().contains(&query.to_lowercase()));
        Ok(found.take(limit).map(|p| (p.id, 1.0)).collect())
    }

    fn is_stale(&self) -> bool {
        false
    }
}

impl Predictor for League {
    fn predict(
        &self,
        _: &str,
        _: Role,
        features: &[f32],
        _: bool,
    ) -> Result<(Prediction, Attribution), SourceError> {
        let (prediction, attribution, _) = predicted((features[0] * 100.0).round() as u32);
        Ok((prediction, attribution))
    }
}

fn features() -> FeatureSet {
    let meta = |name, label, group| FeatureMeta {
        name,
        label,
        group,
        unit: "per PA",
        better: Better::Neither,
    };
    FeatureSet {
        hitter: vec![
            meta("k_rate", "Strikeout rate", Group::Contact),
            meta("bb_rate", "Walk rate", Group::Discipline),
            meta("iso", "Isolated power", Group::Power),
        ],
        pitcher: Vec::new(),
    }
}

/// A catalog of the league without a board loaded.
pub(crate) fn empty_catalog() -> Arc<Catalog> {
    catalog_with(Days::Whole)
}

fn catalog_with(kept: Days) -> Arc<Catalog> {
    Arc::new(Catalog::new(sources_of(league_with(kept))))
}

/// The league.
pub(crate) fn league() -> Arc<League> {
    league_with(Days::Whole)
}

fn league_with(kept: Days) -> Arc<League> {
    Arc::new(League {
        kept,
        histories: (0..PLAYERS).map(history).collect(),
    })
}

/// The league as the read model asks it.
pub(crate) fn sources() -> Sources {
    sources_of(league())
}

fn sources_of(league: Arc<League>) -> Sources {
    Sources {
        stored: league.clone(),
        names: league.clone(),
        predictor: league,
        features: features(),
        card: ModelCardView {
            model: "2021-test".into(),
            trained_until: 2021,
            seed: 1,
            data_hash: "d".into(),
            feature_schema: "f".into(),
            roles: Vec::new(),
            backtest: Vec::new(),
            validation: None,
            features: Vec::new(),
        },
    }
}

/// A catalog of the league with its boards loaded.
pub(crate) fn catalog() -> Arc<Catalog> {
    let catalog = empty_catalog();
    catalog.refresh().expect("the invented boards load");
    catalog
}

/// The same, with its days kept in one of the ways.
pub(crate) fn catalog_keeping(kept: Days) -> Arc<Catalog> {
    let catalog = catalog_with(kept);
    catalog.refresh().expect("the invented boards load");
    catalog
}
