//! Which names are worth measuring.

use super::distance::Cost;
use super::error::Error;
use super::grams;
use super::postings::{Names, Postings};
use super::query::{Query, Token};
use super::roster::Roster;
use super::score;

/// Names re-ranked because their words match.
const BY_WORDS: usize = 128;
/// Names re-ranked because their letters match when written as one.
const BY_LETTERS: usize = 64;
/// Words compared with a token for sharing most of its grams.
const SIMILAR_WORDS: usize = 64;
/// A beginning shared by more names than this does not select them; it only
/// tells the selected apart.
const SELECTIVE: usize = 6_000;
/// Shortest token that may be misspelt, in bytes.
const SHORTEST_FUZZY: usize = 3;
/// Points of a name with every word exactly right: 300 for each of six.
const MAX_POINTS: u16 = 1_800;
/// Numbers read from the gram index for one text: bounds the work of a query,
/// and the common grams left out tell little apart.
const BUDGET: u32 = 20_000;
/// Sums looked at together.
const BLOCK: usize = 64;

/// Working memory of one search, all zeroes between searches.
pub(super) struct Scratch {
    /// By name: how well its words match.
    points: Vec<u16>,
    /// By name: the last token counted, from 1.
    counted: Vec<u8>,
    /// Names with points.
    touched: Vec<u32>,
    /// By name: weight of shared grams.
    name_overlap: Vec<u16>,
    /// By word: weight of shared grams.
    word_overlap: Vec<u16>,
}

impl Scratch {
    pub(super) fn new(roster: &Roster) -> Self {
        Self {
            points: vec![0; roster.len()],
            counted: vec![0; roster.len()],
            touched: Vec::new(),
            name_overlap: vec![0; roster.len()],
            word_overlap: vec![0; roster.word_count()],
        }
    }

    fn add(&mut self, names: &[u32], token: u8, points: u16) {
        for &name in names {
            let at = name as usize;
            if self.counted[at] != token {
                if self.counted[at] == 0 {
                    self.touched.push(name);
                }
                self.counted[at] = token;
                self.points[at] += points;
            }
        }
    }

    /// The names with the most points, and zeroes again.
    fn take_best(&mut self, count: usize) -> Vec<u32> {
        let mut touched = std::mem::take(&mut self.touched);
        let points = |name: u32| self.points[name as usize];
        let enough = self.threshold(&touched, count);
        let mut best: Vec<(u16, u32)> = (touched.iter())
            .filter(|&&name| points(name) >= enough)
            .map(|&name| (u16::MAX - points(name), name))
            .collect();
        if best.len() > count {
            best.select_nth_unstable(count);
            best.truncate(count);
        }
        for name in touched.drain(..) {
            self.points[name as usize] = 0;
            self.counted[name as usize] = 0;
        }
        self.touched = touched;
        best.into_iter().map(|(_, name)| name).collect()
    }

    /// The most points that at least `count` of `names` have.
    fn threshold(&self, names: &[u32], count: usize) -> u16 {
        let mut having = [0usize; MAX_POINTS as usize + 1];
        for &name in names {
            having[usize::from(self.points[name as usize].min(MAX_POINTS))] += 1;
        }
        let mut total = 0;
        let reached = (0..=MAX_POINTS).rev().find(|&points| {
            total += having[usize::from(points)];
            total >= count
        });
        reached.unwrap_or(0)
    }
}

