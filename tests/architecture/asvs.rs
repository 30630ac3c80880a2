//! `docs/security/asvs.toml` claims nothing that is not there: every requirement of the
//! standard is in it once, and every test and page that it names exists.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use toml::{Table, Value};

use crate::lexer::{Token, tokens};
use crate::rust_files;

/// Requirements of OWASP ASVS 5.0.0 by chapter, at the levels 1, 2 and 3.
const STANDARD: [[usize; 3]; 17] = [
    [8, 19, 3],
    [4, 7, 2],
    [8, 11, 12],
    [2, 8, 6],
    [4, 5, 4],
    [13, 22, 12],
    [6, 12, 1],
    [4, 3, 6],
    [4, 3, 0],
    [5, 24, 7],
    [3, 11, 10],
    [3, 6, 3],
    [1, 12, 8],
    [2, 7, 4],
    [3, 10, 8],
    [0, 16, 1],
    [0, 7, 5],
];
/// Keys of an entry.
const KEYS: [&str; 7] = ["level", "about", "state", "test", "file", "reason", "note"];
const STATES: [&str; 3] = ["met", "not-applicable", "open"];
/// Most words that say what a requirement is about: its text is its authors'.
const MOST_WORDS: usize = 4;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn entries() -> Table {
    let path = root().join("docs/security/asvs.toml");
    let text = fs::read_to_string(path).expect("the list");
    text.parse().expect("the list is TOML")
}

/// Chapter, section and number of an id such as `6.2.1`.
fn place(id: &str) -> Option<[usize; 3]> {
    let parts: Option<Vec<usize>> = id.split('.').map(|part| part.parse().ok()).collect();
    parts?.try_into().ok()
}

fn level(entry: &Value) -> usize {
    let level = entry.get("level").and_then(Value::as_integer);
    level.and_then(|level| level.try_into().ok()).unwrap_or(0)
}

fn text<'e>(entry: &'e Value, key: &str) -> &'e str {
    entry.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// One text, or a list of them.
fn texts<'e>(entry: &'e Value, key: &str) -> Vec<&'e str> {
    match entry.get(key) {
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(one)) => vec![one],
        _ => Vec::new(),
    }
}

#[test]
fn every_requirement_of_the_standard_is_there_once() {
    let entries = entries();
    let mut counted = [[0; 3]; 17];
    let mut numbers: BTreeMap<(usize, usize), BTreeSet<usize>> = BTreeMap::new();
    for (id, entry) in &entries {
        let [chapter, section, number] = place(id).unwrap_or_else(|| panic!("`{id}` is no id"));
        let at = chapter.checked_sub(1).zip(level(entry).checked_sub(1));
        let count = at.and_then(|(chapter, level)| counted.get_mut(chapter)?.get_mut(level));
        *count.unwrap_or_else(|| panic!("{id}: no such chapter or level")) += 1;
        numbers
            .entry((chapter, section))
            .or_default()
            .insert(number);
    }
    assert_eq!(counted, STANDARD);
    assert_eq!(entries.len(), 345);
    // No section has a gap, so with the right number of them every id is there.
    for (section, numbers) in &numbers {
        let all: BTreeSet<usize> = (1..=numbers.len()).collect();
        assert_eq!(*numbers, all, "{section:?}");
    }
}

