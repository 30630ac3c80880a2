//! The real program serving the demo league.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(180);

/// A server of the simulated league in a directory of its own; stopped when dropped.
/// Its league is a copy of one that is built once for all tests of a build.
pub(crate) struct DemoServer {
    process: Child,
    address: String,
    data: Data,
    log: Option<JoinHandle<String>>,
}

/// The data directory of a server.
enum Data {
    /// Gone with the server.
    Own(TempDir),
    /// Stays, to be copied.
    Kept(PathBuf),
}

impl Data {
    fn path(&self) -> &Path {
        match self {
            Self::Own(dir) => dir.path(),
            Self::Kept(path) => path,
        }
    }
}

impl DemoServer {
    /// Starts the program and waits until it can show a board.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// As [`Self::start`], with more arguments.
    pub(crate) fn start_with(arguments: &[&str]) -> Self {
        let data = TempDir::new().expect("a directory");
        copy(&built(), data.path());
        Self::serve(Data::Own(data), arguments)
    }

    fn serve(data: Data, arguments: &[&str]) -> Self {
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

    /// The path of the link that makes the first operator.
    pub(crate) fn setup_path(&self) -> String {
        let path = self.league().join("setup-url.txt");
        let url = std::fs::read_to_string(path).expect("a link");
        let at = url.find("/join/").expect("a path");
        url[at..].trim().to_owned()
    }

    /// The directory of the data that is served.
    pub(crate) fn league(&self) -> PathBuf {
        self.data.path().join("demo")
    }

    /// The whole response to a request with JSON.
    pub(crate) fn send(&self, method: &str, path: &str, header: &str, json: &str) -> String {
        let length = json.len();
        let head =
            format!("Content-Type: application/json\r\nContent-Length: {length}\r\n{header}");
        self.ask(method, path, &head, json)
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
        self.ask("GET", path, header, "")
    }

    fn ask(&self, method: &str, path: &str, header: &str, body: &str) -> String {
        let mut response = String::new();
        let Ok(mut stream) = TcpStream::connect(&self.address) else {
            return response;
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{header}\r\n{body}",
            self.address
        );
        if stream.write_all(request.as_bytes()).is_ok() {
            // A response cut short is judged by what has arrived.
            let _ = stream.read_to_string(&mut response);
        }
        response
    }
}

/// The directory of a built demo, report card included. The first test to ask
/// builds it with the program under test; the others wait for that.
fn built() -> PathBuf {
    let program = std::fs::read(env!("CARGO_BIN_EXE_afwd")).expect("the program");
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo");
    std::fs::create_dir_all(&place).expect("a directory");
    let lock = File::create(place.join("lock")).expect("a lock");
    lock.lock().expect("locked");
    let data = place.join(blake3::hash(&program).to_hex().as_str());
    let done = data.join("built");
    if !done.exists() {
        forget_older(&place);
        std::fs::create_dir(&data).expect("a directory");
        let server = DemoServer::serve(Data::Kept(data.clone()), &[]);
        server.wait_for_report_card();
        server.stop();
        File::create(done).expect("a mark");
    }
    data
}

/// Drops demos that other builds of the program have made, and unfinished ones.
fn forget_older(place: &Path) {
    for entry in std::fs::read_dir(place).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            std::fs::remove_dir_all(path).expect("removed");
        }
    }
}

/// Copies a league; each copy makes tokens and logs of its own.
fn copy(from: &Path, to: &Path) {
    let league = "demo";
    let mut open = vec![PathBuf::from(league)];
    while let Some(dir) = open.pop() {
        std::fs::create_dir(to.join(&dir)).expect("a directory");
        for entry in std::fs::read_dir(from.join(&dir)).expect("a directory") {
            let entry = entry.expect("an entry");
            let path = dir.join(entry.file_name());
            if entry.file_type().expect("its type").is_dir() {
                open.push(path);
            } else {
                std::fs::copy(from.join(&path), to.join(&path)).expect("copied");
            }
        }
    }
}

impl Drop for DemoServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
