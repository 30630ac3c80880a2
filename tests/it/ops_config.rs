//! Settings: where they come from, which wins, and what is refused.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use afwd::ingest::sources::{FANGRAPHS, MLB};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::program::afwd;

struct Shell(TempDir);

impl Shell {
    fn new() -> Self {
        Self(TempDir::new().expect("a directory"))
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(&path, text).expect("a file");
        path.display().to_string()
    }

    fn run(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
        let mut command = afwd(self.0.path());
        command.args(arguments);
        command.envs(variables.iter().copied());
        command.output().expect("the program runs")
    }

    /// Value and origin of a setting.
    fn shown(&self, variables: &[(&str, &str)], setting: &str) -> (String, String) {
        let output = self.run(variables, &["--json", "config", "show"]);
        assert!(output.status.success(), "{output:?}");
        let rows: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let mut rows = rows.as_array().expect("rows").iter();
        let row = rows
            .find(|row| row["setting"] == setting)
            .expect("the setting");
        let text = |name: &str| row[name].as_str().unwrap_or("-").to_owned();
        (text("value"), text("from"))
    }

    /// What is said when settings are refused.
    fn refused(&self, variables: &[(&str, &str)], arguments: &[&str]) -> String {
        let output = self.run(variables, arguments);
        assert!(!output.status.success(), "{output:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }
}

fn pair(value: &str, from: &str) -> (String, String) {
    (value.to_owned(), from.to_owned())
}

#[test]
fn a_variable_beats_its_file_which_beats_the_configuration_which_beats_the_default() {
    let shell = Shell::new();
    assert_eq!(shell.shown(&[], "contact"), pair("", "default"));
    shell.write(
        "afwd-data/afwd.toml",
        "contact = 'by file'\n[backup]\nkeep = 3\n",
    );
    let file = "./afwd-data/afwd.toml";
    assert_eq!(shell.shown(&[], "contact"), pair("by file", file));
    assert_eq!(shell.shown(&[], "backup-keep"), pair("3", file));
    let secret = shell.write("contact", "by named file\n");
    let named = ("AFWD_CONTACT_FILE", &*secret);
    let shown = shell.shown(&[named], "contact");
    assert_eq!(shown, pair("by named file", "AFWD_CONTACT_FILE"));
    let shown = shell.shown(&[("AFWD_CONTACT", "by variable")], "contact");
    assert_eq!(shown, pair("by variable", "AFWD_CONTACT"));
    let told = shell.refused(&[named, ("AFWD_CONTACT", "x")], &["config", "show"]);
    assert!(
        told.contains("AFWD_CONTACT and AFWD_CONTACT_FILE"),
        "{told}"
    );
    // Another file instead of the data directory's.
    let other = shell.write(
        "other.toml",
        "contact = 'by other file'\nfangraphs = true\n",
    );
    let given = ("AFWD_CONFIG", &*other);
    assert_eq!(
        shell.shown(&[given], "contact"),
        pair("by other file", &other)
    );
    assert_eq!(shell.shown(&[given], "fangraphs"), pair("true", &other));
    let off = [given, ("AFWD_FANGRAPHS", "false")];
    assert_eq!(
        shell.shown(&off, "fangraphs"),
        pair("false", "AFWD_FANGRAPHS")
    );
    // A flag beats them all: the address is refused as the flag's.
    let told = shell.refused(
        &[("AFWD_LISTEN", "127.0.0.1:1")],
        &["healthcheck", "--listen", "127.0.0.1:2"],
    );
    assert!(told.contains("127.0.0.1:2/"), "{told}");
}

#[test]
fn what_is_not_known_is_refused_with_what_may_be_meant() {
    let shell = Shell::new();
    let cases = [
        ("bakup-keep = 3", "`backup-keep`"),
        ("[backup]\nkeeep = 3", "`backup-keep`"),
        ("data = '/elsewhere'", "no setting `data`"),
        ("now = '2026-01-01T00:00:00Z'", "no setting `now`"),
        ("contact = 1979-05-27", "contact"),
        ("contact = [", "no TOML"),
        ("contact = 'a'\n\"con-tact\" = 'b'", "`contact`"),
    ];
    for (text, said) in cases {
        shell.write("afwd-data/afwd.toml", text);
        let told = shell.refused(&[], &["config", "check"]);
        assert!(
            told.contains(said) && told.contains("afwd.toml"),
            "{text}: {told}"
        );
    }
    shell.write("afwd-data/afwd.toml", "backup-keep = 'many'");
    let told = shell.refused(&[], &["serve"]);
    assert!(
        told.contains("the value comes from ./afwd-data/afwd.toml"),
        "{told}"
    );
    shell.write("afwd-data/afwd.toml", "");
    let told = shell.refused(&[("AFWD_BACKUP_KEPE", "3")], &["config", "check"]);
    assert!(told.contains("AFWD_BACKUP_KEEP"), "{told}");
    let told = shell.refused(&[("AFWD_TLS_CERT", "cert.pem")], &["config", "check"]);
    assert!(told.contains("--tls-key"), "{told}");
    assert!(shell.run(&[], &["config", "check"]).status.success());
}

#[test]
fn secrets_are_masked() {
    let shell = Shell::new();
    shell.write(
        "afwd-data/afwd.toml",
        "smtp-url = 'smtps://me:hush-1@mail'\n",
    );
    let secret = shell.write("s3", "hush-2");
    let variables = [
        ("AFWD_ADMIN_TOKEN", "hush-3"),
        ("AFWD_ALERT_WEBHOOK", "https://hooks.example/hush-4"),
        ("AFWD_ALERT_WEBHOOK_SECRET_FILE", &*secret),
        ("AFWD_S3_SECRET_ACCESS_KEY", "hush-5"),
    ];
    for arguments in [&["config", "show"][..], &["--json", "config", "show"]] {
        let output = shell.run(&variables, arguments);
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(!text.contains("hush"), "{text}");
        assert!(text.contains("********") && text.contains("AFWD_ALERT_WEBHOOK_SECRET_FILE"));
    }
}

#[test]
fn completions_and_health_checks_run_without_data() {
    let shell = Shell::new();
    for kind in ["bash", "zsh", "fish"] {
        let output = shell.run(&[], &["completions", kind]);
        assert!(output.status.success(), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stdout).contains("healthcheck"));
    }
    let told = shell.refused(&[], &["healthcheck", "--url", "http://127.0.0.1:1/readyz"]);
    assert!(told.contains("no server answers"), "{told}");
}

#[test]
fn the_operators_token_is_made_once_and_kept_to_its_owner() {
    let shell = Shell::new();
    let data = shell.0.path().join("data");
    let made = afwd::ops::token::ensure(&data).expect("a token");
    assert!(made.new && made.secret.len() == 64);
    let mode = fs::metadata(&made.path)
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let kept = afwd::ops::token::ensure(&data).expect("a token");
    assert!(!kept.new && kept.secret == made.secret);
    let shared = fs::Permissions::from_mode(0o644);
    fs::set_permissions(&made.path, shared).expect("permissions");
    assert!(
        afwd::ops::token::ensure(&data).is_err(),
        "others may read it"
    );
}

#[test]
fn the_sample_names_every_setting_and_is_the_one_that_ships() {
    let shell = Shell::new();
    let output = shell.run(&[], &["config", "sample"]);
    assert!(output.status.success(), "{output:?}");
    let sample = String::from_utf8(output.stdout).expect("text");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/deploy/afwd.toml");
    let shipped = fs::read_to_string(path).expect("the file");
    assert!(
        sample == shipped,
        "run `afwd config sample > scripts/deploy/afwd.toml`"
    );
    let rows = shell.run(&[], &["--json", "config", "show"]);
    let rows: Value = serde_json::from_slice(&rows.stdout).expect("JSON");
    for row in rows.as_array().expect("rows") {
        let setting = row["setting"].as_str().expect("a name");
        // Those that say where the file is can't be in it.
        if !["data", "config"].contains(&setting) {
            let line = format!("\n# {setting} = ");
            assert!(sample.contains(&line), "{setting}");
        }
    }
    // What has a default may be taken as it stands.
    let taken = sample.lines().filter_map(|line| line.strip_prefix("# "));
    let taken = taken.filter(|line| {
        let value = line.split_once(" = ").map_or("", |(_, value)| value);
        !value.is_empty() && !value.starts_with("\"<") && !is_placeholder(value)
    });
    let file: Vec<&str> = taken.collect();
    assert!(file.len() > 10, "{file:?}");
    shell.write("afwd-data/afwd.toml", &file.join("\n"));
    let checked = shell.run(&[], &["config", "check"]);
    assert!(checked.status.success(), "{checked:?}");
}

/// True for `"FILE"` and its like, which stand for a value.
fn is_placeholder(value: &str) -> bool {
    value
        .bytes()
        .all(|b| b.is_ascii_uppercase() || b"\"|_".contains(&b))
}

#[test]
fn help_shows_no_secret_of_a_file() {
    let shell = Shell::new();
    shell.write(
        "afwd-data/afwd.toml",
        "smtp-url = 'smtps://me:hush@mail'\ncontact = 'shown'\n",
    );
    let output = shell.run(&[], &["serve", "--help"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("shown") && !text.contains("hush"), "{text}");
}

#[test]
fn the_page_on_sources_tells_the_budgets_that_hold() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sources.md");
    let text = fs::read_to_string(path).expect("the file");
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let mlb = format!(
        "{},{:03} requests a day",
        MLB.per_day / 1000,
        MLB.per_day % 1000
    );
    let fangraphs = format!("{} requests a day", FANGRAPHS.per_day);
    for said in [mlb, fangraphs] {
        assert!(text.contains(&said), "{said}");
    }
}
