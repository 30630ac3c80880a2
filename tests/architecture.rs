//! The direction of imports, and who may name which dependency. The map is in
//! ARCHITECTURE.md; a failure names file, line and text.

use std::fs;
use std::path::{Path, PathBuf};

/// Lower layers first. A module imports from lower layers only; modules of one
/// layer never import each other, except at the top.
const LAYERS: &[&[&str]] = &[
    &["domain", "clock"],
    &["store", "search", "ml", "simulate"],
    &["ingest", "rankings"],
    &["pipeline", "web"],
    &["app", "cli", "main", "lib"],
];

/// A dependency and the only module that may name it.
const OWNED: &[(&str, &str)] = &[
    ("redb", "store"),
    ("bincode", "store"),
    ("tantivy", "search"),
    ("candle_core", "ml"),
    ("candle_nn", "ml"),
    ("axum", "web"),
    ("maud", "web"),
];

const BANNED_NAMES: &[&str] = &["util", "utils", "common", "helpers", "manager"];

#[test]
fn imports_go_down_the_layers() {
    let found: Vec<_> = sources()
        .iter()
        .flat_map(|file| violations(&file.module, &file.text).map_in(file))
        .collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_module_has_a_layer_and_an_honest_name() {
    for file in sources() {
        assert!(
            layer(&file.module).is_some(),
            "{}: module `{}` is in no layer",
            file.path.display(),
            file.module
        );
        let stem = file
            .path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        assert!(
            !BANNED_NAMES.contains(&stem),
            "{}: a name that says nothing",
            file.path.display()
        );
    }
}

#[test]
fn main_stays_a_dispatcher() {
    let main = fs::read_to_string(root().join("src/main.rs")).expect("src/main.rs");
    assert!(main.lines().count() < 50);
}

#[test]
fn the_rules_can_fail() {
    let cases = [
        ("store", "use crate::web::router;", "upward"),
        ("ml", "let x = crate::store::Store::open();", "sideways"),
        (
            "web",
            "use crate::{domain::Season, pipeline::train};",
            "sideways",
        ),
        ("rankings", "use redb::Database;", "redb"),
        ("web", "fn f() -> tantivy::Index {}", "tantivy"),
        ("store", "use crate::*;", "glob"),
        ("store", "use super::*;", "glob"),
    ];
    for (module, text, what) in cases {
        assert_eq!(violations(module, text).count(), 1, "{what}: {text}");
    }
    let fine = [
        ("web", "use crate::rankings::Board;"),
        ("web", "// use crate::pipeline::x"),
        ("ml", "/// unlike redb::Database"),
        ("cli", "use crate::app::serve;"),
        ("store", "use redb::Database;"),
        ("search", "let words = \"crate::web::router\";"),
    ];
    for (module, text) in fine {
        assert_eq!(violations(module, text).count(), 0, "{text}");
    }
}

struct Source {
    path: PathBuf,
    module: String,
    text: String,
}

trait MapIn {
    fn map_in(self, file: &Source) -> Vec<String>;
}

impl<I: Iterator<Item = (usize, String)>> MapIn for I {
    fn map_in(self, file: &Source) -> Vec<String> {
        self.map(|(line, text)| format!("{}:{line}: {text}", file.path.display()))
            .collect()
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut files = Vec::new();
    collect(&src, &mut files);
    assert!(files.len() > 20, "the sources were not found");
    files
        .into_iter()
        .map(|path| {
            let inner = path.strip_prefix(&src).expect("below src");
            let first = inner.components().next().expect("a name").as_os_str();
            let module = Path::new(first)
                .file_stem()
                .expect("a stem")
                .to_string_lossy()
                .into_owned();
            let text = fs::read_to_string(&path).expect("readable source");
            Source { module, text, path }
        })
        .collect()
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Line numbers and reasons of the rules that `text` in `module` breaks.
fn violations(module: &str, text: &str) -> impl Iterator<Item = (usize, String)> + use<> {
    let code = code_only(text);
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        for target in targets(&code[at + "crate::".len()..]) {
            if let Some(reason) = forbidden(module, &target) {
                found.push((line(&code, at), reason));
            }
        }
    }
    for (at, _) in code.match_indices("super::*") {
        found.push((line(&code, at), "glob import: name what is used".to_owned()));
    }
    for (dependency, owner) in OWNED {
        for (at, _) in code.match_indices(&format!("{dependency}::")) {
            let whole =
                !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
            let own = module == *owner || LAYERS[4].contains(&module) && *owner == "web";
            if whole && !own {
                found.push((
                    line(&code, at),
                    format!("only `{owner}` may name `{dependency}`"),
                ));
            }
        }
    }
    found.into_iter()
}

/// The first path segments after `crate::`, of a group too.
fn targets(rest: &str) -> Vec<String> {
    let name = |text: &str| {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '*')
            .collect()
    };
    let Some(group) = rest.strip_prefix('{') else {
        return vec![name(rest)];
    };
    let mut depth = 0;
    let mut targets = vec![name(group)];
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => targets.push(name(&group[at + 1..])),
            _ => {}
        }
    }
    targets.retain(|target| !target.is_empty());
    targets
}

fn forbidden(module: &str, target: &str) -> Option<String> {
    if target == "*" {
        return Some("glob import: name what is used".to_owned());
    }
    let (from, to) = (layer(module)?, layer(target)?);
    let fine = module == target || to < from || (to == from && from == LAYERS.len() - 1);
    (!fine).then(|| format!("`{module}` (layer {from}) must not import `{target}` (layer {to})"))
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

fn line(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

/// The text with comments and the insides of strings blanked out; lines stay.
fn code_only(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    for line in text.lines() {
        let mut quoted = false;
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\\' if quoted => drop(chars.next()),
                '"' => quoted = !quoted,
                '\'' if !quoted && chars.peek() == Some(&'"') => drop(chars.next()),
                '/' if !quoted && chars.peek() == Some(&'/') => break,
                _ if quoted => {}
                _ => code.push(c),
            }
        }
        code.push('\n');
    }
    code
}
