//! The walls between the modules, and the few habits that keep them standing.
//!
//! Inside one crate nothing but this test stops an import cycle. Every file
//! under `src/` is tokenised (comments and literals dropped), its `crate::` and
//! `super::` paths are resolved to top-level modules, and each is compared with
//! [`LAYERS`]. A new module fails until it is given a layer there.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "architecture/absences.rs"]
mod absences;
#[path = "architecture/asvs.rs"]
mod asvs;
#[path = "architecture/graph.rs"]
mod graph;
#[path = "architecture/lexer.rs"]
mod lexer;

use lexer::{Token, tokens};

/// Modules by layer, lowest first. A module may import only from lower layers;
/// the last layer composes the program, so its members may know each other.
const LAYERS: [&[&str]; 5] = [
    &["domain", "clock", "data_dir", "deflate", "secret"],
    &[
        "store", "search", "ml", "http", "mail", "objects", "jobs", "work", "simulate",
    ],
    &["ingest", "fantrax", "auth", "billing", "notify", "rankings"],
    &["pipeline", "web", "ops"],
    &["config", "app", "cli", "main", "lib"],
];

/// Each heavy dependency is named by one module, so an upgrade touches one folder.
const OWNED_CRATES: [(&str, &str); 15] = [
    ("redb", "store"),
    ("bincode", "store"),
    ("reqwest", "http"),
    ("tantivy", "search"),
    ("candle_core", "ml"),
    ("candle_nn", "ml"),
    ("lettre", "mail"),
    ("object_store", "objects"),
    ("aws_lc_rs", "secret"),
    ("argon2", "auth"),
    ("zxcvbn", "auth"),
    ("totp_rs", "auth"),
    ("qrcode", "auth"),
    ("jsonwebtoken", "auth"),
    ("zip", "auth"),
];

const VAGUE_NAMES: [&str; 8] = [
    "util", "utils", "common", "helper", "helpers", "manager", "managers", "misc",
];

/// Names that every module has by convention, used with the module before them.
const SHARED_NAMES: [&str; 3] = ["Config", "Error", "Result"];

/// Pages whose mentions of files must be true.
const PAGES: [&str; 2] = ["ARCHITECTURE.md", "README.md"];

const MAIN_MAX_LINES: usize = 50;

#[derive(Debug, PartialEq, Eq)]
struct Violation {
    file: PathBuf,
    line: usize,
    text: String,
    rule: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}: {}\n    {}",
            self.file.display(),
            self.line,
            self.rule,
            self.text
        )
    }
}

