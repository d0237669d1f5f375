//! Balancers: which instance of the next component a request goes to.
//!
//! A balancer counts a connection from the moment it chooses until the answer has come back to it, as a real one does. Least connections
//! finds its instance in an index of instances by load, not by a scan.

use crate::{
    rng::{Stream, mix64},
    sim::{
        engine::{Station, streams},
        network::{BalancerPlan, Choice, NONE},
    },
};

/// Slots of the consistent-hashing table: a ring of virtual nodes, evaluated once.
const SLOTS: usize = 4096;
/// Clients that a sticky balancer tells apart.
const CLIENTS: u64 = 4096;
/// Instances that least response time looks at.
const LOOKS: usize = 64;
/// Weight of the latest answer in the mean answer time.
const SMOOTHING: f32 = 0.1;
/// Virtual nodes of an instance.
const VIRTUAL_NODES: u64 = 64;

/// A balancer's view of the instances it spreads requests over.
#[derive(Debug)]
pub(in crate::sim) struct Balancer {
    choice: Choice,
    /// The station's first instance.
    first: u32,
    /// Connections of each instance.
    loads: Vec<u32>,
    /// Instances that it believes to be in service.
    healthy: Vec<u32>,
    /// Place of each instance in `healthy`; `NONE` where it is not.
    place: Vec<u32>,
    /// For least connections.
    ladder: Ladder,
    turn: usize,
    slots: Vec<u32>,
    /// The instance of each client, where clients stay with theirs; and mean answer times, where they count.
    clients: Vec<u32>,
    times: Vec<f32>,
    /// How quick each instance is, where that is its weight, and the quickest.
    weights: Vec<f32>,
    most: f32,
    stream: Stream,
}

impl Balancer {
    pub fn new(plan: &BalancerPlan, station: &Station, most: u32, number: u64, seed: u64) -> Self {
        let count = most;
        let mut balancer = Self {
            choice: plan.choice,
            first: station.first,
            loads: vec![0; count as usize],
            healthy: Vec::new(),
            place: vec![NONE; count as usize],
            ladder: Ladder::new(count),
            turn: 0,
            slots: Vec::new(),
            clients: if plan.sticky { vec![NONE; CLIENTS as usize] } else { Vec::new() },
            times: if plan.choice == Choice::LeastTime { vec![0.0; count as usize] } else { Vec::new() },
            weights: if plan.choice == Choice::Weighted { vec![1.0; count as usize] } else { Vec::new() },
            most: 1.0,
            stream: Stream::new(seed, streams::BALANCER + number),
        };
        for instance in 0..station.active {
            balancer.join(instance);
        }
        balancer.lay_ring();
        balancer
    }

    /// An instance (counted within its station) is in service from now on.
    fn join(&mut self, instance: u32) {
        if self.place[instance as usize] == NONE {
            self.place[instance as usize] = self.healthy.len() as u32;
            self.healthy.push(instance);
            if self.choice == Choice::LeastConnections {
                self.ladder.join(instance, self.loads[instance as usize]);
            }
        }
    }

    /// An instance (counted within its station) serves from now on, or no longer.
    pub fn set_serving(&mut self, instance: u32, serves: bool) {
        let place = self.place[instance as usize];
        if serves {
            self.join(instance);
        } else if place != NONE {
            self.place[instance as usize] = NONE;
            if self.choice == Choice::LeastConnections {
                self.ladder.leave(instance, self.loads[instance as usize]);
            }
            self.healthy.swap_remove(place as usize);
            if let Some(&moved) = self.healthy.get(place as usize) {
                self.place[moved as usize] = place;
            }
        }
        self.lay_ring();
    }

    /// The table of the ring: each slot goes to the first virtual node at or after it.
    fn lay_ring(&mut self) {
        if self.choice != Choice::ConsistentHash {
            return;
        }
        let mut nodes: Vec<(u64, u32)> = Vec::new();
        for &instance in &self.healthy {
            nodes.extend((0..VIRTUAL_NODES).map(|node| (mix64((u64::from(instance) << 16) + node), instance)));
        }
        nodes.sort_unstable();
        let step = u64::MAX / SLOTS as u64;
        let owner = |slot: usize| {
            let at = nodes.partition_point(|node| node.0 < slot as u64 * step);
            nodes.get(at).or(nodes.first()).map(|node| node.1)
        };
        self.slots = (0..SLOTS).filter_map(owner).collect();
    }

