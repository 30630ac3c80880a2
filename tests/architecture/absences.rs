//! What the program does without: read off its sources, since nothing that runs can show
//! that something is nowhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::lexer::tokens;
use crate::sources;

/// Algorithms that are out of date, by the names that crates give them.
const OUT_OF_DATE: [&str; 14] = [
    "Md4",
    "md4",
    "Md5",
    "md5",
    "Sha1",
    "sha1",
    "Des",
    "TripleDes",
    "TdesEde3",
    "Rc4",
    "rc4",
    "Blowfish",
    "ecb",
    "Ecb",
];
/// Names of algorithms of the cryptographic provider that are in use.
const PROVIDED: [&str; 3] = ["AES_256_GCM", "HMAC_SHA256", "SHA256"];
/// How their names begin, and those of others of the provider.
const FAMILIES: [&str; 11] = [
    "AES_", "HMAC_", "SHA1", "SHA2", "SHA3", "SHA5", "CHACHA", "RSA_", "ECDSA_", "PBKDF2_", "HKDF_",
];
/// Sources of numbers that can be guessed.
const GUESSABLE: [&str; 3] = ["fastrand", "rand", "oorandom"];
/// What makes markup or code of a text, or keeps something in the browser.
const OF_SCRIPTS: [&str; 14] = [
    "eval(",
    "new Function",
    "document.write",
    "insertAdjacentHTML",
    "outerHTML",
    "srcdoc",
    "localStorage",
    "sessionStorage",
    "indexedDB",
    "document.cookie",
    "postMessage",
    "\"message\"",
    "\"paste\"",
    "import(",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn table(path: &str) -> Table {
    read(path).parse().expect("the file is TOML")
}

/// Every file under `src/`, without its tests.
fn program() -> Vec<(PathBuf, String)> {
    let told = |source: String| source.split("#[cfg(test)]").next().map(str::to_owned);
    let files: Vec<_> = sources()
        .into_iter()
        .map(|(file, source)| (file, told(source).unwrap_or_default()))
        .collect();
    assert!(files.len() > 300, "only {} files", files.len());
    files
}

#[test]
fn unsafe_code_is_forbidden() {
    let lints = table("Cargo.toml");
    let level = lints["lints"]["rust"]["unsafe_code"].as_str();
    // Unlike `deny`, no file can allow it again.
    assert_eq!(level, Some("forbid"));
}

#[test]
fn no_other_program_is_started_but_by_torture() {
    let starting = program()
        .into_iter()
        .filter(|(_, source)| starts_programs(source));
    let starting: Vec<PathBuf> = starting.map(|(file, _)| file).collect();
    assert!(!starting.is_empty(), "torture kills processes of ours");
    let elsewhere = starting
        .iter()
        .find(|file| !file.starts_with("ops/torture"));
    assert_eq!(elsewhere, None);
    for one in [
        "use std::process::Command;",
        "use std::process::{self, Command as C};",
    ] {
        assert!(starts_programs(one), "{one}");
    }
    for none in [
        "use std::process::ExitCode;",
        "use clap::Command;",
        "// std::process::Command",
    ] {
        assert!(!starts_programs(none), "{none}");
    }
}

/// Whether a source names `process::Command`, alone or in a group.
fn starts_programs(source: &str) -> bool {
    let words: Vec<String> = tokens(source).into_iter().map(|token| token.text).collect();
    (0..words.len()).any(|at| {
        let named = words[at] == "process" && words.get(at + 1).is_some_and(|next| next == "::");
        let rest = words.get(at + 2..).unwrap_or_default();
        let group = rest.first().is_some_and(|first| first == "{");
        let within = rest.iter().take_while(|word| *word != "}" && *word != ";");
        let within = within.take(if group { usize::MAX } else { 1 });
        named && within.into_iter().any(|word| word == "Command")
    })
}

#[test]
fn only_approved_algorithms_are_named() {
    let mut used = BTreeSet::new();
    for (file, source) in program() {
        for token in tokens(&source) {
            let name = token.text.as_str();
            let at = format!("{}:{}: {name}", file.display(), token.line);
            assert!(!OUT_OF_DATE.contains(&name), "{at}");
            let provided = FAMILIES.iter().any(|family| name.starts_with(family));
            if provided
                && name
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || "_0123456789".contains(c))
            {
                assert!(PROVIDED.contains(&name), "{at}");
                used.insert(name.to_owned());
            }
        }
    }
    assert!(PROVIDED.iter().all(|name| used.contains(*name)), "{used:?}");
}

#[test]
fn nothing_secret_is_made_of_numbers_that_can_be_guessed() {
    let guessing = program().into_iter().filter(|(_, source)| {
        let names = tokens(source);
        names
            .iter()
            .any(|token| GUESSABLE.contains(&token.text.as_str()))
    });
    let mut guessing: Vec<PathBuf> = guessing.map(|(file, _)| file).collect();
    // The provider's own, which `secret` alone may name.
    guessing.retain(|file| file != Path::new("secret.rs"));
    assert!(!guessing.is_empty(), "torture chooses with a seed");
    let elsewhere = guessing
        .iter()
        .find(|file| !file.starts_with("ops/torture"));
    assert_eq!(elsewhere, None);
}