#[test]
fn every_source_file_respects_the_walls() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&root);
    assert!(
        files.len() > 5,
        "found only {} files under {}",
        files.len(),
        root.display()
    );
    let violations: Vec<Violation> = files
        .iter()
        .flat_map(|path| {
            let source = fs::read_to_string(path).expect("source file is readable UTF-8");
            check(
                path.strip_prefix(&root).expect("file lies under src"),
                &source,
            )
        })
        .collect();
    let report: Vec<String> = violations.iter().map(ToString::to_string).collect();
    assert!(
        report.is_empty(),
        "{} violations\n{}",
        report.len(),
        report.join("\n")
    );
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let found: Vec<String> = graph::cycles(&sources())
        .iter()
        .map(|circle| told(circle))
        .collect();
    assert!(
        found.is_empty(),
        "{} circles of files; move what they share to a file below both\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn a_type_used_by_other_modules_has_a_name_of_its_own() {
    let found: Vec<String> = graph::declared_twice(&sources())
        .into_iter()
        .filter(|(name, _)| !SHARED_NAMES.contains(&name.as_str()))
        .map(|(name, files)| format!("{name}: {files:?}"))
        .collect();
    assert!(
        found.is_empty(),
        "{} names stand for several types; say in the name which one it is\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn files_named_in_the_documents_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages: Vec<PathBuf> = PAGES.iter().map(|page| root.join(page)).collect();
    pages.extend(
        ["docs", "docs/security"]
            .iter()
            .flat_map(|dir| fs::read_dir(root.join(dir)).into_iter().flatten())
            .map(|page| page.expect("directory entry is readable").path()),
    );
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    let files: Vec<PathBuf> = rust_files(&root.join("src"));
    let missing: Vec<String> = pages
        .iter()
        .flat_map(|page| {
            let text = fs::read_to_string(page).expect("page is readable UTF-8");
            mentions(&text)
                .into_iter()
                .filter(|name| !is_there(root, &files, name))
                .map(|name| format!("{}: {name}", page.display()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(
        missing.is_empty(),
        "named and not there:\n{}",
        missing.join("\n")
    );
}

/// File names in backticks, `{a,b}` written out.
fn mentions(page: &str) -> Vec<String> {
    let is_file = |text: &&str| {
        text.ends_with(".rs")
            || ["src/", "tests/", "scripts/", "examples/"]
                .iter()
                .any(|dir| text.starts_with(dir))
    };
    let plain = |text: &&str| !text.contains(|c: char| c.is_whitespace() || "*<>:".contains(c));
    page.split('`')
        .skip(1)
        .step_by(2)
        .filter(is_file)
        .filter(plain)
        .flat_map(alternatives)
        .collect()
}

/// `a/{b,c}.rs` is `a/b.rs` and `a/c.rs`.
fn alternatives(name: &str) -> Vec<String> {
    let parts = name
        .split_once('{')
        .and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
    match parts {
        None => vec![name.to_owned()],
        Some((before, (names, after))) => names
            .split(',')
            .map(|name| format!("{before}{}{after}", name.trim()))
            .collect(),
    }
}

/// A path from the root or from `src/`, or the end of the path of a source file.
fn is_there(root: &Path, files: &[PathBuf], name: &str) -> bool {
    root.join(name).exists()
        || root.join("src").join(name).exists()
        || files.iter().any(|file| file.ends_with(name))
}

#[test]
fn mentions_of_files_are_found() {
    let page = "In `web/{edge,cache}.rs`, `cargo run`, `src/ml/` and `a b.rs` but not `x::y`.";
    assert_eq!(mentions(page), ["web/edge.rs", "web/cache.rs", "src/ml/"]);
}

/// Every file under `src/`, relative to it, with its source.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    rust_files(&root)
        .into_iter()
        .map(|path| {
            let source = fs::read_to_string(&path).expect("source file is readable UTF-8");
            let file = path.strip_prefix(&root).expect("file lies under src");
            (file.to_owned(), source)
        })
        .collect()
}

fn told(circle: &[graph::Edge]) -> String {
    let files: std::collections::BTreeSet<&PathBuf> =
        circle.iter().map(|edge| &edge.from).collect();
    let edges: Vec<String> = circle
        .iter()
        .map(|edge| {
            let (from, to) = (edge.from.display(), edge.to.display());
            format!("    {from}:{}: `{}` of {to}", edge.line, edge.name)
        })
        .collect();
    format!("{} files\n{}", files.len(), edges.join("\n"))
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).expect("source directory is readable") {
        let path = entry.expect("directory entry is readable").path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// All violations of one file; `file` is relative to `src/`.
fn check(file: &Path, source: &str) -> Vec<Violation> {
    let scan = Scan {
        file,
        source,
        module: module_path(file),
        tokens: tokens(source),
    };
    let mut found = scan.size_of_main();
    found.extend(scan.vague_names());
    found.extend(scan.owned_crates());
    found.extend(scan.imports());
    found
}

/// `ml/trees/mod.rs` and `ml/trees.rs` are both `["ml", "trees"]`.
fn module_path(file: &Path) -> Vec<String> {
    let mut path: Vec<String> = file
        .with_extension("")
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if path.last().is_some_and(|last| last == "mod") {
        path.pop();
    }
    path
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|members| members.contains(&module))
}

struct Scan<'a> {
    file: &'a Path,
    source: &'a str,
    module: Vec<String>,
    tokens: Vec<Token>,
}

impl Scan<'_> {
    fn violation(&self, line: usize, rule: impl Into<String>) -> Violation {
        let text = self
            .source
            .lines()
            .nth(line - 1)
            .unwrap_or_default()
            .trim()
            .to_owned();
        Violation {
            file: Path::new("src").join(self.file),
            line,
            text,
            rule: rule.into(),
        }
    }

    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.text.as_str())
    }

    fn size_of_main(&self) -> Vec<Violation> {
        let lines = self.source.lines().count();
        if self.file != Path::new("main.rs") || lines < MAIN_MAX_LINES {
            return Vec::new();
        }
        vec![self.violation(
            1,
            format!(
                "main.rs has {lines} lines; it only parses and dispatches (under {MAIN_MAX_LINES})"
            ),
        )]
    }

    fn vague_names(&self) -> Vec<Violation> {
        let rule = |name: &str| {
            format!("`{name}` says nothing about its contents; name the module for what it does")
        };
        let in_path = self
            .module
            .iter()
            .filter(|part| VAGUE_NAMES.contains(&part.as_str()));
        let mut found: Vec<Violation> = in_path.map(|part| self.violation(1, rule(part))).collect();
        for (at, token) in self.tokens.iter().enumerate() {
            if token.text == "mod" && VAGUE_NAMES.contains(&self.text(at + 1)) {
                found.push(self.violation(token.line, rule(self.text(at + 1))));
            }
        }
        found
    }

    fn owned_crates(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            let Some((name, owner)) = OWNED_CRATES.iter().find(|(name, _)| token.text == *name)
            else {
                continue;
            };
            if self.module[0] != *owner && self.is_crate_name(at) {
                found.push(self.violation(token.line, format!("only src/{owner} may name {name}")));
            }
        }
        found
    }

    /// Whether the identifier starts a path or is imported, rather than being
    /// a field, a variable or the tail of another path.
    fn is_crate_name(&self, at: usize) -> bool {
        let before = if at == 0 { "" } else { self.text(at - 1) };
        let leading_colons = before == "::" && (at < 2 || !self.tokens[at - 2].is_identifier());
        let starts_path = self.text(at + 1) == "::" && (before != "::" || leading_colons);
        let imported =
            before == "use" || (before == "crate" && at > 1 && self.text(at - 2) == "extern");
        starts_path || imported || leading_colons
    }

    fn imports(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        let mut inline = InlineModules::default();
        let mut at = 0;
        while at < self.tokens.len() {
            inline.step(self, at);
            let chained = at > 0 && self.text(at - 1) == "::";
            let rooted =
                matches!(self.text(at), "crate" | "super" | "self") && self.text(at + 1) == "::";
            if rooted && !chained {
                at = self.path(at, &inline.path, &mut found);
            } else {
                at += 1;
            }
        }
        found
    }

    /// Checks the path starting at `at`; returns where scanning goes on.
    fn path(&self, at: usize, inline: &[String], found: &mut Vec<Violation>) -> usize {
        let mut base: Vec<String> = if self.text(at) == "crate" {
            Vec::new()
        } else {
            self.module.iter().chain(inline).cloned().collect()
        };
        let mut next = at;
        while matches!(self.text(next), "crate" | "super" | "self") && self.text(next + 1) == "::" {
            if self.text(next) == "super" {
                base.pop();
            }
            next += 2;
        }
        let rootless = self.text(at) != "self" || base.is_empty();
        for target in self.heads(next) {
            let name = self.text(target);
            if name == "*" && rootless {
                found.push(self.violation(
                    self.tokens[target].line,
                    "import names, not everything (`*`)",
                ));
            } else if name != "*" {
                let module = base.first().map_or(name, String::as_str);
                found.extend(self.import(module, self.tokens[target].line));
            }
        }
        next
    }

    /// First segments after a path prefix: one, or those of a `{..}` group.
    fn heads(&self, at: usize) -> Vec<usize> {
        if self.text(at) != "{" {
            return vec![at];
        }
        let (mut depth, mut heads, mut next) = (0_usize, Vec::new(), at);
        while next < self.tokens.len() {
            match self.text(next) {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            let opens = next == at || (depth == 1 && self.text(next) == ",");
            if opens && !matches!(self.text(next + 1), "}" | "self") {
                heads.push(next + 1);
            }
            next += 1;
        }
        heads
    }

    fn import(&self, target: &str, line: usize) -> Option<Violation> {
        let own = self.module[0].as_str();
        if target == own {
            return None;
        }
        let rule = match (layer(own), layer(target)) {
            (None, _) => {
                format!("module `{own}` has no layer; give it one in tests/architecture.rs")
            }
            (_, None) => format!("`{target}` has no layer; give it one in tests/architecture.rs"),
            (Some(from), Some(to)) if to < from || from == LAYERS.len() - 1 => return None,
            (Some(from), Some(to)) if to == from => {
                format!("`{own}` and `{target}` share layer {from} and must not know each other")
            }
            (Some(from), Some(to)) => {
                format!("`{own}` (layer {from}) must not import `{target}` (layer {to})")
            }
        };
        Some(self.violation(line, rule))
    }
}

