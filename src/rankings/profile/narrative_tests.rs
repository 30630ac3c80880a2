//! Properties every narrative keeps, whatever the numbers.

use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};

use super::narrative::{FLOOR, Told, WhatIf};
use super::phrases::{Quotable, noun, spoken};
use crate::domain::{Code, Group, Level, Position, ProspectId, Role};
use crate::rankings::board::entry::{Facts, RATES, rate_labels};
use crate::rankings::views::{BoardRow, ExplanationView, FeatureView, GroupView};
use crate::rankings::wording::chance;

/// Numbers a narrative is told from.
#[derive(Clone, Debug)]
struct Case {
    shares: Vec<f64>,
    rates: [f32; RATES],
    averages: [f32; RATES],
    better_than: [Option<f32>; RATES],
    gap: f32,
    pitcher: bool,
    thin: bool,
    what_if: Option<f64>,
    time: u32,
}

fn number() -> impl Strategy<Value = f32> {
    prop_oneof![4 => 0.0_f32..0.6, 1 => Just(f32::NAN)]
}

fn cases() -> impl Strategy<Value = Case> {
    let rates = || prop::array::uniform5(number());
    let standing = prop::array::uniform5(prop::option::of(0.0_f32..=1.0));
    let shares = prop::collection::vec(-3.0..3.0_f64, Group::ALL.len());
    let numbers = (shares, rates(), rates(), standing, -4.0_f32..4.0);
    let kinds = (
        any::<bool>(),
        any::<bool>(),
        prop::option::of(0.001..0.999_f64),
        0_u32..700,
    );
    (numbers, kinds).prop_map(
        |((shares, rates, averages, better_than, gap), (pitcher, thin, what_if, time))| Case {
            shares,
            rates,
            averages,
            better_than,
            gap,
            pitcher,
            thin,
            what_if,
            time,
        },
    )
}

struct Built {
    facts: Facts,
    row: BoardRow,
    explanation: ExplanationView,
}

fn built(case: &Case) -> Built {
    let role = if case.pitcher {
        Role::Pitcher
    } else {
        Role::Hitter
    };
    let log_odds = -3.0 + case.shares.iter().sum::<f64>();
    let probability = 1.0 / (1.0 + (-log_odds).exp());
    let mut groups: Vec<GroupView> = Group::ALL
        .iter()
        .zip(&case.shares)
        .map(|(group, &log_odds)| GroupView {
            group: group.as_str(),
            log_odds,
            from: 0.0,
            to: 0.0,
        })
        .collect();
    groups.sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()));
    let feature = |name, group: Group, value: f32, log_odds| FeatureView {
        name,
        label: name,
        group: group.as_str(),
        unit: "",
        value: (!value.is_nan()).then_some(value),
        percentile: None,
        log_odds,
    };
    let features = vec![
        feature("age_vs_level", Group::AgeForLevel, case.gap, 0.1),
        feature("drafted", Group::Pedigree, 1.0, 0.2),
        feature("draft_pick", Group::Pedigree, 3.0, -0.1),
    ];
    let facts = Facts {
        id: ProspectId(1),
        name: "Ada Birch".into(),
        role,
        position: Some(Position::SS),
        level: Level::DoubleA,
        league: Code::default(),
        organisation: Code::default(),
        club: Code::default(),
        age: 20.3,
        playing_time: case.time,
        rates: case.rates,
        averages: case.averages,
    };
    let row = BoardRow {
        rank: 1,
        id: 1,
        name: facts.name.clone(),
        role: role.to_string(),
        position: None,
        level: "AA".into(),
        league: None,
        organisation: None,
        club: None,
        age: Some(20.3),
        playing_time: case.time,
        probability,
        lower: probability / 2.0,
        upper: (1.0 + probability) / 2.0,
        confidence: "low".into(),
        thin_data: case.thin,
        tier: 1,
        rank_change: None,
        two_way_note: None,
    };
    let explanation = ExplanationView {
        id: 1,
        season: 2024,
        role: role.to_string(),
        model: "m".into(),
        probability,
        lower: row.lower,
        upper: row.upper,
        confidence: "low".into(),
        log_odds,
        base_log_odds: -3.0,
        base_probability: 0.047,
        groups,
        features,
    };
    Built {
        facts,
        row,
        explanation,
    }
}

fn told(case: &Case, built: &Built) -> Vec<String> {
    let quotable = Quotable {
        facts: &built.facts,
        better_than: case.better_than,
    };
    let what_if = case.what_if.map(|probability| WhatIf {
        group: "Power",
        probability,
    });
    Told {
        row: &built.row,
        explanation: &built.explanation,
        quotable,
        what_if,
    }
    .sentences()
}

