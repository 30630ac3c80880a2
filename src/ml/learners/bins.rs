//! Feature values as small integers: bin 0 is missing, the others are ranges
//! between quantiles.

/// Bins of present values per feature.
const BINS: usize = 63;

/// Histogram cells per feature, bin 0 included.
pub(crate) const CELLS: usize = BINS + 1;

/// Increasing edges of every feature; a value's bin is one plus the number of
/// edges it reaches.
#[derive(Clone, Debug)]
pub(crate) struct Edges(Vec<Vec<f32>>);

impl Edges {
    /// Edges at quantiles of the present values of every column.
    pub(crate) fn fit(columns: &[Vec<f32>]) -> Self {
        Self(columns.iter().map(|c| edges_of(c)).collect())
    }

    /// Lower end of the values right of a split after bin `bin`.
    pub(crate) fn threshold(&self, feature: usize, bin: usize) -> f32 {
        self.0[feature][bin - 1]
    }

    /// Number of edges of a feature.
    pub(crate) fn count(&self, feature: usize) -> usize {
        self.0[feature].len()
    }

    /// A column as bins.
    pub(crate) fn bin(&self, feature: usize, column: &[f32]) -> Vec<u8> {
        let edges = &self.0[feature];
        let bin = |&v: &f32| {
            if v.is_nan() {
                0
            } else {
                1 + edges.partition_point(|&e| e <= v)
            }
        };
        column.iter().map(|v| bin(v) as u8).collect()
    }
}

fn edges_of(column: &[f32]) -> Vec<f32> {
    let mut sorted: Vec<f32> = column.iter().copied().filter(|v| v.is_finite()).collect();
    sorted.sort_by(f32::total_cmp);
    let Some(&lowest) = sorted.first() else {
        return Vec::new();
    };
    let mut edges: Vec<f32> = (1..BINS)
        .map(|k| sorted[k * sorted.len() / BINS])
        .filter(|&edge| edge > lowest)
        .collect();
    edges.dedup();
    edges
}

#[cfg(test)]
mod tests {
    use super::Edges;

    #[test]
    fn bins_agree_with_thresholds_and_zero_is_missing() {
        let column: Vec<f32> = (0..500).map(|i| (i % 97) as f32).collect();
        let edges = Edges::fit(std::slice::from_ref(&column));
        let bins = edges.bin(0, &column);
        for bin in 1..=edges.count(0) {
            let threshold = edges.threshold(0, bin);
            for (v, &b) in column.iter().zip(&bins) {
                assert_eq!(*v >= threshold, usize::from(b) > bin);
            }
        }
        assert_eq!(edges.bin(0, &[f32::NAN]), vec![0]);
    }
}
