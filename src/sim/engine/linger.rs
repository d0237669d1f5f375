//! Producers' batches: messages for one broker wait for each other, and are written as one.

use super::{Alarm, Engine, LEG, Outcome};
use crate::sim::network::NONE;

impl Engine {
    /// A message joins the batch that is being filled for its broker.
    pub(super) fn linger(&mut self, frame: u32, site: usize) {
        let (most, wait) = self.net.sites[site].linger;
        let instance = self.frames[frame].instance;
        let batch = &mut self.lingering[instance as usize];
        batch.push(frame);
        let count = batch.len() as u32;
        let first = batch[0];
        if count >= most {
            self.write_batch(instance);
        } else if count == 1 {
            self.set_alarm(self.now + wait, Alarm::Linger { instance, batch: first });
        }
    }

    /// A batch has waited long enough, unless it was full before.
    pub(super) fn linger_over(&mut self, instance: u32, batch: u32) {
        let first = self.lingering[instance as usize].first().copied();
        // A full batch may have gone and its first frame come back to start another: that one goes a little early.
        if first == Some(batch) {
            self.write_batch(instance);
        }
    }

    /// The first message of a batch is written for all.
    fn write_batch(&mut self, instance: u32) {
        let place = self.riders_place();
        std::mem::swap(&mut self.riders[place as usize], &mut self.lingering[instance as usize]);
        let leader = self.riders[place as usize][0];
        self.frames[leader].pc = place + 1;
        self.admit(leader);
    }

    /// A broker's server takes up a message: what waits behind it is written together with it, as far as a batch goes.
    pub(super) fn ride_along(&mut self, leader: u32, instance: usize) {
        let (most, wait) = self.net.sites[self.frames[leader].site as usize].linger;
        // Producers that linger have made their batches; copies are written as the batches come.
        if most <= 1 || wait > 0 || self.frames[leader].is(LEG) {
            return;
        }
        let place = self.riders_place();
        let mut riders = std::mem::take(&mut self.riders[place as usize]);
        riders.push(leader);
        while (riders.len() as u32) < most {
            let state = &mut self.instances[instance];
            let rider = state.head;
            if rider == NONE || self.frames[rider].is(LEG) {
                break;
            }
            state.head = self.frames[rider].next;
            state.queued -= 1;
            if state.head == NONE {
                state.tail = NONE;
            }
            riders.push(rider);
        }
        self.riders[place as usize] = riders;
        self.frames[leader].pc = place + 1;
    }

    /// Room for the riders of one more batch.
    fn riders_place(&mut self) -> u32 {
        self.free_riders.pop().unwrap_or_else(|| {
            self.riders.push(Vec::new());
            self.riders.len() as u32 - 1
        })
    }

    /// The batch that a frame was written for has its outcome: the others share it.
    pub(super) fn riders_of(&mut self, leader: u32) -> Option<u32> {
        let place = self.frames[leader].pc.checked_sub(1)?;
        let riders = self.riders.get(place as usize)?;
        (riders.first() == Some(&leader)).then_some(place)
    }

    /// A broker has written a message, or the batch that it stands for.
    pub(super) fn written(&mut self, frame: u32) {
        let Some(place) = self.riders_of(frame) else {
            self.copy_or_publish(frame);
            return;
        };
        let mut riders = std::mem::take(&mut self.riders[place as usize]);
        let at = self.net.sites[self.frames[frame].site as usize].station as usize;
        // The riders were let in with the leader and are served with it.
        self.stations[at].metrics.served += riders.len() as u64 - 1;
        self.stations[at].metrics.present -= riders.len() as u64 - 1;
        // One copy of the batch for each other broker: the leader's. The riders' legs only take the way there and back.
        for &rider in &riders {
            self.copies = u32::from(rider == frame);
            self.copy_or_publish(rider);
        }
        self.copies = 1;
        riders.clear();
        self.riders[place as usize] = riders;
        self.free_riders.push(place);
    }

    /// A message is copied to other brokers before it counts, if producers wait for that.
    fn copy_or_publish(&mut self, frame: u32) {
        let state = &self.frames[frame];
        let site = &self.net.sites[state.site as usize];
        let (acks, station) = (site.acks, site.station as usize);
        if acks == 0 {
            self.publish(frame);
            return;
        }
        let own = state.instance - self.stations[station].first;
        let (first, active) = (self.stations[station].first, self.stations[station].active);
        self.targets.clear();
        self.targets.extend((1..=acks).map(|step| first + (own + step) % active));
        self.fan_out(frame, acks);
    }

    /// The others of a batch share what became of the frame that it was written by.
    pub(super) fn fail_riders(&mut self, frame: u32, outcome: Outcome) {
        let Some(place) = self.riders_of(frame) else { return };
        let mut riders = std::mem::take(&mut self.riders[place as usize]);
        let at = self.net.sites[self.frames[frame].site as usize].station as usize;
        let metrics = &mut self.stations[at].metrics;
        metrics.rejected += riders.len() as u64 - 1;
        metrics.present -= riders.len() as u64 - 1;
        for rider in riders.drain(..).filter(|&rider| rider != frame) {
            self.end(rider, outcome);
        }
        self.riders[place as usize] = riders;
        self.free_riders.push(place);
    }
}
