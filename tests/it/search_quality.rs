//! Search quality over an invented roster and invented misspellings of every
//! kind people make. `AFWD_SEARCH_NAMES=FILE` (one name a line, the most
//! relevant first) measures another roster and prints the table only;
//! `AFWD_SEARCH_PLAYERS` and `AFWD_SEARCH_SEED` vary the invented one.

mod misspell;
mod roster;

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use afwd::domain::ProspectId;
use afwd::domain::name::fold_name;
use afwd::search::{Entry, Hit, SearchIndex};

use misspell::{Class, Random};

const PLAYERS: usize = 45_000;
const QUERIES_PER_CLASS: usize = 300;
/// Seed of the asserted misspellings; AFWD_SEARCH_SEED draws others.
const TEST_SEED: u64 = 20_260_405;

#[derive(Default)]
struct Tally {
    queries: u32,
    first: u32,
    ten: u32,
    micros: Vec<f64>,
    missed: Vec<String>,
}

fn index(names: &[String]) -> SearchIndex {
    let index = SearchIndex::in_memory().expect("in memory");
    let count = names.len() as f32;
    let entries = names.iter().enumerate().map(|(i, name)| Entry {
        id: ProspectId(i as u32 + 1),
        name: name.clone(),
        weight: 1.0 - i as f32 / count,
        place: Default::default(),
    });
    index.rebuild(entries, 7).expect("rebuild");
    index
}

/// The folded name without its suffix: what counts as the same name.
fn same(name: &str) -> String {
    fold_name(name).words.join(" ")
}

/// What is written right for somebody: such a query is no misspelling of
/// anybody else's name.
struct RealNames {
    names: HashSet<String>,
    words: HashSet<String>,
}

impl RealNames {
    fn new(names: &[String]) -> Self {
        let names: HashSet<String> = names.iter().map(|name| same(name)).collect();
        let words = names.iter().flat_map(|name| name.split(' '));
        Self {
            words: words.map(str::to_owned).collect(),
            names,
        }
    }

    fn meant_otherwise(&self, class: Class, query: &str, name: &str) -> bool {
        let query = same(query);
        match class {
            Class::LastNameTypo => self.words.contains(&query),
            _ => query != same(name) && self.names.contains(&query),
        }
    }
}

fn measure(names: &[String], seed: u64) -> HashMap<Class, Tally> {
    let index = index(names);
    let mut random = Random::new(seed);
    let real = RealNames::new(names);
    let mut tallies: HashMap<Class, Tally> = HashMap::new();
    for class in Class::ALL {
        let tally = tallies.entry(class).or_default();
        while (tally.queries as usize) < QUERIES_PER_CLASS {
            let name = &names[random.below(names.len())];
            let Some(query) = class.misspell(name, &mut random) else {
                continue;
            };
            if real.meant_otherwise(class, &query, name) {
                continue;
            }
            let right = |hit: &str| class.same_target(&same(hit), &same(name));
            let (hits, micros) = timed(&index, &query);
            tally.micros.push(micros);
            tally.queries += 1;
            tally.first += u32::from(hits.first().is_some_and(|hit| right(&hit.name)));
            if hits.iter().any(|hit| right(&hit.name)) {
                tally.ten += 1;
            } else {
                tally.missed.push(format!("{query} ({name})"));
            }
        }
    }
    tallies
}

/// The least of five times, so that other programs do not count.
fn timed(index: &SearchIndex, query: &str) -> (Vec<Hit>, f64) {
    let mut least = f64::MAX;
    let mut hits = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        hits = index.search(query, 10).expect("search");
        least = least.min(start.elapsed().as_secs_f64() * 1e6);
    }
    (hits, least)
}

fn print(tallies: &HashMap<Class, Tally>) {
    for class in Class::ALL {
        let t = &tallies[&class];
        let share = |hits: u32| f64::from(hits) / f64::from(t.queries);
        let missed = &t.missed[..t.missed.len().min(4)];
        println!(
            "{:<24} @1 {:.3}  @10 {:.3}  {:>6.0} us  {missed:?}",
            format!("{class:?}"),
            share(t.first),
            share(t.ten),
            t.micros.iter().sum::<f64>() / t.micros.len() as f64,
        );
    }
    let mut micros: Vec<f64> = tallies.values().flat_map(|t| t.micros.clone()).collect();
    micros.sort_by(f64::total_cmp);
    let at = |share: f64| micros[(share * (micros.len() - 1) as f64) as usize];
    println!("p50 {:.0} us, p99 {:.0} us", at(0.5), at(0.99));
}

fn mean(tallies: &HashMap<Class, Tally>, hits: impl Fn(&Tally) -> u32) -> f64 {
    let shares = tallies
        .values()
        .map(|t| f64::from(hits(t)) / f64::from(t.queries));
    shares.sum::<f64>() / tallies.len() as f64
}

fn number<T: std::str::FromStr>(variable: &str) -> Option<T> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn finds_players_however_their_names_are_mangled() {
    let given = std::env::var("AFWD_SEARCH_NAMES").ok();
    let names = match &given {
        Some(file) => {
            let text = std::fs::read_to_string(file).expect("a readable list of names");
            text.lines().map(str::to_owned).collect()
        }
        None => roster::invented(number("AFWD_SEARCH_PLAYERS").unwrap_or(PLAYERS)),
    };
    let seed = std::env::var("AFWD_SEARCH_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let tallies = measure(&names, seed.unwrap_or(TEST_SEED));
    print(&tallies);
    let (first, ten) = (mean(&tallies, |t| t.first), mean(&tallies, |t| t.ten));
    println!("mean success@1 {first:.4}, success@10 {ten:.4}");
    if given.is_none() {
        assert!(first >= 0.97, "mean success@1 is {first:.4}");
        assert!(ten >= 0.99, "mean success@10 is {ten:.4}");
        for (class, tally) in &tallies {
            let share = f64::from(tally.ten) / f64::from(tally.queries);
            assert!(share >= 0.95, "{class:?}: success@10 is {share:.3}");
        }
    }
}
