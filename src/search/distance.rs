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

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{Distances, Pattern};

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

    proptest! {
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
