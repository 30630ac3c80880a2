//! All names and their words, numbered by relevance and packed.

use std::collections::BTreeSet;

use super::packed::{Damaged, Lists, Reader, Texts, put_numbers};
use super::{Entry, Place, distance::MAX_PATTERN};
use crate::domain::name::{FoldedName, fold_name};
use crate::domain::{Code, Hand, Level, Position};

/// Words of a name beyond this many are not searched.
const MAX_WORDS: usize = 6;

/// Every name in memory, packed: about 55 bytes a player.
///
/// Names are numbered by relevance, the most relevant first, so a lower number
/// wins every tie. Folded words are interned and numbered alphabetically, so
/// the words sharing a beginning are one range of numbers.
#[derive(Default)]
pub(super) struct Roster {
    ids: Vec<u32>,
    suffixes: Vec<u32>,
    /// Three numbers a name: see [`packed`].
    places: Vec<u32>,
    names: Texts,
    words_of_name: Lists,
    words: Texts,
    names_of_word: Lists,
}

impl Roster {
    /// Numbers `entries` and interns their words.
    pub(super) fn new(mut entries: Vec<Entry>) -> Self {
        entries.sort_by(|a, b| {
            (b.weight.total_cmp(&a.weight))
                .then_with(|| a.name.cmp(&b.name))
                .then_with(|| a.id.cmp(&b.id))
        });
        let mut roster = Self {
            words: distinct_words(&entries),
            ..Self::default()
        };
        let mut names_of_word = vec![Vec::new(); roster.words.len()];
        for (name, entry) in (0u32..).zip(&entries) {
            for word in roster.push(entry) {
                let names = &mut names_of_word[word as usize];
                if names.last() != Some(&name) {
                    names.push(name);
                }
            }
        }
        for names in names_of_word {
            (names.into_iter()).for_each(|name| roster.names_of_word.extend_last(name));
            roster.names_of_word.close();
        }
        roster
    }

    /// Adds a name whose words are interned already; returns their numbers.
    fn push(&mut self, entry: &Entry) -> Vec<u32> {
        let folded = searched(&entry.name);
        let words = folded.words.iter().filter_map(|word| self.find_word(word));
        let words: Vec<u32> = words.collect();
        self.ids.push(entry.id.0);
        self.names.push(&entry.name);
        self.suffixes
            .push(folded.suffix.map_or(0, |suffix| suffix as u32));
        self.places.extend(packed(&entry.place));
        words
            .iter()
            .for_each(|&word| self.words_of_name.extend_last(word));
        self.words_of_name.close();
        words
    }

    /// Number of names.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Number of distinct folded words.
    pub(super) fn word_count(&self) -> usize {
        self.words.len()
    }

    pub(super) fn id(&self, name: u32) -> u32 {
        self.ids[name as usize]
    }

    /// The name as shown.
    pub(super) fn name(&self, name: u32) -> &str {
        self.names.get(name as usize)
    }

    /// The generational suffix as a number, 0 when there is none.
    pub(super) fn suffix(&self, name: u32) -> u32 {
        self.suffixes[name as usize]
    }

    /// Where a player is and what he does.
    pub(super) fn place(&self, name: u32) -> Place {
        let at = name as usize * PLACE;
        self.places
            .get(at..at + PLACE)
            .map_or(Place::default(), unpacked)
    }

    /// Numbers of the folded words of a name, in order.
    pub(super) fn words_of(&self, name: u32) -> &[u32] {
        self.words_of_name.get(name as usize)
    }

    pub(super) fn word(&self, word: u32) -> &str {
        self.words.get(word as usize)
    }

    /// Names with a word, the most relevant first.
    pub(super) fn names_with(&self, word: u32) -> &[u32] {
        self.names_of_word.get(word as usize)
    }

    /// Names with a word of the range; repeated when several words match.
    pub(super) fn names_within(&self, words: &std::ops::Range<u32>) -> &[u32] {
        (self.names_of_word).get_range(words.start as usize, words.end as usize)
    }

    /// The number of a folded word.
    pub(super) fn find_word(&self, word: &str) -> Option<u32> {
        let at = self.words.partition_point(|other| other < word);
        let found = at < self.words.len() && self.words.get(at) == word;
        found.then(|| u32::try_from(at).ok()).flatten()
    }

    /// The range of words beginning with `prefix`.
    pub(super) fn words_beginning(&self, prefix: &str) -> std::ops::Range<u32> {
        let start = self.words.partition_point(|word| word < prefix);
        let end = (self.words).partition_point(|w| w < prefix || w.starts_with(prefix));
        let number = |at| u32::try_from(at).unwrap_or(u32::MAX);
        number(start)..number(end)
    }

