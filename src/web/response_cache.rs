//! Rendered responses, kept with their compressed forms.
//!
//! A response is first served as it is. From its second request on it is worth
//! compressing, which one background thread does; requests never wait for it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::HeaderValue;
use moka::Expiry;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use super::compress;
use super::lifetime::Lifetime;

/// Bodies up to this size are sent as they are, in bytes.
const SMALLEST_COMPRESSED: usize = 1024;
/// Bodies up to this size get the densest form, in bytes.
const LARGEST_DENSE: usize = 512 * 1024;
/// Quality of brotli for larger ones.
const QUALITY_OF_LARGE: i32 = 5;
/// Responses waiting to be compressed; more are asked for again later.
const QUEUE: usize = 64;
/// What an entry costs beside its bodies, in bytes.
const OVERHEAD: usize = 512;

/// A form a body can be sent in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Identity,
    Gzip,
    Brotli,
}

/// A rendered response.
#[derive(Debug)]
pub(super) struct Rendered {
    pub(super) content_type: HeaderValue,
    pub(super) disposition: Option<HeaderValue>,
    lifetime: Lifetime,
    identity: Form,
    gzip: OnceLock<Form>,
    brotli: OnceLock<Form>,
    asked_before: AtomicBool,
    queued: AtomicBool,
}

/// One form of a body with its entity tag.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub(super) body: Bytes,
    pub(super) etag: HeaderValue,
}

/// The cache of rendered responses.
pub(super) struct ResponseCache {
    entries: Cache<String, Arc<Rendered>>,
    queue: SyncSender<(String, Arc<Rendered>)>,
}

struct ByLifetime;

impl Expiry<String, Arc<Rendered>> for ByLifetime {
    fn expire_after_create(
        &self,
        _: &String,
        entry: &Arc<Rendered>,
        _: Instant,
    ) -> Option<Duration> {
        Some(entry.lifetime.duration())
    }
}

impl ResponseCache {
    /// A cache of at most `capacity` bytes; its compressing thread ends with it.
    pub(super) fn new(capacity: u64) -> Self {
        let entries = Cache::builder()
            // A flood of responses asked for once must not keep the board out,
            // which an admission by past frequency does for a while.
            .eviction_policy(EvictionPolicy::lru())
            .max_capacity(capacity)
            .weigher(|key: &String, entry: &Arc<Rendered>| (key.len() + entry.weight()) as u32)
            .expire_after(ByLifetime)
            .build();
        let (queue, waiting) = sync_channel(QUEUE);
        let compressed = entries.clone();
        let thread = std::thread::Builder::new().name("compress".into());
        if let Err(error) = thread.spawn(move || compress_all(&waiting, &compressed)) {
            tracing::warn!(%error, "responses will not be compressed: no thread for it");
        }
        Self { entries, queue }
    }

    /// Drops everything.
    pub(super) fn clear(&self) {
        self.entries.invalidate_all();
    }

    pub(super) fn get(&self, key: &str) -> Option<Arc<Rendered>> {
        self.entries.get(key)
    }

    pub(super) fn insert(&self, key: String, rendered: Rendered) -> Arc<Rendered> {
        let rendered = Arc::new(rendered);
        self.entries.insert(key, Arc::clone(&rendered));
        rendered
    }

    /// The best form there is for a client that takes `wanted`; asks for a
    /// missing one from the second time on.
    pub(super) fn form<'a>(
        &self,
        key: &str,
        entry: &'a Arc<Rendered>,
        wanted: Encoding,
    ) -> (Encoding, &'a Form) {
        let made = match wanted {
            Encoding::Identity => None,
            Encoding::Gzip => entry.gzip.get(),
            Encoding::Brotli => entry.brotli.get(),
        };
        match made {
            Some(form) => (wanted, form),
            None => {
                if wanted != Encoding::Identity && entry.asked_before.swap(true, Ordering::Relaxed)
                {
                    self.enqueue(key, entry);
                }
                (Encoding::Identity, &entry.identity)
            }
        }
    }

    fn enqueue(&self, key: &str, entry: &Arc<Rendered>) {
        let too_small = entry.identity.body.len() <= SMALLEST_COMPRESSED;
        if too_small || entry.queued.swap(true, Ordering::Relaxed) {
            return;
        }
        if self
            .queue
            .try_send((key.to_owned(), Arc::clone(entry)))
            .is_err()
        {
            entry.queued.store(false, Ordering::Relaxed);
        }
    }
}

impl Rendered {
    pub(super) fn new(body: Bytes, content_type: HeaderValue, lifetime: Lifetime) -> Self {
        let tag = blake3::hash(&body).to_hex();
        Self {
            content_type,
            disposition: None,
            lifetime,
            identity: Form {
                etag: etag(&tag[..32], ""),
                body,
            },
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
            asked_before: AtomicBool::new(false),
            queued: AtomicBool::new(false),
        }
    }

    fn compress(&self) {
        let tag = self
            .identity
            .etag
            .to_str()
            .unwrap_or_default()
            .trim_matches('"')
            .to_owned();
        let quality = match self.identity.body.len() {
            ..=LARGEST_DENSE => self.lifetime.brotli_quality(),
            // A whole board would keep the one thread from the others for seconds.
            _ => QUALITY_OF_LARGE,
        };
        if let Some(body) = compress::gzip(&self.identity.body) {
            self.gzip.get_or_init(|| Form {
                body,
                etag: etag(&tag, "-gz"),
            });
        }
        if let Some(body) = compress::brotli(&self.identity.body, quality) {
            self.brotli.get_or_init(|| Form {
                body,
                etag: etag(&tag, "-br"),
            });
        }
    }

    fn weight(&self) -> usize {
        let compressed = [self.gzip.get(), self.brotli.get()].into_iter().flatten();
        OVERHEAD + self.identity.body.len() + compressed.map(|form| form.body.len()).sum::<usize>()
    }
}

fn compress_all(
    waiting: &Receiver<(String, Arc<Rendered>)>,
    entries: &Cache<String, Arc<Rendered>>,
) {
    for (key, entry) in waiting {
        entry.compress();
        // Weighed again with its new forms, unless it was dropped meanwhile.
        if entries
            .get(&key)
            .is_some_and(|kept| Arc::ptr_eq(&kept, &entry))
        {
            entries.insert(key, entry);
        }
    }
}

fn etag(tag: &str, suffix: &str) -> HeaderValue {
    let quoted = format!("\"{tag}{suffix}\"");
    HeaderValue::from_str(&quoted).unwrap_or_else(|_| HeaderValue::from_static("\"0\""))
}
