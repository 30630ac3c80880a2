//! Who a published row is about: exactly one player by a rule that leaves no
//! doubt, or nobody, with those it could be.
//!
//! The rules in order: MLBAM id; FanGraphs id; name and birth date; name,
//! organisation, age and side. A name alone never decides.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::organisation;
use crate::domain::{Code, History, OtherIds, Prospect, ProspectId, Season};
use crate::search::fold::{FoldedName, fold_name};
use crate::store::Affiliation;

/// Candidates offered at most.
const OFFERED: usize = 10;
/// Seasons before that of publication in which a player's organisation counts:
/// winter lists name the club of last season. What came after publication never
/// counts: whoever stayed in the game would be found more often.
const SEASONS_BEFORE: u16 = 2;
/// Plate appearances that make somebody who also pitched a hitter: pitchers
/// batted until 2021.
const BATS: u32 = 100;

/// What a row says of a person.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Person {
    /// Name as published.
    pub(crate) name: String,
    /// MLBAM id.
    pub(crate) mlbam: Option<ProspectId>,
    /// FanGraphs ids; a player has another one in the majors.
    pub(crate) fangraphs: Vec<String>,
    /// Birth date.
    pub(crate) birth_date: Option<Date>,
    /// Organisation in our codes.
    pub(crate) organisation: Code,
    /// Position as published.
    pub(crate) position: String,
    /// Age as published.
    pub(crate) age: Option<f32>,
}

/// Who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// This player, beyond doubt.
    Found(ProspectId),
    /// Nobody beyond doubt; these are near.
    Unsure(Vec<ProspectId>),
}

/// What he does on the field; both for a two-way player.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Side {
    pitches: bool,
    bats: bool,
}

/// Everybody who can be matched.
pub(crate) struct Register {
    players: Vec<Known>,
    by_name: BTreeMap<String, Vec<usize>>,
    by_last_name: BTreeMap<String, Vec<usize>>,
    by_fangraphs: BTreeMap<String, Vec<usize>>,
    by_id: BTreeMap<ProspectId, usize>,
}

struct Known {
    id: ProspectId,
    name: FoldedName,
    birth_date: Option<Date>,
    organisations: BTreeSet<(Season, Code)>,
    /// Plate appearances by season.
    batted: BTreeMap<Season, u32>,
    pitched: BTreeSet<Season>,
}

impl Register {
    /// A register of `players`, of what they did and where they were.
    pub(crate) fn new(
        players: &[Prospect],
        histories: &[History],
        affiliations: &[(ProspectId, Affiliation)],
    ) -> Self {
        let mut register = Self {
            players: Vec::with_capacity(players.len()),
            by_name: BTreeMap::new(),
            by_last_name: BTreeMap::new(),
            by_fangraphs: BTreeMap::new(),
            by_id: BTreeMap::new(),
        };
        for player in players {
            register.add(player);
        }
        for history in histories {
            register.describe(history);
        }
        for (id, at) in affiliations {
            register.place(*id, at);
        }
        register
    }

    /// Who the row is about, for a list published on `on`.
    pub(crate) fn find(&self, person: &Person, on: Date) -> Verdict {
        if let Some(id) = person.mlbam {
            return self.by_mlbam(person, id);
        }
        let named = self.named(&person.name);
        let by_id = self.fangraphs(person);
        if let [only] = by_id[..] {
            return self.if_named_so(person, only);
        }
        let born: Vec<usize> = match person.birth_date {
            Some(birth) => self.keep(&named, |known| known.birth_date == Some(birth)),
            None => self.keep(&named, |known| self.agrees(known, person, on)),
        };
        match born[..] {
            [only] if by_id.is_empty() => Verdict::Found(self.players[only].id),
            _ => Verdict::Unsure(self.offered(person, &[by_id, born, named].concat(), on)),
        }
    }

