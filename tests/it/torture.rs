//! `afwd torture`: a look at every plan, and whether each finds a planted bug.

use std::path::Path;

use serde_json::Value;

use crate::support::program::{afwd, complained};
use crate::support::skip::{Lack, skipped};

fn torture(args: &[&str]) -> (bool, Value) {
    let output = afwd(Path::new("."))
        .args(["--json", "torture"])
        .args(args)
        .output()
        .expect("the program runs");
    let said = serde_json::from_slice(&output.stdout);
    let error = complained(&output);
    (
        output.status.success(),
        said.unwrap_or_else(|_| panic!("no JSON: {error}")),
    )
}

fn plans(said: &Value) -> &Vec<Value> {
    said["plans"].as_array().expect("plans")
}

#[test]
fn every_promise_holds() {
    let (success, said) = torture(&["--tiny"]);
    assert!(success, "{said:#}");
    for plan in plans(&said) {
        let name = plan["plan"].as_str().expect("a name");
        if plan["skipped"].is_string() {
            skipped(Lack::Mount, &format!("{name}: {}", plan["skipped"]));
        } else {
            assert!(plan["tried"].as_u64().expect("a number") > 0, "{plan:#}");
        }
    }
    assert_eq!(plans(&said).len(), 8);
}

#[test]
fn planted_bugs_are_found() {
    let (success, said) = torture(&["--self-test"]);
    assert!(success, "{said:#}");
    for plan in plans(&said) {
        let found = plan["broken"].as_array().is_some_and(|how| !how.is_empty());
        assert!(found || plan["skipped"].is_string(), "{plan:#}");
    }
}

#[test]
fn harm_is_only_done_in_an_empty_directory() {
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(dir.path().join("afwd.redb"), "precious").expect("a file");
    let output = afwd(dir.path())
        .args(["torture", "--only", "crash", "--dir"])
        .arg(dir.path())
        .output()
        .expect("the program runs");
    let said = complained(&output);
    assert!(
        !output.status.success() && said.contains("is not empty"),
        "{said}"
    );
    let kept = std::fs::read(dir.path().join("afwd.redb")).expect("the file");
    assert_eq!(kept, b"precious");
}
