//! Last calls: a component whose last step is a call has only the answer left to pass on, so the call may take the place of its frame.
//!
//! A chain of ten calls is then one frame, and the way back through all of them one delay. What hangs on the caller's frame (a timeout,
//! a policy, a connection of a balancer, an entry being fetched, a message) rules it out.

use crate::sim::network::{LaneKind, NONE, Network, Role, Site, Step};

/// Finds the last calls of all programs.
pub(super) fn mark(network: &mut Network) {
    // A site comes before those that its program calls, so its own way back is known by then.
    for at in 0..network.sites.len() {
        if !may_give_way(&network.sites[at]) {
            continue;
        }
        let (back, hop) = (&network.sites[at], network.sites[at].hop_lane);
        let before = if back.tail { back.back_lane } else { hop };
        for call in last_calls(network, network.sites[at].entry) {
            let site = &network.sites[call as usize];
            if may_take_over(site) {
                let delay = [before, site.hop_lane].into_iter().filter(|&lane| lane != NONE);
                let delay = delay.map(|lane| network.lanes[lane as usize].1).sum();
                let lane = network.lane(LaneKind::Hop, delay);
                let site = &mut network.sites[call as usize];
                (site.tail, site.back_lane) = (true, lane);
            }
        }
    }
}

/// Whether nothing hangs on the frame of a caller once it makes its last call.
fn may_give_way(site: &Site) -> bool {
    let bare = site.policy == NONE && site.timeout_lane == NONE && site.balancer == NONE && site.acks == 0;
    bare && !site.handed_over
        && !site.locks
        && matches!(site.role, Role::Pass | Role::Work | Role::Query | Role::Commit)
}

/// Whether a call needs no frame of its caller beside its own.
fn may_take_over(site: &Site) -> bool {
    let bare = site.policy == NONE && site.timeout_lane == NONE && site.balancer == NONE;
    bare && !site.handed_over && !site.pulled && site.role != Role::Publish
}

/// The calls after which a program does nothing more.
fn last_calls(network: &Network, entry: u32) -> Vec<u32> {
    let mut calls = Vec::new();
    let mut starts = vec![entry];
    while let Some(mut pc) = starts.pop() {
        loop {
            match network.steps[pc as usize] {
                Step::Call(site) if ends(network, pc + 1) => {
                    calls.push(site);
                    break;
                }
                Step::Choose { first, count } => {
                    let branches = &network.branches[first as usize..(first + count) as usize];
                    starts.extend(branches.iter().map(|branch| branch.entry));
                    break;
                }
                Step::End | Step::Publish => break,
                Step::Jump(to) => pc = to,
                _ => pc += 1,
            }
        }
    }
    calls
}

/// Whether a program is at its end there.
fn ends(network: &Network, mut pc: u32) -> bool {
    while let Step::Jump(to) = network.steps[pc as usize] {
        pc = to;
    }
    network.steps[pc as usize] == Step::End
}
