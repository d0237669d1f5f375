//! Theory beside measurement: what a formula says about a component under the load that was measured.

use crate::{
    design::{ComponentId, Design, Distribution, Kind},
    sim::Report,
};

/// A formula's figures for a component.
#[derive(Clone, Debug, PartialEq)]
pub struct Theory {
    /// Which component.
    pub component: ComponentId,
    /// The model's name in Kendall's notation: `8 x M/M/4`.
    pub model: String,
    /// Utilisation by the formula.
    pub utilisation: f64,
    /// Mean wait by the formula, seconds; `None` where the queue would grow without end.
    pub wait: Option<f64>,
    /// Mean wait as measured, seconds.
    pub measured: f64,
}

/// What queueing theory says of each component that it applies to: services whose requests come at random to instances of one queue each.
///
/// The wait is Erlang C's, times half of one plus the squared variation of the work (Allen and Cunneen's approximation, exact for M/M/c and
/// M/G/1). A balancer that looks at loads does better than it says, for the formula splits at random.
pub fn theory(design: &Design, report: &Report) -> Vec<Theory> {
    let applies = |id: &ComponentId| matches!(design.component(*id).kind, Kind::Service | Kind::Worker);
    design.component_ids().filter(applies).filter_map(|id| of(design, report, id)).collect()
}

fn of(design: &Design, report: &Report, id: ComponentId) -> Option<Theory> {
    let component = design.component(id);
    let measured = report.components.get(id.0 as usize)?;
    let work = component.parameters.distribution("work")?;
    let (mean, variation) = (work.mean(), variation(&work));
    let servers = component.parameters.number("cores").unwrap_or(1.0).round().max(1.0);
    let instances = f64::from(measured.instances.max(1));
    let rate = measured.arrivals_per_s / instances;
    if rate <= 0.0 || mean <= 0.0 || !mean.is_finite() {
        return None;
    }
    let load = rate * mean;
    let utilisation = load / servers;
    let wait =
        (utilisation < 1.0).then(|| erlang_c(servers as u32, load) * mean / (servers - load) * (1.0 + variation) / 2.0);
    let letter = match work {
        Distribution::Exponential { .. } => "M",
        Distribution::Fixed(_) => "D",
        _ => "G",
    };
    let times = if instances > 1.0 { format!("{instances} x ") } else { String::new() };
    Some(Theory {
        component: id,
        model: format!("{times}M/{letter}/{servers}"),
        utilisation,
        wait,
        measured: measured.wait_mean,
    })
}

/// Squared coefficient of variation.
fn variation(work: &Distribution) -> f64 {
    let (mean, variance) = crate::sim::sampler::Sampler::of(work).moments();
    if mean > 0.0 { variance / (mean * mean) } else { 0.0 }
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
            assert!((erlang_c(servers, load) - expected).abs() < 1e-6, "{servers} {load}");
        }
    }
}
