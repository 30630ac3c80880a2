//! A player's page, put together from his history and the season's board.

use super::narrative::{Told, WhatIf, without_prediction, workable};
use super::phrases::Quotable;
use super::stats::stats;
use super::timeline::timeline;
use crate::domain::{Group, History, Role, Season, Withheld};
use crate::rankings::board::data::Line;
use crate::rankings::board::entry::rate_labels;
use crate::rankings::board::ranking::Board;
use crate::rankings::board::row::row;
use crate::rankings::features::FeatureSet;
use crate::rankings::source::Predictor;
use crate::rankings::views::{ProspectView, RateView};

/// The profile of `history` on `board`. Lines after `until` are left out; the
/// outcome is told once seasons up to `newest` close the board's window.
pub(in crate::rankings) fn profile(
    history: &History,
    board: &Board,
    features: &FeatureSet,
    predictor: &dyn Predictor,
    until: Season,
    newest: Season,
) -> ProspectView {
    let prospect = &history.prospect;
    let line = board.line(prospect.id, None);
    let row = line.map(row);
    let explanation = line.and_then(|line| {
        board.explanation(
            prospect.id,
            Some(line.facts.role),
            features.of(line.facts.role),
        )
    });
    let narrative = match (line, &row, &explanation) {
        (Some(line), Some(row), Some(explanation)) => Told {
            row,
            explanation,
            quotable: Quotable {
                facts: &line.facts,
                better_than: board.peers().better_than(board.data(), line),
            },
            what_if: what_if(board, line, features, predictor),
        }
        .sentences(),
        _ => without_prediction(),
    };
    ProspectView {
        as_of: None,
        season: board.season().0,
        simulated: board.simulated() || prospect.id.is_simulated(),
        id: prospect.id.0,
        mlbam_id: prospect.mlbam_id.map(|id| id.0),
        name: prospect.name.clone(),
        birth_date: prospect.birth_date.map(|date| date.to_string()),
        draft: draft(history, board.season()),
        not_ranked_because: row
            .is_none()
            .then(|| not_ranked_because(history, board.season())),
        board: row,
        explanation,
        narrative,
        timeline: line.map(|line| timeline(&line.horizons, board.season())),
        comparables: None,
        rates: line.map(rates).unwrap_or_default(),
        stats: stats(history, until),
        outcome: outcome(history, board.season(), newest),
    }
}

/// The group of skills that raises the model's own answer most when brought to
/// the best quarter of the level; `None` on thin data, among few peers, or when
/// the model that made the board is not at hand.
fn what_if(
    board: &Board,
    line: &Line,
    features: &FeatureSet,
    predictor: &dyn Predictor,
) -> Option<WhatIf> {
    if !line.prediction.evaluated || !board.knows_features() {
        return None;
    }
    let role = line.facts.role;
    let own = board.row_of(line);
    let answer = |&group: &Group| {
        let row = board
            .peers()
            .improved(line, &own, features.of(role), group)?;
        let (answer, _) = predictor.predict(board.model_id(), role, &row, true).ok()?;
        Some(WhatIf {
            group: group.as_str(),
            probability: answer.probability,
        })
    };
    let answers: Option<Vec<WhatIf>> = workable(role).iter().map(answer).collect();
    answers?
        .into_iter()
        .max_by(|a, b| a.probability.total_cmp(&b.probability))
}

/// Why the player is not on the season's board.
pub(in crate::rankings) fn not_ranked_because(history: &History, season: Season) -> String {
    let minors = history.batting.iter().map(|line| line.season);
    let seasons = minors.chain(history.pitching.iter().map(|line| line.season));
    let last = seasons.filter(|&played| played <= season).max();
    let withheld = withheld(history, season);
    match last {
        _ if history.rookie_limits.passed_through(season) => {
            format!(
                "He had passed the rookie limits (130 at bats or 50 innings) by the end of {season}."
            )
        }
        None => format!("There is no minor-league line of him up to {season}."),
        Some(_) if withheld.is_some() => withheld.unwrap_or_default(),
        Some(last) => format!(
            "His last minor-league line up to {season} is of {last}; the board has no prediction of him."
        ),
    }
}

/// In words, why the probabilities of every role he plays are withheld.
fn withheld(history: &History, season: Season) -> Option<String> {
    let reasons = [
        (Role::Hitter, history.batting.is_empty()),
        (Role::Pitcher, history.pitching.is_empty()),
    ];
    let reasons: Option<Vec<Withheld>> = reasons
        .into_iter()
        .filter(|(_, idle)| !idle)
        .map(|(role, _)| Withheld::of(history, role, season))
        .collect();
    let reason = reasons?.into_iter().next()?;
    Some(format!("His probability is withheld: {reason}."))
}

fn draft(history: &History, season: Season) -> Option<String> {
    let pick = history
        .draft
        .iter()
        .rev()
        .find(|pick| pick.year <= season)?;
    let round = &pick.round;
    let text = format!(
        "{}, round {round}, pick {}, by {}",
        pick.year, pick.pick, pick.team
    );
    Some(if pick.school.is_empty() {
        text
    } else {
        format!("{text}, from {}", pick.school)
    })
}

fn rates(line: &Line) -> Vec<RateView> {
    let facts = &line.facts;
    let labels = rate_labels(facts.role).into_iter().enumerate();
    let known = |i: usize| {
        let numbers = [facts.rates[i], facts.averages[i], line.rate_percentiles[i]];
        numbers.iter().all(|number| !number.is_nan())
    };
    let view = |(i, (label, higher_is_better)): (usize, (&str, bool))| RateView {
        label: label.to_owned(),
        value: facts.rates[i],
        level_average: facts.averages[i],
        percentile: line.rate_percentiles[i],
        higher_is_better,
    };
    labels.filter(|(i, _)| known(*i)).map(view).collect()
}

/// What he did in the majors in the seasons after the snapshot, once the
/// window of a prediction made then has closed.
fn outcome(history: &History, season: Season, newest: Season) -> Option<String> {
    let end = season.plus(Season::WINDOW);
    if end > newest {
        return None;
    }
    let later = history
        .mlb
        .iter()
        .filter(|line| line.season > season && line.season <= end);
    let (pa, outs) = later.fold((0_u32, 0_u32), |(pa, outs), line| {
        (pa + u32::from(line.pa), outs + u32::from(line.outs))
    });
    let first = season.plus(1);
    Some(if pa == 0 && outs == 0 {
        format!("From {first} to {end} he did not play in the major leagues.")
    } else {
        let innings = super::stats::innings(outs);
        format!(
            "From {first} to {end} he had {pa} plate appearances and pitched {innings} innings in the major leagues."
        )
    })
}
