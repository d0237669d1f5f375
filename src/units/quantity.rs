//! A number with its dimension.

use super::{Base, Dimension};

/// A value in base units (second, byte, dollar, each noun one) and what it measures.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The value in base units; never NaN when it comes from a literal.
    pub value: f64,
    /// What it measures.
    pub dimension: Dimension,
}

impl Quantity {
    /// A quantity of `value` base units.
    pub fn new(value: f64, dimension: Dimension) -> Self {
        Self { value, dimension }
    }

    /// A bare number.
    pub fn number(value: f64) -> Self {
        Self::new(value, Dimension::none())
    }

    /// The number, if it is bare or only counts things.
    pub fn as_count(&self) -> Option<f64> {
        self.dimension.without_nouns().is_none().then_some(self.value)
    }

    /// Seconds, if it is a length of time.
    pub fn as_seconds(&self) -> Option<f64> {
        self.is(&Dimension::time())
    }

    /// Bytes, if it is an amount of information.
    pub fn as_bytes(&self) -> Option<f64> {
        self.is(&Dimension::information())
    }

    /// How many a second, if it is a rate of countable things.
    pub fn as_per_second(&self) -> Option<f64> {
        self.is(&Dimension::none().per(&Dimension::time()))
    }

    /// Bytes a second, if it is a throughput.
    pub fn as_bytes_per_second(&self) -> Option<f64> {
        self.is(&Dimension::information().per(&Dimension::time()))
    }

    /// Dollars, if it is an amount of money.
    pub fn as_dollars(&self) -> Option<f64> {
        self.is(&Dimension::money())
    }

    /// Dollars a second, if it is a cost over time.
    pub fn as_dollars_per_second(&self) -> Option<f64> {
        self.is(&Dimension::money().per(&Dimension::time()))
    }

    fn is(&self, dimension: &Dimension) -> Option<f64> {
        (self.dimension.without_nouns() == *dimension).then_some(self.value)
    }

    /// Whether it counts `noun` (singular) to the first power and nothing else.
    pub fn counts(&self, noun: &str) -> bool {
        self.dimension == Dimension::of(Base::Noun(noun.to_owned()))
    }
}
