//! What is asked, how it is answered and how fast: counted in memory.
//!
//! Routes are counted by template, so that there are as many counters as the router
//! has routes, whatever is asked.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::RwLock;

use super::metrics::{MetricKind, Metrics};

/// Upper bounds of the latency histogram, in microseconds.
pub const BUCKETS: [u64; 12] = [
    500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
    5_000_000,
];
/// Statuses counted one by one; others are counted as `other`.
const STATUSES: [u16; 20] = [
    200, 202, 204, 303, 304, 308, 400, 401, 403, 404, 405, 408, 413, 414, 415, 422, 429, 500, 503,
    507,
];

/// Name of what no route matches.
pub(super) const UNMATCHED: &str = "unmatched";

/// The counts.
#[derive(Debug, Default)]
pub struct Traffic {
    routes: RwLock<HashMap<Box<str>, Route>>,
    hits: AtomicU64,
    misses: AtomicU64,
}

#[derive(Debug, Default)]
struct Route {
    statuses: [AtomicU64; STATUSES.len() + 1],
    latency: Latency,
}

#[derive(Debug, Default)]
struct Latency {
    buckets: [AtomicU64; BUCKETS.len() + 1],
    micros: AtomicU64,
}

/// The counts at one moment, over all routes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Answers by latency: one count for each of [`BUCKETS`] and one for the rest.
    pub latency: [u64; BUCKETS.len() + 1],
    /// Answers from the cache.
    pub hits: u64,
    /// Answers that were made and then kept.
    pub misses: u64,
}

impl Traffic {
    /// Counts an answer.
    pub(super) fn note(&self, route: &str, status: u16, took: Duration) {
        let routes = self.routes.read();
        if let Some(known) = routes.get(route) {
            return known.note(status, took);
        }
        drop(routes);
        let mut routes = self.routes.write();
        routes.entry(route.into()).or_default().note(status, took);
    }

    pub(super) fn hit(&self) {
        self.hits.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn miss(&self) {
        self.misses.fetch_add(1, Ordering::Relaxed);
    }

    /// The counts now.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            ..Totals::default()
        };
        let routes = self.routes.read();
        // A stream of events is answered at once and says nothing of latency.
        for route in routes.values() {
            for (sum, count) in totals.latency.iter_mut().zip(&route.latency.buckets) {
                *sum += count.load(Ordering::Relaxed);
            }
        }
        totals
    }

    /// Writes the counts down.
    pub(super) fn measure(&self, metrics: &mut Metrics) {
        let routes = self.routes.read();
        let mut routes: Vec<(&str, &Route)> = routes.iter().map(|(n, r)| (&**n, r)).collect();
        routes.sort_unstable_by_key(|(name, _)| *name);
        let mut family = metrics.family(
            "afwd_http_requests_total",
            MetricKind::Counter,
            "Requests answered, by route template and status.",
        );
        for (name, route) in &routes {
            for (place, count) in route.statuses.iter().enumerate() {
                let count = count.load(Ordering::Relaxed);
                let status = STATUSES
                    .get(place)
                    .map_or("other".to_owned(), u16::to_string);
                if count > 0 {
                    family.sample(&[("route", name), ("status", &status)], count as f64);
                }
            }
        }
        let mut family = metrics.family(
            "afwd_http_request_duration_seconds",
            MetricKind::Histogram,
            "Time from a request's head to the head of its answer, by route template.",
        );
        for (name, route) in &routes {
            let counts = route
                .latency
                .buckets
                .iter()
                .map(|c| c.load(Ordering::Relaxed));
            let seconds = route.latency.micros.load(Ordering::Relaxed) as f64 / 1e6;
            let bounds = BUCKETS.map(|micros| micros as f64 / 1e6);
            family.histogram(&[("route", name)], &bounds, counts, seconds);
        }
        let cached = [("hit", &self.hits), ("miss", &self.misses)];
        let mut family = metrics.family(
            "afwd_response_cache_requests_total",
            MetricKind::Counter,
            "Cacheable answers that were there, or had to be made.",
        );
        for (result, count) in cached {
            family.sample(&[("result", result)], count.load(Ordering::Relaxed) as f64);
        }
    }
}

impl Route {
    fn note(&self, status: u16, took: Duration) {
        let place = STATUSES.iter().position(|&known| known == status);
        self.statuses[place.unwrap_or(STATUSES.len())].fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = BUCKETS.partition_point(|&bound| bound < micros);
        self.latency.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        self.latency.micros.fetch_add(micros, Ordering::Relaxed);
    }
}

impl Totals {
    /// What was counted since `earlier`.
    pub fn since(&self, earlier: &Self) -> Self {
        Self {
            latency: std::array::from_fn(|i| self.latency[i].saturating_sub(earlier.latency[i])),
            hits: self.hits.saturating_sub(earlier.hits),
            misses: self.misses.saturating_sub(earlier.misses),
        }
    }

    /// Answers counted.
    pub fn answers(&self) -> u64 {
        self.latency.iter().sum()
    }

    /// Seconds within which `share` of the answers were made, as the upper bound of
    /// the bucket; `None` without answers, infinity beyond the last bound.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let wanted = (self.answers() as f64 * share).ceil() as u64;
        let mut seen = 0;
        let reached = self.latency.iter().position(|count| {
            seen += count;
            seen >= wanted
        });
        let bound = |i| BUCKETS.get(i).map_or(f64::INFINITY, |&us| us as f64 / 1e6);
        reached.filter(|_| self.answers() > 0).map(bound)
    }

    /// Share of cacheable answers that had to be made; `None` without any.
    pub fn misses(&self) -> Option<f64> {
        let all = self.hits + self.misses;
        (all > 0).then(|| self.misses as f64 / all as f64)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Traffic;

    #[test]
    fn quantiles_come_from_what_was_counted_since() {
        let traffic = Traffic::default();
        traffic.note("/", 200, Duration::from_secs(30));
        let earlier = traffic.totals();
        assert_eq!(earlier.quantile(0.95), Some(f64::INFINITY));
        for _ in 0..95 {
            traffic.note("/", 200, Duration::from_micros(800));
        }
        for _ in 0..5 {
            traffic.note("/search", 200, Duration::from_millis(900));
        }
        let since = traffic.totals().since(&earlier);
        assert_eq!(since.answers(), 100);
        assert_eq!(since.quantile(0.95), Some(0.001));
        assert_eq!(since.quantile(0.99), Some(1.0));
        assert_eq!(since.misses(), None);
    }
}
