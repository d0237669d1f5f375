//! Values while they are worked out: an amount, exact or uncertain, of a dimension, and the style of whoever wrote it.

use super::samples::{COUNT, Samples, merged};
use crate::source::Span;
use crate::units::{Base, Dimension, Information, Quantity, Style};

/// A number in base units, or draws of one.
#[derive(Clone, Debug)]
pub(super) enum Amount {
    Exact(f64),
    Uncertain(Samples),
}

#[derive(Clone, Debug)]
pub(super) struct Value {
    pub amount: Amount,
    pub dimension: Dimension,
    pub style: Style,
}

impl Amount {
    /// The number, or the median of the draws.
    pub fn middle(&self) -> f64 {
        match self {
            Self::Exact(value) => *value,
            Self::Uncertain(samples) => samples.spread().median,
        }
    }

    pub fn scaled(&self, by: f64) -> Self {
        match self {
            Self::Exact(value) => Self::Exact(value * by),
            Self::Uncertain(samples) => Self::Uncertain(samples.scaled(by)),
        }
    }

    /// The sum of this and `sign` times the other.
    pub fn plus(&self, other: &Self, sign: f64) -> Self {
        match (self, other) {
            (Self::Exact(a), Self::Exact(b)) => Self::Exact(a + sign * b),
            (Self::Exact(a), Self::Uncertain(b)) => Self::Uncertain(b.scaled(sign).shifted(*a)),
            (Self::Uncertain(a), Self::Exact(b)) => Self::Uncertain(a.shifted(sign * b)),
            (Self::Uncertain(a), Self::Uncertain(b)) => Self::Uncertain(a.plus(b, sign)),
        }
    }

    pub fn times(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Exact(by), amount) | (amount, Self::Exact(by)) => amount.scaled(*by),
            (Self::Uncertain(a), Self::Uncertain(b)) => Self::Uncertain(a.zip(b, |a, b| a * b)),
        }
    }

    pub fn over(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Exact(a), Self::Exact(b)) => Self::Exact(a / b),
            (Self::Uncertain(a), Self::Exact(b)) => Self::Uncertain(a.scaled(b.recip())),
            (Self::Exact(a), Self::Uncertain(b)) => Self::Uncertain(b.map(|b| a / b)),
            (Self::Uncertain(a), Self::Uncertain(b)) => Self::Uncertain(a.zip(b, |a, b| a / b)),
        }
    }

    pub fn map(&self, f: impl Fn(f64) -> f64) -> Self {
        match self {
            Self::Exact(value) => Self::Exact(f(*value)),
            Self::Uncertain(samples) => Self::Uncertain(samples.map(f)),
        }
    }

    pub fn zip(&self, other: &Self, f: impl Fn(f64, f64) -> f64) -> Self {
        match (self, other) {
            (Self::Exact(a), Self::Exact(b)) => Self::Exact(f(*a, *b)),
            (Self::Exact(a), Self::Uncertain(b)) => Self::Uncertain(b.map(|b| f(*a, b))),
            (Self::Uncertain(a), Self::Exact(b)) => Self::Uncertain(a.map(|a| f(a, *b))),
            (Self::Uncertain(a), Self::Uncertain(b)) => Self::Uncertain(a.zip(b, f)),
        }
    }

    /// `f` of all of `amounts` at once, draw by draw.
    pub fn all(amounts: &[&Self], f: impl Fn(&[f64]) -> f64) -> Self {
        let inputs = amounts
            .iter()
            .filter_map(|amount| match amount {
                Self::Exact(_) => None,
                Self::Uncertain(samples) => Some(samples.inputs.clone()),
            })
            .reduce(|a, b| merged(&a, &b));
        let at = |draw: usize| {
            move |amount: &&Self| match amount {
                Self::Exact(value) => *value,
                Self::Uncertain(samples) => samples.at(draw),
            }
        };
        let Some(inputs) = inputs else {
            return Self::Exact(f(&amounts.iter().map(at(0)).collect::<Vec<f64>>()));
        };
        let mut scratch = Vec::with_capacity(amounts.len());
        let values = (0..COUNT).map(|draw| {
            scratch.clear();
            scratch.extend(amounts.iter().map(at(draw)));
            f(&scratch)
        });
        Self::Uncertain(Samples::new(values.collect(), inputs))
    }

    /// The least and the largest number that it can be.
    pub fn bounds(&self) -> (f64, f64) {
        match self {
            Self::Exact(value) => (*value, *value),
            Self::Uncertain(samples) => samples.bounds(),
        }
    }

    /// Exact if every draw is the same: `x - x`.
    pub fn settled(self) -> Self {
        let (least, most) = self.bounds();
        if least == most { Self::Exact(least) } else { self }
    }

    /// The share of the draws for which `f` holds.
    pub fn share(&self, f: impl Fn(f64) -> bool) -> f64 {
        match self {
            Self::Exact(value) => f64::from(u8::from(f(*value))),
            Self::Uncertain(samples) => samples.iter().filter(|&value| f(value)).count() as f64 / COUNT as f64,
        }
    }

    /// Whether `f` holds of the number, or of any draw.
    pub fn any(&self, f: impl Fn(f64) -> bool) -> bool {
        self.share(f) > 0.0
    }

    /// The share of the draws that are no finite number.
    pub fn undefined(&self) -> f64 {
        match self {
            Self::Exact(value) => f64::from(u8::from(!value.is_finite())),
            Self::Uncertain(samples) => samples.undefined(),
        }
    }
}

