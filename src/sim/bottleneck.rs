//! What limits a design, in a sentence, and what else its reader should know.

use super::{
    engine::{Engine, Phase},
    network::{NONE, Resource},
    report::{ErrorClass, Report},
    sampler::SECOND,
    snapshot::Counted,
};
use crate::design::{ComponentId, Kind, Metric, parse_target};

/// Above this utilisation a component that loses ground is taken for overloaded.
const SATURATED: f64 = 0.97;
/// A queue that grows by this share of the arrivals grows without end.
const LOSING: f64 = 0.005;
/// From this share of the arrivals on retries are worth telling.
const MANY: f64 = 0.2;
/// From this utilisation on queues matter.
const BUSY: f64 = 0.7;
/// A part with this many times its even share of the load is worth naming.
const SKEWED: f64 = 2.0;

/// Arrivals a second that a station could not keep up with: turned away, or added to its queue.
fn shortfall(station: &Counted) -> f64 {
    let metrics = &station.metrics;
    let points = &metrics.series.points;
    let grown = match (points.first(), points.last()) {
        (Some(first), Some(last)) if points.len() >= 4 && last.at > first.at => {
            // Growth of the queue between the halves of the run: robust against its fluctuations.
            let half = points.len() / 2;
            let mean =
                |points: &[super::Point]| points.iter().map(|point| point.queue).sum::<f64>() / points.len() as f64;
            (mean(&points[half..]) - mean(&points[..half])) / ((last.at - first.at) / 2.0)
        }
        _ => 0.0,
    };
    station.per_second(metrics.rejected) + grown.max(0.0)
}

/// Whether a station's queue grows without end, or only its bound keeps it from that.
pub(super) fn is_unstable(station: &Counted) -> bool {
    let arrivals = station.per_second(station.metrics.arrivals);
    if station.plan.kind.buffers() {
        return arrivals > 0.0 && shortfall(station) > 10.0 * LOSING * arrivals;
    }
    station.plan.servers != NONE
        && station.utilisation() > SATURATED
        && arrivals > 0.0
        && shortfall(station) > LOSING * arrivals
}

/// The component that limits the design, and why.
pub(super) fn find(stations: &[Counted], report: &Report) -> Option<(ComponentId, String)> {
    let overloaded = stations.iter().filter(|station| is_unstable(station) && !station.plan.kind.buffers());
    let worst = overloaded.max_by(|a, b| shortfall(a).total_cmp(&shortfall(b)));
    let worst = worst.or_else(|| {
        stations.iter().filter(|station| is_unstable(station)).max_by(|a, b| shortfall(a).total_cmp(&shortfall(b)))
    });
    if let Some(station) = worst {
        let sentence = format!("{}{}{}", overload(station), skewed(station), retried(station, report));
        return Some((station.plan.component, sentence));
    }
    let found = match missed(report) {
        (false, false) => None,
        (true, _) => waited(stations, report).or_else(|| failed(stations, report)),
        // A timeout says who was waited for, and not what was short.
        (false, true) if gave_up(report) => waited(stations, report).or_else(|| failed(stations, report)),
        (false, true) => failed(stations, report).or_else(|| waited(stations, report)),
    };
    if found.is_some() {
        return found;
    }
    // All targets are met, but something was short for a while.
    let short = |station: &&Counted| station.utilisation() < BUSY && saturated(station).is_some();
    if stations.iter().any(|station| short(&station) && station.queue_mean() >= 1.0)
        && let Some(found) = waited(stations, report)
    {
        return Some(found);
    }
    let busiest = stations.iter().filter(|station| station.plan.kind != Kind::Client && station.utilisation() > 0.0);
    let busiest = busiest.max_by(|a, b| a.utilisation().total_cmp(&b.utilisation()))?;
    (report.simulated_s > 0.0).then(|| (busiest.plan.component, load(busiest)))
}

/// Whether targets of time are missed, and whether others are: those that ask for answers, whenever they come.
fn missed(report: &Report) -> (bool, bool) {
    let missed = report.flows.iter().flat_map(|flow| &flow.targets).filter(|target| !target.met);
    let timed = missed.map(|target| {
        let metric = parse_target(&target.text).map(|target| target.metric);
        !matches!(metric, Ok(Metric::ErrorRatio | Metric::Availability | Metric::Throughput))
    });
    timed.fold((false, false), |(time, answers), timed| (time || timed, answers || !timed))
}

/// Nothing is overloaded on the whole, but targets are missed: where requests wait the longest, which may be for a part of the run only.
fn waited(stations: &[Counted], report: &Report) -> Option<(ComponentId, String)> {
    let queues = stations.iter().filter(|station| !station.plan.kind.buffers() && station.queue_mean() >= 1.0);
    let station = queues.max_by(|a, b| a.metrics.waiting_area.cmp(&b.metrics.waiting_area))?;
    let (name, most) = (&station.plan.name, station.metrics.waiting_most);
    let sentence = match saturated(station) {
        // The last point of a series may be missing: the run ends at the same moment.
        Some((from, until)) if until >= report.simulated_s - 1.5 * tick(station) => {
            format!("{name} is overloaded from {from:.0} s to the end: up to {most} wait there at once")
        }
        Some((from, until)) => {
            format!("{name} is overloaded from {from:.0} s to {until:.0} s: up to {most} wait there at once")
        }
        None => load(station),
    };
    Some((station.plan.component, format!("{sentence}{}{}", skewed(station), retried(station, report))))
}

/// Seconds between two points of a station's series.
fn tick(station: &Counted) -> f64 {
    station.metrics.series.points.first().map_or(0.0, |point| point.at)
}

