//! Folding of text: lower case, without accents, apostrophes or punctuation, with single
//! spaces between words.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The folded form of `text`, words separated by one space, suffix included.
pub fn fold(text: &str) -> String {
    let mut words = raw_words(text);
    join_initials(&mut words);
    words.join(" ")
}

/// Folded words with single letters still apart, for text that is being typed.
pub(crate) fn raw_words(text: &str) -> Vec<String> {
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
pub(crate) fn join_initials(words: &mut Vec<String>) {
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
