//! Who a published row is about: exactly one player by a rule that leaves no
//! doubt, or nobody, with those it could be.
//!
//! The rules in order: MLBAM id; the ids of FanGraphs and Fantrax; name and birth
//! date; name, organisation, age and side. A name alone never decides, and an id that
//! contradicts what else is said of a person decides nothing either.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::person::{Person, organisation};
use crate::domain::name::{FoldedName, fold_name};
use crate::domain::{
    Code, DraftPick, Franchise, History, OtherIds, Positions, Prospect, ProspectId, Season,
    equivalents,
};
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

/// Who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// This player, beyond doubt.
    Found(ProspectId),
    /// Nobody beyond doubt; these are near.
    Unsure(Vec<ProspectId>),
}

/// Everybody who can be matched.
pub(crate) struct Register {
    players: Vec<Known>,
    /// By the letters of the whole name.
    by_name: BTreeMap<String, Vec<usize>>,
    /// By the first and the last word of the name.
    by_word: BTreeMap<String, Vec<usize>>,
    /// By the id of another service.
    by_service: BTreeMap<(Service, String), Vec<usize>>,
    by_id: BTreeMap<ProspectId, usize>,
}

/// A service whose ids lists carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Service {
    Fangraphs,
    Fantrax,
}

struct Known {
    id: ProspectId,
    name: FoldedName,
    birth_date: Option<Date>,
    organisations: BTreeSet<(Season, Code)>,
    /// Plate appearances by season.
    batted: BTreeMap<Season, u32>,
    pitched: BTreeSet<Season>,
    /// What he was drafted as, and when.
    drafted: Vec<(Season, Positions)>,
}

