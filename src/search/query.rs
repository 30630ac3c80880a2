//! What somebody typed, prepared for comparing.

use std::cell::Cell;
use std::ops::Range;

use super::distance::{Cost, MAX_PATTERN, Pattern};
use super::roster::Roster;
use crate::domain::name::{Suffix, take_suffix};
use crate::domain::{equivalents, join_initials, raw_words};

/// Characters of a query that count.
const MAX_CHARS: usize = 64;
/// Words of a query that count.
const MAX_TOKENS: usize = 6;

/// A query, folded and prepared for comparing.
pub(super) struct Query {
    pub(super) tokens: Vec<Token>,
    pub(super) suffix: Option<Suffix>,
    /// All tokens written as one.
    pub(super) joined: Pattern,
    /// The text of `joined`.
    pub(super) joined_text: String,
}

/// One word of a query.
pub(super) struct Token {
    pub(super) text: String,
    pub(super) pattern: Pattern,
    /// The word it is, when a name has it.
    pub(super) exact: Option<u32>,
    /// Words it is the beginning of, itself included.
    pub(super) beginnings: Range<u32>,
    /// Words of names that stand for it (`bobby`, `robert`), in order.
    pub(super) nicknames: Vec<u32>,
    /// True for the word still being typed.
    pub(super) last: bool,
    /// Costs of words already compared, by the low bits of their number.
    memory: [Cell<(u32, Option<Cost>)>; 64],
}

impl Query {
    pub(super) fn parse(text: &str, roster: &Roster) -> Self {
        let text: String = text.chars().take(MAX_CHARS).collect();
        let mut words = raw_words(&text);
        clip(&mut words);
        let mut initials = words.clone();
        join_initials(&mut initials);
        // `j s` may be initials or the beginnings of two names.
        if initials
            .iter()
            .all(|word| !roster.words_beginning(word).is_empty())
        {
            words = initials;
        }
        let suffix = take_suffix(&mut words);
        words.truncate(MAX_TOKENS);
        let joined_text = words.concat();
        let count = words.len();
        let tokens = words.into_iter().enumerate();
        Self {
            tokens: tokens
                .map(|(i, word)| Token::new(word, i + 1 == count, roster))
                .collect(),
            suffix,
            joined: Pattern::new(joined_text.as_bytes()),
            joined_text,
        }
    }
}

impl Token {
    fn new(text: String, last: bool, roster: &Roster) -> Self {
        let mut nicknames: Vec<u32> = equivalents(&text)
            .filter_map(|name| roster.find_word(name))
            .collect();
        nicknames.sort_unstable();
        nicknames.dedup();
        Self {
            pattern: Pattern::new(text.as_bytes()),
            exact: roster.find_word(&text),
            beginnings: roster.words_beginning(&text),
            nicknames,
            last,
            memory: [const { Cell::new((u32::MAX, None)) }; 64],
            text,
        }
    }

    /// The cost of `word`, computed only where it is not remembered: many
    /// candidates share their words.
    pub(super) fn remembered(
        &self,
        word: u32,
        compute: impl FnOnce() -> Option<Cost>,
    ) -> Option<Cost> {
        let slot = &self.memory[word as usize % self.memory.len()];
        let (known, cost) = slot.get();
        if known == word {
            return cost;
        }
        let cost = compute();
        slot.set((word, cost));
        cost
    }

    pub(super) fn len(&self) -> usize {
        self.pattern.len()
    }
}

/// Folding may lengthen a text, so what is compared is clipped once more.
fn clip(words: &mut Vec<String>) {
    let mut left = MAX_PATTERN;
    for word in words.iter_mut() {
        let mut end = word.len().min(left);
        while !word.is_char_boundary(end) {
            end -= 1;
        }
        word.truncate(end);
        left -= end;
    }
    words.retain(|word| !word.is_empty());
}
