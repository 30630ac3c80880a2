//! How far two texts are from each other, in edits and in what edits cost.

/// Hundredths of an edit; 0 is the name as it is written.
pub(super) type Cost = u32;

/// Longest pattern compared, in bytes: one machine word.
pub(super) const MAX_PATTERN: usize = 64;

/// A typed text prepared for many comparisons.
///
/// Distances are optimal string alignment: insertions, deletions,
/// substitutions and transpositions of neighbours cost one each. One pass over
/// the other text costs a dozen instructions a byte (Hyyrö's bit-parallel
/// recurrence), which is what makes re-ranking hundreds of names cheap.
pub(super) struct Pattern {
    positions: [u64; 256],
    length: usize,
}

/// How far a pattern is from a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Distances {
    /// Edits from the pattern to the whole text.
    pub(super) whole: u32,
    /// Edits from the pattern to the closest beginning of the text.
    pub(super) prefix: u32,
}

impl Pattern {
    /// Prepares `text`; bytes after the 64th are ignored.
    pub(super) fn new(text: &[u8]) -> Self {
        let text = &text[..text.len().min(MAX_PATTERN)];
        let mut positions = [0; 256];
        for (i, &byte) in text.iter().enumerate() {
            positions[usize::from(byte)] |= 1 << i;
        }
        Self {
            positions,
            length: text.len(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn distances(&self, text: impl Iterator<Item = u8>) -> Distances {
        let mut whole = u32::try_from(self.length).unwrap_or(u32::MAX);
        let mut prefix = whole;
        if self.length == 0 {
            let whole = u32::try_from(text.count()).unwrap_or(u32::MAX);
            return Distances { whole, prefix };
        }
        let last = 1u64 << (self.length - 1);
        let (mut vp, mut vn, mut d0, mut previous) = (u64::MAX, 0u64, 0u64, 0u64);
        for byte in text {
            let matches = self.positions[usize::from(byte)];
            let swapped = ((!d0 & matches) << 1) & previous;
            d0 = ((matches & vp).wrapping_add(vp) ^ vp) | matches | vn | swapped;
            let hp = vn | !(d0 | vp);
            let hn = d0 & vp;
            whole += u32::from(hp & last != 0);
            whole -= u32::from(hn & last != 0);
            prefix = prefix.min(whole);
            let hp = (hp << 1) | 1;
            vp = (hn << 1) | !(d0 | hp);
            vn = hp & d0;
            previous = matches;
        }
        Distances { whole, prefix }
    }
}

/// What typing `typed` for `meant` costs, and for the closest beginning of
/// `meant`; an edit costs about 100.
///
/// A swapped, doubled or forgotten letter is one of few mistakes that can be
/// made at its place, any particular wrong letter one of many: where both
/// explain what was typed, the former is the likelier.
pub(super) fn weighted(typed: &[u8], meant: &[u8]) -> Distances {
    let typed = &typed[..typed.len().min(MAX_PATTERN)];
    let meant = &meant[..meant.len().min(2 * MAX_PATTERN)];
    let mut rows = [[0u32; 2 * MAX_PATTERN + 1]; 3];
    for j in 0..meant.len() {
        rows[0][j + 1] = rows[0][j] + forgotten(meant, j);
    }
    for i in 0..typed.len() {
        let [before, above, row] = rotate(&mut rows, i);
        row[0] = above[0] + added(typed, i);
        for j in 0..meant.len() {
            let mut best = above[j] + replaced(typed[i], meant[j]);
            best = best.min(above[j + 1] + added(typed, i));
            best = best.min(row[j] + forgotten(meant, j));
            if i > 0 && j > 0 && typed[i] == meant[j - 1] && typed[i - 1] == meant[j] {
                best = best.min(before[j - 1] + SWAPPED);
            }
            row[j + 1] = best;
        }
    }
    let last = &rows[typed.len() % 3][..=meant.len()];
    Distances {
        whole: last[meant.len()],
        prefix: last.iter().copied().min().unwrap_or(0),
    }
}

const SWAPPED: u32 = 85;

/// The rows for two letters back, one back and now, of three in turn.
fn rotate<const N: usize>(rows: &mut [[u32; N]; 3], i: usize) -> [&mut [u32; N]; 3] {
    let [a, b, c] = rows;
    match i % 3 {
        0 => [c, a, b],
        1 => [a, b, c],
        _ => [b, c, a],
    }
}

fn added(typed: &[u8], i: usize) -> u32 {
    if i > 0 && typed[i] == typed[i - 1] {
        85
    } else {
        105
    }
}

fn forgotten(meant: &[u8], j: usize) -> u32 {
    if j > 0 && meant[j] == meant[j - 1] {
        80
    } else {
        90
    }
}

fn replaced(typed: u8, meant: u8) -> u32 {
    if typed == meant {
        0
    } else if neighbours(typed, meant) {
        95
    } else {
        105
    }
}

/// Keys side by side on a keyboard, and vowels, which sound alike.
fn neighbours(a: u8, b: u8) -> bool {
    let vowel = |c| b"aeiouy".contains(&c);
    let beside = |row: &&[u8]| row.windows(2).any(|two| two == [a, b] || two == [b, a]);
    let rows: [&[u8]; 3] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];
    (vowel(a) && vowel(b)) || rows.iter().any(beside)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{Distances, Pattern, weighted};

    fn distances(pattern: &str, text: &str) -> Distances {
        Pattern::new(pattern.as_bytes()).distances(text.bytes())
    }

    /// The textbook table, to check the bit-parallel form against.
    fn by_table(a: &[u8], b: &[u8]) -> Distances {
        let mut rows = vec![vec![0u32; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                rows[i][j] = if i == 0 || j == 0 {
                    (i + j) as u32
                } else {
                    let change = rows[i - 1][j - 1] + u32::from(a[i - 1] != b[j - 1]);
                    let mut best = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        best = best.min(rows[i - 2][j - 2] + 1);
                    }
                    best
                };
            }
        }
        Distances {
            whole: rows[a.len()][b.len()],
            prefix: rows[a.len()].iter().copied().min().unwrap_or(0),
        }
    }

    #[test]
    fn a_transposition_is_one_edit() {
        assert_eq!(distances("stoo", "soto").whole, 1);
        assert_eq!(distances("rodrigez", "rodriguez").whole, 1);
    }

    #[test]
    fn a_prefix_is_compared_with_the_closest_beginning() {
        assert_eq!(distances("rodrg", "rodriguez").prefix, 1);
        assert_eq!(distances("rodr", "rodriguez").prefix, 0);
    }

    #[test]
    fn the_likelier_mistake_costs_less() {
        let cost = |typed: &str, meant: &str| weighted(typed.as_bytes(), meant.as_bytes()).whole;
        assert_eq!(cost("soto", "soto"), 0);
        assert!(cost("stoo", "soto") < cost("sota", "soto"));
        assert!(cost("rodrigez", "rodriguez") < cost("rodrigez", "rodrigeq"));
        assert!(cost("mars", "mard") < cost("marl", "mard"));
    }

    proptest! {
        #[test]
        fn weights_stay_near_a_hundred_an_edit(a in "[abc]{0,20}", b in "[abc]{0,20}") {
            let edits = distances(&a, &b);
            let costs = weighted(a.as_bytes(), b.as_bytes());
            assert!((edits.whole * 80..=edits.whole * 105).contains(&costs.whole));
            assert!((edits.prefix * 80..=edits.prefix * 105).contains(&costs.prefix));
        }

        #[test]
        fn agrees_with_the_table(a in "[abc]{0,20}", b in "[abc]{0,20}") {
            assert_eq!(distances(&a, &b), by_table(a.as_bytes(), b.as_bytes()));
        }

        #[test]
        fn takes_any_bytes(a in any::<Vec<u8>>(), b in any::<Vec<u8>>()) {
            let _ = Pattern::new(&a).distances(b.iter().copied());
        }
    }
}
