//! Values of attributes, as plain data in base units.

use crate::source::Span;

/// The value of an attribute or parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A bare number or count; `yes` and `no` are words.
    Number(f64),
    /// A share from 0 to 1, written as a percentage.
    Ratio(f64),
    /// Seconds, where the text gives one fixed length.
    Duration(f64),
    /// Bytes.
    Size(f64),
    /// Things a second.
    Rate(f64),
    /// Bytes a second.
    Bandwidth(f64),
    /// Dollars, or dollars a month where the parameter is a running cost.
    Money(f64),
    /// A random length of time.
    Distribution(Distribution),
    /// A word: a policy, a strategy, a name.
    Word(String),
}

/// A distribution of lengths of time; all fields in seconds but shapes, which are bare.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Always the same.
    Fixed(f64),
    /// Exponential with this mean.
    Exponential {
        /// Mean, seconds.
        mean: f64,
    },
    /// Lognormal through these two percentiles.
    Lognormal {
        /// Median, seconds.
        p50: f64,
        /// 99th percentile, seconds; not below the median.
        p99: f64,
    },
    /// Uniform between two ends.
    Uniform {
        /// Lower end, seconds.
        low: f64,
        /// Upper end, seconds.
        high: f64,
    },
    /// Pareto (type I).
    Pareto {
        /// Least value, seconds.
        min: f64,
        /// Tail index, above 1 for a finite mean.
        shape: f64,
    },
    /// Erlang: the sum of `k` exponentials.
    Erlang {
        /// Number of stages, at least 1.
        k: u32,
        /// Mean of the sum, seconds.
        mean: f64,
    },
    /// One exponential or another: `p1` of the time the first (hyperexponential, for squared variation above one).
    Hyperexponential {
        /// Probability of the first branch.
        p1: f64,
        /// Mean of the first branch, seconds.
        mean1: f64,
        /// Mean of the second branch, seconds.
        mean2: f64,
    },
}

impl Distribution {
    /// Mean in seconds; infinite for a Pareto of shape 1 or less.
    pub fn mean(&self) -> f64 {
        match *self {
            Self::Fixed(value) => value,
            Self::Exponential { mean } | Self::Erlang { mean, .. } => mean,
            Self::Lognormal { p50, p99 } => {
                let sigma = lognormal_sigma(p50, p99);
                p50 * (sigma * sigma / 2.0).exp()
            }
            Self::Uniform { low, high } => f64::midpoint(low, high),
            Self::Pareto { min, shape } if shape > 1.0 => min * shape / (shape - 1.0),
            Self::Pareto { .. } => f64::INFINITY,
            Self::Hyperexponential { p1, mean1, mean2 } => p1 * mean1 + (1.0 - p1) * mean2,
        }
    }
}

/// The 99th percentile of the standard normal distribution.
const NORMAL_P99: f64 = 2.326_347_874_040_841;

/// Standard deviation of the logarithm of a lognormal through these two percentiles.
pub fn lognormal_sigma(p50: f64, p99: f64) -> f64 {
    if p50 <= 0.0 || p99 <= p50 { 0.0 } else { (p99 / p50).ln() / NORMAL_P99 }
}

/// Where a parameter's value comes from; the nearest wins: design, then card, then the kind's default card.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// Written in the design, at this place.
    Design(Span),
    /// From the technology card with this id.
    Card(String),
}

/// One named value and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Name, kebab-case, as in designs and cards.
    pub name: String,
    /// Value in base units.
    pub value: Value,
    /// Where it comes from.
    pub source: Source,
}

/// Named values in the order they were given, at most one of a name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters(Vec<Parameter>);

impl Parameters {
    /// Puts a value in, in place of one of the same name.
    pub fn set(&mut self, name: impl Into<String>, value: Value, source: Source) {
        let parameter = Parameter { name: name.into(), value, source };
        match self.0.iter_mut().find(|known| known.name == parameter.name) {
            Some(known) => *known = parameter,
            None => self.0.push(parameter),
        }
    }

    /// Takes a value out.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|parameter| parameter.name != name);
    }

    /// Puts in what `other` has and this lacks.
    pub fn fill_from(&mut self, other: &Self) {
        for parameter in &other.0 {
            if self.get(&parameter.name).is_none() {
                self.0.push(parameter.clone());
            }
        }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Parameter> {
        self.0.iter()
    }

    /// The parameter of that name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.0.iter().find(|parameter| parameter.name == name)
    }

    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.parameter(name).map(|parameter| &parameter.value)
    }

    /// A bare number.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            Value::Number(value) => Some(*value),
            _ => None,
        }
    }

    /// A share from 0 to 1.
    pub fn ratio(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            Value::Ratio(value) => Some(*value),
            _ => None,
        }
    }

    /// Seconds; the mean of a distribution.
    pub fn duration(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            Value::Duration(value) => Some(*value),
            Value::Distribution(distribution) => Some(distribution.mean()),
            _ => None,
        }
    }

    /// A random length of time; a fixed one stands for itself.
    pub fn distribution(&self, name: &str) -> Option<Distribution> {
        match self.get(name)? {
            Value::Distribution(distribution) => Some(distribution.clone()),
            Value::Duration(value) => Some(Distribution::Fixed(*value)),
            _ => None,
        }
    }

    /// Bytes.
    pub fn size(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            Value::Size(value) => Some(*value),
            _ => None,
        }
    }

    /// Things a second.
    pub fn rate(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            Value::Rate(value) => Some(*value),
            _ => None,
        }
    }

    /// Bytes a second.
    pub fn bandwidth(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            Value::Bandwidth(value) => Some(*value),
            _ => None,
        }
    }

    /// Dollars.
    pub fn money(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            Value::Money(value) => Some(*value),
            _ => None,
        }
    }

    /// A word.
    pub fn word(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// What a target is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Metric {
    /// A percentile of the latency of completed requests, from 0 to 100 exclusive; `p999` is 99.9.
    LatencyPercentile(f64),
    /// Mean latency.
    LatencyMean,
    /// Greatest latency.
    LatencyMax,
    /// Share of requests that failed, 0 to 1.
    ErrorRatio,
    /// Completed requests a second.
    Throughput,
    /// A percentile of the time from hand-over to the end of asynchronous work.
    LagPercentile(f64),
    /// Share of requests that did not fail, 0 to 1.
    Availability,
    /// Dollars a month for the whole design.
    Cost,
    /// Utilisation of the named component, 0 to 1.
    Utilisation(String),
    /// Hit ratio of the named cache, 0 to 1.
    HitRatio(String),
}

/// Which side of the bound is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The figure must be below the bound (or at it).
    Below,
    /// The figure must be above the bound (or at it).
    Above,
}