/// The `mod name { .. }` blocks around the current token.
#[derive(Default)]
struct InlineModules {
    path: Vec<String>,
    depth: usize,
    opened_at: Vec<usize>,
}

impl InlineModules {
    fn step(&mut self, scan: &Scan<'_>, at: usize) {
        match scan.text(at) {
            "{" => {
                self.depth += 1;
                if at > 1 && scan.text(at - 2) == "mod" {
                    self.path.push(scan.text(at - 1).to_owned());
                    self.opened_at.push(self.depth);
                }
            }
            "}" => {
                if self.opened_at.last() == Some(&self.depth) {
                    self.path.pop();
                    self.opened_at.pop();
                }
                self.depth = self.depth.saturating_sub(1);
            }
            _ => {}
        }
    }
}

fn rules(file: &str, source: &str) -> Vec<String> {
    check(Path::new(file), source)
        .into_iter()
        .map(|found| format!("{}: {}", found.line, found.rule))
        .collect()
}

fn assert_caught(file: &str, source: &str, line: usize, expected: &str) {
    let found = rules(file, source);
    assert!(
        found
            .iter()
            .any(|rule| rule.starts_with(&format!("{line}: ")) && rule.contains(expected)),
        "`{source}` in {file} should break {expected:?} on line {line}; found {found:?}"
    );
}

