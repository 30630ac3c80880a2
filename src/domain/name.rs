//! Folding of names: what makes "José Peña Jr." and "Pena, Jose" the same name, for
//! matching, for the filter of the board and for search.
//!
//! Folded text is lower case, without accents, apostrophes or punctuation,
//! with single spaces between words. Initials are one word (`J.D.` and `j d`
//! both give `jd`).

use super::folding::{fold, join_initials, raw_words};
use super::franchise::Franchise;
use super::positions::Positions;
use crate::domain::equivalents;

/// Letters of a word from which on one mistyped letter is no other name.
const LONG: usize = 5;

/// A generational suffix, not counted as a word of the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suffix {
    /// `Jr.`
    Junior = 1,
    /// `Sr.`
    Senior = 2,
    /// `II`
    Second = 3,
    /// `III`
    Third = 4,
    /// `IV`
    Fourth = 5,
}

impl Suffix {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "jr" | "jnr" => Self::Junior,
            "sr" | "snr" => Self::Senior,
            "ii" | "2nd" => Self::Second,
            "iii" | "3rd" => Self::Third,
            "iv" | "4th" => Self::Fourth,
            _ => return None,
        })
    }
}

/// A folded name: its words and, apart from them, its generational suffix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoldedName {
    /// Words in the order written, none empty.
    pub words: Vec<String>,
    /// `Jr.`, `II`, ... wherever it stood after the first word.
    pub suffix: Option<Suffix>,
}

/// Folds a whole name, in whichever order it is written, and sets its generational
/// suffix apart. Asides in brackets are no part of it.
pub fn fold_name(name: &str) -> FoldedName {
    let mut words = raw_words(&spoken(name));
    join_initials(&mut words);
    let suffix = take_suffix(&mut words);
    FoldedName { words, suffix }
}

/// A name as it is spoken: `Mora Jr., Luis (RHP)` is `Luis Mora Jr.`, and single
/// spaces stand between its words.
pub fn spoken(name: &str) -> String {
    let bare = without_asides(name);
    let parts: Vec<Vec<&str>> = bare
        .split([',', '，'])
        .map(|part| part.split_whitespace().collect::<Vec<_>>())
        .filter(|part| !part.is_empty())
        .collect();
    if parts.len() < 2 {
        return parts.concat().join(" ");
    }
    let whole = parts.iter().any(|part| part.len() > 1);
    let (mut named, mut suffix) = (Vec::new(), Vec::new());
    for part in parts {
        match part[..] {
            [word] if is_suffix(word) => suffix.push(word),
            [word] if named.len() > usize::from(!whole) && is_code(word) => {}
            _ => named.push(part),
        }
    }
    if let [last, first] = &named[..] {
        let own = last.len() > 1 && last.last().is_some_and(|word| is_suffix(word));
        let family = last.len() - usize::from(own);
        return [first, &last[..family], &last[family..], &suffix]
            .concat()
            .join(" ");
    }
    named.push(suffix);
    named.concat().join(" ")
}

