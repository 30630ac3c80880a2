//! A mail server that keeps what it is sent.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};

/// Its address, and the mails with their envelopes.
pub(crate) fn mail_server() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (came, come) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that hangs up has said all it wanted.
            let _ = converse(stream, &came);
        }
    });
    (format!("smtp://{address}"), come)
}

fn converse(mut stream: TcpStream, came: &Sender<String>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut mail = String::new();
    stream.write_all(b"220 mail ready\r\n")?;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        let verb = line.split([' ', ':', '\r']).next().unwrap_or_default();
        let answer: &[u8] = match verb.to_ascii_uppercase().as_str() {
            "EHLO" | "HELO" => b"250 mail\r\n",
            "DATA" => {
                stream.write_all(b"354 go on\r\n")?;
                while !mail.ends_with("\r\n.\r\n") {
                    reader.read_line(&mut mail)?;
                }
                // Nobody may be interested any more.
                let _ = came.send(std::mem::take(&mut mail));
                b"250 kept\r\n"
            }
            "QUIT" => b"221 bye\r\n",
            _ => {
                mail.push_str(&line);
                b"250 ok\r\n"
            }
        };
        stream.write_all(answer)?;
        line.clear();
    }
    Ok(())
}