/// From when to when a station was busy all the time, seconds after the warm-up: the longest such stretch.
fn saturated(station: &Counted) -> Option<(f64, f64)> {
    let points = &station.metrics.series.points;
    let tick = points.first()?.at;
    let mut longest: Option<(f64, f64)> = None;
    let mut begun = None;
    for point in points {
        if point.utilisation < SATURATED {
            begun = None;
            continue;
        }
        let from = *begun.get_or_insert(point.at - tick);
        if longest.is_none_or(|(start, end)| point.at - from > end - start) {
            longest = Some((from, point.at));
        }
    }
    longest
}

/// How much of what arrives at a station was asked for before: a storm of retries says so.
fn retried(station: &Counted, report: &Report) -> String {
    let retries = |which: &dyn Fn(&str) -> bool| {
        let extra = report.components.iter().flat_map(|component| &component.extra);
        let count: f64 = extra.filter(|(name, _)| which(name)).map(|(_, count)| count).sum();
        count / report.simulated_s.max(1e-9)
    };
    let name = format!("retries to {}", station.plan.name);
    let (own, all) = (retries(&|known| known == name), retries(&|known| known.starts_with("retries to ")));
    let arrivals = station.per_second(station.metrics.arrivals);
    if own >= MANY * arrivals {
        format!("; of {}/s that arrive {}/s are retries", rate(arrivals), rate(own))
    } else if all >= MANY * arrivals {
        format!("; callers before it and after it retry {}/s", rate(all))
    } else {
        String::new()
    }
}

/// Whether most of the failed requests of the flow that fails most did so because somebody stopped waiting.
fn gave_up(report: &Report) -> bool {
    let flow = report.flows.iter().max_by(|a, b| a.error_ratio.total_cmp(&b.error_ratio));
    flow.and_then(|flow| flow.errors.first()).is_some_and(|worst| worst.class == ErrorClass::Timeout)
}

/// No queue is long, but requests fail: the most frequent reason, where a component is to blame for it.
fn failed(stations: &[Counted], report: &Report) -> Option<(ComponentId, String)> {
    let flow = report.flows.iter().max_by(|a, b| a.error_ratio.total_cmp(&b.error_ratio))?;
    let worst = flow.errors.first()?;
    let words = || worst.reason.split(' ');
    let station = stations.iter().find(|station| words().any(|word| word == station.plan.name))?;
    let share = flow.error_ratio * 100.0;
    let sentence = format!("{share:.2}% of {} fail, most of them for this: {}", flow.name, worst.reason);
    Some((station.plan.component, format!("{sentence}{}", skewed(station))))
}

/// What to know of a part of a station that has far more than its share.
fn skewed(station: &Counted) -> String {
    let Some(hot) = station.own.hottest.as_ref().filter(|hot| hot.skew() >= SKEWED) else { return String::new() };
    let of = if station.plan.resource == Resource::Each && hot.name.starts_with(&station.plan.name) {
        "of the work"
    } else {
        "of the requests"
    };
    let refused = if hot.turned_away > 0 { ", more than it bears" } else { "" };
    format!("; {} of {} has {:.0}% {of}{refused}", hot.name, hot.of, hot.share * 100.0)
}

fn overload(station: &Counted) -> String {
    let name = &station.plan.name;
    let arrivals = station.per_second(station.metrics.arrivals);
    let lost = shortfall(station);
    let rejected = station.per_second(station.metrics.rejected);
    let fate = if rejected > lost / 2.0 { "turns away" } else { "falls behind by" };
    if station.plan.kind.buffers() {
        return format!("{name}: its consumers fall behind by {} a second", rate(lost));
    }
    format!(
        "{name} is overloaded: {}/s arrive, it can serve {}/s and {fate} {}/s",
        rate(arrivals),
        rate(station.per_second(station.metrics.served) / station.utilisation().max(SATURATED)),
        rate(lost)
    )
}

fn load(station: &Counted) -> String {
    let name = &station.plan.name;
    let utilisation = station.utilisation();
    let wait = station.metrics.wait.mean() / SECOND;
    if utilisation < BUSY {
        return format!("{name} is the busiest at {:.0}%: nothing is short", utilisation * 100.0);
    }
    format!("{name} is busy {:.0}% of the time: requests wait {} there on average", utilisation * 100.0, time(wait))
}

/// A rate with three digits and a suffix.
fn rate(value: f64) -> String {
    match value {
        value if value >= 1e6 => format!("{:.3}M", value / 1e6),
        value if value >= 1e4 => format!("{:.1}k", value / 1e3),
        value if value >= 10.0 => format!("{value:.0}"),
        value => format!("{value:.2}"),
    }
}

/// A length of time with a unit that suits it.
fn time(seconds: f64) -> String {
    match seconds {
        seconds if seconds >= 1.0 => format!("{seconds:.1} s"),
        seconds if seconds >= 1e-3 => format!("{:.1} ms", seconds * 1e3),
        seconds => format!("{:.0} us", seconds * 1e6),
    }
}

/// Adds what a reader should know to the report's notes.
pub(super) fn notes(engine: &Engine, stations: &[Counted], report: &mut Report) {
    for station in stations.iter().filter(|station| is_unstable(station)) {
        report.notes.push(overload(station));
    }
    if engine.window.limit_reached {
        report
            .notes
            .push("more requests were in flight than the simulator holds: the rest was turned away".to_string());
    }
    if engine.window.phase == Phase::Over {
        let left = engine.net.flows.iter().zip(&engine.flows).map(|(plan, flow)| {
            let counts = &flow.metrics;
            (counts.arrived - counts.completed - counts.failed) as f64 * plan.stands_for
        });
        let left = left.sum::<f64>().round();
        if left > 0.0 {
            report.notes.push(format!("{left} requests had not ended when the run was over: they are in no figure"));
        }
    }
}
