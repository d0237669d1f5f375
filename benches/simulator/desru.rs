//! The cases in desru: every event is a closure on its scheduler; the world is shared by all of them.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use desru::EventScheduler;

use super::model::{Chance, Measured, Model, next_tier};

/// A queue and its servers.
#[derive(Clone, Default)]
struct Station {
    queue: VecDeque<f64>,
    busy: u32,
}

struct World {
    model: Model,
    tiers: Vec<Vec<Station>>,
    chance: Chance,
    measured: Measured,
    left: u64,
}

type Shared = Rc<RefCell<World>>;

fn schedule(scheduler: &mut EventScheduler, delay: f64, mut action: impl FnMut(&mut EventScheduler) + 'static) {
    let run = move |scheduler: &mut EventScheduler| {
        action(scheduler);
        None
    };
    scheduler.timeout(delay, Some(Box::new(run)), None);
}

/// The next customer is due.
fn arrivals(world: &Shared, scheduler: &mut EventScheduler) {
    let gap = {
        let mut world = world.borrow_mut();
        if world.left == 0 {
            return;
        }
        world.left -= 1;
        let mean = 1.0 / world.model.rate;
        world.chance.exponential(mean)
    };
    let world = Rc::clone(world);
    schedule(scheduler, gap, move |scheduler| {
        arrivals(&world, scheduler);
        enter(&world, 0, scheduler.current_time, scheduler);
    });
}

fn enter(world: &Shared, tier: usize, arrived: f64, scheduler: &mut EventScheduler) {
    let at = {
        let mut world = world.borrow_mut();
        world.measured.events += 1;
        let servers = world.model.tiers[tier].servers;
        let present = |station: &Station| station.busy + station.queue.len() as u32;
        let stations = &mut world.tiers[tier];
        let Some(at) = (0..stations.len()).min_by_key(|&at| present(&stations[at])) else { return };
        if stations[at].busy >= servers {
            stations[at].queue.push_back(arrived);
            return;
        }
        stations[at].busy += 1;
        at
    };
    start(world, tier, at, arrived, scheduler);
}

fn start(world: &Shared, tier: usize, at: usize, arrived: f64, scheduler: &mut EventScheduler) {
    let work = {
        let mut world = world.borrow_mut();
        let mean = world.model.tiers[tier].mean_ms;
        let work = world.chance.exponential(mean);
        world.measured.busy[tier] += work;
        work
    };
    let world = Rc::clone(world);
    schedule(scheduler, work, move |scheduler| done(&world, tier, at, arrived, scheduler));
}

fn done(world: &Shared, tier: usize, at: usize, arrived: f64, scheduler: &mut EventScheduler) {
    let (waiting, next) = {
        let world = &mut *world.borrow_mut();
        world.measured.events += 1;
        let station = &mut world.tiers[tier][at];
        let waiting = station.queue.pop_front();
        station.busy -= u32::from(waiting.is_none());
        let next = next_tier(&world.model, tier, &mut world.chance);
        if next.is_none() {
            world.measured.answered(arrived, scheduler.current_time);
        }
        (waiting, next)
    };
    if let Some(waiting) = waiting {
        start(world, tier, at, waiting, scheduler);
    }
    if let Some(next) = next {
        enter(world, next, arrived, scheduler);
    }
}

/// Runs a model until so many customers have come and gone.
pub fn run(model: Model) -> Measured {
    let mut scheduler = EventScheduler::new();
    let tiers = model.tiers.iter().map(|tier| vec![Station::default(); tier.instances]).collect();
    let measured = Measured::new(&model);
    let left = model.customers;
    let world = Rc::new(RefCell::new(World { model, tiers, chance: Chance::new(), measured, left }));
    arrivals(&world, &mut scheduler);
    // Keeping a log of all events would cost it more than the events.
    let nothing_left = |scheduler: &EventScheduler| scheduler.event_queue.is_empty();
    scheduler.run(Box::new(nothing_left), Some(Box::new(|_, _| false)));
    let world = Rc::try_unwrap(world).ok().expect("no event is left that shares the world");
    world.into_inner().measured
}
