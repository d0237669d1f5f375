//! What limits a design, in a sentence, and what else its reader should know.

use super::{
    engine::{Engine, Phase},
    network::NONE,
    report::Report,
    sampler::SECOND,
    snapshot::Counted,
};
use crate::design::{ComponentId, Kind};

/// Above this utilisation a component that loses ground is taken for overloaded.
const SATURATED: f64 = 0.97;
/// A queue that grows by this share of the arrivals grows without end.
const LOSING: f64 = 0.005;
/// From this share of the arrivals on retries are worth telling.
const MANY: f64 = 0.2;
/// From this utilisation on queues matter.
const BUSY: f64 = 0.7;

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
        return Some((station.plan.component, format!("{}{}", overload(station), retried(station, report))));
    }
    if !report.targets_met()
        && let Some(found) = waited(stations, report).or_else(|| failed(stations, report))
    {
        return Some(found);
    }
    let busiest = stations.iter().filter(|station| station.plan.kind != Kind::Client && station.utilisation() > 0.0);
    let busiest = busiest.max_by(|a, b| a.utilisation().total_cmp(&b.utilisation()))?;
    (report.simulated_s > 0.0).then(|| (busiest.plan.component, load(busiest)))
}

/// Nothing is overloaded on the whole, but targets are missed: where requests wait the longest, which may be for a part of the run only.
fn waited(stations: &[Counted], report: &Report) -> Option<(ComponentId, String)> {
    let queues = stations.iter().filter(|station| !station.plan.kind.buffers() && station.queue_mean() >= 1.0);
    let station = queues.max_by(|a, b| a.metrics.waiting_area.cmp(&b.metrics.waiting_area))?;
    let (name, most) = (&station.plan.name, station.metrics.waiting_most);
    let sentence = match saturated(station) {
        Some((from, until)) if until >= report.simulated_s - 1e-6 => {
            format!("{name} is overloaded from {from:.0} s to the end: up to {most} wait there at once")
        }
        Some((from, until)) => {
            format!("{name} is overloaded from {from:.0} s to {until:.0} s: up to {most} wait there at once")
        }
        None => load(station),
    };
    Some((station.plan.component, format!("{sentence}{}", retried(station, report))))
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
    let name = format!("retries to {}", station.plan.name);
    let extra = report.components.iter().flat_map(|component| &component.extra);
    let count: f64 = extra.filter(|(known, _)| *known == name).map(|(_, count)| count).sum();
    let (retries, arrivals) = (count / report.simulated_s.max(1e-9), station.per_second(station.metrics.arrivals));
    if retries < MANY * arrivals {
        return String::new();
    }
    format!("; of {}/s that arrive {}/s are retries", rate(arrivals), rate(retries))
}

/// No queue is long, but requests fail: the most frequent reason, where a component is to blame for it.
fn failed(stations: &[Counted], report: &Report) -> Option<(ComponentId, String)> {
    let flow = report.flows.iter().max_by(|a, b| a.error_ratio.total_cmp(&b.error_ratio))?;
    let worst = flow.errors.first()?;
    let words = || worst.reason.split(' ');
    let station = stations.iter().find(|station| words().any(|word| word == station.plan.name))?;
    let share = flow.error_ratio * 100.0;
    Some((
        station.plan.component,
        format!("{share:.2}% of {} fail, most of them for this: {}", flow.name, worst.reason),
    ))
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
