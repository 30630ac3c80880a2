//! Where the server listens: an address of the network, or a socket of the file system.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixStream as StdUnixStream;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};

/// Where to listen, as people write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListenAddress {
    /// Every address of this machine: `:8080` or `8080`.
    Everywhere(u16),
    /// One address or name: `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`.
    At {
        /// Address, or a name that stands for one.
        host: String,
        /// The port; 0 takes a free one.
        port: u16,
    },
    /// A socket in the file system: `unix:/run/afwd.sock`.
    Unix(PathBuf),
}

/// Why an address can't be read.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is nothing to listen on: write 127.0.0.1:8080, [::1]:8080, localhost:8080, :8080 for every address, \
     or unix:/run/afwd.sock"
)]
pub struct BadListenAddress(String);

impl FromStr for ListenAddress {
    type Err = BadListenAddress;

    fn from_str(text: &str) -> Result<Self, BadListenAddress> {
        let bad = || BadListenAddress(text.to_owned());
        if let Some(path) = text.strip_prefix("unix:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            let named = !path.is_empty() && !path.ends_with('/');
            return named.then(|| Self::Unix(path.into())).ok_or_else(bad);
        }
        let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
        let port: u16 = port.parse().map_err(|_| bad())?;
        if host.is_empty() {
            return Ok(Self::Everywhere(port));
        }
        let bracketed = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'));
        let right = match bracketed {
            Some(inner) => inner.parse::<Ipv6Addr>().is_ok(),
            None => host.parse::<Ipv4Addr>().is_ok() || is_name(host),
        };
        let host = bracketed.unwrap_or(host).to_owned();
        right.then_some(Self::At { host, port }).ok_or_else(bad)
    }
}

/// A name of the network: not a number that only looks like an address.
fn is_name(host: &str) -> bool {
    let part = |part: &str| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        !part.is_empty() && part.bytes().all(plain)
    };
    let numeric = host.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    !numeric && host.split('.').all(part)
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everywhere(port) => write!(f, ":{port}"),
            Self::At { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::At { host, port } => write!(f, "{host}:{port}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl ListenAddress {
    /// Begins to listen.
    ///
    /// # Errors
    /// When the address is taken, or not this machine's.
    pub async fn bind(&self) -> io::Result<Listener> {
        match self {
            Self::Everywhere(port) => {
                let both = TcpListener::bind((Ipv6Addr::UNSPECIFIED, *port)).await;
                // A machine without IPv6 has the other only.
                match both {
                    Ok(listener) => Ok(Listener::Tcp(listener)),
                    Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(error),
                    Err(_) => TcpListener::bind((Ipv4Addr::UNSPECIFIED, *port))
                        .await
                        .map(Listener::Tcp),
                }
            }
            Self::At { host, port } => TcpListener::bind((host.as_str(), *port))
                .await
                .map(Listener::Tcp),
            Self::Unix(path) => unix(path),
        }
    }

    /// Where this machine itself reaches it; `None` for a socket of the file system.
    pub fn local(&self) -> Option<(String, u16)> {
        match self {
            Self::Everywhere(port) => Some((Ipv4Addr::LOCALHOST.to_string(), *port)),
            Self::At { host, port } => Some(match host.parse::<IpAddr>() {
                Ok(IpAddr::V4(v4)) if v4.is_unspecified() => {
                    (Ipv4Addr::LOCALHOST.to_string(), *port)
                }
                Ok(IpAddr::V6(v6)) if v6.is_unspecified() => ("[::1]".to_owned(), *port),
                Ok(IpAddr::V6(v6)) => (format!("[{v6}]"), *port),
                _ => (host.clone(), *port),
            }),
            Self::Unix(_) => None,
        }
    }
}

/// Listens at `path`; a socket that a server left behind when it was killed goes.
fn unix(path: &Path) -> io::Result<Listener> {
    let left = path
        .symlink_metadata()
        .is_ok_and(|at| at.file_type().is_socket());
    if left && StdUnixStream::connect(path).is_err() {
        std::fs::remove_file(path)?;
    }
    let listener = UnixListener::bind(path)?;
    Ok(Listener::Unix(listener, path.to_owned()))
}

/// What listens. A socket of the file system goes with it.
#[derive(Debug)]
pub enum Listener {
    /// On the network.
    Tcp(TcpListener),
    /// In the file system, at a path.
    Unix(UnixListener, PathBuf),
}

impl Listener {
    /// The port, where it has one.
    pub fn port(&self) -> Option<u16> {
        match self {
            Self::Tcp(listener) => Some(listener.local_addr().ok()?.port()),
            Self::Unix(..) => None,
        }
    }

    /// A connection, and whom it is from: `None` for a process of this machine.
    pub(super) async fn accept(&self) -> io::Result<(Stream, Option<IpAddr>)> {
        match self {
            Self::Tcp(listener) => {
                let (stream, peer) = listener.accept().await?;
                // Only a hint to the system.
                let _ = stream.set_nodelay(true);
                Ok((Stream::Tcp(stream), Some(peer.ip())))
            }
            Self::Unix(listener, _) => {
                let (stream, _) = listener.accept().await?;
                Ok((Stream::Unix(stream), None))
            }
        }
    }
}

impl From<TcpListener> for Listener {
    fn from(listener: TcpListener) -> Self {
        Self::Tcp(listener)
    }
}

impl fmt::Display for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(listener) => {
                let unknown = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
                write!(f, "{}", listener.local_addr().unwrap_or(unknown))
            }
            Self::Unix(_, path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Self::Unix(_, path) = self {
            // The next start takes it away, if this can't.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// A connection's bytes.
pub(super) enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Stream {
    /// Writes what fits at once.
    pub(super) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.try_write(bytes),
            Self::Unix(stream) => stream.try_write(bytes),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Unix(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::Unix(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write_vectored(cx, parts),
            Self::Unix(stream) => Pin::new(stream).poll_write_vectored(cx, parts),
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            Self::Unix(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ListenAddress;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        for (text, shown, local) in [
            ("127.0.0.1:8080", "127.0.0.1:8080", Some("127.0.0.1:8080")),
            ("0.0.0.0:80", "0.0.0.0:80", Some("127.0.0.1:80")),
            ("[::1]:8080", "[::1]:8080", Some("[::1]:8080")),
            ("[::]:8080", "[::]:8080", Some("[::1]:8080")),
            ("localhost:8080", "localhost:8080", Some("localhost:8080")),
            (
                "wine.example.org:0",
                "wine.example.org:0",
                Some("wine.example.org:0"),
            ),
            (":8080", ":8080", Some("127.0.0.1:8080")),
            ("8080", ":8080", Some("127.0.0.1:8080")),
            ("unix:/run/afwd.sock", "unix:/run/afwd.sock", None),
            ("unix:afwd.sock", "unix:afwd.sock", None),
            ("unix:///run/afwd.sock", "unix:/run/afwd.sock", None),
        ] {
            let address: ListenAddress = text.parse().expect("an address");
            assert_eq!(address.to_string(), shown);
            let reached = address.local().map(|(host, port)| format!("{host}:{port}"));
            assert_eq!(reached.as_deref(), local, "{text}");
        }
        for text in [
            "",
            ":",
            "localhost",
            "127.0.0.1",
            "::1:8080",
            "[::1]",
            "1.2.3:80",
            "300.1.1.1:80",
            "a b:80",
            ":99999",
            "http://localhost:8080",
            "unix:",
            "unix:/run/",
        ] {
            assert!(text.parse::<ListenAddress>().is_err(), "{text}");
        }
    }
}
