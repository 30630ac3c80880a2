//! Which file uses which, and the circles in that.
//!
//! A name is followed through the facades that pass it on (`pub use`) to the file
//! that defines it: a facade is not used by those who only reach through it. Code
//! of tests is left out; a test may look at anything beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::lexer::{Token, tokens};

/// How many facades a name may pass before it is given up: more is a circle of `pub use`.
const FACADES: usize = 16;

/// One file's use of another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    /// The file that uses, relative to `src/`.
    pub(crate) from: PathBuf,
    /// The file that is used.
    pub(crate) to: PathBuf,
    /// Line of the first use.
    pub(crate) line: usize,
    /// The name as written there.
    pub(crate) name: String,
    /// The type used, where one is.
    pub(crate) used_type: Option<String>,
}

/// Every circle of files, as the edges that make it; `files` are paths relative to
/// `src/` with their source.
pub(crate) fn cycles(files: &[(PathBuf, String)]) -> Vec<Vec<Edge>> {
    circles(&edges(files))
}

/// Names of types that other top modules use and that more than one file declares:
/// name and files.
pub(crate) fn declared_twice(files: &[(PathBuf, String)]) -> Vec<(String, BTreeSet<PathBuf>)> {
    let modules = Modules::of(files);
    let mut homes: BTreeMap<String, BTreeSet<PathBuf>> = BTreeMap::new();
    for used in modules.0.values().flat_map(|module| modules.uses(module)) {
        let crosses = used.from.iter().next() != used.to.iter().next();
        if let Some(name) = used.used_type.filter(|_| crosses) {
            homes.entry(name).or_default().insert(used.to);
        }
    }
    homes.retain(|_, files| files.len() > 1);
    homes.into_iter().collect()
}

fn edges(files: &[(PathBuf, String)]) -> Vec<Edge> {
    let modules = Modules::of(files);
    let mut found: BTreeMap<(PathBuf, PathBuf), Edge> = BTreeMap::new();
    for used in modules.0.values().flat_map(|module| modules.uses(module)) {
        found
            .entry((used.from.clone(), used.to.clone()))
            .or_insert(used);
    }
    found.into_values().collect()
}

/// Groups of files that reach each other, by the edges inside each group.
fn circles(edges: &[Edge]) -> Vec<Vec<Edge>> {
    let mut next: BTreeMap<&Path, Vec<&Path>> = BTreeMap::new();
    for edge in edges {
        next.entry(&edge.from).or_default().push(&edge.to);
    }
    let reach: BTreeMap<&Path, BTreeSet<&Path>> = next
        .keys()
        .map(|&file| (file, reachable(&next, file)))
        .collect();
    let mutual = |a: &Path, b: &Path| {
        let reaches = |from: &Path, to: &Path| reach.get(from).is_some_and(|set| set.contains(to));
        reaches(a, b) && reaches(b, a)
    };
    let mut done: BTreeSet<&Path> = BTreeSet::new();
    let mut found = Vec::new();
    for &file in next.keys() {
        if done.contains(file) || !mutual(file, file) {
            continue;
        }
        let inside = |edge: &&Edge| mutual(file, &edge.from) && mutual(file, &edge.to);
        let circle: Vec<Edge> = edges.iter().filter(inside).cloned().collect();
        done.extend(next.keys().filter(|other| mutual(file, other)));
        found.push(circle);
    }
    found
}

fn reachable<'a>(next: &BTreeMap<&'a Path, Vec<&'a Path>>, from: &Path) -> BTreeSet<&'a Path> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&Path> = next.get(from).cloned().unwrap_or_default();
    while let Some(file) = open.pop() {
        if seen.insert(file) {
            open.extend(next.get(file).into_iter().flatten());
        }
    }
    seen
}

type ModulePath = Vec<String>;

/// What one file says: the modules under it, the names it makes or passes on, the
/// paths it uses.
#[derive(Default)]
struct Module {
    file: PathBuf,
    path: ModulePath,
    children: BTreeSet<String>,
    items: BTreeSet<String>,
    types: BTreeSet<String>,
    imports: Vec<Import>,
    /// Paths in the code, outside of imports.
    paths: Vec<(ModulePath, usize)>,
    /// Single names in the code, with their first lines.
    names: BTreeMap<String, usize>,
}

