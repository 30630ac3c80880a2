//! How well a name answers a query, as a cost: 100 is one edit.

use super::distance::{Cost, Distances, weighted};
use super::grams::rotated;
use super::query::{Query, Token};
use super::roster::Roster;

/// The least an edit costs.
const LEAST_EDIT: Cost = 80;
/// A word still to be completed.
pub(super) const COMPLETION: Cost = 10;
/// A word left incomplete although another follows.
const ABBREVIATION: Cost = 25;
/// Another form of a first name.
pub(super) const NICKNAME: Cost = 30;
/// An edit of the first letter, which people rarely miss.
const FIRST_LETTER: Cost = 15;
/// An edit of a word so short that another word is more likely meant.
const SHORT_WORD: Cost = 30;
/// A word of the name nobody asked for.
const EXTRA_WORD: Cost = 12;
/// A lone misspelt word read as anything but the last name.
const NOT_LAST_NAME: Cost = 5;
/// Words in another order.
const REORDERED: Cost = 8;
/// Spaces missing or elsewhere.
const JOINED: Cost = 6;
/// A typed word the name does not have.
const MISSING_WORD: Cost = 230;
/// A typed initial the name does not have.
const MISSING_INITIAL: Cost = 60;
/// A generational suffix typed that the name does not have.
const OTHER_SUFFIX: Cost = 5;
/// Names costing this much more than the best are not shown.
const MAX_BEHIND: Cost = 250;

/// The best of `names` and their quality from 0 to 1, best first; equals in
/// the order of their numbers, the most relevant first.
pub(super) fn ranked(
    query: &Query,
    roster: &Roster,
    names: &[u32],
    limit: usize,
) -> Vec<(u32, f32)> {
    let mut costs: Vec<(Cost, u32)> = names
        .iter()
        .filter_map(|&name| Some((name_cost(query, roster, name)?, name)))
        .collect();
    costs.sort_unstable();
    let best = costs.first().map_or(0, |&(cost, _)| cost);
    costs.retain(|&(cost, _)| cost <= best + MAX_BEHIND);
    costs.truncate(limit);
    let quality = |cost: Cost| 100.0 / (100.0 + cost as f32);
    costs
        .into_iter()
        .map(|(cost, name)| (name, quality(cost)))
        .collect()
}

/// Cost of reading `token` as `word`; `None` when it is another word.
pub(super) fn word_cost(token: &Token, word: u32, roster: &Roster) -> Option<Cost> {
    if token.exact == Some(word) {
        return Some(0);
    }
    let completion = if token.last { COMPLETION } else { ABBREVIATION };
    if token.beginnings.contains(&word) {
        return Some(completion);
    }
    if token.nicknames.binary_search(&word).is_ok() {
        return Some(NICKNAME);
    }
    token.remembered(word, || misspelt_cost(token, roster.word(word), completion))
}

fn misspelt_cost(token: &Token, word: &str, completion: Cost) -> Option<Cost> {
    let (length, bytes) = (token.len(), word.as_bytes());
    if length < 3 || bytes.len() < 3 {
        return None;
    }
    let Distances { whole, prefix } = token.pattern.distances(bytes.iter().copied());
    let whole_allowed = if length < 6 { 1 } else { 2 };
    let prefix_allowed = match length {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    };
    let mut penalty = 0;
    if token.text.as_bytes().first() != bytes.first() {
        penalty += FIRST_LETTER;
    }
    if length < 5 {
        penalty += SHORT_WORD;
    }
    if whole > whole_allowed && prefix > prefix_allowed {
        return None;
    }
    let costs = weighted(token.text.as_bytes(), bytes);
    let whole_cost = (whole <= whole_allowed).then_some(costs.whole + penalty);
    let prefix_cost = (prefix <= prefix_allowed).then_some(costs.prefix + penalty + completion);
    whole_cost.into_iter().chain(prefix_cost).min()
}

fn name_cost(query: &Query, roster: &Roster, name: u32) -> Option<Cost> {
    let words = roster.words_of(name);
    let by_words = Alignment::new(query, roster, words).cost(query, roster, name);
    // A lone word that reads as a word with one edit is not joined words too.
    let bound = match by_words {
        Some(cost) if query.tokens.len() == 1 && cost < 2 * LEAST_EDIT => LEAST_EDIT,
        cost => cost.unwrap_or(Cost::MAX),
    };
    let by_letters = match by_words {
        Some(cost) if cost < LEAST_EDIT => None,
        _ => joined_cost(query, roster, words, bound),
    };
    let by_words = by_words.map(|cost| cost + not_last_name(query, roster, words, cost));
    let cost = by_words.into_iter().chain(by_letters).min()?;
    let other_suffix = match query.suffix {
        Some(suffix) if suffix as u32 != roster.suffix(name) => OTHER_SUFFIX,
        _ => 0,
    };
    Some(cost + other_suffix)
}

/// Nobody types a first name alone and misspells it.
fn not_last_name(query: &Query, roster: &Roster, words: &[u32], cost: Cost) -> Cost {
    let ([token], [.., last], LEAST_EDIT..) = (&query.tokens[..], words, cost) else {
        return 0;
    };
    match word_cost(token, *last, roster) {
        Some(_) => 0,
        None => NOT_LAST_NAME,
    }
}

