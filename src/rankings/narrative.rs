//! Three or four plain sentences out of an explanation. Each sentence says what
//! one number says: which way it moves the probability, by how much, and the
//! value it comes from; nothing else is claimed.

use super::view::{BoardRow, ExplanationView, FeatureView, GroupView};

/// The sentences for a player's board line and its explanation: the number, the
/// two groups of reasons that help most, the one that hurts most, how far to
/// rely on it.
pub(super) fn narrative(row: &BoardRow, explanation: &ExplanationView) -> Vec<String> {
    let helping = explanation
        .groups
        .iter()
        .filter(|group| group.log_odds > 0.0);
    let hurting = explanation.groups.iter().find(|group| group.log_odds < 0.0);
    let mut sentences = vec![opening(row, explanation)];
    let leads = ["What helps him most is", "Next comes"];
    sentences.extend(
        leads
            .iter()
            .zip(helping)
            .map(|(lead, group)| share(lead, group, explanation)),
    );
    sentences.extend(hurting.map(|group| share("What holds him back most is", group, explanation)));
    // Four sentences at most: the second reason gives way.
    if sentences.len() > 3 {
        sentences.remove(2);
    }
    sentences.push(reliance(row));
    sentences
}

fn opening(row: &BoardRow, explanation: &ExplanationView) -> String {
    let (shown, base) = (explanation.probability, explanation.base_probability);
    format!(
        "{} has a {} chance of success; the typical {} the model learnt from has {}.",
        row.name,
        percent(shown),
        explanation.role,
        percent(base)
    )
}

/// What a group does to the probability, and the known feature that does most of it.
fn share(lead: &str, group: &GroupView, explanation: &ExplanationView) -> String {
    let without = 1.0 / (1.0 + (-(explanation.log_odds - group.log_odds)).exp());
    let points = (explanation.probability - without) * 100.0;
    let direction = if points >= 0.0 { "adds" } else { "takes" };
    let mut members = explanation
        .features
        .iter()
        .filter(|feature| feature.group == group.group);
    let leading =
        members.find(|f| f.value.is_some() && (f.log_odds > 0.0) == (group.log_odds > 0.0));
    let detail = leading.map_or(String::new(), |feature| {
        format!(
            ", above all “{}”: {}{}",
            lower_first(feature.label),
            value(feature),
            standing(feature, &explanation.role)
        )
    });
    format!(
        "{lead} “{}”, which {direction} {:.1} percentage points{detail}.",
        lower_first(group.group),
        points.abs()
    )
}

fn value(feature: &FeatureView) -> String {
    let number = feature.value.unwrap_or(f32::NAN);
    let digits = if number.abs() < 1.0 { 3 } else { 1 };
    // A unit such as `0 to 1` is the scale, not part of a sentence.
    let unit = if feature.unit.starts_with('0') {
        ""
    } else {
        feature.unit
    };
    format!("{number:.digits$} {unit}").trim_end().to_owned()
}

fn standing(feature: &FeatureView, role: &str) -> String {
    let Some(percentile) = feature.percentile else {
        return String::new();
    };
    format!(
        ", more than {:.0} % of the {role}s on this board have",
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
    use crate::rankings::view::{ExplanationView, FeatureView, GroupView};

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
            let group = GroupView { group: "Contact", log_odds: part, from: 0.0, to: 0.0 };
            let feature = FeatureView {
                name: "k",
                label: "Strikeout rate",
                group: "Contact",
                unit: "per PA",
                value: Some(value),
                percentile: known.then_some(0.25),
                log_odds: part,
            };
            let explained = ExplanationView { features: vec![feature], ..explanation(log_odds) };
            let sentence = share("Lead", &group, &explained);
            assert_eq!(sentence.contains(" adds "), part >= 0.0, "{sentence}");
            assert_eq!(sentence.contains("more than 25 % of the hitters"), known);
            let without = 1.0 / (1.0 + (part - log_odds).exp());
            let points = (1.0 / (1.0 + (-log_odds).exp()) - without).abs() * 100.0;
            assert!(sentence.contains(&format!(" {points:.1} percentage points")), "{sentence}");
        }
    }
}