struct Import {
    path: ModulePath,
    alias: String,
    line: usize,
    /// Passed on to others by `pub use`.
    passed: bool,
    /// Written at the top of the file, so that modules inside see it.
    top: bool,
}

enum Target<'a> {
    /// The name of something, and the file that defines it.
    Item(&'a Module, String),
    Module,
}

struct Modules(BTreeMap<ModulePath, Module>);

impl Modules {
    fn of(files: &[(PathBuf, String)]) -> Self {
        let mut all: BTreeMap<ModulePath, Module> = files
            .iter()
            .map(|(file, source)| Module::read(file, source))
            .map(|module| (module.path.clone(), module))
            .collect();
        // A file that only tests declare is part of the tests.
        while let Some(orphan) = all.values().find(|module| is_orphan(&all, module)) {
            let path = orphan.path.clone();
            all.remove(&path);
        }
        Self(all)
    }

    fn uses(&self, module: &Module) -> Vec<Edge> {
        let mut found = Vec::new();
        let mut add = |target: Option<Target<'_>>, line: usize, path: &[String]| {
            if let Some(Target::Item(used, name)) = target
                && used.file != module.file
            {
                found.push(Edge {
                    from: module.file.clone(),
                    to: used.file.clone(),
                    line,
                    name: path.join("::"),
                    used_type: used.types.contains(&name).then_some(name),
                });
            }
        };
        for import in &module.imports {
            let line = match module.names.get(&import.alias) {
                Some(line) => *line,
                None if import.passed => continue,
                None => import.line,
            };
            add(self.rooted(module, &import.path), line, &import.path);
        }
        for (path, line) in &module.paths {
            add(self.rooted(module, path), *line, path);
        }
        found
    }

    /// What a path written in `module` names; `None` for other crates and local names.
    fn rooted<'a>(&'a self, module: &'a Module, path: &[String]) -> Option<Target<'a>> {
        self.follow(module, path, FACADES)
    }

    fn follow<'a>(
        &'a self,
        module: &'a Module,
        path: &[String],
        facades: usize,
    ) -> Option<Target<'a>> {
        let facades = facades.checked_sub(1)?;
        let first = path.first()?.as_str();
        let mut base = match first {
            "crate" => Vec::new(),
            "self" | "super" => module.path.clone(),
            name if module.children.contains(name) => {
                return self.walk(module, path, facades);
            }
            name => {
                let import = module.imports.iter().find(|import| import.alias == name)?;
                if import.path.first().is_some_and(|head| head == name) {
                    return None; // `use serde::x as serde` and the like: another crate
                }
                let whole: Vec<String> = import.path.iter().chain(&path[1..]).cloned().collect();
                return self.follow(module, &whole, facades);
            }
        };
        let mut rest = path;
        while let Some(head) = rest.first().filter(|head| is_root(head)) {
            if head == "super" {
                base.pop();
            }
            rest = &rest[1..];
        }
        self.walk(self.0.get(&base)?, rest, facades)
    }

    fn walk<'a>(
        &'a self,
        mut module: &'a Module,
        path: &[String],
        facades: usize,
    ) -> Option<Target<'a>> {
        for (at, name) in path.iter().enumerate() {
            let last = at + 1 == path.len();
            let child = || {
                let path: ModulePath = module.path.iter().chain([name]).cloned().collect();
                self.0.get(&path).filter(|_| module.children.contains(name))
            };
            if last && module.items.contains(name) {
                return Some(Target::Item(module, name.clone()));
            }
            if let Some(inner) = child() {
                module = inner;
                continue;
            }
            if module.items.contains(name) {
                return Some(Target::Item(module, name.clone()));
            }
            let passed = |import: &&Import| import.top && import.alias == *name;
            if let Some(import) = module.imports.iter().find(passed) {
                let whole: Vec<String> =
                    import.path.iter().chain(&path[at + 1..]).cloned().collect();
                return self.follow(module, &whole, facades);
            }
            // Made by a macro, or a name of another crate passed on: the file has it.
            return Some(Target::Item(module, name.clone()));
        }
        Some(Target::Module)
    }
}

fn is_root(name: &str) -> bool {
    matches!(name, "crate" | "self" | "super")
}

fn is_orphan(all: &BTreeMap<ModulePath, Module>, module: &Module) -> bool {
    let Some((name, parent)) = module.path.split_last() else {
        return false;
    };
    !all.get(parent)
        .is_some_and(|parent| parent.children.contains(name))
}

