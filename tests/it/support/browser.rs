//! Headless Chromium over its DevTools socket.

use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket, connect};

use super::skip::{Lack, skipped};

const PATIENCE: Duration = Duration::from_secs(20);

/// A browser with one page; killed when dropped.
pub(crate) struct Browser {
    process: Child,
    _profile: TempDir,
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    session: String,
    next_id: u64,
    loaded: bool,
    /// Console errors, exceptions and policy violations since the last navigation.
    pub(crate) complaints: Vec<String>,
}

impl Browser {
    /// Starts Chromium, or `None` (with a printed reason) where there is none.
    pub(crate) fn launch() -> Option<Browser> {
        let Some(program) = chromium() else {
            skipped(Lack::Browser, "no Chromium; install it or set CHROMIUM");
            return None;
        };
        let profile = TempDir::new().expect("temporary directory");
        let process = Command::new(program)
            .args("--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --remote-debugging-port=0 about:blank".split(' '))
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Chromium starts");
        let port_file = profile.path().join("DevToolsActivePort");
        let deadline = Instant::now() + PATIENCE;
        let address = loop {
            let text = fs::read_to_string(&port_file).unwrap_or_default();
            if let Some((port, path)) = text.trim().split_once('\n') {
                break format!("ws://127.0.0.1:{port}{path}");
            }
            assert!(
                Instant::now() < deadline,
                "Chromium opened no DevTools port"
            );
            thread::sleep(Duration::from_millis(20));
        };
        let (socket, _) = connect(address).expect("DevTools socket");
        let mut browser = Browser {
            process,
            _profile: profile,
            socket,
            session: String::new(),
            next_id: 0,
            loaded: false,
            complaints: Vec::new(),
        };
        let target = browser.call("Target.createTarget", json!({"url": "about:blank"}));
        let attached = browser.call(
            "Target.attachToTarget",
            json!({"targetId": target["targetId"], "flatten": true}),
        );
        browser.session = attached["sessionId"]
            .as_str()
            .expect("session id")
            .to_owned();
        for domain in ["Page", "Runtime", "Log"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        Some(browser)
    }

    /// Sets viewport, colour scheme (`light` or `dark`) and scripting.
    pub(crate) fn emulate(&mut self, width: u32, height: u32, scheme: &str, scripts: bool) {
        self.call("Emulation.setDeviceMetricsOverride", json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}));
        self.call(
            "Emulation.setEmulatedMedia",
            json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]}),
        );
        self.call(
            "Emulation.setScriptExecutionDisabled",
            json!({"value": !scripts}),
        );
    }

    /// Opens `url` and waits for its load event.
    pub(crate) fn open(&mut self, url: &str) {
        self.complaints.clear();
        self.loaded = false;
        let answer = self.call("Page.navigate", json!({"url": url}));
        assert!(
            answer.get("errorText").is_none(),
            "{url}: {}",
            answer["errorText"]
        );
        let deadline = Instant::now() + PATIENCE;
        while !self.loaded {
            assert!(Instant::now() < deadline, "{url} did not load");
            self.receive();
        }
    }

    /// Value of an expression in the page, scripting on or off.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        self.call(
            "Runtime.evaluate",
            json!({"expression": expression, "returnByValue": true}),
        )["result"]["value"]
            .clone()
    }

    /// Waits until an expression is true; false when it never was.
    pub(crate) fn wait_for(&mut self, expression: &str) -> bool {
        let deadline = Instant::now() + PATIENCE;
        while self.evaluate(expression) != true {
            if Instant::now() > deadline {
                return false;
            }
            thread::sleep(Duration::from_millis(30));
        }
        true
    }

    /// Keeps a picture of the page in the directory named by AFWD_SCREENSHOTS, if set.
    pub(crate) fn screenshot(&mut self, name: &str) {
        let asked = env::var_os("AFWD_SCREENSHOTS").filter(|directory| !directory.is_empty());
        let Some(directory) = asked else {
            return;
        };
        let answer = self.call(
            "Page.captureScreenshot",
            json!({"format": "png", "captureBeyondViewport": true}),
        );
        let bytes = base64(answer["data"].as_str().unwrap_or_default());
        fs::write(PathBuf::from(directory).join(format!("{name}.png")), bytes).expect("a picture");
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        self.next_id += 1;
        let id = self.next_id;
        let mut request = json!({"id": id, "method": method, "params": params});
        if !self.session.is_empty() {
            request["sessionId"] = json!(self.session);
        }
        self.socket
            .send(Message::text(request.to_string()))
            .expect("DevTools accepts the call");
        loop {
            let mut answer = self.receive();
            if answer["id"] == id {
                assert!(
                    answer.get("error").is_none(),
                    "{method}: {}",
                    answer["error"]
                );
                return answer["result"].take();
            }
        }
    }

    fn receive(&mut self) -> Value {
        let message = self.socket.read().expect("DevTools message");
        let event: Value =
            serde_json::from_str(message.to_text().unwrap_or("null")).unwrap_or(Value::Null);
        match event["method"].as_str() {
            Some("Page.loadEventFired") => self.loaded = true,
            Some("Runtime.exceptionThrown") => self.complaints.push(event["params"].to_string()),
            Some("Log.entryAdded") if event["params"]["entry"]["level"] == "error" => {
                self.complaints.push(event["params"]["entry"].to_string())
            }
            Some("Runtime.consoleAPICalled") if event["params"]["type"] == "error" => {
                self.complaints.push(event["params"]["args"].to_string())
            }
            _ => {}
        }
        event
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn chromium() -> Option<PathBuf> {
    let named = env::var_os("CHROMIUM").map(PathBuf::from);
    let usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].map(PathBuf::from);
    named.into_iter().chain(usual).find(|path| path.exists())
}

/// Decodes standard base64, as DevTools sends pictures.
fn base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for four in text.trim_end_matches('=').as_bytes().chunks(4) {
        let bits = four
            .iter()
            .fold(0_u32, |bits, &byte| bits << 6 | u32::from(digit(byte)));
        let bits = bits << (6 * (4 - four.len()));
        bytes.extend(&bits.to_be_bytes()[1..four.len()]);
    }
    bytes
}
