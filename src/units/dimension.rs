//! What a number counts: powers of time, information, money and count nouns.

use std::collections::BTreeMap;
use std::fmt;

/// A base dimension.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Base {
    /// Counted things: `request`, `user`, `message`; the singular of the word as written.
    Noun(String),
    /// Bytes.
    Information,
    /// US dollars.
    Money,
    /// Seconds.
    Time,
}

/// A product of powers of base dimensions; the empty product is a bare number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Dimension(BTreeMap<Base, i32>);

impl Dimension {
    /// A bare number.
    pub fn none() -> Self {
        Self::default()
    }

    /// `base` to the first power.
    pub fn of(base: Base) -> Self {
        Self(BTreeMap::from([(base, 1)]))
    }

    /// Seconds.
    pub fn time() -> Self {
        Self::of(Base::Time)
    }

    /// Bytes.
    pub fn information() -> Self {
        Self::of(Base::Information)
    }

    /// Dollars.
    pub fn money() -> Self {
        Self::of(Base::Money)
    }

    /// Whether this is a bare number.
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// The power of `base`, zero where it does not occur.
    pub fn power(&self, base: &Base) -> i32 {
        self.0.get(base).copied().unwrap_or(0)
    }

    /// The bases that occur, in a fixed order, each with its power, which is never zero.
    pub fn powers(&self) -> impl Iterator<Item = (&Base, i32)> {
        self.0.iter().map(|(base, &power)| (base, power))
    }

    /// The dimension of a product.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        self.combine(other, 1)
    }

    /// The dimension of a quotient.
    #[must_use]
    pub fn per(&self, other: &Self) -> Self {
        self.combine(other, -1)
    }

    /// The dimension of an integral power.
    #[must_use]
    pub fn raised(&self, exponent: i32) -> Self {
        if exponent == 0 {
            return Self::none();
        }
        Self(self.0.iter().map(|(base, power)| (base.clone(), power.saturating_mul(exponent))).collect())
    }

    /// The dimension with its count nouns left out: what remains decides whether a number is a rate, a size or a time.
    #[must_use]
    pub fn without_nouns(&self) -> Self {
        let kept = self.0.iter().filter(|(base, _)| !matches!(base, Base::Noun(_)));
        Self(kept.map(|(base, &power)| (base.clone(), power)).collect())
    }

    fn combine(&self, other: &Self, sign: i32) -> Self {
        let mut powers = self.0.clone();
        for (base, power) in &other.0 {
            let sum = powers.get(base).copied().unwrap_or(0).saturating_add(power.saturating_mul(sign));
            if sum == 0 {
                powers.remove(base);
            } else {
                powers.insert(base.clone(), sum);
            }
        }
        Self(powers)
    }
}

impl fmt::Display for Dimension {
    /// In the words of an interview: `time`, `storage`, `rate`, `throughput`, `cost per time`, or the powers spelt out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nouns_only = !self.is_none() && self.without_nouns().is_none();
        let bare = self.without_nouns();
        let rate = Self::none().per(&Self::time());
        let word = if nouns_only {
            "count"
        } else if self.is_none() {
            "number"
        } else if bare == Self::time() {
            "time"
        } else if bare == Self::information() {
            "storage"
        } else if bare == Self::money() {
            "money"
        } else if bare == rate {
            "rate"
        } else if bare == Self::information().per(&Self::time()) {
            "throughput"
        } else if bare == Self::money().per(&Self::time()) {
            "cost per time"
        } else {
            return self.spell(f);
        };
        f.write_str(word)
    }
}

impl Dimension {
    fn spell(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (base, power)) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(" × ")?;
            }
            match base {
                Base::Noun(noun) => f.write_str(noun)?,
                Base::Information => f.write_str("storage")?,
                Base::Money => f.write_str("money")?,
                Base::Time => f.write_str("time")?,
            }
            if *power != 1 {
                write!(f, "^{power}")?;
            }
        }
        Ok(())
    }
}