    fn add(&mut self, player: &Prospect) {
        let at = self.players.len();
        let name = fold_name(&player.name);
        if let Some(last) = name.words.last() {
            self.by_last_name.entry(last.clone()).or_default().push(at);
            self.by_name
                .entry(name.words.join(" "))
                .or_default()
                .push(at);
        }
        let OtherIds { fangraphs, .. } = &player.other_ids;
        if let Some(id) = fangraphs {
            self.by_fangraphs
                .entry(id.to_ascii_lowercase())
                .or_default()
                .push(at);
        }
        self.by_id.insert(player.id, at);
        self.players.push(Known {
            id: player.id,
            name,
            birth_date: player.birth_date,
            organisations: BTreeSet::new(),
            batted: BTreeMap::new(),
            pitched: BTreeSet::new(),
        });
    }

    fn describe(&mut self, history: &History) {
        let Some(&at) = self.by_id.get(&history.prospect.id) else {
            return;
        };
        let known = &mut self.players[at];
        let batting = history
            .batting
            .iter()
            .map(|line| (line.season, line.club.organisation));
        let pitching = history
            .pitching
            .iter()
            .map(|line| (line.season, line.club.organisation));
        let placed = batting
            .chain(pitching)
            .filter(|(_, code)| !code.is_unknown());
        known
            .organisations
            .extend(placed.map(|(season, code)| (season, ours(code.as_str(), code))));
        for line in &history.batting {
            *known.batted.entry(line.season).or_default() += u32::from(line.counts.pa);
        }
        known
            .pitched
            .extend(history.pitching.iter().map(|line| line.season));
    }

    fn place(&mut self, id: ProspectId, at: &Affiliation) {
        let Some(&index) = self.by_id.get(&id) else {
            return;
        };
        let text = if at.organisation.is_unknown() {
            at.organisation_name.as_str()
        } else {
            at.organisation.as_str()
        };
        let code = ours(text, at.organisation);
        if !code.is_unknown() {
            let season = year(at.as_of);
            self.players[index].organisations.insert((season, code));
        }
    }

    /// An id that belongs to somebody of quite another name is a slip.
    fn by_mlbam(&self, person: &Person, id: ProspectId) -> Verdict {
        match self.by_id.get(&id) {
            None => Verdict::Found(id),
            Some(&at) => self.if_named_so(person, at),
        }
    }

    fn if_named_so(&self, person: &Person, at: usize) -> Verdict {
        let known = &self.players[at];
        let given = fold_name(&person.name).words;
        let foreign = !given.is_empty()
            && !known.name.words.is_empty()
            && !given.iter().any(|word| known.name.words.contains(word));
        if foreign {
            Verdict::Unsure(vec![known.id])
        } else {
            Verdict::Found(known.id)
        }
    }

    fn fangraphs(&self, person: &Person) -> Vec<usize> {
        let ids = person.fangraphs.iter().filter(|id| !id.is_empty());
        let found: BTreeSet<usize> = ids
            .filter_map(|id| self.by_fangraphs.get(&id.to_ascii_lowercase()))
            .flatten()
            .copied()
            .collect();
        found.into_iter().collect()
    }

    /// Everybody of that name; a generational suffix must not contradict.
    fn named(&self, name: &str) -> Vec<usize> {
        let given = fold_name(name);
        let same = self
            .by_name
            .get(&given.words.join(" "))
            .map_or(&[][..], Vec::as_slice);
        self.keep(same, |known| {
            given.suffix.is_none()
                || known.name.suffix.is_none()
                || given.suffix == known.name.suffix
        })
    }

    fn keep(&self, among: &[usize], rule: impl Fn(&Known) -> bool) -> Vec<usize> {
        among
            .iter()
            .copied()
            .filter(|&at| rule(&self.players[at]))
            .collect()
    }

    fn agrees(&self, known: &Known, person: &Person, on: Date) -> bool {
        known.was_with(person.organisation, on)
            && known.is_about(person.age, on)
            && known.side(on).may_be(side(&person.position))
    }