impl Register {
    /// A register of `players`, of what they did, where they were and who drafted them.
    pub(crate) fn new(
        players: &[Prospect],
        histories: &[History],
        affiliations: &[(ProspectId, Affiliation)],
        picks: &[(ProspectId, DraftPick)],
    ) -> Self {
        let mut register = Self {
            players: Vec::with_capacity(players.len()),
            by_name: BTreeMap::new(),
            by_word: BTreeMap::new(),
            by_service: BTreeMap::new(),
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
        for (id, pick) in picks {
            register.draft(*id, pick);
        }
        register
    }

    /// Who the row is about, for a list published on `on`.
    pub(crate) fn find(&self, person: &Person, on: Date) -> Verdict {
        let named = self.named(&person.name);
        let fits = self.fitting(&named, person, on);
        let services = self.by_services(person);
        let claimed = match person.mlbam {
            Some(id) => match self.by_id.get(&id) {
                Some(&at) => vec![at],
                // Somebody nobody has heard of, unless all else names one we know.
                None if fits.is_empty() && services.is_empty() => return Verdict::Found(id),
                None => return self.unsure(person, &[services, fits, named].concat(), on),
            },
            None => services,
        };
        match (&claimed[..], &fits[..]) {
            ([], [only]) => Verdict::Found(self.players[*only].id),
            ([only], _) if self.is_credible(*only, person, &fits, on) => {
                Verdict::Found(self.players[*only].id)
            }
            _ => self.unsure(person, &[claimed, fits, named].concat(), on),
        }
    }

    /// True when both are known to be writings of one person's name.
    pub(crate) fn is_called(&self, id: ProspectId, name: &FoldedName) -> bool {
        self.by_id
            .get(&id)
            .is_some_and(|&at| !name.words.is_empty() && self.players[at].name.may_be(name))
    }

    /// Of those of the name, those of whom the rest of the row is true.
    fn fitting(&self, named: &[usize], person: &Person, on: Date) -> Vec<usize> {
        match person.birth_date {
            Some(birth) => self.keep(named, |known| known.birth_date == Some(birth)),
            None => self.keep(named, |known| self.agrees(known, person, on)),
        }
    }

    /// True when nothing contradicts that the person with the id is the one named.
    fn is_credible(&self, at: usize, person: &Person, fits: &[usize], on: Date) -> bool {
        let known = &self.players[at];
        let given = fold_name(&person.name);
        if !known.name.may_be(&given) {
            return false;
        }
        let another_fits = !fits.is_empty() && !fits.contains(&at);
        match (person.birth_date, known.birth_date) {
            // A birth date may be mistyped where the name is right to the letter.
            (Some(given_birth), Some(birth)) if given_birth != birth => {
                known.name.letters() == given.letters() && !another_fits
            }
            (Some(_), Some(_)) => true,
            _ => !another_fits || self.agrees(known, person, on),
        }
    }

    fn unsure(&self, person: &Person, near: &[usize], on: Date) -> Verdict {
        Verdict::Unsure(self.offered(person, near, on))
    }

    fn add(&mut self, player: &Prospect) {
        let at = self.players.len();
        let name = fold_name(&player.name);
        if !name.words.is_empty() {
            self.by_name.entry(name.letters()).or_default().push(at);
            let ends: BTreeSet<&String> = name
                .words
                .first()
                .into_iter()
                .chain(name.words.last())
                .collect();
            for word in ends {
                self.by_word.entry(word.clone()).or_default().push(at);
            }
        }
        let OtherIds {
            fangraphs, fantrax, ..
        } = &player.other_ids;
        let ids = [(Service::Fangraphs, fangraphs), (Service::Fantrax, fantrax)];
        for (service, id) in ids {
            if let Some(id) = id {
                let id = id.trim_matches('*').to_ascii_lowercase();
                self.by_service.entry((service, id)).or_default().push(at);
            }
        }
        self.by_id.insert(player.id, at);
        self.players.push(Known {
            id: player.id,
            name,
            birth_date: player.birth_date,
            organisations: BTreeSet::new(),
            batted: BTreeMap::new(),
            pitched: BTreeSet::new(),
            drafted: Vec::new(),
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
            .extend(placed.map(|(season, code)| (season, Franchise::canonical(code))));
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
        let code = if at.organisation.is_unknown() {
            organisation(&at.organisation_name)
        } else {
            Franchise::canonical(at.organisation)
        };
        if !code.is_unknown() {
            let season = year(at.as_of);
            self.players[index].organisations.insert((season, code));
        }
    }

    /// Whoever drafted him has him until he plays.
    fn draft(&mut self, id: ProspectId, pick: &DraftPick) {
        let Some(&index) = self.by_id.get(&id) else {
            return;
        };
        let known = &mut self.players[index];
        let code = organisation(&pick.team);
        if !code.is_unknown() {
            known.organisations.insert((pick.year, code));
        }
        known
            .drafted
            .push((pick.year, Positions::read(&pick.position)));
    }

    fn by_services(&self, person: &Person) -> Vec<usize> {
        let fangraphs = person.fangraphs.iter().map(|id| (Service::Fangraphs, id));
        let fantrax = person.fantrax.iter().map(|id| (Service::Fantrax, id));
        let found: BTreeSet<usize> = fangraphs
            .chain(fantrax)
            .filter(|(_, id)| !id.is_empty())
            .filter_map(|(service, id)| self.by_service.get(&(service, id.to_ascii_lowercase())))
            .flatten()
            .copied()
            .collect();
        found.into_iter().collect()
    }

    /// Everybody of that name, in whichever order family and given name stand; a
    /// generational suffix must not contradict.
    fn named(&self, name: &str) -> Vec<usize> {
        let given = fold_name(name);
        let orders = std::iter::once(given.letters()).chain(given.turned());
        let same: BTreeSet<usize> = orders
            .filter_map(|letters| self.by_name.get(&letters))
            .flatten()
            .copied()
            .collect();
        let same: Vec<usize> = same.into_iter().collect();
        self.keep(&same, |known| given.suffix_agrees(&known.name))
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
            && known.side(on).may_be(Positions::read(&person.position))
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
                    !known.side(on).may_be(Positions::read(&person.position)),
                ];
                (unlike.iter().filter(|&&unlike| unlike).count(), known.id)
            })
            .collect();
        ranked.sort_unstable();
        ranked.into_iter().take(OFFERED).map(|(_, id)| id).collect()
    }

    /// Those with a family name in common whose other name begins alike, or is another
    /// form of it.
    fn alike(&self, name: &str) -> Vec<usize> {
        let words = fold_name(name).words;
        let ends = [(words.last(), words.first()), (words.first(), words.last())];
        let mut found = BTreeSet::new();
        for (family, own) in ends {
            let (Some(family), Some(own)) = (family, own) else {
                continue;
            };
            let same = self.by_word.get(family).map_or(&[][..], Vec::as_slice);
            found.extend(self.keep(same, |known| {
                words.len() == 1
                    || known.name.words.iter().any(|word| {
                        word != family
                            && (word.chars().next() == own.chars().next()
                                || equivalents(own).any(|form| form == word))
                    })
            }));
        }
        found.into_iter().collect()
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

    /// What he had done until the season of that day, or what he was drafted as.
    fn side(&self, on: Date) -> Positions {
        let season = year(on);
        let pitches = self.pitched.range(..=season).next().is_some();
        let batted = self.batted.range(..=season).map(|(_, pa)| pa).sum::<u32>();
        let bats = batted >= if pitches { BATS } else { 1 };
        if pitches || bats {
            return Positions::of(pitches, bats);
        }
        let drafted = self.drafted.iter().filter(|(year, _)| *year <= season);
        drafted
            .max_by_key(|(year, _)| *year)
            .map_or(Positions::default(), |(_, as_what)| *as_what)
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

fn year(day: Date) -> Season {
    Season(u16::try_from(day.year()).unwrap_or(0))
}

#[cfg(test)]
mod tests;
