//! Theory beside measurement: what a closed form says about a component under the load that was measured.

use crate::{
    design::{Component, ComponentId, Design, Distribution, Kind},
    sim::{ComponentReport, Options, Report, lower::lower, sampler::Sampler, stations::steady_hit_ratios},
};

/// What a closed form says of a component, beside what was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Theory {
    /// Which component.
    pub component: ComponentId,
    /// The model: `8 x M/M/4`, `LRU under Zipf (Che)`.
    pub model: String,
    /// Its figures.
    pub figures: Vec<Figure>,
}

/// One figure, by the formula and as measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Its name.
    pub name: &'static str,
    /// What its values are.
    pub unit: Unit,
    /// By the formula; `None` where there is no such figure, as for the wait in a queue that grows without end.
    pub formula: Option<f64>,
    /// As measured.
    pub measured: f64,
}

/// What the values of a figure are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A share from 0 to 1.
    Share,
    /// Seconds.
    Seconds,
    /// A number of requests.
    Count,
}

/// What theory says of each component that a closed form applies to: services and workers whose instances have one queue each, and caches.
pub fn theory(design: &Design, options: &Options, report: &Report) -> Vec<Theory> {
    let hits = hit_ratios(design, options);
    let of = |id: ComponentId| {
        let (component, measured) = (design.component(id), report.components.get(id.0 as usize)?);
        match component.kind {
            Kind::Service | Kind::Worker => queue(id, component, measured),
            Kind::Cache | Kind::Cdn => cache(id, component, measured, hits.get(id.0 as usize).copied().flatten()?),
            _ => None,
        }
    };
    design.component_ids().filter_map(of).collect()
}

/// The wait is Erlang C's, times half of one plus the squared variation of the work: Allen and Cunneen's approximation, exact for M/M/c and
/// for M/G/1. It splits requests over the instances at random; a balancer that looks at their load does better. What disturbs a queue from
/// outside (faults, pauses, an autoscaler, a full queue) is not in it.
fn queue(id: ComponentId, component: &Component, measured: &ComponentReport) -> Option<Theory> {
    let parameters = &component.parameters;
    let disturbed = ["autoscale", "gc-pause", "batch"].iter().any(|name| parameters.get(name).is_some());
    let in_order = !matches!(parameters.word("discipline"), Some("ps" | "priority"));
    let work = parameters.distribution("work").filter(|_| in_order && !disturbed)?;
    let (mean, variance) = Sampler::of(&work).moments();
    let mean = mean / crate::sim::sampler::SECOND;
    let variation = variance / (mean * mean) / (crate::sim::sampler::SECOND * crate::sim::sampler::SECOND);
    let servers = parameters.number("cores").unwrap_or(1.0).round().max(1.0);
    let instances = f64::from(measured.instances.max(1));
    let rate = measured.arrivals_per_s / instances;
    if rate <= 0.0 || mean <= 0.0 || !mean.is_finite() || !variation.is_finite() {
        return None;
    }
    let load = rate * mean;
    let utilisation = load / servers;
    let wait = (utilisation < 1.0)
        .then(|| erlang_c(servers as u32, load) * mean / (servers - load) * f64::midpoint(1.0, variation));
    let letter = match work {
        Distribution::Exponential { .. } => "M",
        Distribution::Fixed(_) => "D",
        _ => "G",
    };
    let times = if instances > 1.0 { format!("{instances} x ") } else { String::new() };
    let figure = |name, unit, formula, measured| Figure { name, unit, formula, measured };
    Some(Theory {
        component: id,
        model: format!("{times}M/{letter}/{servers}"),
        figures: vec![
            figure("utilisation", Unit::Share, Some(utilisation.min(1.0)), measured.utilisation),
            figure("mean wait", Unit::Seconds, wait, measured.wait_mean),
            // Little's law.
            figure("mean queue", Unit::Count, wait.map(|wait| wait * rate * instances), measured.queue_mean),
        ],
    })
}

fn cache(id: ComponentId, component: &Component, measured: &ComponentReport, ratio: f64) -> Option<Theory> {
    let policy = component.parameters.word("policy").unwrap_or("lru").to_uppercase();
    let figure = Figure { name: "hit ratio", unit: Unit::Share, formula: Some(ratio), measured: measured.hit_ratio? };
    Some(Theory { component: id, model: format!("{policy}, independent requests (Che)"), figures: vec![figure] })
}

/// By component, the hit ratio of each cache by Che's approximation.
fn hit_ratios(design: &Design, options: &Options) -> Vec<Option<f64>> {
    let mut ratios = vec![None; design.components.len()];
    if design.components.iter().any(|component| component.kind.caches()) {
        for (station, ratio) in steady_hit_ratios(&lower(design, options)) {
            if let Some(place) = ratios.get_mut(station as usize) {
                *place = ratio;
            }
        }
    }
    ratios
}

/// Probability that a request has to wait at `c` servers under a load of so many Erlangs, by the recursion of Erlang B.
fn erlang_c(servers: u32, load: f64) -> f64 {
    let mut blocked = 1.0;
    for count in 1..=servers {
        blocked = load * blocked / (f64::from(count) + load * blocked);
    }
    let free = 1.0 - load / f64::from(servers);
    blocked / (blocked + (1.0 - blocked) * free)
}

#[cfg(test)]
mod tests {
    use super::erlang_c;

    #[test]
    fn erlang_c_has_its_known_values() {
        for (servers, load, expected) in
            [(1, 0.5, 0.5), (2, 1.6, 0.711_111_1), (8, 6.4, 0.457_644_9), (16, 14.4, 0.591_343_4)]
        {
            assert!((erlang_c(servers, load) - expected).abs() < 1e-5, "{servers} {load}");
        }
    }
}
