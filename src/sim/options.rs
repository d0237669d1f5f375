//! How a design is to be run.

use crate::design::{Design, Network};

/// Simulated seconds measured when the design does not say.
const DEFAULT_SIMULATED: f64 = 30.0;
/// Simulated seconds cut off at the start when the design does not say.
const DEFAULT_WARMUP: f64 = 5.0;
/// Seed when the design does not say.
const DEFAULT_SEED: u64 = 1;
/// The longest run, simulated seconds: a month.
const LONGEST: f64 = 31.0 * 86_400.0;

/// How a design is to be run.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Simulated seconds to measure, after the warm-up.
    pub simulated_s: f64,
    /// Simulated seconds cut off at the start.
    pub warmup_s: f64,
    /// Seed of all random streams.
    pub seed: u64,
    /// Simulate every request, however many there are.
    pub exact: bool,
    /// Simulate one request in so many, as far as the design's parts bear it; the simulator chooses where it isn't given.
    pub scale: Option<f64>,
    /// What a hop costs; the catalogue's figures (`Catalogue::network`).
    pub network: Network,
}

impl Options {
    /// What the design's settings say, and the defaults where they are silent. Hops cost nothing until
    /// [`with_network`](Self::with_network) says what they cost.
    pub fn of(design: &Design) -> Self {
        let settings = &design.settings;
        Self {
            simulated_s: sane(settings.simulated, DEFAULT_SIMULATED).max(1e-3),
            warmup_s: sane(settings.warmup, DEFAULT_WARMUP),
            seed: settings.seed.unwrap_or(DEFAULT_SEED),
            exact: false,
            scale: None,
            network: Network::default(),
        }
    }

    /// The same with these network figures.
    #[must_use]
    pub fn with_network(mut self, network: Network) -> Self {
        self.network = network;
        self
    }
}

/// The value if it is a usable length of time, within the longest run.
fn sane(value: Option<f64>, default: f64) -> f64 {
    value.filter(|value| value.is_finite() && *value >= 0.0).unwrap_or(default).min(LONGEST)
}