impl Module {
    fn read(file: &Path, source: &str) -> Self {
        let mut path = super::module_path(file);
        if path == ["lib"] {
            path.clear();
        }
        let mut module = Self {
            file: file.to_owned(),
            path,
            ..Self::default()
        };
        let tokens = without_tests(tokens(source));
        let mut depth = 0_usize;
        let mut at = 0;
        while at < tokens.len() {
            match tokens[at].text.as_str() {
                "{" | "(" | "[" => depth += 1,
                "}" | ")" | "]" => depth = depth.saturating_sub(1),
                // `+ use<'a>` in a type is no import.
                "use" if tokens.get(at + 1).is_some_and(|next| next.text != "<") => {
                    at = module.import(&tokens, at, depth == 0);
                    continue;
                }
                _ if depth == 0 => module.item(&tokens, at),
                _ => {}
            }
            at = module.path_or_name(&tokens, at);
        }
        module
    }

    /// Notes the item or file module declared at `at`, if one is.
    fn item(&mut self, tokens: &[Token], at: usize) {
        let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
        let name = text(at + 1);
        match text(at) {
            "mod" if text(at + 2) == ";" => {
                self.children.insert(name.to_owned());
            }
            "struct" | "enum" | "trait" | "union" | "type" => {
                self.items.insert(name.to_owned());
                self.types.insert(name.to_owned());
            }
            "const" | "static" | "fn" | "mod" => {
                self.items.insert(name.to_owned());
            }
            "macro_rules" => {
                self.items.insert(text(at + 2).to_owned());
            }
            _ => {}
        }
    }

    /// Notes the path or name at `at`; returns where reading goes on.
    fn path_or_name(&mut self, tokens: &[Token], at: usize) -> usize {
        let token = &tokens[at];
        let before = at.checked_sub(1).map_or("", |at| tokens[at].text.as_str());
        if !token.is_identifier() || matches!(before, "." | "::") {
            return at + 1;
        }
        let mut path = vec![token.text.clone()];
        let mut next = at + 1;
        while tokens.get(next).is_some_and(|token| token.text == "::")
            && tokens.get(next + 1).is_some_and(Token::is_identifier)
        {
            path.push(tokens[next + 1].text.clone());
            next += 2;
        }
        if path.len() > 1 {
            self.paths.push((path, token.line));
        }
        self.names.entry(token.text.clone()).or_insert(token.line);
        next
    }

    /// Notes the names a `use` at `at` brings; returns where reading goes on.
    fn import(&mut self, tokens: &[Token], at: usize, top: bool) -> usize {
        let end = (at..tokens.len())
            .find(|&end| tokens[end].text == ";")
            .unwrap_or(tokens.len());
        // `pub use` and `pub(super) use`.
        let passed = at > 0 && matches!(tokens[at - 1].text.as_str(), "pub" | ")");
        let mut flat = Vec::new();
        flatten(&tokens[at + 1..end], &[], &mut flat);
        for (path, alias) in flat {
            self.imports.push(Import {
                path,
                alias,
                line: tokens[at].line,
                passed,
                top,
            });
        }
        end + 1
    }
}

/// Every path of a `use` tree with the name it gets.
fn flatten(tree: &[Token], prefix: &[String], flat: &mut Vec<(ModulePath, String)>) {
    let mut path = prefix.to_vec();
    let mut at = 0;
    while at < tree.len() {
        match tree[at].text.as_str() {
            "::" => {}
            "{" => {
                for branch in branches(&tree[at + 1..tree.len() - 1]) {
                    flatten(branch, &path, flat);
                }
                return;
            }
            "as" => {
                let alias = tree.get(at + 1).map_or("_", |token| token.text.as_str());
                flat.push((path, alias.to_owned()));
                return;
            }
            "self" if !prefix.is_empty() => {}
            name => path.push(name.to_owned()),
        }
        at += 1;
    }
    if let Some(alias) = path.last().cloned() {
        flat.push((path, alias));
    }
}

