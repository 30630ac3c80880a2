//! Who is a late bloomer.

/// Youngest age of a late bloomer, in years on 1 July.
pub const MIN_AGE: f32 = 24.0;
/// Least rise of the skills together, in log-odds: odds times one and a half.
pub const MIN_RISE: f64 = 0.405_465_108_108_164_4;
/// True when a player of that age and rise is a late bloomer; playing time and
/// lists are looked at before.
pub fn meets(age: Option<f32>, rise: f64) -> bool {
    age.is_some_and(|age| age >= MIN_AGE) && rise >= MIN_RISE
}

#[cfg(test)]
mod tests {
    use super::{MIN_AGE, MIN_RISE, meets};

    #[test]
    fn the_definition_holds_at_its_edges() {
        assert!(meets(Some(MIN_AGE), MIN_RISE));
        assert!(!meets(Some(MIN_AGE - 0.01), MIN_RISE));
        assert!(!meets(Some(MIN_AGE), MIN_RISE - 1e-9));
        assert!(!meets(None, 3.0), "an unknown age is not an old one");
        assert!((MIN_RISE.exp() - 1.5).abs() < 1e-12);
    }
}
