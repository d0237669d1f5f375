//! The result of a line.

use std::sync::OnceLock;

use super::chance;
use super::samples::{COUNT, Samples};
use super::spread::Spread;
use super::value::{Amount, Value};
use crate::source::Diagnostic;
use crate::units::{Quantity, Reading, Rounding, Style, display, reading};

/// What a line came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The variable that it defines.
    pub name: Option<String>,
    /// Notes and warnings: how something was read that could be meant otherwise.
    pub notes: Vec<Diagnostic>,
    pub(super) value: Value,
    /// Percentiles, worked out when they are first asked for.
    spread: OnceLock<Option<Spread>>,
}

/// How much of a result's spread comes from one of the inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// The input's variable, or its text.
    pub input: String,
    /// The share of the result's variance (of its ranks) that knowing the input would take away, 0 to 1.
    pub share: f64,
}

impl Outcome {
    pub(super) fn new(name: Option<String>, value: Value, notes: Vec<Diagnostic>) -> Self {
        Self { name, notes, value, spread: OnceLock::new() }
    }

    /// The value, or the median of an uncertain one, in base units.
    pub fn quantity(&self) -> Quantity {
        let middle = match (&self.value.amount, self.spread()) {
            (Amount::Exact(value), _) => *value,
            (_, Some(spread)) => spread.median,
            (amount, None) => amount.middle(),
        };
        Quantity::new(middle, self.value.dimension.clone())
    }

    /// Whether the value has a spread.
    pub fn is_uncertain(&self) -> bool {
        matches!(self.value.amount, Amount::Uncertain(_))
    }

    /// The percentiles, if the value is uncertain.
    pub fn spread(&self) -> Option<&Spread> {
        let spread = self.spread.get_or_init(|| match &self.value.amount {
            Amount::Exact(_) => None,
            Amount::Uncertain(samples) => Some(samples.spread()),
        });
        spread.as_ref()
    }

    /// How the result is told: the unit asked for, percent, bits or bytes.
    pub fn style(&self) -> &Style {
        &self.value.style
    }

    /// The unit that it is told in.
    pub fn reading(&self) -> Reading {
        reading(&self.quantity(), &self.value.style)
    }

    /// The result as text: `1.16k/s`, and with a range `274 [91.3 - 822] TB`.
    pub fn display(&self, rounding: Rounding) -> String {
        let quantity = self.quantity();
        let Some(spread) = self.spread() else { return display(&quantity, &self.value.style, rounding) };
        let reading = self.reading();
        let ends = [spread.low, spread.high].map(|end| reading.digits(end, rounding));
        let interval = format!("[{} - {}]", ends[0], ends[1]);
        let middle = reading.text(quantity.value, rounding);
        match middle.split_once(' ') {
            Some((number, unit)) => format!("{number} {interval} {unit}"),
            None => format!("{middle} {interval}"),
        }
    }

    /// The inputs that the result depends on, the one that spreads it most first.
    ///
    /// The share of each is its correlation ratio on ranks: how much smaller the variance of the result's rank is on average when the
    /// input is known to within a fiftieth of its draws (Pearson 1905; first-order index in Saltelli et al., Sensitivity Analysis in
    /// Practice, 2004). Shares need not sum to one: what inputs do only together is in none of them.
    pub fn contributions(&self) -> Vec<Contribution> {
        let Amount::Uncertain(samples) = &self.value.amount else { return Vec::new() };
        let ranks = ranks(samples);
        let mut found: Vec<Contribution> = samples
            .inputs
            .iter()
            .map(|input| Contribution { input: input.label.to_string(), share: explained(&ranks, input.key) })
            .collect();
        found.sort_by(|a, b| b.share.total_cmp(&a.share));
        found
    }
}

impl PartialEq for Outcome {
    /// Equal in all that is shown.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.notes == other.notes
            && self.quantity() == other.quantity()
            && self.style() == other.style()
            && self.spread() == other.spread()
    }
}

/// The rank of every draw; equal draws share the middle of theirs.
fn ranks(samples: &Samples) -> Vec<f64> {
    let values: Vec<f64> = samples.iter().collect();
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    while from < order.len() {
        let value = values[order[from]];
        let same = order[from..].iter().take_while(|&&at| values[at] == value).count();
        let middle = from as f64 + (same - 1) as f64 / 2.0;
        for &at in &order[from..from + same] {
            ranks[at] = middle;
        }
        from += same;
    }
    ranks
}

/// The share of the ranks' variance between the classes of an input.
fn explained(ranks: &[f64], key: u64) -> f64 {
    const CLASSES: usize = 50;
    let mut sums = [0.0; CLASSES];
    for (rank, stratum) in ranks.iter().zip(chance::order(key)) {
        sums[stratum as usize * CLASSES / COUNT] += rank;
    }
    let mean = (COUNT - 1) as f64 / 2.0;
    let size = (COUNT / CLASSES) as f64;
    let between: f64 = sums.iter().map(|sum| size * (sum / size - mean).powi(2)).sum();
    let all: f64 = ranks.iter().map(|rank| (rank - mean).powi(2)).sum();
    if all == 0.0 {
        return 0.0;
    }
    // Classes of nothing but noise still differ by this much.
    let noise = (CLASSES - 1) as f64 / (COUNT - 1) as f64;
    ((between / all - noise) / (1.0 - noise)).clamp(0.0, 1.0)
}
