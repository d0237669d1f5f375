//! The cases in odem-rs: every server is a process that takes from its queue and sleeps while there is nothing in it.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    pin::pin,
    task::Waker,
};

use odem_rs::{core::ops::waker, prelude::*};

use super::model::{Chance, Measured, Model, next_tier};

/// A queue and its servers.
#[derive(Default)]
struct Station {
    queue: RefCell<VecDeque<f64>>,
    idle: RefCell<Vec<Waker>>,
    /// Requests here, waiting or in service.
    present: Cell<u32>,
}

struct World<'a> {
    model: &'a Model,
    tiers: Vec<Vec<Station>>,
    chance: RefCell<Chance>,
    measured: RefCell<Measured>,
}

impl World<'_> {
    /// A request reaches a tier: the station with the fewest requests takes it.
    fn enter(&self, tier: usize, arrived: f64) {
        let stations = &self.tiers[tier];
        let Some(station) = stations.iter().min_by_key(|station| station.present.get()) else { return };
        station.present.set(station.present.get() + 1);
        station.queue.borrow_mut().push_back(arrived);
        self.measured.borrow_mut().events += 1;
        if let Some(server) = station.idle.borrow_mut().pop() {
            server.wake();
        }
    }

    fn served(&self, tier: usize, arrived: f64, now: f64) {
        let next = next_tier(self.model, tier, &mut self.chance.borrow_mut());
        self.measured.borrow_mut().events += 1;
        match next {
            Some(next) => self.enter(next, arrived),
            None => self.measured.borrow_mut().answered(arrived, now),
        }
    }
}

async fn serve(sim: &Sim, world: &World<'_>, tier: usize, at: usize) {
    let (station, mean) = (&world.tiers[tier][at], world.model.tiers[tier].mean_ms);
    loop {
        let next = station.queue.borrow_mut().pop_front();
        if let Some(arrived) = next {
            let work = world.chance.borrow_mut().exponential(mean);
            world.measured.borrow_mut().busy[tier] += work;
            sim.advance(work).await;
            station.present.set(station.present.get() - 1);
            world.served(tier, arrived, sim.now());
        } else {
            let own = waker().await;
            station.idle.borrow_mut().push(own);
            sleep().await;
        }
    }
}

/// Runs a model until so many customers have come.
#[odem_rs::main]
pub async fn run(sim: &Sim, model: Model) -> Measured {
    let stations = |instances| (0..instances).map(|_| Station::default()).collect();
    let world = World {
        model: &model,
        tiers: model.tiers.iter().map(|tier| stations(tier.instances)).collect(),
        chance: RefCell::new(Chance::new()),
        measured: RefCell::new(Measured::new(&model)),
    };
    {
        let servers = pin!(Pool::dynamic().with(Job::new));
        for (tier, plan) in model.tiers.iter().enumerate() {
            for at in 0..plan.instances {
                for _ in 0..plan.servers {
                    sim.activate(servers.alloc(serve(sim, &world, tier, at)));
                }
            }
        }
        for _ in 0..model.customers {
            let gap = world.chance.borrow_mut().exponential(1.0 / model.rate);
            sim.advance(gap).await;
            world.enter(0, sim.now());
        }
        // A sleeper may not be woken once its server is gone.
        world.tiers.iter().flatten().for_each(|station| station.idle.borrow_mut().clear());
    }
    world.measured.into_inner()
}
