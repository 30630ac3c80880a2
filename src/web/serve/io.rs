//! A connection's bytes, with what their coming and going says of its peer.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use super::activity::{Activity, Phase};
use super::limits::Limits;
use super::listener::Stream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

pub(super) struct Guarded {
    stream: Stream,
    activity: Arc<Activity>,
}

impl Guarded {
    pub(super) fn new(stream: Stream, activity: Arc<Activity>) -> Self {
        Self { stream, activity }
    }

    fn wrote(&self, result: &Poll<io::Result<usize>>) {
        match (result, self.activity.phase()) {
            (Poll::Ready(Ok(bytes)), Phase::Sending) => {
                self.activity
                    .credit(Phase::Sending, *bytes, Limits::READ_RATE);
            }
            (Poll::Ready(Ok(bytes)), Phase::Flushing) => {
                self.activity
                    .credit(Phase::Flushing, *bytes, Limits::READ_RATE);
            }
            (Poll::Ready(Ok(_)), Phase::Stalled) => self.activity.enter(Phase::Streaming),
            (Poll::Pending, Phase::Streaming) => self.activity.enter(Phase::Stalled),
            _ => {}
        }
    }
}

impl AsyncRead for Guarded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        let came = buf.filled().len() > before;
        if came && !self.activity.change(Phase::Idle, Phase::Head) {
            // The watcher may have closed it between two requests; what comes now
            // was not taken up, so that the peer may safely send it again.
            if self.activity.phase() == Phase::Closing {
                return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.wrote(&result);
        result
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.wrote(&result);
        result
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        self.activity.change(Phase::Flushing, Phase::Idle);
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