/// The parts of a group, divided at its own commas.
fn branches(group: &[Token]) -> Vec<&[Token]> {
    let (mut depth, mut start, mut found) = (0_usize, 0, Vec::new());
    for (at, token) in group.iter().enumerate() {
        match token.text.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            "," if depth == 0 => {
                found.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&group[start..]);
    found.retain(|branch| !branch.is_empty());
    found
}

/// The tokens of a file without what stands under `#[cfg(test)]`.
fn without_tests(tokens: Vec<Token>) -> Vec<Token> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let marked = |at: usize| {
        MARK.iter()
            .enumerate()
            .all(|(offset, text)| tokens.get(at + offset).is_some_and(|t| t.text == *text))
    };
    let mut dropped = vec![false; tokens.len()];
    let mut at = 0;
    while at < tokens.len() {
        if !marked(at) {
            at += 1;
            continue;
        }
        let end = end_of_item(&tokens, at + MARK.len());
        dropped[at..end].fill(true);
        at = end;
    }
    let kept = tokens.into_iter().zip(dropped);
    kept.filter(|(_, dropped)| !dropped)
        .map(|(token, _)| token)
        .collect()
}

/// Index behind the item that starts at `at`: its `;`, or the end of its braces.
fn end_of_item(tokens: &[Token], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while at < tokens.len() {
        match tokens[at].text.as_str() {
            "{" | "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            "}" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{PathBuf, cycles, declared_twice};

    fn files(files: &[(&str, &str)]) -> Vec<(PathBuf, String)> {
        let owned = |(file, source): &(&str, &str)| (PathBuf::from(file), (*source).to_owned());
        files.iter().map(owned).collect()
    }

    fn circles(given: &[(&str, &str)]) -> Vec<Vec<String>> {
        let told = |circle: Vec<super::Edge>| {
            circle
                .iter()
                .map(|edge| format!("{}:{}", edge.from.display(), edge.line))
                .collect()
        };
        cycles(&files(given)).into_iter().map(told).collect()
    }

    #[test]
    fn two_files_that_use_each_other_are_a_circle() {
        let given = [
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::B;\npub struct A(B);"),
            ("b.rs", "\npub struct B; fn f() { super::a::A; }"),
        ];
        assert_eq!(circles(&given), [["a.rs:2", "b.rs:2"]]);
    }

    #[test]
    fn names_are_followed_through_facades() {
        let given = [
            ("lib.rs", "mod store;"),
            (
                "store/mod.rs",
                "mod read; mod tx; pub use read::Rows; pub use tx::Tx;",
            ),
            ("store/read.rs", "use super::Tx; pub struct Rows(Tx);"),
            ("store/tx.rs", "use super::Rows; pub struct Tx(Rows);"),
        ];
        assert_eq!(circles(&given), [["store/read.rs:1", "store/tx.rs:1"]]);
        let facade_only = [
            given[0],
            given[1],
            given[2],
            ("store/tx.rs", "pub struct Tx;"),
        ];
        assert_eq!(circles(&facade_only), [[""; 0]; 0]);
    }

    #[test]
    fn a_parent_that_calls_its_child_must_not_lend_to_it() {
        let given = [
            ("lib.rs", "mod cli;"),
            (
                "cli/mod.rs",
                "mod train;\npub struct Global;\nfn run() { train::run() }",
            ),
            ("cli/train.rs", "use super::{Global}; pub fn run() {}"),
        ];
        assert_eq!(circles(&given), [["cli/mod.rs:3", "cli/train.rs:1"]]);
    }

    #[test]
    fn tests_and_single_files_make_no_circle() {
        let given = [
            ("lib.rs", "mod a; mod b;"),
            (
                "a.rs",
                "pub struct A; #[cfg(test)] mod tests { use crate::b::B; }",
            ),
            (
                "b.rs",
                "use crate::a::A; pub struct B(A); impl B { fn f() -> impl Fn() + use<'_> {} }",
            ),
            ("c.rs", "use crate::b::B;"),
        ];
        assert_eq!(circles(&given), [[""; 0]; 0]);
    }

    #[test]
    fn a_name_for_two_types_is_found_where_both_cross() {
        let given = [
            ("lib.rs", "mod store; mod web; mod app;"),
            ("store.rs", "pub struct Plan;"),
            ("web.rs", "pub struct Plan; struct Private;"),
            (
                "app.rs",
                "use crate::{store, web::Plan};\nfn f(_: store::Plan) {} struct Private;",
            ),
        ];
        let found = declared_twice(&files(&given));
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["Plan"]);
    }
}
