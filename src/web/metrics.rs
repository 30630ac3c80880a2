//! The text format that Prometheus reads, version 0.0.4.

use std::fmt::Write;

/// The content type of the format.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What kind of figure a family is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts by size.
    Histogram,
}

/// The text as it is written.
#[derive(Debug, Default)]
pub struct Metrics(String);

/// The figures of one name.
#[derive(Debug)]
pub struct Family<'m> {
    text: &'m mut String,
    name: &'static str,
}

impl Metrics {
    /// Begins a family. A name is begun once; its samples follow.
    pub fn family(&mut self, name: &'static str, kind: MetricKind, help: &str) -> Family<'_> {
        let kind = match kind {
            MetricKind::Counter => "counter",
            MetricKind::Gauge => "gauge",
            MetricKind::Histogram => "histogram",
        };
        // Writing to a string cannot fail, here and below.
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
        Family {
            text: &mut self.0,
            name,
        }
    }

    /// A family of one gauge, left out when there is no value.
    pub fn gauge(&mut self, name: &'static str, help: &str, value: Option<f64>) {
        if let Some(value) = value {
            self.family(name, MetricKind::Gauge, help)
                .sample(&[], value);
        }
    }

    /// A family of one counter.
    pub fn counter(&mut self, name: &'static str, help: &str, value: u64) {
        self.family(name, MetricKind::Counter, help)
            .sample(&[], value as f64);
    }

    /// The text.
    pub fn finish(self) -> String {
        self.0
    }
}

impl Family<'_> {
    /// Adds a figure.
    pub fn sample(&mut self, labels: &[(&str, &str)], value: f64) {
        self.line("", labels, None, value);
    }

    /// Adds a histogram: counts by upper bound, the last of what is above all bounds.
    pub(super) fn histogram(
        &mut self,
        labels: &[(&str, &str)],
        bounds: &[f64],
        counts: impl Iterator<Item = u64>,
        sum: f64,
    ) {
        let mut total = 0;
        for (place, count) in counts.enumerate() {
            total += count;
            let bound = bounds.get(place).map_or("+Inf".to_owned(), f64::to_string);
            self.line("_bucket", labels, Some(("le", &bound)), total as f64);
        }
        self.line("_sum", labels, None, sum);
        self.line("_count", labels, None, total as f64);
    }

    fn line(
        &mut self,
        suffix: &str,
        labels: &[(&str, &str)],
        last: Option<(&str, &str)>,
        value: f64,
    ) {
        let _ = write!(self.text, "{}{suffix}", self.name);
        let mut mark = '{';
        for (name, text) in labels.iter().copied().chain(last) {
            let _ = write!(self.text, "{mark}{name}=\"{}\"", escaped(text));
            mark = ',';
        }
        if mark == ',' {
            self.text.push('}');
        }
        let _ = match value {
            value if value == f64::INFINITY => writeln!(self.text, " +Inf"),
            value => writeln!(self.text, " {value}"),
        };
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', r"\\")
        .replace('"', "\\\"")
        .replace('\n', r"\n")
}

#[cfg(test)]
mod tests {
    use super::{MetricKind, Metrics};

    #[test]
    fn families_are_written_as_the_format_wants() {
        let mut metrics = Metrics::default();
        metrics.gauge("up", "Whether it is up.", Some(1.0));
        metrics.gauge("left_out", "Nothing.", None);
        let mut family = metrics.family("a_seconds", MetricKind::Histogram, "Time.");
        family.histogram(
            &[("route", "a\"b")],
            &[0.5, 1.0],
            [1, 2, 3].into_iter(),
            7.5,
        );
        let text = "# HELP up Whether it is up.\n# TYPE up gauge\nup 1\n\
                    # HELP a_seconds Time.\n# TYPE a_seconds histogram\n\
                    a_seconds_bucket{route=\"a\\\"b\",le=\"0.5\"} 1\n\
                    a_seconds_bucket{route=\"a\\\"b\",le=\"1\"} 3\n\
                    a_seconds_bucket{route=\"a\\\"b\",le=\"+Inf\"} 6\n\
                    a_seconds_sum{route=\"a\\\"b\"} 7.5\n\
                    a_seconds_count{route=\"a\\\"b\"} 6\n";
        assert_eq!(metrics.finish(), text);
    }
}
