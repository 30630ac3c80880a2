//! Folding of names: what makes "José Peña Jr." and "jose pena" the same text.
//!
//! Folded text is lower case, without accents, apostrophes or punctuation,
//! with single spaces between words. Initials are one word (`J.D.` and `j d`
//! both give `jd`).

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

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

/// The folded form of `text`, words separated by one space, suffix included.
pub fn fold(text: &str) -> String {
    let mut words = raw_words(text);
    join_initials(&mut words);
    words.join(" ")
}

/// Folds a whole name and sets its generational suffix apart.
pub fn fold_name(name: &str) -> FoldedName {
    let mut words = raw_words(name);
    join_initials(&mut words);
    let suffix = take_suffix(&mut words);
    FoldedName { words, suffix }
}

/// Folded words with single letters still apart, for text that is being typed.
pub(super) fn raw_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    // The bare acute accent is mistyped for an apostrophe, and NFKD would turn
    // it into a space.
    for c in text.chars().filter(|&c| !is_apostrophe(c)).nfkd() {
        if c.is_alphanumeric() {
            push_folded(&mut word, c);
        } else if !is_combining_mark(c) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Makes one word of letters standing alone side by side.
pub(super) fn join_initials(words: &mut Vec<String>) {
    let mut joined: Vec<String> = Vec::with_capacity(words.len());
    let mut after_initial = false;
    for word in words.drain(..) {
        let initial = is_single_letter(&word);
        match joined.last_mut() {
            Some(last) if initial && after_initial => last.push_str(&word),
            _ => joined.push(word),
        }
        after_initial = initial;
    }
    *words = joined;
}

/// Removes the generational suffix, which is never the first word.
pub(super) fn take_suffix(words: &mut Vec<String>) -> Option<Suffix> {
    let at = (1..words.len()).rfind(|&i| Suffix::parse(&words[i]).is_some())?;
    Suffix::parse(&words.remove(at))
}

fn is_single_letter(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some() && chars.next().is_none()
}

fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '’' | '‘' | '‛' | 'ʼ' | 'ʻ' | 'ʹ' | '′' | '`' | '´' | '＇'
    )
}

fn push_folded(word: &mut String, c: char) {
    match c {
        'ø' | 'Ø' => word.push('o'),
        'ł' | 'Ł' => word.push('l'),
        'đ' | 'Đ' | 'ð' | 'Ð' => word.push('d'),
        'ħ' | 'Ħ' => word.push('h'),
        'ŧ' | 'Ŧ' => word.push('t'),
        'ı' => word.push('i'),
        'ŋ' | 'Ŋ' => word.push('n'),
        'ß' | 'ẞ' => word.push_str("ss"),
        'æ' | 'Æ' => word.push_str("ae"),
        'œ' | 'Œ' => word.push_str("oe"),
        'þ' | 'Þ' => word.push_str("th"),
        _ => word.extend(c.to_lowercase().filter(|c| c.is_alphanumeric())),
    }
}

#[cfg(test)]
mod tests {
    use super::{Suffix, fold, fold_name};

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
}
