//! The real program serving the demo league.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(180);

/// A server of the simulated league in a directory of its own; stopped when dropped.
pub(crate) struct DemoServer {
    process: Child,
    address: String,
    data: TempDir,
    log: Option<JoinHandle<String>>,
}

impl DemoServer {
    /// Starts the program and waits until it can show a board.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// As [`Self::start`], with more arguments.
    pub(crate) fn start_with(arguments: &[&str]) -> Self {
        let data = TempDir::new().expect("a directory");
        let mut process = Command::new(env!("CARGO_BIN_EXE_afwd"))
            .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .args(arguments)
            // It is a setting of tests, and the program would say that it has none such.
            .env_remove("AFWD_SCREENSHOTS")
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut log = BufReader::new(process.stderr.take().expect("its messages"));
        let mut line = String::new();
        log.read_line(&mut line).expect("a message");
        let address = line
            .trim()
            .rsplit_once("http://")
            .expect("its address")
            .1
            .to_owned();
        // Keeps the pipe empty, so that the server never waits on it.
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            // What came until then is the log.
            let _ = log.read_to_string(&mut text);
            text
        });
        let server = Self {
            process,
            address,
            data,
            log: Some(log),
        };
        let deadline = Instant::now() + PATIENCE;
        while !server.get("/readyz").starts_with("HTTP/1.1 200") {
            assert!(Instant::now() < deadline, "the demo did not become ready");
            std::thread::sleep(Duration::from_millis(100));
        }
        server
    }

    /// Waits until the report card, made in the background, can be shown.
    pub(crate) fn wait_for_report_card(&self) {
        let deadline = Instant::now() + PATIENCE;
        while self.get("/report-card").contains("being computed") {
            assert!(Instant::now() < deadline, "no report card was made");
            std::thread::sleep(Duration::from_millis(250));
        }
    }

    /// The address of a page.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The whole response to a GET, head and body; empty while nobody answers.
    pub(crate) fn get(&self, path: &str) -> String {
        self.get_with(path, "")
    }

    /// As [`Self::get`], by the operator.
    pub(crate) fn get_as_operator(&self, path: &str) -> String {
        let header = format!("Authorization: Bearer {}\r\n", self.operator_token());
        self.get_with(path, &header)
    }

    /// The token that the server has made for its operator.
    pub(crate) fn operator_token(&self) -> String {
        let path = self.data.path().join("operator-token");
        let token = std::fs::read_to_string(path).expect("a token");
        token.trim().to_owned()
    }

    /// Asks the server to stop, and waits for it; gives its log.
    pub(crate) fn stop(mut self) -> String {
        let pid = rustix::process::Pid::from_child(&self.process);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("a signal");
        assert!(self.process.wait().expect("it ends").success());
        let log = self.log.take().expect("a log");
        log.join().expect("no panic")
    }

    fn get_with(&self, path: &str, header: &str) -> String {
        let mut response = String::new();
        let Ok(mut stream) = TcpStream::connect(&self.address) else {
            return response;
        };
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{header}\r\n",
            self.address
        );
        if stream.write_all(request.as_bytes()).is_ok() {
            // A response cut short is judged by what has arrived.
            let _ = stream.read_to_string(&mut response);
        }
        response
    }
}

impl Drop for DemoServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
