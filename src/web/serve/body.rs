//! Bodies, with what their progress says of the peer.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;

use super::activity::{Activity, Phase};
use super::limits::Limits;

/// A request's body.
pub(super) struct Asked {
    body: Incoming,
    activity: Arc<Activity>,
}

impl Asked {
    /// As handlers take it; the connection is in the phase that follows.
    pub(super) fn of(body: Incoming, activity: &Arc<Activity>) -> Body {
        if body.is_end_stream() {
            activity.enter(Phase::Working);
            return Body::new(body);
        }
        activity.enter(Phase::Body);
        Body::new(Self {
            body,
            activity: Arc::clone(activity),
        })
    }
}

impl http_body::Body for Asked {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            let bytes = frame.data_ref().map_or(0, Bytes::len);
            self.activity.credit(Phase::Body, bytes, Limits::BODY_RATE);
        }
        if self.body.is_end_stream() || matches!(polled, Poll::Ready(None)) {
            self.activity.change(Phase::Body, Phase::Working);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.activity.change(Phase::Body, Phase::Working);
    }
}

/// An answer's body. Once it is dropped the connection only has bytes to flush.
pub(super) struct Answered {
    body: Body,
    activity: Arc<Activity>,
}

impl Answered {
    /// The connection is in the phase that follows.
    pub(super) fn new(body: Body, activity: Arc<Activity>) -> Self {
        let known = body.size_hint().exact().is_some();
        activity.enter(match known {
            true => Phase::Sending,
            false => Phase::Streaming,
        });
        Self { body, activity }
    }
}

impl http_body::Body for Answered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answered {
    fn drop(&mut self) {
        self.activity.enter(Phase::Flushing);
    }
}