    /// The bytes [`Roster::decode`] reads.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        put_numbers(&mut bytes, &self.ids);
        put_numbers(&mut bytes, &self.suffixes);
        put_numbers(&mut bytes, &self.places);
        self.names.encode(&mut bytes);
        self.words_of_name.encode(&mut bytes);
        self.words.encode(&mut bytes);
        self.names_of_word.encode(&mut bytes);
        bytes
    }

    /// Reads a roster back.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Damaged> {
        let mut reader = Reader::new(bytes);
        let roster = Self {
            ids: reader.numbers()?,
            suffixes: reader.numbers()?,
            places: reader.numbers()?,
            names: Texts::decode(&mut reader)?,
            words_of_name: Lists::decode(&mut reader)?,
            words: Texts::decode(&mut reader)?,
            names_of_word: Lists::decode(&mut reader)?,
        };
        let consistent = roster.suffixes.len() == roster.len()
            && roster.places.len() == PLACE * roster.len()
            && roster.names.len() == roster.len()
            && roster.words_of_name.len() == roster.len()
            && roster.names_of_word.len() == roster.word_count()
            && roster.words_of_name.all_below(roster.word_count())
            && roster.names_of_word.all_below(roster.len());
        if consistent { Ok(roster) } else { Err(Damaged) }
    }
}

/// Numbers of a packed place.
const PLACE: usize = 3;

/// The organisation's eight bytes, then level, position and hand as places in their
/// lists, from 1.
fn packed(place: &Place) -> [u32; PLACE] {
    let mut code = [0; 8];
    let bytes = place.organisation.as_str().as_bytes();
    code[..bytes.len()].copy_from_slice(bytes);
    let [a, b, c, d, e, f, g, h] = code;
    let number = |at: Option<u8>| at.map_or(0, |at| u32::from(at) + 1);
    let rest = number(place.level.map(|level| level as u8))
        | number(place.position.map(|position| position as u8)) << 8
        | number(place.throws.map(|hand| hand as u8)) << 16;
    [
        u32::from_le_bytes([a, b, c, d]),
        u32::from_le_bytes([e, f, g, h]),
        rest,
    ]
}

fn unpacked(numbers: &[u32]) -> Place {
    let &[low, high, rest] = numbers else {
        return Place::default();
    };
    let bytes = [low.to_le_bytes(), high.to_le_bytes()].concat();
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    let at = |shift: u32| (rest >> shift & 0xff).checked_sub(1).map(|at| at as usize);
    Place {
        organisation: Code::new(text.trim_end_matches('\0')).unwrap_or_default(),
        level: at(0).and_then(|at| Level::ALL.get(at)).copied(),
        position: at(8).and_then(|at| Position::ALL.get(at)).copied(),
        throws: at(16).and_then(|at| Hand::ALL.get(at)).copied(),
    }
}

/// The folded name as far as it is searched.
fn searched(name: &str) -> FoldedName {
    let mut folded = fold_name(name);
    folded.words.truncate(MAX_WORDS);
    folded.words.retain(|word| word.len() <= MAX_PATTERN);
    folded
}

/// Every folded word once, in order. Names are folded again later: keeping
/// 100,000 folded names for it would take 20 MB.
fn distinct_words(entries: &[Entry]) -> Texts {
    let words = entries.iter().flat_map(|entry| searched(&entry.name).words);
    let words: BTreeSet<String> = words.collect();
    let mut texts = Texts::default();
    words.iter().for_each(|word| texts.push(word));
    texts
}

#[cfg(test)]
mod tests {
    use super::Roster;
    use crate::domain::ProspectId;
    use crate::domain::{Hand, Level};
    use crate::search::{Entry, Place};

    fn roster() -> Roster {
        let entry = |id, name: &str, weight| Entry {
            id: ProspectId(id),
            name: name.to_owned(),
            weight,
            place: Place {
                level: Some(Level::DoubleA),
                throws: Some(Hand::Left),
                ..Place::default()
            },
        };
        Roster::new(vec![
            entry(1, "Luis Mora", 0.1),
            entry(2, "José Mora Jr.", 0.9),
            entry(3, "Josh Lund", 0.5),
        ])
    }

    #[test]
    fn the_most_relevant_come_first() {
        let roster = roster();
        let mora = roster.find_word("mora").expect("known word");
        let names = roster.names_with(mora).iter();
        let ids: Vec<u32> = names.map(|&name| roster.id(name)).collect();
        assert_eq!(ids, [2, 1]);
        assert_eq!(roster.words_beginning("jos").len(), 2);
        assert!(roster.words_beginning("x").is_empty());
    }

    #[test]
    fn survives_encoding_and_refuses_damage() {
        let bytes = roster().encode();
        let again = Roster::decode(&bytes).expect("whole");
        assert_eq!(again.encode(), bytes);
        assert_eq!(again.name(0), "José Mora Jr.");
        assert_eq!(
            (again.place(0).level, again.place(2).throws),
            (Some(Level::DoubleA), Some(Hand::Left))
        );
        for length in 0..bytes.len() {
            assert!(Roster::decode(&bytes[..length]).is_err(), "{length}");
        }
    }
}
