//! Three or four plain sentences out of an explanation. Each sentence says what
//! one number says: which way it moves the probability, by how much, and the
//! value it comes from; nothing else is claimed.

use super::view::{BoardRow, ExplanationView, FeatureView};

/// The sentences for a player's board line and its explanation.
pub(super) fn narrative(row: &BoardRow, explanation: &ExplanationView) -> Vec<String> {
    let mut sentences = vec![opening(row, explanation)];
    let known = |feature: &&FeatureView| feature.value.is_some();
    let strongest = |up: bool| {
        let points = |f: &&FeatureView| (f.log_odds > 0.0) == up && f.log_odds != 0.0;
        explanation.features.iter().filter(known).find(points)
    };
    let (best, worst) = (strongest(true), strongest(false));
    sentences.extend(best.map(|f| share("What helps him most is", f, explanation)));
    sentences.extend(worst.map(|f| share("What holds him back most is", f, explanation)));
    sentences.push(reliance(row));
    sentences
}

fn opening(row: &BoardRow, explanation: &ExplanationView) -> String {
    let (shown, base) = (explanation.probability, explanation.base_probability);
    let than = if shown >= base { "above" } else { "below" };
    format!(
        "{} has a {} chance of success, {than} the {} of the average {} in the model's training.",
        row.name,
        percent(shown),
        percent(base),
        explanation.role
    )
}

fn share(lead: &str, feature: &FeatureView, explanation: &ExplanationView) -> String {
    let without = 1.0 / (1.0 + (-(explanation.log_odds - feature.log_odds)).exp());
    let points = (explanation.probability - without) * 100.0;
    let direction = if points >= 0.0 { "adds" } else { "takes" };
    format!(
        "{lead} {} ({}{}): it {direction} {:.1} percentage points.",
        lower_first(&feature.label),
        value(feature),
        standing(feature, &explanation.role),
        points.abs()
    )
}

fn value(feature: &FeatureView) -> String {
    let number = feature.value.unwrap_or(f32::NAN);
    let digits = if number.abs() < 1.0 { 3 } else { 1 };
    format!("{number:.digits$} {}", feature.unit)
        .trim_end()
        .to_owned()
}

fn standing(feature: &FeatureView, role: &str) -> String {
    let Some(percentile) = feature.percentile else {
        return String::new();
    };
    format!(
        ", higher than {:.0} % of {role}s on the board",
        percentile * 100.0
    )
}

fn reliance(row: &BoardRow) -> String {
    let interval = format!("{} to {}", percent(row.lower), percent(row.upper));
    let data = if row.thin_data {
        "the season had too little playing time to evaluate"
    } else {
        "the season had enough playing time to evaluate"
    };
    format!(
        "The 80 % interval is {interval} and confidence is {}; {data}.",
        row.confidence
    )
}

fn percent(probability: f64) -> String {
    format!("{:.1} %", probability * 100.0)
}

/// `Strikeout rate` inside a sentence, but `ISO` and `K-BB` as they are.
fn lower_first(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => label.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::share;
    use crate::rankings::view::{ExplanationView, FeatureView};

    fn explanation(log_odds: f64) -> ExplanationView {
        ExplanationView {
            id: 1,
            season: 2024,
            role: "hitter".into(),
            model: "m".into(),
            probability: 1.0 / (1.0 + (-log_odds).exp()),
            lower: 0.0,
            upper: 1.0,
            confidence: "low".into(),
            log_odds,
            base_log_odds: 0.0,
            base_probability: 0.5,
            groups: Vec::new(),
            features: Vec::new(),
        }
    }

    proptest! {
        #[test]
        fn sign_and_numbers_are_those_of_the_share(log_odds in -5.0..5.0, part in -3.0..3.0, value in -2.0_f32..2.0, known in any::<bool>()) {
            let feature = FeatureView {
                name: "k".into(),
                label: "Strikeout rate".into(),
                group: "Contact".into(),
                unit: "per PA".into(),
                value: Some(value),
                percentile: known.then_some(0.25),
                log_odds: part,
            };
            let sentence = share("Lead", &feature, &explanation(log_odds));
            assert_eq!(sentence.contains(" adds "), part >= 0.0, "{sentence}");
            assert_eq!(sentence.contains("higher than 25 % of hitters"), known);
            let without = 1.0 / (1.0 + (part - log_odds).exp());
            let points = (1.0 / (1.0 + (-log_odds).exp()) - without).abs() * 100.0;
            assert!(sentence.contains(&format!(" {points:.1} percentage points")), "{sentence}");
        }
    }
}
