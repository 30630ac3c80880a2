//! A webhook that keeps what it is sent.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

/// A request as it came.
pub(crate) struct Sent {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Sent {
    /// The value of a header; empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        let lines = self.head.lines();
        let mut pairs = lines.filter_map(|line| line.split_once(':'));
        let found = pairs.find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value.trim())
    }
}

/// Answers with `statuses` in turn, then with 204; gives its address and what came.
pub(crate) fn webhook(statuses: &'static [u16]) -> (String, Receiver<Sent>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (came, come) = channel();
    std::thread::spawn(move || {
        let mut statuses = statuses.iter();
        for stream in listener.incoming().flatten() {
            let status = *statuses.next().unwrap_or(&204);
            let sent = answer(stream, status);
            if came.send(sent).is_err() {
                return;
            }
        }
    });
    (format!("http://{address}/secret-path"), come)
}

fn answer(stream: TcpStream, status: u16) -> Sent {
    let mut reader = BufReader::new(stream.try_clone().expect("the stream"));
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(
            reader.read_line(&mut head).expect("a line") > 0,
            "cut short"
        );
    }
    let mut sent = Sent {
        head,
        body: Vec::new(),
    };
    let length = sent.header("content-length").parse().expect("a length");
    sent.body.resize(length, 0);
    reader.read_exact(&mut sent.body).expect("a body");
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
    .expect("an answer");
    sent
}