impl Value {
    pub fn new(amount: Amount, dimension: Dimension) -> Self {
        Self { amount, dimension, style: Style::default() }
    }

    pub fn number(value: f64) -> Self {
        Self::new(Amount::Exact(value), Dimension::none())
    }

    /// The same value in another style.
    pub fn styled(self, style: Style) -> Self {
        Self { style, ..self }
    }

    /// A share of one, told in percent.
    pub fn percent(amount: Amount) -> Self {
        Self::new(amount, Dimension::none()).styled(Style { percent: true, ..Style::default() })
    }

    /// The number, if it is exact.
    pub fn exact(&self) -> Option<f64> {
        match self.amount {
            Amount::Exact(value) => Some(value),
            Amount::Uncertain(_) => None,
        }
    }

    /// The value, or its median, as a quantity.
    pub fn quantity(&self) -> Quantity {
        Quantity::new(self.amount.middle(), self.dimension.clone())
    }

    /// Whether it is told in percent.
    pub fn is_percent(&self) -> bool {
        self.style.percent && self.dimension.is_none()
    }

    pub fn times(&self, other: &Self) -> Self {
        let dimension = self.dimension.times(&other.dimension);
        let style = product_style(self, other, &dimension, self.is_percent() && other.is_percent());
        Self { amount: self.amount.times(&other.amount), dimension, style }
    }

    pub fn over(&self, other: &Self) -> Self {
        let dimension = self.dimension.per(&other.dimension);
        let style = product_style(self, other, &dimension, false);
        Self { amount: self.amount.over(&other.amount), dimension, style }
    }

    /// Raised to an integral power.
    pub fn raised(&self, power: i32) -> Self {
        let style = Style { unit: None, ..self.style.clone() };
        Self {
            amount: if power == 1 { self.amount.clone() } else { self.amount.map(|a| a.powi(power)) },
            dimension: self.dimension.raised(power),
            style,
        }
    }
}

/// How a product or quotient is told: as the factor that has the dimension was.
fn product_style(a: &Value, b: &Value, dimension: &Dimension, percent: bool) -> Style {
    let power = |value: &Value, base: &Base| value.dimension.power(base);
    let carrier = if power(a, &Base::Information) != 0 { a } else { b };
    let flows = |value: &Value| power(value, &Base::Time) < 0;
    let told = carrier.style.information;
    let filled = told == Information::Bits && flows(carrier) && dimension.power(&Base::Time) >= 0;
    let information = if filled { Information::Decimal } else { told };
    let per = match (a.style.per, b.style.per) {
        (Some(per), None) | (None, Some(per)) if dimension.power(&Base::Time) < 0 => Some(per),
        _ => None,
    };
    let kept = if b.dimension.is_none() { a } else { b };
    let unit = kept.style.unit.clone().filter(|_| kept.dimension == *dimension);
    Style { unit, percent, information, per }
}

/// The dimension of the sum of the two, if they can be added: what they measure must be the same, and what they are counted per; a bare
/// number joins any count, and amounts of data and money take the place of the things they are of.
pub(super) fn common(a: &Dimension, b: &Dimension) -> Option<Dimension> {
    if a == b {
        return Some(a.clone());
    }
    if a.without_nouns() != b.without_nouns() || nouns(a, -1) != nouns(b, -1) {
        return None;
    }
    let absorbed = a.power(&Base::Money) > 0 || a.power(&Base::Information) > 0;
    if absorbed || nouns(b, 1).is_none() {
        return Some(a.clone());
    }
    nouns(a, 1).is_none().then(|| b.clone())
}

/// The count nouns of one sign.
pub(super) fn nouns(dimension: &Dimension, sign: i32) -> Dimension {
    let of_sign = dimension.powers().filter(|(base, power)| matches!(base, Base::Noun(_)) && power * sign > 0);
    of_sign.fold(Dimension::none(), |all, (base, power)| all.times(&Dimension::of(base.clone()).raised(power)))
}

/// A value and where it was written.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub value: Value,
    pub span: Span,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{BareB, literal};

    #[track_caller]
    fn check(a: &str, b: &str, expected: Option<&str>) {
        let dimension = |text: &str| literal(text, BareB::Byte).unwrap().dimension;
        assert_eq!(common(&dimension(a), &dimension(b)), expected.map(dimension), "{a} + {b}");
    }

    #[test]
    fn what_can_be_added_is_told_by_its_dimension() {
        check("1 GB", "1 TB", Some("1 GB"));
        check("1 user", "5", Some("1 user"));
        check("5", "1 user", Some("1 user"));
        check("1 read/s", "1 write/s", None);
        check("1 GB/user", "1 GB", None);
        check("1 GB", "1 s", None);
        check("1 request/s", "1/s", Some("1 request/s"));
    }
}
