//! How often each site is visited, as far as a design tells before it runs: rates of the flows, shares of branches, hits of warm caches.

use crate::{
    design::Kind,
    sim::{
        network::{Branch, LoadPlan, NONE, Network, Own, Role, Spacing, Step},
        sampler::SECOND,
        stations::steady_hit_ratios,
    },
};

/// Visits of all sites.
#[derive(Debug)]
pub(super) struct Traffic {
    /// Visits a second, by site.
    pub rates: Vec<f64>,
    /// The site that calls it, by site; `NONE` for those that clients are at, and those that are never reached.
    pub callers: Vec<u32>,
    /// The flow that it belongs to, by site.
    pub flows: Vec<u32>,
}

struct Walk<'a> {
    net: &'a Network,
    /// By station, the hit ratio of its cache.
    hits: Vec<f64>,
    traffic: Traffic,
}

impl Traffic {
    /// The visits of a network of full size.
    pub fn of(net: &Network) -> Self {
        let mut hits = vec![0.0; net.stations.len()];
        for (station, ratio) in steady_hit_ratios(net) {
            hits[station as usize] = ratio.unwrap_or(0.0);
        }
        Self::with(net, hits)
    }

    /// The visits if no cache ever hits: as many as there can be, and sooner told.
    pub fn at_most(net: &Network) -> Self {
        Self::with(net, vec![0.0; net.stations.len()])
    }

    fn with(net: &Network, hits: Vec<f64>) -> Self {
        let sites = net.sites.len();
        let traffic = Self { rates: vec![0.0; sites], callers: vec![NONE; sites], flows: vec![NONE; sites] };
        let mut walk = Walk { net, hits, traffic };
        for (at, flow) in net.flows.iter().enumerate() {
            walk.visit(flow.root, NONE, at as u32, rate(&flow.load));
        }
        walk.traffic
    }

    /// Visits a second of all stations, those of parts of a request among them.
    pub fn visits(&self, net: &Network) -> f64 {
        let of = |(site, rate): (usize, &f64)| match net.stations[net.sites[site].station as usize].kind {
            Kind::Client => 0.0,
            _ => rate * jobs(net, site),
        };
        self.rates.iter().enumerate().map(of).sum()
    }

    /// Busy share of a station's servers.
    pub fn utilisation(&self, net: &Network, station: u32) -> f64 {
        let plan = &net.stations[station as usize];
        let sites = net.sites.iter().zip(&self.rates).filter(|(site, _)| site.station == station);
        let busy: f64 = sites.map(|(site, rate)| rate * (site.work.moments().0 + site.extra as f64) / SECOND).sum();
        busy * f64::from(plan.base_slow) / (f64::from(plan.servers) * f64::from(plan.instances))
    }
}

/// Jobs that a visit makes: one, or one for each copy or shard.
pub(super) fn jobs(net: &Network, site: usize) -> f64 {
    let site = &net.sites[site];
    match (site.role, net.stations[site.station as usize].own) {
        (Role::Quorum, Own::Kv(kv)) => f64::from(net.kvs[kv as usize].copies),
        (Role::Search, Own::Search { shards, .. }) => f64::from(shards),
        _ => 1.0,
    }
}

/// Requests a second of a flow at its busiest.
fn rate(load: &LoadPlan) -> f64 {
    match *load {
        LoadPlan::Open { rate, arrivals: Spacing::Diurnal { peak, .. } } => rate * peak,
        LoadPlan::Open { rate, .. } => rate,
        LoadPlan::Closed { users, think } => f64::from(users) / (think.moments().0 / SECOND).max(1e-3),
    }
}

impl Walk<'_> {
    fn visit(&mut self, at: u32, caller: u32, flow: u32, rate: f64) {
        let place = at as usize;
        self.traffic.rates[place] += rate;
        (self.traffic.callers[place], self.traffic.flows[place]) = (caller, flow);
        let site = &self.net.sites[place];
        if site.role == Role::Publish {
            let (first, count) = site.groups;
            for group in &self.net.groups[first as usize..(first + count) as usize] {
                self.program(group.entry, at, rate / f64::from(group.batch));
            }
            return;
        }
        let missed = match site.role {
            Role::Lookup { .. } => 1.0 - self.hits[site.station as usize],
            _ => 1.0,
        };
        self.program(site.entry, at, rate * missed);
    }

    fn program(&mut self, entry: u32, site: u32, rate: f64) {
        let mut next = Some(entry);
        while let Some(pc) = next {
            next = self.stretch(pc, site, rate);
        }
    }

    /// Steps up to the end or a jump; where it jumps to.
    fn stretch(&mut self, mut pc: u32, site: u32, rate: f64) -> Option<u32> {
        loop {
            match self.net.steps[pc as usize] {
                Step::Call(to) | Step::HandOver(to) => self.visit(to, site, self.traffic.flows[site as usize], rate),
                Step::All { first, count } | Step::Any { first, count, .. } => {
                    (first..first + count).for_each(|branch| self.branch(branch, site, rate));
                }
                Step::Many { branch, times } | Step::Loop { branch, times } => {
                    self.branch(branch, site, rate * f64::from(times));
                }
                Step::Choose { first, count } => {
                    pc = self.choose(first, count, site, rate)?;
                    continue;
                }
                Step::Jump(to) => return Some(to),
                Step::Commit => {}
                Step::Publish | Step::End => return None,
            }
            pc += 1;
        }
    }

    /// The options of a choice, each with its share; all jump to the same place behind it.
    fn choose(&mut self, first: u32, count: u32, site: u32, rate: f64) -> Option<u32> {
        let (mut before, mut behind) = (0.0, None);
        for at in first..first + count {
            let Branch { below, entry, .. } = self.net.branches[at as usize];
            let below = below.min(1.0);
            behind = self.stretch(entry, site, rate * (below - before));
            before = below;
        }
        behind
    }

    fn branch(&mut self, at: u32, site: u32, rate: f64) {
        let Branch { call, entry, .. } = self.net.branches[at as usize];
        if call == NONE {
            self.program(entry, site, rate);
        } else {
            self.visit(call, site, self.traffic.flows[site as usize], rate);
        }
    }
}