/// Names worth measuring, each once, at least `limit` where there are.
pub(super) fn candidates(
    query: &Query,
    all: &Names,
    scratch: &mut Scratch,
    limit: usize,
) -> Result<Vec<u32>, Error> {
    let roster = &all.roster;
    let count = BY_WORDS.max(limit);
    for (number, token) in (1u8..).zip(&query.tokens) {
        let similar = similar_words(token, all, scratch)?;
        select(number, token, &similar, roster, scratch);
    }
    for (number, token) in (1u8..).zip(&query.tokens) {
        if !is_selective(token, roster) {
            tell_apart(number, token, roster, scratch);
        }
    }
    let mut names = scratch.take_best(count);
    if query
        .tokens
        .iter()
        .all(|token| !is_selective(token, roster))
    {
        names.extend(by_relevance(query, roster, count));
    }
    names.extend(by_letters(query, all, scratch)?);
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

fn is_selective(token: &Token, roster: &Roster) -> bool {
    roster.names_within(&token.beginnings).len() <= SELECTIVE
}

/// Gives points to the names having a word that matches the token.
fn select(
    number: u8,
    token: &Token,
    similar: &[(Cost, u32)],
    roster: &Roster,
    scratch: &mut Scratch,
) {
    if let Some(word) = token.exact {
        scratch.add(roster.names_with(word), number, points(0));
    }
    if is_selective(token, roster) {
        let names = roster.names_within(&token.beginnings);
        scratch.add(names, number, points(score::COMPLETION));
    }
    for &word in &token.nicknames {
        scratch.add(roster.names_with(word), number, points(score::NICKNAME));
    }
    for &(cost, word) in similar {
        scratch.add(roster.names_with(word), number, points(cost));
    }
}

/// Gives points to names already selected whose words begin with the token.
fn tell_apart(number: u8, token: &Token, roster: &Roster, scratch: &mut Scratch) {
    for i in 0..scratch.touched.len() {
        let name = scratch.touched[i];
        let begins = |word| token.beginnings.contains(word);
        if scratch.counted[name as usize] != number && roster.words_of(name).iter().any(begins) {
            scratch.add(&[name], number, points(score::COMPLETION));
        }
    }
}

fn points(cost: Cost) -> u16 {
    u16::try_from(300u32.saturating_sub(cost).max(10)).unwrap_or(10)
}

/// Words a misspelt token may mean, the closest first.
fn similar_words(
    token: &Token,
    all: &Names,
    scratch: &mut Scratch,
) -> Result<Vec<(Cost, u32)>, Error> {
    if token.len() < SHORTEST_FUZZY {
        return Ok(Vec::new());
    }
    let grams = grams::of_word(token.text.as_bytes());
    let overlap = &mut scratch.word_overlap;
    let words = most_overlapping(&grams, &all.word_grams, overlap, SIMILAR_WORDS)?;
    let mut similar: Vec<(Cost, u32)> = words
        .into_iter()
        .filter_map(|word| Some((score::word_cost(token, word, &all.roster)?, word)))
        .collect();
    similar.sort_unstable();
    Ok(similar)
}

/// Names sharing the most grams with the query written as one word.
fn by_letters(query: &Query, all: &Names, scratch: &mut Scratch) -> Result<Vec<u32>, Error> {
    if query.joined_text.len() < 4 {
        return Ok(Vec::new());
    }
    let grams = grams::of_joined(&[&query.joined_text]);
    let overlap = &mut scratch.name_overlap;
    most_overlapping(&grams, &all.name_grams, overlap, BY_LETTERS)
}

/// Names every token is the beginning of a word of, the most relevant first.
fn by_relevance(query: &Query, roster: &Roster, count: usize) -> Vec<u32> {
    let all_begin = |name: &u32| {
        let words = roster.words_of(*name);
        query
            .tokens
            .iter()
            .all(|token| words.iter().any(|w| token.beginnings.contains(w)))
    };
    let exact = query.tokens.iter().filter_map(|token| token.exact);
    let mut names: Vec<u32> = exact
        .flat_map(|word| roster.names_with(word).iter().take(count).copied())
        .collect();
    let all = 0..u32::try_from(roster.len()).unwrap_or(u32::MAX);
    names.extend(all.filter(all_begin).take(count));
    names
}

/// The numbers carrying the greatest weight of `grams`, rare grams weighing
/// more. `overlap` is all zeroes before and after.
fn most_overlapping(
    grams: &[Vec<u8>],
    postings: &Postings,
    overlap: &mut [u16],
    count: usize,
) -> Result<Vec<u32>, Error> {
    let all = u32::try_from(overlap.len()).unwrap_or(u32::MAX);
    postings.visit_rarest(grams, BUDGET, |carrying, numbers| {
        let weight = rarity(carrying, all);
        for &number in numbers {
            if let Some(sum) = overlap.get_mut(number as usize) {
                *sum += weight;
            }
        }
    })?;
    let most = overlap.iter().copied().max().unwrap_or(0);
    let mut best = at_least((most / 2).max(1), overlap);
    overlap.fill(0);
    if best.len() > count {
        best.select_nth_unstable(count);
        best.truncate(count);
    }
    Ok(best.into_iter().map(|(_, number)| number).collect())
}

/// Numbers with at least `enough` overlap, keyed so that the most sort first.
fn at_least(enough: u16, overlap: &[u16]) -> Vec<(u16, u32)> {
    let mut found = Vec::new();
    // Most numbers share next to nothing: whole blocks are passed over.
    for (first, block) in (0u32..).step_by(BLOCK).zip(overlap.chunks(BLOCK)) {
        if block
            .iter()
            .copied()
            .max()
            .is_some_and(|most| most >= enough)
        {
            let sums = (first..).zip(block).filter(|&(_, &sum)| sum >= enough);
            found.extend(sums.map(|(number, &sum)| (u16::MAX - sum, number)));
        }
    }
    found
}

/// Weight of a gram carried by so many of all: bits of information, plus a few
/// so that common grams still count.
fn rarity(carrying: u32, all: u32) -> u16 {
    let ratio = (all / carrying.max(1)).max(1);
    u16::try_from(ratio.ilog2()).unwrap_or(0) + 3
}