proptest! {
    #[test]
    fn three_or_four_sentences_of_words_and_known_numbers(case in cases()) {
        let sentences = told(&case, &built(&case));
        assert!((3..=4).contains(&sentences.len()));
        assert_eq!(sentences.len() == 3, case.thin || case.what_if.is_none());
        for sentence in &sentences {
            let lower = sentence.to_lowercase();
            assert!(!lower.contains("nan") && !lower.contains("missing") && !lower.contains("inf"), "{sentence}");
            assert!(sentence.ends_with('.') && !sentence.contains("  "), "{sentence}");
        }
    }

    #[test]
    fn sentences_keep_sign_order_and_floor(case in cases()) {
        let case = Case { thin: false, ..case };
        let built = built(&case);
        let sentences = told(&case, &built);
        let role = built.facts.role;
        let groups = &built.explanation.groups;
        let first = |sign: f64| groups.iter().filter(move |g| g.log_odds * sign >= FLOOR);
        let lifts: Vec<_> = first(1.0).take(2).collect();
        match lifts.first() {
            Some(group) => assert!(sentences[1].contains(&format!("is {}", noun(group.group, role))), "{}", sentences[1]),
            None => assert!(sentences[1].starts_with("Nothing")),
        }
        if let Some(next) = lifts.get(1) {
            assert!(sentences[1].contains(&format!("next comes {}", noun(next.group, role))), "{}", sentences[1]);
        }
        assert!(!sentences[1].contains("taking") && !sentences[2].contains("adding"));
        match first(-1.0).next() {
            Some(group) => assert!(sentences[2].contains(&format!("most is {}", noun(group.group, role)))),
            None => assert!(sentences[2].starts_with("Nothing")),
        }
        if let Some(group) = lifts.first() {
            let without = 1.0 / (1.0 + (group.log_odds - built.explanation.log_odds).exp());
            let worth = (built.explanation.probability - without) * 100.0;
            let said = if worth >= 0.995 { format!("adding {worth:.1} percentage") } else { "adding ".to_owned() };
            assert!(sentences[1].contains(&said), "{} {said}", sentences[1]);
        }
    }

    #[test]
    fn quoted_figures_are_the_rows_and_point_the_way_of_their_group(case in cases()) {
        let case = Case { thin: false, ..case };
        let built = built(&case);
        let text = told(&case, &built).join(" ");
        let role = built.facts.role;
        for (rate, (_, higher)) in rate_labels(role).into_iter().enumerate() {
            let phrase = spoken(role, rate, case.rates[rate]);
            let stem: String = phrase.chars().take_while(|c| !c.is_ascii_digit() && *c != '.').collect();
            if stem.is_empty() || !text.contains(&stem) {
                continue;
            }
            assert!(text.contains(&phrase), "{text}");
            let better = (case.rates[rate] > case.averages[rate]) == higher;
            let at = text.find(&phrase).expect("it is there");
            let holds_back = text.find("What holds him back").is_some_and(|start| at > start);
            assert_eq!(better, !holds_back, "{text}");
            if let Some(share) = case.better_than[rate] {
                assert_eq!(share >= 0.5, !holds_back, "{text}");
                assert!(text.contains(&format!("{:.0} % of {role}s", (share * 100.0).floor().clamp(1.0, 99.0))), "{text}");
            }
        }
        let (younger, older) = (text.contains("younger than"), text.contains("older than"));
        assert!(!(younger && case.gap >= 0.0 || older && case.gap <= 0.0), "{text}");
    }

    #[test]
    fn what_would_move_it_is_the_models_answer_and_never_a_fall(case in cases()) {
        let case = Case { thin: false, ..case };
        let built = built(&case);
        let last = told(&case, &built).pop().expect("a sentence");
        let logit = |p: f64| (p / (1.0 - p)).ln();
        let now = built.explanation.probability;
        match case.what_if {
            Some(answer) if logit(answer) - logit(now) >= FLOOR => {
                assert!(last.contains(&format!("would answer {} instead of {}", chance(answer), chance(now))));
            }
            Some(_) => assert!(last.starts_with("No single skill")),
            None => assert!(!last.contains("would"), "{last}"),
        }
    }

    #[test]
    fn thin_data_says_so_and_claims_no_figure(case in cases()) {
        let case = Case { thin: true, ..case };
        let text = told(&case, &built(&case)).join(" ");
        assert!(text.contains("rough guess") && !text.contains("better than") && !text.contains("would answer"), "{text}");
    }
}