#[test]
fn upward_and_sideways_imports_are_caught() {
    assert_caught(
        "domain/mod.rs",
        "\nuse crate::store::Store;",
        2,
        "must not import `store`",
    );
    assert_caught("store/tx.rs", "use crate::ml;", 1, "share layer");
    assert_caught(
        "store/tx.rs",
        "use crate::{domain::Season,\n search::Index};",
        2,
        "share layer",
    );
    assert_caught(
        "web/mod.rs",
        "fn f() { crate::pipeline::run() }",
        1,
        "share layer",
    );
    assert_caught(
        "rankings/view.rs",
        "macro_rules! m { () => { $crate::web::x() } }",
        1,
        "must not import `web`",
    );
    assert_caught(
        "ml/mod.rs",
        "use crate::config::Config;",
        1,
        "must not import `config`",
    );
    assert_caught("ml/mod.rs", "use crate::novelty::X;", 1, "has no layer");
    assert_caught(
        "novelty.rs",
        "use crate::domain::Season;",
        1,
        "has no layer",
    );
}

#[test]
fn super_chains_are_resolved() {
    assert_caught(
        "ml/trees/grow.rs",
        "use super::super::super::store::Store;",
        1,
        "share layer",
    );
    assert_caught(
        "ml/mod.rs",
        "mod tests { use super::super::web::Page; }",
        1,
        "must not import `web`",
    );
    assert_caught(
        "ml/mod.rs",
        "mod a { fn b() {} }\nuse super::web::Page;",
        2,
        "must not import `web`",
    );
    assert_eq!(
        rules(
            "ml/trees/grow.rs",
            "use super::super::features::Row; use self::x::Y;"
        ),
        [""; 0]
    );
    assert_eq!(
        rules("ml/mod.rs", "mod tests { use super::store; }"),
        [""; 0]
    );
}

