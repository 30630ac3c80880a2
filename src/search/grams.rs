//! Pieces of names, by which misspelt ones are found.

/// Marks the beginning and the end of a text inside its grams; never a byte of
/// a folded name.
const START: u8 = b'<';
const END: u8 = b'>';

/// Two- and three-byte pieces of one folded word, its beginning marked.
///
/// Bytes two apart count as a pair too, so that letters swapped, added or left
/// out still leave most pairs in common.
///
/// The end is marked in no gram, so a beginning of a word matches all its
/// grams within the word.
pub(super) fn of_word(word: &[u8]) -> Vec<Vec<u8>> {
    let mut text = vec![START];
    text.extend_from_slice(word);
    let mut grams = windows(&text, 2);
    grams.extend(text.windows(3).map(|three| vec![three[0], three[2]]));
    grams.extend(windows(&text, 3));
    distinct(grams)
}

/// Three-byte pieces of words written as one, in any order of first and last.
pub(super) fn of_joined(words: &[&str]) -> Vec<Vec<u8>> {
    let mut grams = joined(words.iter().copied());
    if words.len() > 1 {
        grams.extend(joined(rotated(words, 1)));
        grams.extend(joined(rotated(words, words.len() - 1)));
    }
    distinct(grams)
}

/// The words from the one at `first` on, then those before it.
pub(super) fn rotated<'a>(
    words: &[&'a str],
    first: usize,
) -> impl Iterator<Item = &'a str> + Clone {
    words[first..].iter().chain(&words[..first]).copied()
}

fn joined<'a>(words: impl Iterator<Item = &'a str>) -> Vec<Vec<u8>> {
    let mut text = vec![START];
    for word in words {
        text.extend_from_slice(word.as_bytes());
    }
    text.push(END);
    windows(&text, 3)
}

fn windows(text: &[u8], length: usize) -> Vec<Vec<u8>> {
    text.windows(length).map(<[u8]>::to_vec).collect()
}

fn distinct(mut grams: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    grams.sort_unstable();
    grams.dedup();
    grams
}