    /// Those near, the likeliest first; with a name nobody has, those of the last
    /// name and the first letter.
    fn offered(&self, person: &Person, near: &[usize], on: Date) -> Vec<ProspectId> {
        let mut near: BTreeSet<usize> = near.iter().copied().collect();
        if near.is_empty() {
            near.extend(self.alike(&person.name));
        }
        let mut ranked: Vec<_> = near
            .into_iter()
            .map(|at| {
                let known = &self.players[at];
                let unlike = [
                    !known.was_with(person.organisation, on),
                    !known.is_about(person.age, on),
                    !known.side(on).may_be(side(&person.position)),
                ];
                (unlike.iter().filter(|&&unlike| unlike).count(), known.id)
            })
            .collect();
        ranked.sort_unstable();
        ranked.into_iter().take(OFFERED).map(|(_, id)| id).collect()
    }

    fn alike(&self, name: &str) -> Vec<usize> {
        let words = fold_name(name).words;
        let (Some(first), Some(last)) = (words.first(), words.last()) else {
            return Vec::new();
        };
        let same = self.by_last_name.get(last).map_or(&[][..], Vec::as_slice);
        self.keep(same, |known| {
            known
                .name
                .words
                .first()
                .and_then(|word| word.chars().next())
                == first.chars().next()
        })
    }
}

impl Known {
    fn was_with(&self, organisation: Code, on: Date) -> bool {
        let seasons = year(on).minus(SEASONS_BEFORE)..=year(on);
        !organisation.is_unknown()
            && self
                .organisations
                .iter()
                .any(|(season, code)| *code == organisation && seasons.contains(season))
    }

    /// What he had done until the season of that day.
    fn side(&self, on: Date) -> Side {
        let pitches = self.pitched.range(..=year(on)).next().is_some();
        let batted = self
            .batted
            .range(..=year(on))
            .map(|(_, pa)| pa)
            .sum::<u32>();
        Side {
            pitches,
            bats: batted >= if pitches { BATS } else { 1 },
        }
    }

    /// True when his age that day is the given one, give or take a year. Ages
    /// without a fraction are birthdays counted.
    fn is_about(&self, age: Option<f32>, on: Date) -> bool {
        let (Some(age), Some(birth)) = (age, self.birth_date) else {
            return false;
        };
        let days = birth.until(on).map_or(0, |span| span.get_days());
        let years = f64::from(days) / 365.25;
        let years = if age.fract() == 0.0 {
            years.floor()
        } else {
            years
        };
        (years - f64::from(age)).abs() <= 1.0
    }
}

impl Side {
    /// True when nothing known contradicts.
    fn may_be(self, other: Self) -> bool {
        let unknown = Self::default();
        self == unknown
            || other == unknown
            || (self.pitches && other.pitches)
            || (self.bats && other.bats)
    }
}

/// What a published position says: `SP`, `RHP`, `2B/CF`, `SS, RHP`.
fn side(position: &str) -> Side {
    let mut side = Side::default();
    for part in position
        .split(['/', ',', '-', ' '])
        .filter(|part| !part.is_empty())
    {
        match part.to_ascii_uppercase().as_str() {
            "TWP" | "TWO" => {
                side = Side {
                    pitches: true,
                    bats: true,
                }
            }
            "P" | "SP" | "RP" | "RHP" | "LHP" | "SIRP" | "MIRP" | "RHSP" | "LHSP" | "RHRP"
            | "LHRP" | "CP" => {
                side.pitches = true;
            }
            _ => side.bats = true,
        }
    }
    side
}

fn year(day: Date) -> Season {
    Season(u16::try_from(day.year()).unwrap_or(0))
}

fn ours(text: &str, otherwise: Code) -> Code {
    let code = organisation::code(text);
    if code.is_unknown() { otherwise } else { code }
}

#[cfg(test)]
mod tests;
