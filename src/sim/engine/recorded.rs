//! Arrivals as a file has them: at its moments, or at its rate from moment to moment. Its first moment is the end of the warm-up; before it
//! requests come at the file's mean rate, so that what is measured begins under load.

use super::arrivals::FlowState;
use crate::{
    design::Recording,
    sim::sampler::{NEVER, SECOND, Time},
};

/// When the next request of a flow is due; `begin` is the end of the warm-up, and `scale` times the file's requests come.
pub(super) fn next(recording: &Recording, from: Time, begin: Time, scale: f64, state: &mut FlowState) -> f64 {
    if from < begin {
        let rate = recording.mean_rate() * scale * state.factor;
        let due = from as f64 + state.exponential() * SECOND / rate;
        if rate > 0.0 && due < begin as f64 {
            return due;
        }
    }
    match recording {
        Recording::Moments(moments) => {
            let Some(moment) = moments.get(state.cursor) else { return NEVER as f64 };
            state.cursor += 1;
            begin as f64 + moment * SECOND
        }
        Recording::Rates(rates) => by_rate(rates, from.max(begin), begin, scale, state),
    }
}

/// The next arrival at a rate that changes at set times: what is left of an exponential is used up piece by piece.
fn by_rate(rates: &[(f64, f64)], from: Time, begin: Time, scale: f64, state: &mut FlowState) -> f64 {
    let mut at = (from - begin) as f64 / SECOND;
    let mut left = state.exponential();
    loop {
        while rates.get(state.cursor + 1).is_some_and(|next| next.0 <= at) {
            state.cursor += 1;
        }
        let rate = rates.get(state.cursor).map_or(0.0, |piece| piece.1) * scale * state.factor;
        let until = rates.get(state.cursor + 1).map_or(f64::INFINITY, |next| next.0);
        if left <= rate * (until - at) {
            return begin as f64 + (at + left / rate) * SECOND;
        }
        if until.is_infinite() {
            return NEVER as f64;
        }
        left -= (rate * (until - at)).max(0.0);
        at = until;
    }
}

/// Requests that come at one moment of a file of which `scale` times as many are to come: the fraction by chance.
pub(super) fn at_once(scale: f64, state: &mut FlowState) -> u32 {
    let whole = (scale * state.factor).min(1e6);
    whole as u32 + u32::from(whole.fract() > 0.0 && state.arrives_by_chance(whole.fract()))
}
