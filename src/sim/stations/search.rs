//! Search indexes: a query asks one copy of every shard; a document goes to all copies of its shard and is found after the next refresh.

use crate::{
    design::Operation,
    sim::{
        engine::{Engine, shard_of},
        network::Own,
    },
};

impl Engine {
    /// A query or a document at a search index.
    pub fn search(&mut self, frame: u32, station: u32) {
        let Own::Search { shards, copies, refresh } = self.net.stations[station as usize].own else { return };
        let site = self.frames[frame].site as usize;
        let first = self.stations[station as usize].first;
        let mut targets = std::mem::take(&mut self.targets);
        targets.clear();
        if matches!(self.net.sites[site].operation, Operation::Read | Operation::Search) {
            for shard in 0..shards {
                targets.push(first + shard * copies + self.copy_for(station, shard, copies));
            }
        } else {
            let shard = shard_of(self.frames[frame].key, self.stations[station as usize].salt, shards);
            targets.extend((0..copies).map(|copy| first + shard * copies + copy));
            // Documents become visible together, at the end of each refresh interval.
            let wait = if refresh > 0 { refresh - self.now % refresh } else { 0 };
            self.stations[station as usize].metrics.lag.record(wait);
        }
        let need = targets.len() as u32;
        self.targets = targets;
        self.fan_out(frame, need);
    }

    /// A copy of a shard that answers; any of them where none does.
    fn copy_for(&mut self, station: u32, shard: u32, copies: u32) -> u32 {
        let first = self.stations[station as usize].first + shard * copies;
        let start = self.stations[station as usize].choice.below(u64::from(copies)) as u32;
        let mut order = (0..copies).map(|step| (start + step) % copies);
        order.find(|&copy| self.instances[(first + copy) as usize].up).unwrap_or(start)
    }
}