#[test]
fn allowed_imports_pass() {
    assert_eq!(
        rules(
            "web/api/mod.rs",
            "use crate::{domain::{Season, Role}, web::state::State, rankings};"
        ),
        [""; 0]
    );
    assert_eq!(
        rules("app.rs", "use crate::cli::Verb; use crate::web;"),
        [""; 0]
    );
    assert_eq!(
        rules(
            "ml/mod.rs",
            "pub(crate) fn f(); pub(in crate::ml) fn g(); use candle_core::Tensor;"
        ),
        [""; 0]
    );
}

#[test]
fn globs_are_caught() {
    assert_caught("ml/mod.rs", "use crate::*;", 1, "import names");
    assert_caught(
        "ml/mod.rs",
        "mod tests {\n use super::*;\n}",
        2,
        "import names",
    );
    assert_caught("ml/a/b.rs", "use super::super::*;", 1, "import names");
    assert_caught("ml/a/b.rs", "use super::{x, *};", 1, "import names");
    assert_eq!(rules("ml/mod.rs", "use Side::*;"), [""; 0]);
}

#[test]
fn heavy_dependencies_stay_with_their_owner() {
    assert_caught(
        "rankings/mod.rs",
        "use redb::Database;",
        1,
        "only src/store may name redb",
    );
    assert_caught(
        "rankings/mod.rs",
        "fn f() -> ::bincode::X {}",
        1,
        "only src/store may name bincode",
    );
    assert_caught(
        "store/mod.rs",
        "use {std::fs, tantivy::Index};",
        1,
        "only src/search may name tantivy",
    );
    assert_caught(
        "search/mod.rs",
        "extern crate candle_core;",
        1,
        "only src/ml may name candle_core",
    );
    assert_caught(
        "search/mod.rs",
        "use candle_nn as nn;",
        1,
        "only src/ml may name candle_nn",
    );
    assert_eq!(rules("store/mod.rs", "use redb::Database;"), [""; 0]);
    assert_eq!(
        rules("web/mod.rs", "let redb = state.redb; size(redb)"),
        [""; 0]
    );
}

#[test]
fn comments_and_literals_are_not_code() {
    let source = r##"
        //! use crate::web; redb::Database
        /* outer /* use super::*; */ crate::web::x */
        const A: &str = "use crate::web::x; \" redb::X";
        const B: &str = r#"crate::web::"y" redb::Z"#;
        const C: char = '"'; const D: char = '\''; fn f<'a>(x: &'a str) {}
        const E: &[u8] = b"crate::web::x";
    "##;
    assert_eq!(rules("domain/mod.rs", source), [""; 0]);
    assert_caught(
        "domain/mod.rs",
        &format!("{source}use crate::web;"),
        8,
        "must not import `web`",
    );
}

#[test]
fn vague_names_and_a_long_main_are_caught() {
    assert_caught("ml/util.rs", "", 1, "says nothing");
    assert_caught("ml/common/mod.rs", "", 1, "says nothing");
    assert_caught("ml/mod.rs", "\nmod helpers;", 2, "says nothing");
    assert_caught(
        "main.rs",
        &"\n".repeat(MAIN_MAX_LINES),
        1,
        "only parses and dispatches",
    );
    assert_eq!(rules("main.rs", "fn main() {}"), [""; 0]);
}