/// Cost of reading the whole query as the name with its spaces elsewhere, if
/// it may be below `bound`.
fn joined_cost(query: &Query, roster: &Roster, words: &[u32], bound: Cost) -> Option<Cost> {
    let texts: Vec<&str> = words.iter().map(|&word| roster.word(word)).collect();
    let mut best = form_cost(query, rotated(&texts, 0), bound);
    if texts.len() > 1 {
        let turned = [1, texts.len() - 1].into_iter();
        let turned = turned.filter_map(|first| form_cost(query, rotated(&texts, first), bound));
        best = turned.map(|cost| cost + REORDERED).chain(best).min();
    }
    if texts.len() > 2 {
        let last_name = form_cost(query, texts[1..].iter().copied(), bound);
        best = last_name
            .map(|cost| cost + EXTRA_WORD)
            .into_iter()
            .chain(best)
            .min();
    }
    best
}

fn form_cost<'a>(
    query: &Query,
    words: impl Iterator<Item = &'a str> + Clone,
    bound: Cost,
) -> Option<Cost> {
    let allowed = match query.joined.len() {
        0..5 => 0,
        5..9 => 1,
        9..14 => 2,
        _ => 3,
    };
    let letters = words.flat_map(str::bytes);
    let Distances { whole, prefix } = query.joined.distances(letters.clone());
    let least = JOINED + LEAST_EDIT * prefix;
    if prefix > allowed || least >= bound {
        return None;
    }
    let letters: Vec<u8> = letters.collect();
    let costs = weighted(query.joined_text.as_bytes(), &letters);
    let whole_cost = (whole <= allowed).then_some(costs.whole + JOINED);
    let prefix_cost = costs.prefix + JOINED + EXTRA_WORD + COMPLETION;
    whole_cost.into_iter().chain([prefix_cost]).min()
}

/// Costs of reading each token as each word of a name.
struct Alignment {
    costs: Vec<[Option<Cost>; 8]>,
    words: usize,
}

impl Alignment {
    fn new(query: &Query, roster: &Roster, words: &[u32]) -> Self {
        let row = |token: &Token| {
            let mut row = [None; 8];
            for (cell, &word) in row.iter_mut().zip(words) {
                *cell = word_cost(token, word, roster);
            }
            row
        };
        Self {
            costs: query.tokens.iter().map(row).collect(),
            words: words.len().min(8),
        }
    }

    /// The cheapest way to read every token as a word of its own.
    fn cost(&self, query: &Query, roster: &Roster, name: u32) -> Option<Cost> {
        if !self.covers_half(query) {
            return None;
        }
        let missing: Vec<Cost> = query
            .tokens
            .iter()
            .map(|token| missing_cost(token, roster.suffix(name)))
            .collect();
        let free = self.in_any_order(&missing);
        let ordered = self.in_order(&missing);
        Some(free.saturating_add(REORDERED).min(ordered))
    }

    /// True when tokens making up half the letters match some word.
    fn covers_half(&self, query: &Query) -> bool {
        let matched = query.tokens.iter().zip(&self.costs);
        let matched = matched.filter(|(_, row)| row.iter().any(Option::is_some));
        let letters: usize = matched.map(|(token, _)| token.len()).sum();
        letters > 0 && 2 * letters >= query.joined.len()
    }

    fn in_any_order(&self, missing: &[Cost]) -> Cost {
        let full = 1usize << self.words;
        let mut best = vec![Cost::MAX; full];
        best[0] = 0;
        for (row, missing) in self.costs.iter().zip(missing) {
            let mut next = vec![Cost::MAX; full];
            for (used, &sum) in best.iter().enumerate().filter(|&(_, &sum)| sum < Cost::MAX) {
                next[used] = next[used].min(sum + missing);
                for (j, cost) in (0..self.words).filter_map(|j| Some((j, row[j]?))) {
                    let now = used | 1 << j;
                    if now != used {
                        next[now] = next[now].min(sum + cost);
                    }
                }
            }
            best = next;
        }
        let sums = best.iter().enumerate().filter(|&(_, &sum)| sum < Cost::MAX);
        let total = |(used, &sum): (usize, &Cost)| sum + self.extra_words(used.count_ones());
        sums.map(total).min().unwrap_or(Cost::MAX)
    }

    fn in_order(&self, missing: &[Cost]) -> Cost {
        let mut best: Vec<Cost> = (0..=self.words).map(|_| 0).collect();
        for (j, cost) in best.iter_mut().enumerate() {
            *cost = EXTRA_WORD * u32::try_from(j).unwrap_or(0);
        }
        for (row, missing) in self.costs.iter().zip(missing) {
            let mut diagonal = best[0];
            best[0] += missing;
            for j in 1..=self.words {
                let read = row[j - 1].map_or(Cost::MAX, |cost| diagonal + cost);
                diagonal = best[j];
                best[j] = read.min(best[j] + missing).min(best[j - 1] + EXTRA_WORD);
            }
        }
        best[self.words]
    }

    fn extra_words(&self, used: u32) -> Cost {
        let words = u32::try_from(self.words).unwrap_or(0);
        EXTRA_WORD * words.saturating_sub(used)
    }
}

fn missing_cost(token: &Token, suffix: u32) -> Cost {
    match token.len() {
        1 if token.last && suffix != 0 => COMPLETION,
        1 => MISSING_INITIAL,
        _ => MISSING_WORD,
    }
}
