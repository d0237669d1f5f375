//! Targets: `p99 < 100ms` and its kin, in the load testers' words.

use super::reading::{self, Variables};
use super::schema::ValueKind;
use super::{Comparison, Metric, Target, diagnostics};
use crate::source::{Diagnostic, Span};
use crate::units::{BareB, Quantity};

/// Seconds in a month, a twelfth of 365 days, as `units` has it.
const MONTH: f64 = 365.0 / 12.0 * 86_400.0;

const OPERATORS: &[(&str, Comparison)] = &[
    ("<=", Comparison::Below),
    (">=", Comparison::Above),
    ("≤", Comparison::Below),
    ("≥", Comparison::Above),
    ("<", Comparison::Below),
    (">", Comparison::Above),
];

/// Reads one target: `p99 < 100ms`, `errors < 0.1%`, `utilisation db < 70%`, k6's `p(95)<200`.
///
/// # Errors
/// If it is none; the span lies in `text`.
pub fn parse_target(text: &str) -> Result<Target, Diagnostic> {
    read_target(text, 0, &Variables::new())
}

/// The target that `text`, which stands at `offset`, says.
pub(super) fn read_target(text: &str, offset: usize, variables: &Variables) -> Result<Target, Diagnostic> {
    let lead = offset + (text.len() - text.trim_start().len());
    let text = text.trim();
    let span = Span::new(lead, lead + text.len());
    let found = OPERATORS
        .iter()
        .filter_map(|&(operator, comparison)| text.find(operator).map(|at| (at, operator, comparison)))
        .min_by_key(|&(at, operator, _)| (at, usize::MAX - operator.len()));
    let Some((at, operator, comparison)) = found else {
        return Err(diagnostics::bad_target(span, text));
    };
    let left = text[..at].trim();
    let metric = metric(left).ok_or_else(|| {
        if left.is_empty() {
            diagnostics::bad_target(span, text)
        } else {
            diagnostics::unknown_metric(Span::new(lead, lead + left.len()), left)
        }
    })?;
    let right = text[at + operator.len()..].trim();
    let place = Span::new(span.end - right.len(), span.end);
    target(metric, comparison, right, place, variables).map(|target| Target { span, ..target })
}

/// The target with that bound, its text in canonical form.
pub(super) fn target(
    metric: Metric,
    comparison: Comparison,
    bound: &str,
    span: Span,
    variables: &Variables,
) -> Result<Target, Diagnostic> {
    let (value, written) = read_bound(&metric, bound, span, variables)?;
    let sign = if comparison == Comparison::Below { '<' } else { '>' };
    let text = format!("{} {sign} {written}", metric_name(&metric));
    Ok(Target { metric, comparison, bound: value, text, span })
}

/// The metric that people name so.
pub(super) fn metric(name: &str) -> Option<Metric> {
    let written = name.rsplit_once(':').map_or(name, |(_, last)| last).trim();
    let name = written.to_lowercase();
    let words: Vec<&str> =
        name.split_whitespace().filter(|word| !matches!(*word, "latency" | "of" | "rate" | "time")).collect();
    Some(match words.as_slice() {
        [] if name.contains("latency") => Metric::LatencyPercentile(99.0),
        [] if name == "rate" => Metric::ErrorRatio,
        ["mean" | "avg" | "average"] => Metric::LatencyMean,
        ["max" | "maximum" | "p100"] => Metric::LatencyMax,
        ["med" | "median"] => Metric::LatencyPercentile(50.0),
        ["errors" | "error" | "failures" | "failed" | "http_req_failed"] | ["error", "ratio"] => Metric::ErrorRatio,
        ["throughput" | "rps" | "qps" | "tps"] => Metric::Throughput,
        ["lag"] => Metric::LagPercentile(99.0),
        ["lag", percent] | [percent, "lag"] => Metric::LagPercentile(percentile(percent)?),
        ["availability" | "uptime" | "available"] => Metric::Availability,
        ["cost" | "price"] => Metric::Cost,
        ["utilisation" | "utilization", component @ ..] if !component.is_empty() => {
            Metric::Utilisation(last_words(written, component.len()))
        }
        ["hit", "ratio", component @ ..] | ["hit" | "hits" | "hit-ratio" | "hit-rate", component @ ..]
            if !component.is_empty() =>
        {
            Metric::HitRatio(last_words(written, component.len()))
        }
        [percent] => Metric::LatencyPercentile(percentile(percent)?),
        _ => return None,
    })
}

/// The last `count` words of a metric: the component it is about, as written.
fn last_words(metric: &str, count: usize) -> String {
    let words: Vec<&str> = metric.split_whitespace().collect();
    words[words.len().saturating_sub(count)..].join(" ")
}

/// `p99`, `p999` (99.9), `p99.9`, `p(95)`.
fn percentile(word: &str) -> Option<f64> {
    let digits = word.strip_prefix('p')?;
    let digits = digits.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(digits);
    if !digits.starts_with(|c: char| c.is_ascii_digit()) || !digits.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let (head, tail) = digits.split_at(digits.len().min(2));
    let spelt = if digits.contains('.') || tail.is_empty() { digits.to_owned() } else { format!("{head}.{tail}") };
    spelt.parse().ok().filter(|percent| (0.0..100.0).contains(percent) && *percent > 0.0)
}

