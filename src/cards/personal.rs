//! Weights of one's own: the model fitted to what the log says of this memory and no other.

use std::collections::BTreeMap;

use fsrs::{ComputeParametersInput, FSRS, FSRSItem, FSRSReview, compute_parameters};

use super::log::standing;
use super::{CardId, Entry, Options, Weights};
use crate::clock::Day;

/// So many reviews must tell whether something was remembered after a night before weights are fitted. Measured on the histories of thousands of
/// Anki's users, weights fitted to some 200 reviews predict the next thousand better than the default ones; with some 60 they do so for the next
/// hundred only (ankitects/anki, issue 3094).
pub const ENOUGH_REVIEWS: usize = 200;

/// The part of the log, the latest, that fitted weights are tried on before they are believed.
const HELD_BACK: f64 = 0.2;

/// What fitting came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Fit {
    /// The log has too few reviews that tell anything: how many it has.
    TooFew(usize),
    /// The fitted weights predicted the latest reviews no better than those in use.
    NoBetter(Losses),
    /// They did better: these are fitted to all of the log.
    Better(Weights, Losses),
}

/// How far predictions were from what happened on the reviews that were held back: mean log loss, smaller is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Losses {
    /// With the weights in use.
    pub current: f32,
    /// With weights fitted to the earlier reviews.
    pub fitted: f32,
    /// How many reviews were held back.
    pub reviews: usize,
}

/// Fits weights to `log`; `options` has those in use. Takes seconds for a long log.
pub fn fit(log: &[Entry], options: &Options) -> Fit {
    let items = items(log, options);
    if items.len() < ENOUGH_REVIEWS {
        return Fit::TooFew(items.len());
    }
    let (earlier, latest) = items.split_at((items.len() as f64 * (1.0 - HELD_BACK)) as usize);
    let loss = |model: &FSRS| model.evaluate(latest.to_vec(), |_| true).map_or(f32::INFINITY, |fit| fit.log_loss);
    let current = loss(&options.weights.model());
    let fitted = weights(earlier, options).map_or(f32::INFINITY, |weights| loss(&weights.model()));
    let losses = Losses { current, fitted, reviews: latest.len() };
    match weights(&items, options) {
        Some(weights) if fitted < current => Fit::Better(weights, losses),
        _ => Fit::NoBetter(losses),
    }
}

fn weights(items: &[FSRSItem], options: &Options) -> Option<Weights> {
    let input = ComputeParametersInput {
        train_set: items.to_vec(),
        num_relearning_steps: Some(options.relearning_steps.len()),
        ..ComputeParametersInput::default()
    };
    compute_parameters(input).ok().and_then(|weights| Weights::new(&weights))
}

/// One item a review that came after a night, with all reviews of its card up to it; in the order of the log.
fn items(log: &[Entry], options: &Options) -> Vec<FSRSItem> {
    let mut cards: BTreeMap<&CardId, (Day, Vec<FSRSReview>)> = BTreeMap::new();
    let mut items = Vec::new();
    for (card, review) in standing(log) {
        let day = options.day(review.at);
        let (last, reviews) = cards.entry(card).or_insert((day, Vec::new()));
        let delta_t = day.0.saturating_sub(last.0).max(0) as u32;
        *last = day;
        reviews.push(FSRSReview { rating: u32::from(review.grade.number()), delta_t });
        if delta_t > 0 {
            items.push(FSRSItem { reviews: reviews.clone() });
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::{Grade, Histories, Review, ReviewId, retrievability};
    use crate::clock::{Elapsed, Timestamp};

    /// Somebody who forgets faster than most: the log that a memory with these weights would leave, reviewed when due.
    fn forgetful(cards: u64, rounds: u64, weights: &Weights) -> Vec<Entry> {
        let day = |n: u64| Timestamp((n * 24 + 12) as i64 * 3_600_000);
        let theirs = Options {
            weights: weights.clone(),
            fuzz: false,
            learning_steps: Vec::new(),
            relearning_steps: Vec::new(),
            ..Options::default()
        };
        let mut memory = Histories::replay(&[], theirs.clone());
        let mut log: Vec<Review> = Vec::new();
        let mut chance = 0x9e37_79b9_u64;
        for card in 0..cards {
            let id = CardId::new("item", &card.to_string());
            let mut now = card % 30;
            for round in 0..rounds {
                chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let roll = (chance >> 33) as f64 / (1_u64 << 31) as f64;
                let grade = match memory.get(&id) {
                    Some(history) => {
                        let days = day(now).since(history.last).0 as f64 / 86_400_000.0;
                        if roll < retrievability(history.memory, days, weights) { Grade::Good } else { Grade::Again }
                    }
                    None => Grade::Good,
                };
                let review = Review {
                    id: ReviewId(card * rounds + round),
                    card: id.clone(),
                    at: day(now),
                    grade,
                    took: Elapsed(0),
                };
                memory.apply(&review);
                log.push(review);
                now += 1 + (roll * 12.0) as u64;
            }
        }
        log.sort_by_key(|review| (review.at, review.id));
        log.into_iter().map(Entry::Review).collect()
    }

    #[test]
    fn a_short_log_is_not_fitted() {
        let log = forgetful(20, 5, &Weights::default());
        assert_eq!(fit(&log, &Options::default()), Fit::TooFew(80));
        assert_eq!(fit(&[], &Options::default()), Fit::TooFew(0));
    }

    #[test]
    fn a_memory_unlike_the_default_is_predicted_better_by_its_own_weights() {
        let mut weights = Weights::default().values().to_vec();
        // Everything is forgotten in a quarter of the time.
        for weight in &mut weights[..4] {
            *weight /= 4.0;
        }
        let log = forgetful(300, 6, &Weights::new(&weights).unwrap());
        let Fit::Better(fitted, losses) = fit(&log, &Options::default()) else { panic!("not fitted") };
        assert!(losses.fitted < losses.current, "{losses:?}");
        assert!(fitted.values()[2] < Weights::default().values()[2] / 2.0, "{fitted:?}");
        let Fit::Better(again, _) = fit(&log, &Options::default()) else { panic!("not fitted") };
        assert_eq!(fitted, again, "the same log gives the same weights");
    }
}