/// The text outside brackets; all of it when there is nothing outside.
fn without_asides(name: &str) -> String {
    let mut depth = 0u32;
    let outside: String = name
        .chars()
        .filter(|c| match c {
            '(' | '[' | '{' => {
                depth += 1;
                false
            }
            ')' | ']' | '}' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect();
    if outside.chars().any(char::is_alphabetic) {
        outside
    } else {
        name.to_owned()
    }
}

fn is_suffix(word: &str) -> bool {
    Suffix::parse(&fold(word)).is_some()
}

/// True for a position or a club as lists append them to a name: `, SS, PIT`.
fn is_code(word: &str) -> bool {
    let capital = word.chars().all(|c| !c.is_alphabetic() || c.is_uppercase());
    capital && (Positions::read(word).says_something() || Franchise::named(word).is_some())
}

impl FoldedName {
    /// The name without spaces: `hajunpyo`, however its parts are written.
    pub fn letters(&self) -> String {
        self.words.concat()
    }

    /// The same in every order in which family and given name may stand.
    pub fn turned(&self) -> impl Iterator<Item = String> + '_ {
        (1..self.words.len()).map(|first| {
            let (given, family) = self.words.split_at(first);
            [family.concat(), given.concat()].concat()
        })
    }

    /// True when a generational suffix does not tell the two apart.
    pub fn suffix_agrees(&self, other: &Self) -> bool {
        self.suffix.is_none() || other.suffix.is_none() || self.suffix == other.suffix
    }

    /// True when both may be writings of one person's name: the same letters in
    /// some order, or a family name in common, a mistyped letter aside. It doubts a
    /// claim made otherwise (an id); it never decides who somebody is.
    pub fn may_be(&self, other: &Self) -> bool {
        if self.words.is_empty() || other.words.is_empty() {
            return true;
        }
        if !self.suffix_agrees(other) {
            return false;
        }
        let (mine, theirs) = (self.letters(), other.letters());
        let turned = |one: &Self, letters: &str| one.turned().any(|turned| turned == letters);
        mine == theirs
            || turned(self, &theirs)
            || turned(other, &mine)
            || shared(self.family(), &other.words)
            || shared(other.family(), &self.words)
            || (mine.len() > 2 * LONG && strsim::osa_distance(&mine, &theirs) <= 2)
    }

    /// The words that may be the family name: all but the first.
    fn family(&self) -> &[String] {
        if self.words.len() == 1 {
            &self.words
        } else {
            &self.words[1..]
        }
    }

    /// True when the name answers a text typed to find it: every word of the text is
    /// the beginning of a word of the name or another form of a first name, or the
    /// text is part of the name written as one.
    pub fn answers(&self, typed: &Self) -> bool {
        if !typed.suffix_agrees(self) || typed.words.is_empty() {
            return false;
        }
        let whole = typed.letters();
        let letters = self.letters();
        letters.contains(&whole)
            || self.turned().any(|turned| turned.contains(&whole))
            || typed.words.iter().all(|word| {
                let begins = |own: &String| own.starts_with(word.as_str());
                self.words.iter().any(begins)
                    || equivalents(word).any(|form| self.words.iter().any(|own| own == form))
            })
    }
}

/// True when a word of some length stands on both sides, one letter aside.
fn shared(family: &[String], words: &[String]) -> bool {
    let same = |a: &str, b: &str| {
        a == b || (a.len().max(b.len()) >= LONG && strsim::osa_distance(a, b) <= 1)
    };
    let long = |word: &&String| word.len() > 2 || family.len() == 1;
    family
        .iter()
        .filter(long)
        .any(|own| words.iter().any(|word| same(own, word)))
}

/// Removes the generational suffix, which is never the first word.
pub(crate) fn take_suffix(words: &mut Vec<String>) -> Option<Suffix> {
    if words.len() > 2 && words.last().is_some_and(|word| word == "junior") {
        words.pop();
        return Some(Suffix::Junior);
    }
    let at = (1..words.len()).rfind(|&i| Suffix::parse(&words[i]).is_some())?;
    Suffix::parse(&words.remove(at))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{Suffix, fold_name, spoken};
    use crate::domain::fold;

    #[test]
    fn accents_and_special_letters_are_folded() {
        assert_eq!(fold("  José  PEÑA "), "jose pena");
        assert_eq!(fold("Łukasz Bjørn Weiß"), "lukasz bjorn weiss");
        assert_eq!(fold("İstanbul Ægir Ðorđe"), "istanbul aegir dorde");
    }

    #[test]
    fn apostrophes_vanish_and_hyphens_part_words() {
        for name in ["O'Neill", "O’Neill", "O´Neill", "ONEILL"] {
            assert_eq!(fold(name), "oneill");
        }
        assert_eq!(fold("Crow-Armstrong"), "crow armstrong");
    }

    #[test]
    fn initials_are_one_word() {
        for name in ["J.D. Mora", "J. D. Mora", "JD Mora", "j d mora"] {
            assert_eq!(fold(name), "jd mora");
        }
    }

    #[test]
    fn suffixes_are_set_apart() {
        for (name, suffix) in [
            ("Luis Mora Jr.", Some(Suffix::Junior)),
            ("Mora Jr., Luis", Some(Suffix::Junior)),
            ("Luis Mora III", Some(Suffix::Third)),
            ("Luis Mora", None),
        ] {
            let folded = fold_name(name);
            assert_eq!(folded.suffix, suffix, "{name}");
            assert_eq!(folded.words.len(), 2, "{name}");
        }
        assert_eq!(fold_name("Jr").words, ["jr"]);
    }

    #[test]
    fn a_comma_tells_the_order_and_asides_are_dropped() {
        for (written, expected) in [
            ("Mora, Luis", "Luis Mora"),
            ("Mora Jr., Luis", "Luis Mora Jr."),
            ("Mora, Luis, Jr.", "Luis Mora Jr."),
            ("Mora, Jr., Luis", "Luis Mora Jr."),
            ("Luis Mora, Jr.", "Luis Mora Jr."),
            ("De la Cruz, Elly", "Elly De la Cruz"),
            ("Luis Mora, SS, NYY", "Luis Mora"),
            ("Mora, Luis, OF", "Luis Mora"),
            ("Luis  Mora (RHP)", "Luis Mora"),
            ("Luis Mora [NYY]", "Luis Mora"),
            ("(unnamed)", "(unnamed)"),
            ("Mora,", "Mora"),
            ("Mora, J.P.", "J.P. Mora"),
        ] {
            assert_eq!(spoken(written), expected, "{written}");
        }
    }

    #[test]
    fn an_id_is_doubted_where_only_a_first_name_agrees() {
        let may = |a: &str, b: &str| fold_name(a).may_be(&fold_name(b));
        for (a, b) in [
            ("Bobby Gram", "Robert Gram"),
            ("Gram, Ana", "Ana Gram"),
            ("Ha-Jun Pyo", "Pyo Hajun"),
            ("Ana Gramm", "Ana Gram"),
            ("Ana Gram", "Ana Gram Lopez"),
            ("", "Ana Gram"),
        ] {
            assert!(may(a, b) && may(b, a), "{a} / {b}");
        }
        for (a, b) in [
            ("Luis Garcia", "Luis Mora"),
            ("Ana Gram", "Al Gebra"),
            ("Luis Mora Jr.", "Luis Mora Sr."),
        ] {
            assert!(!may(a, b) && !may(b, a), "{a} / {b}");
        }
    }

    #[test]
    fn a_typed_text_finds_the_name() {
        let answers = |typed: &str, name: &str| fold_name(name).answers(&fold_name(typed));
        for typed in [
            "jesus",
            "Máder",
            "mader, jesus",
            "MADER JESUS",
            "jes mad",
            "jesusmader",
            "suz mad",
        ] {
            assert_eq!(
                answers(typed, "Jesús  Máder"),
                typed != "suz mad",
                "{typed}"
            );
        }
        assert!(answers("pyo hajun", "Ha-Jun Pyo") && answers("bobby", "Robert Mora"));
        assert!(answers("devries", "Leo De Vries") && !answers("", "Leo De Vries"));
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(a in any::<String>(), b in any::<String>()) {
            let (x, y) = (fold_name(&a), fold_name(&b));
            let _ = (spoken(&a), x.may_be(&y), x.answers(&y));
        }
    }
}