#[test]
fn scripts_make_no_markup_of_data_and_keep_nothing() {
    let dir = root().join("assets/js");
    let scripts = fs::read_dir(&dir).expect("scripts");
    let scripts: Vec<PathBuf> = scripts.map(|entry| entry.expect("a file").path()).collect();
    assert!(!scripts.is_empty());
    for script in &scripts {
        assert_eq!(unsafe_parts(&read(script)), [""; 0], "{}", script.display());
    }
    for bad in [
        "x.innerHTML = `<b>${name}</b>`;",
        "x.innerHTML = name;",
        "eval(text)",
        "localStorage.setItem('a', 'b')",
    ] {
        assert_eq!(unsafe_parts(bad).len(), 1, "{bad}");
    }
    assert_eq!(
        unsafe_parts("x.innerHTML = `<b>fixed</b>`; y.textContent = name;"),
        [""; 0]
    );
}

/// Parts of a script that no script of ours may have.
fn unsafe_parts(script: &str) -> Vec<String> {
    let named = OF_SCRIPTS.iter().filter(|part| script.contains(**part));
    let mut found: Vec<String> = named.map(|part| (*part).to_owned()).collect();
    for set in script.split("innerHTML").skip(1) {
        let value = set.trim_start().trim_start_matches(['+', '=']).trim_start();
        // A fixed text between backticks is no data.
        let fixed = value
            .strip_prefix('`')
            .and_then(|text| text.split('`').next());
        if fixed.is_none_or(|text| text.contains("${")) {
            found.push(format!(
                "innerHTML{}",
                set.lines().next().unwrap_or_default()
            ));
        }
    }
    found
}

#[test]
fn every_secret_is_typed_into_a_field_that_masks_it() {
    let mut fields = 0;
    for (file, source) in program() {
        for line in source.lines().filter(|line| line.contains("input ")) {
            let secret = ["password", "old", "token"]
                .iter()
                .any(|name| line.contains(&format!(" name=\"{name}\"")));
            if secret {
                assert!(
                    line.contains(" type=\"password\""),
                    "{}: {line}",
                    file.display()
                );
                fields += 1;
            }
        }
    }
    assert!(fields >= 4, "{fields}");
}

#[test]
fn every_dependency_is_of_the_public_registry_and_of_one_content() {
    let lock = table("Cargo.lock");
    let packages = lock["package"].as_array().expect("packages");
    let text = |package: &Value, key: &str| package.get(key)?.as_str().map(str::to_owned);
    let mut own = Vec::new();
    for package in packages {
        let name = text(package, "name").expect("a name");
        let Some(source) = text(package, "source") else {
            own.push(name);
            continue;
        };
        assert_eq!(
            source, "registry+https://github.com/rust-lang/crates.io-index",
            "{name}"
        );
        assert_eq!(
            text(package, "checksum").map(|sum| sum.len()),
            Some(64),
            "{name}"
        );
    }
    assert_eq!(own, ["afwd"], "everything else comes from the registry");
    let deny = table("deny.toml");
    for unknown in ["unknown-registry", "unknown-git"] {
        assert_eq!(deny["sources"][unknown].as_str(), Some("deny"));
    }
}

#[test]
fn the_image_holds_the_program_alone() {
    let file = read("Dockerfile");
    let (_, last) = file.rsplit_once("\nFROM ").expect("stages");
    let copied = last
        .lines()
        .filter(|line| line.starts_with("COPY") || line.starts_with("ADD"));
    let copied: Vec<&str> = copied
        .filter_map(|line| line.split(' ').next_back())
        .collect();
    assert_eq!(copied, ["/usr/local/bin/afwd", "/data"]);
    assert!(last.contains("\nUSER nonroot\n"));
    let left_out = read(".dockerignore");
    assert!(left_out.lines().any(|line| line == ".git"), "{left_out}");
}

#[test]
fn programs_send_the_documented_fields_and_no_other() {
    let read = program()
        .into_iter()
        .filter(|(file, _)| {
            ["web/api", "web/extract"]
                .iter()
                .any(|dir| file.starts_with(dir))
        })
        .flat_map(|(_, source)| read_types(&source));
    let read: Vec<(String, bool)> = read.collect();
    assert!(read.len() > 20, "only {} types are read", read.len());
    let lenient: Vec<&String> = read
        .iter()
        .filter(|(_, strict)| !strict)
        .map(|(name, _)| name)
        .collect();
    assert!(
        lenient.is_empty(),
        "they take fields that nobody documents: {lenient:?}"
    );
    let source = "#[derive(Deserialize)]\npub struct Any {}\n#[derive(Clone)]\nstruct None {}";
    assert_eq!(read_types(source), [("Any".to_owned(), false)]);
}

/// Types of a source that are read from a request, and whether each refuses what it does
/// not know.
fn read_types(source: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    // From each `derive` to the item it belongs to.
    for part in source.split("#[derive(").skip(1) {
        let (derived, rest) = part.split_once(")]").unwrap_or((part, ""));
        let (attributes, item) = rest.split_once("struct ").unwrap_or((rest, ""));
        if derived.contains("Deserialize") {
            let name = item.split(|c: char| !c.is_alphanumeric()).next();
            let strict = attributes.contains("deny_unknown_fields");
            found.push((name.unwrap_or_default().to_owned(), strict));
        }
    }
    found
}