/// The metric as targets spell it.
pub fn metric_name(metric: &Metric) -> String {
    let percent = |percent: &f64| {
        let digits = percent.to_string();
        match digits.split_once('.') {
            Some((whole, rest)) if whole.len() == 2 => format!("p{whole}{rest}"),
            _ => format!("p{digits}"),
        }
    };
    match metric {
        Metric::LatencyPercentile(p) => percent(p),
        Metric::LatencyMean => "mean".to_owned(),
        Metric::LatencyMax => "max".to_owned(),
        Metric::ErrorRatio => "errors".to_owned(),
        Metric::Throughput => "throughput".to_owned(),
        Metric::LagPercentile(p) => format!("lag {}", percent(p)),
        Metric::Availability => "availability".to_owned(),
        Metric::Cost => "cost".to_owned(),
        Metric::Utilisation(component) => format!("utilisation {component}"),
        Metric::HitRatio(component) => format!("hit ratio {component}"),
    }
}

/// What a metric is compared with.
fn bound_kind(metric: &Metric) -> ValueKind {
    match metric {
        Metric::LatencyPercentile(_) | Metric::LatencyMean | Metric::LatencyMax | Metric::LagPercentile(_) => {
            ValueKind::Duration
        }
        Metric::ErrorRatio | Metric::Availability | Metric::Utilisation(_) | Metric::HitRatio(_) => ValueKind::Ratio,
        Metric::Throughput => ValueKind::Rate,
        Metric::Cost => ValueKind::Money,
    }
}

/// The bound in base units, and as it is written in canonical form.
fn read_bound(metric: &Metric, text: &str, span: Span, variables: &Variables) -> Result<(f64, String), Diagnostic> {
    let kind = bound_kind(metric);
    let wrong = || diagnostics::bad_bound(span, &metric_name(metric), kind.expected(), text);
    let quantity = reading::quantity(text, BareB::Billion, variables).map_err(|_| wrong())?;
    let written: String = text.split_whitespace().collect();
    let bare = quantity.dimension.is_none();
    let value = match kind {
        // k6 counts in milliseconds.
        ValueKind::Duration if bare && !written.ends_with('%') => {
            return Ok((quantity.value / 1e3, format!("{written}ms")));
        }
        ValueKind::Duration => quantity.as_seconds(),
        ValueKind::Ratio => quantity.as_count().filter(|ratio| *ratio <= 1.0),
        ValueKind::Rate => quantity.as_per_second().or_else(|| Quantity::as_count(&quantity)),
        _ => {
            let a_month = quantity.as_dollars_per_second().map(|dollars| dollars * MONTH);
            a_month.or_else(|| quantity.as_dollars())
        }
    };
    let value = value.filter(|value| *value >= 0.0).ok_or_else(wrong)?;
    Ok((value, written))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, metric: &Metric, comparison: Comparison, bound: f64, canonical: &str) {
        let target = parse_target(text).unwrap();
        assert_eq!(
            (&target.metric, target.comparison, target.text.as_str()),
            (metric, comparison, canonical),
            "{text}"
        );
        assert!((target.bound - bound).abs() <= bound * 1e-12, "{text}: {}", target.bound);
    }

    #[track_caller]
    fn check_error(text: &str, place: &str, message: &str) {
        let found = parse_target(text).unwrap_err();
        assert_eq!((found.span.slice(text), found.message.as_str()), (place, message));
    }

    #[test]
    fn every_metric_is_read() {
        use Comparison::{Above, Below};
        check("p99 < 100ms", &Metric::LatencyPercentile(99.0), Below, 0.1, "p99 < 100ms");
        check("p999<=1 s", &Metric::LatencyPercentile(99.9), Below, 1.0, "p999 < 1s");
        check("p99.9 < 1s", &Metric::LatencyPercentile(99.9), Below, 1.0, "p999 < 1s");
        check("p(95)<200", &Metric::LatencyPercentile(95.0), Below, 0.2, "p95 < 200ms");
        check("http_req_duration: p(95)<200", &Metric::LatencyPercentile(95.0), Below, 0.2, "p95 < 200ms");
        check("mean < 5ms", &Metric::LatencyMean, Below, 0.005, "mean < 5ms");
        check("max < 2s", &Metric::LatencyMax, Below, 2.0, "max < 2s");
        check("latency < 2s", &Metric::LatencyPercentile(99.0), Below, 2.0, "p99 < 2s");
        check("errors < 0.1%", &Metric::ErrorRatio, Below, 0.001, "errors < 0.1%");
        check("http_req_failed: rate<0.01", &Metric::ErrorRatio, Below, 0.01, "errors < 0.01");
        check("throughput > 10k/s", &Metric::Throughput, Above, 10e3, "throughput > 10k/s");
        check("lag p99 < 5s", &Metric::LagPercentile(99.0), Below, 5.0, "lag p99 < 5s");
        check("availability > 99.9%", &Metric::Availability, Above, 0.999, "availability > 99.9%");
        check("cost < $20k/month", &Metric::Cost, Below, 20_000.0, "cost < $20k/month");
        check("utilisation db < 70%", &Metric::Utilisation("db".to_owned()), Below, 0.7, "utilisation db < 70%");
        check("hit ratio cache ≥ 90%", &Metric::HitRatio("cache".to_owned()), Above, 0.9, "hit ratio cache > 90%");
    }

    #[test]
    fn what_is_no_target_is_answered_with_its_place() {
        check_error("fast", "fast", "'fast' is no target");
        check_error("p9x < 1s", "p9x", "unknown metric 'p9x'");
        check_error("p99 < 1s < 2", "1s < 2", "'p99' is compared with a duration such as 200ms, not '1s < 2'");
        check_error("p99 < 5GB", "5GB", "'p99' is compared with a duration such as 200ms, not '5GB'");
        check_error("errors < 120%", "120%", "'errors' is compared with a percentage such as 30%, not '120%'");
        check_error("< 5ms", "< 5ms", "'< 5ms' is no target");
    }
}
