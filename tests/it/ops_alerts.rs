//! Alerts: told once, by webhook and mail, whatever happens to the messages.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use afwd::clock::SystemClock;
use afwd::domain::Severity;
use afwd::mail::{Letter, Mailer};
use afwd::ops::alerts::{Alerts, AlertsConfig, Change, MailSink, Message, Signals, Sink, Webhook};
use afwd::secret::Secret;
use afwd::work;
use aws_lc_rs::hmac;
use tempfile::TempDir;

use crate::support::program::afwd;
use crate::support::smtp::mail_server;
use crate::support::webhook::{Sent, webhook};

const PATIENCE: Duration = Duration::from_secs(60);
const SECRET: &str = "a secret of the webhook";

fn message(sent: &Sent) -> Message {
    serde_json::from_slice(&sent.body).expect("a message")
}

fn watch(data: &Path, url: &str, down: &Arc<AtomicBool>) -> Alerts {
    let sink = Webhook::new(
        Secret::new(url),
        Some(Secret::new(SECRET)),
        Arc::new(SystemClock),
    )
    .expect("a webhook");
    let config = AlertsConfig {
        data: data.to_owned(),
        sinks: vec![Box::new(sink)],
        every: Duration::from_millis(20),
        clock: Arc::new(SystemClock),
    };
    let down = Arc::clone(down);
    let look = move || Signals {
        store: down
            .load(Ordering::Relaxed)
            .then(|| "the store can't be read".to_owned()),
        ..Signals::default()
    };
    Alerts::start(config, look).expect("a thread")
}

#[test]
fn a_webhook_hears_of_changes_only_signed_and_again_after_a_failure() {
    let data = TempDir::new().expect("a directory");
    let (url, come) = webhook(&[500, 503]);
    let down = Arc::new(AtomicBool::new(true));
    let alerts = watch(data.path(), &url, &down);
    let next = || come.recv_timeout(PATIENCE).expect("a message");
    let tries = [next(), next(), next()];
    for sent in &tries {
        let raised = message(sent);
        assert_eq!(
            (raised.change, raised.severity),
            (Change::Raised, Severity::Critical)
        );
        assert_eq!(raised.what, "the store can't be read");
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        let tag: Vec<u8> = hmac::sign(&key, &sent.body).as_ref().to_vec();
        let digits: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(sent.header("x-afwd-signature"), format!("sha256={digits}"));
    }
    let quiet = Duration::from_millis(300);
    assert!(come.recv_timeout(quiet).is_err(), "nothing has changed");
    let (status, sinks) = alerts.watcher()();
    assert_eq!(status.raised.len(), 1);
    assert!(!sinks[0].contains("secret"), "{sinks:?}");
    // A restart repeats nothing, and the end is told.
    alerts.stop();
    let alerts = watch(data.path(), &url, &down);
    assert!(come.recv_timeout(quiet).is_err(), "it was told before");
    down.store(false, Ordering::Relaxed);
    assert_eq!(message(&next()).change, Change::Resolved);
    alerts.stop();
}

#[test]
fn mail_arrives_with_the_matter_as_its_subject() {
    let (server, come) = mail_server();
    let mailer = |server: &str, from: &str| Mailer::new(&Secret::new(server), from);
    let own = mailer(&server, "afwd@example.org").expect("addresses");
    let sends = own.clone();
    let post = move |mail: work::Mail| {
        let letter = Letter {
            id: None,
            to: &mail.to,
            subject: &mail.subject,
            text: &mail.text,
            html: None,
            unsubscribe: None,
        };
        sends.send(&letter).map_err(|error| error.to_string())
    };
    let mail = MailSink::new("host@example.org", own.host(), Box::new(post)).expect("an address");
    mail.send(&Message::test(jiff::Timestamp::UNIX_EPOCH))
        .expect("is sent");
    let came = come.recv_timeout(PATIENCE).expect("a mail");
    for part in [
        "MAIL FROM:<afwd@example.org>",
        "RCPT TO:<host@example.org>",
        "Subject: [afwd] info test: This is a test",
    ] {
        assert!(came.contains(part), "{part} in {came}");
    }
    assert!(mailer("http://mail", "a@example.org").is_err());
    assert!(mailer(&server, "nobody").is_err());
    assert!(MailSink::new("nobody", own.host(), Box::new(|_| Ok(()))).is_err());
}

#[test]
fn the_operator_can_try_his_settings() {
    let data = TempDir::new().expect("a directory");
    let (url, come) = webhook(&[]);
    let run = |variables: &[(&str, &str)]| {
        let mut command = afwd(data.path());
        command.args(["alerts", "test", "--data"]).arg(data.path());
        command.envs(variables.iter().copied());
        command.output().expect("the program runs")
    };
    let output = run(&[("AFWD_ALERT_WEBHOOK", &url)]);
    assert!(output.status.success(), "{output:?}");
    let told = come.recv_timeout(PATIENCE).expect("a message");
    assert_eq!(message(&told).change, Change::Test);
    assert!(!String::from_utf8_lossy(&output.stdout).contains("secret-path"));
    let nowhere = run(&[]);
    assert_eq!(nowhere.status.code(), Some(1));
    let refused = run(&[("AFWD_ALERT_WEBHOOK", "http://127.0.0.1:1/secret-path")]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(!String::from_utf8_lossy(&refused.stderr).contains("secret-path"));
}