    /// The instance for a request, counted over all stations; `None` when none is in service.
    #[inline]
    pub fn choose(&mut self, key: u64) -> Option<u32> {
        if self.healthy.is_empty() {
            return None;
        }
        let instance = if self.clients.is_empty() { self.pick(key)? } else { self.client_s_own(key)? };
        self.take(instance);
        Some(self.first + instance)
    }

    /// A client stays with its instance as long as that serves.
    fn client_s_own(&mut self, key: u64) -> Option<u32> {
        let client = self.stream.below(CLIENTS) as usize;
        let own = self.clients[client];
        if own != NONE && self.place[own as usize] != NONE {
            return Some(own);
        }
        let instance = self.pick(key)?;
        self.clients[client] = instance;
        Some(instance)
    }

    /// The instance that the next request would go to, counted over all stations, without taking a turn or a connection.
    pub fn look(&mut self, key: u64) -> Option<u32> {
        if self.healthy.is_empty() {
            return None;
        }
        let turn = self.turn;
        let instance = self.pick(key);
        self.turn = turn;
        instance.map(|instance| self.first + instance)
    }

    #[inline]
    fn pick(&mut self, key: u64) -> Option<u32> {
        let count = self.healthy.len();
        Some(match self.choice {
            Choice::RoundRobin => {
                self.turn = if self.turn + 1 < count { self.turn + 1 } else { 0 };
                self.healthy[self.turn]
            }
            Choice::Weighted => self.weighted(),
            Choice::Random => self.healthy[self.stream.below(count as u64) as usize],
            Choice::TwoChoices => self.better_of_two(),
            Choice::LeastConnections => self.least_loaded(),
            Choice::IpHash => self.healthy[(mix64(key) % count as u64) as usize],
            Choice::ConsistentHash => *self.slots.get((mix64(key) >> 52) as usize)?,
            Choice::LeastTime => self.quickest(),
        })
    }

    /// The next in turn that is quick enough for this round: an instance of half the speed is taken every other time.
    fn weighted(&mut self) -> u32 {
        let count = self.healthy.len();
        for _ in 0..count * LOOKS {
            self.turn = if self.turn + 1 < count { self.turn + 1 } else { 0 };
            let instance = self.healthy[self.turn];
            if self.stream.chance(f64::from(self.weights[instance as usize] / self.most)) {
                return instance;
            }
        }
        self.healthy[self.turn]
    }

    /// An instance's work takes so many times as long from now on: its weight follows, as those set by hand or by feedback do.
    pub fn set_slowness(&mut self, instance: u32, slow: f32) {
        let Some(weight) = self.weights.get_mut(instance as usize) else { return };
        *weight = 1.0 / slow.max(1e-3);
        self.most = self.weights.iter().copied().fold(1e-6, f32::max);
    }

    /// The instance with the least product of answer time and connections, of all or of a sample.
    fn quickest(&mut self) -> u32 {
        let count = self.healthy.len();
        let looks = count.min(LOOKS);
        let start = self.stream.below(count as u64) as usize;
        let cost = |instance: u32| (self.times[instance as usize] + 1.0) * (self.loads[instance as usize] + 1) as f32;
        let mut best = self.healthy[start];
        for step in 1..looks {
            let other = self.healthy[(start + step) % count];
            if cost(other) < cost(best) {
                best = other;
            }
        }
        best
    }

    /// An instance has answered after so many nanoseconds.
    pub fn answered(&mut self, instance: u32, time: u64) {
        if let Some(mean) = self.times.get_mut((instance - self.first) as usize) {
            *mean += SMOOTHING * (time as f32 - *mean);
        }
    }

    fn better_of_two(&mut self) -> u32 {
        let count = self.healthy.len() as u64;
        let one = self.stream.below(count);
        let other = if count > 1 { (one + 1 + self.stream.below(count - 1)) % count } else { one };
        let (one, other) = (self.healthy[one as usize], self.healthy[other as usize]);
        if self.loads[other as usize] < self.loads[one as usize] { other } else { one }
    }

    #[inline]
    fn least_loaded(&mut self) -> u32 {
        let least = self.ladder.lowest(&self.loads);
        let at = if least.len() > 1 { self.stream.below(least.len() as u64) as usize } else { 0 };
        least[at]
    }

    #[inline]
    fn take(&mut self, instance: u32) {
        let load = &mut self.loads[instance as usize];
        if self.choice == Choice::LeastConnections {
            self.ladder.rise(instance, *load);
        }
        *load += 1;
    }