#[test]
fn every_state_has_what_it_needs() {
    let (tests, mut wrong) = (test_names(), Vec::new());
    for (id, entry) in &entries() {
        wrong.extend(
            faults(entry, &tests)
                .into_iter()
                .map(|fault| format!("{id}: {fault}")),
        );
    }
    assert!(
        wrong.is_empty(),
        "{} faults\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// What is wrong with an entry.
fn faults(entry: &Value, tests: &BTreeSet<String>) -> Vec<String> {
    let mut wrong = Vec::new();
    let keys = entry.as_table().into_iter().flat_map(Table::keys);
    wrong.extend(
        keys.filter(|key| !KEYS.contains(&key.as_str()))
            .map(|key| format!("`{key}`?")),
    );
    let words = text(entry, "about").split_whitespace().count();
    if !(1..=MOST_WORDS).contains(&words) {
        wrong.push(format!("`about` has 1 to {MOST_WORDS} words, not {words}"));
    }
    let (named, files) = (texts(entry, "test"), texts(entry, "file"));
    let (state, proved) = (text(entry, "state"), !named.is_empty() || !files.is_empty());
    match state {
        "met" if !proved => wrong.push("met by no test and no page".to_owned()),
        "not-applicable" | "open" if text(entry, "reason").len() < 10 => {
            wrong.push(format!("{state} without a reason"));
        }
        _ if !STATES.contains(&state) => wrong.push(format!("no state `{state}`")),
        _ => {}
    }
    let gone = named.iter().filter(|name| !tests.contains(**name));
    wrong.extend(gone.map(|name| format!("there is no test `{name}`")));
    let gone = files.iter().filter(|file| {
        let (path, heading) = file.split_once('#').unwrap_or((file, ""));
        let page = fs::read_to_string(root().join(path)).unwrap_or_default();
        page.is_empty() || !(heading.is_empty() || headings(&page).contains(heading))
    });
    wrong.extend(gone.map(|file| format!("there is no page `{file}`")));
    wrong
}

/// Headings of a page, as links name them.
fn headings(page: &str) -> BTreeSet<String> {
    let lines = page.lines().filter(|line| line.starts_with('#'));
    let named = lines.map(|line| {
        let words = line.trim_start_matches('#').trim().to_lowercase();
        let kept = words
            .chars()
            .filter(|c| c.is_alphanumeric() || " -".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    });
    named.collect()
}

/// Every function under `src/` and `tests/` that is run as a test.
fn test_names() -> BTreeSet<String> {
    let dirs = ["src", "tests"].map(|dir| root().join(dir));
    let files = dirs.iter().flat_map(|dir| rust_files(dir));
    let found: BTreeSet<String> = files
        .flat_map(|file| tests_of(&fs::read_to_string(file).expect("source is readable UTF-8")))
        .collect();
    assert!(found.len() > 700, "only {} tests", found.len());
    found
}

/// Functions after `#[test]` or `#[tokio::test]`, also with more attributes between.
fn tests_of(source: &str) -> Vec<String> {
    let tokens = tokens(source);
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.text == text);
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let plain = is(at, "test") && is(at.wrapping_sub(1), "[") && is(at + 1, "]");
        let tokio =
            is(at, "test") && is(at.wrapping_sub(1), "::") && is(at.wrapping_sub(2), "tokio");
        if plain || tokio {
            found.extend(function_after(&tokens[at + 1..]));
        }
    }
    found
}

/// The name of the function that these tokens come to before any other item.
fn function_after(tokens: &[Token]) -> Option<String> {
    let function = tokens.iter().position(|token| token.text == "fn")?;
    let before = &tokens[..function];
    let other = ["mod", "struct", "const", "use", "}", ";"];
    let direct = before
        .iter()
        .all(|token| !other.contains(&token.text.as_str()));
    let name = tokens.get(function + 1).filter(|_| direct)?;
    Some(name.text.clone())
}

#[test]
fn tests_are_found_by_their_attributes() {
    let source = r#"
        #[test] fn a() {}
        #[tokio::test(flavor = "multi_thread")]
        async fn b() {}
        proptest! { #[test] fn c(x in 0..1) {} }
        #[test]
        #[ignore = "slow"]
        fn d() {}
        fn e() { let test = [1]; }
        // #[test] fn f() {}
        #[cfg(test)] mod g { fn h() {} }
    "#;
    assert_eq!(tests_of(source), ["a", "b", "c", "d"]);
}

#[test]
fn what_claims_too_much_is_caught() {
    let tests = BTreeSet::from(["a_test".to_owned()]);
    let of = |entry: &str| {
        let entry: Table = entry.parse().expect("TOML");
        faults(&Value::Table(entry), &tests)
    };
    assert_eq!(of("about = 'x'\nstate = 'met'\ntest = 'a_test'"), [""; 0]);
    assert_eq!(
        of("about = 'x'\nstate = 'met'\nfile = 'docs/operating.md#serving'"),
        [""; 0]
    );
    for bad in [
        "about = 'x'\nstate = 'met'",
        "about = 'x'\nstate = 'met'\nreason = 'because it is'",
        "about = 'x'\nstate = 'met'\ntest = ['a_test', 'another']",
        "about = 'x'\nstate = 'met'\nfile = 'docs/none.md'",
        "about = 'x'\nstate = 'met'\nfile = 'docs/operating.md#cooking'",
        "about = 'x'\nstate = 'open'",
        "about = 'x'\nstate = 'planned'\nreason = 'because it is'",
        "about = 'one two three four five'\nstate = 'met'\ntest = 'a_test'",
        "state = 'met'\ntest = 'a_test'",
        "about = 'x'\nstate = 'met'\ntest = 'a_test'\ntets = 'a'",
    ] {
        assert_eq!(of(bad).len(), 1, "{bad}: {:?}", of(bad));
    }
}

/// The page beside the list has the same figures, and every one that is open at the
/// levels 1 and 2.
#[test]
fn the_page_tells_what_the_list_says() {
    let entries = entries();
    let page = fs::read_to_string(root().join("docs/security/README.md")).expect("the page");
    let mut told = String::new();
    for wanted in 1..=3 {
        let at_level = || entries.iter().filter(|(_, entry)| level(entry) == wanted);
        let counts = STATES.map(|state| {
            at_level()
                .filter(|(_, entry)| text(entry, "state") == state)
                .count()
        });
        let [met, aside, open] = counts;
        let line = format!(
            "| {wanted} | {} | {met} | {aside} | {open} |",
            at_level().count()
        );
        assert!(page.contains(&line), "the page should say {line}");
        let _ = writeln!(
            told,
            "level {wanted}: {met} met, {aside} not applicable, {open} open"
        );
    }
    println!("{told}");
    let (_, listed) = page
        .split_once("\n## What is open")
        .expect("a list of what is open");
    let listed = listed.split("\n## ").next().unwrap_or_default();
    let listed: BTreeSet<&str> = listed.split("**").skip(1).step_by(2).collect();
    let open = entries
        .iter()
        .filter(|(_, entry)| level(entry) < 3 && text(entry, "state") == "open");
    let open: BTreeSet<&str> = open.map(|(id, _)| id.as_str()).collect();
    let missing: Vec<_> = open.difference(&listed).collect();
    let extra: Vec<_> = listed.difference(&open).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "not listed: {missing:?}; listed: {extra:?}"
    );
}