    /// A connection to an instance, counted over all stations, is over.
    #[inline]
    pub fn release(&mut self, instance: u32) {
        let instance = instance - self.first;
        let load = &mut self.loads[instance as usize];
        if self.choice == Choice::LeastConnections && self.place[instance as usize] != NONE {
            self.ladder.fall(instance, *load);
        }
        *load -= 1;
    }
}

/// Instances in the order of their connections: one array, in which those of the same number stand together, and where each number begins.
/// One connection more or less is a swap and the shift of a border.
#[derive(Debug)]
struct Ladder {
    order: Vec<u32>,
    /// Place of each instance in `order`.
    at: Vec<u32>,
    /// First place of those with so many connections or more; the last is the end.
    starts: Vec<u32>,
}

impl Ladder {
    fn new(count: u32) -> Self {
        Self { order: Vec::new(), at: vec![NONE; count as usize], starts: vec![0, 0] }
    }

    /// Those with the fewest connections; there is an instance.
    #[inline]
    fn lowest(&self, loads: &[u32]) -> &[u32] {
        let load = loads[self.order[0] as usize] as usize;
        &self.order[..self.starts[load + 1] as usize]
    }

    #[inline]
    fn swap(&mut self, a: u32, b: u32) {
        let (one, other) = (self.order[a as usize], self.order[b as usize]);
        (self.order[a as usize], self.order[b as usize]) = (other, one);
        (self.at[one as usize], self.at[other as usize]) = (b, a);
    }

    /// An instance of so many connections gets one more: it becomes the first of the next.
    #[inline]
    fn rise(&mut self, instance: u32, load: u32) {
        if load as usize + 2 >= self.starts.len() {
            self.starts.push(self.order.len() as u32);
        }
        let border = &mut self.starts[load as usize + 1];
        *border -= 1;
        let last = *border;
        self.swap(self.at[instance as usize], last);
    }

    /// An instance of so many connections has one less: it becomes the last of those before.
    #[inline]
    fn fall(&mut self, instance: u32, load: u32) {
        let border = &mut self.starts[load as usize];
        let first = *border;
        *border += 1;
        self.swap(self.at[instance as usize], first);
    }

    /// An instance of so many connections comes in.
    fn join(&mut self, instance: u32, load: u32) {
        self.at[instance as usize] = self.order.len() as u32;
        self.order.push(instance);
        while self.starts.len() < load as usize + 2 {
            self.starts.push(self.order.len() as u32 - 1);
        }
        if let Some(end) = self.starts.last_mut() {
            *end += 1;
        }
        for above in (load + 1..self.starts.len() as u32 - 1).rev() {
            self.fall(instance, above);
        }
    }

    /// An instance of so many connections goes out.
    fn leave(&mut self, instance: u32, load: u32) {
        for below in load..self.starts.len() as u32 - 2 {
            self.rise(instance, below);
        }
        let last = self.order.len() as u32 - 1;
        self.swap(self.at[instance as usize], last);
        self.order.pop();
        self.at[instance as usize] = NONE;
        if let Some(end) = self.starts.last_mut() {
            *end -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_knows_the_fewest_through_every_change() {
        let mut stream = Stream::new(4, 2);
        let mut loads = [0_u32; 12];
        let mut ladder = Ladder::new(12);
        let mut inside = [false; 12];
        for _ in 0..5000 {
            let instance = stream.below(12) as u32;
            let (load, is_in) = (&mut loads[instance as usize], &mut inside[instance as usize]);
            match (stream.below(6), *is_in) {
                (0, true) => ladder.leave(instance, *load),
                (_, false) => ladder.join(instance, *load),
                (1 | 2, true) if *load > 0 => {
                    ladder.fall(instance, *load);
                    *load -= 1;
                    continue;
                }
                _ => {
                    ladder.rise(instance, *load);
                    *load += 1;
                    continue;
                }
            }
            *is_in = !*is_in;
            let mut least: Vec<u32> = (0..12).filter(|&at| inside[at as usize]).collect();
            let fewest = least.iter().map(|&at| loads[at as usize]).min();
            least.retain(|&at| Some(loads[at as usize]) == fewest);
            let mut found = if least.is_empty() { Vec::new() } else { ladder.lowest(&loads).to_vec() };
            found.sort_unstable();
            assert_eq!(found, least);
        }
    }
}
