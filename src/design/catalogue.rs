//! The technologies a design may name, as a plain value that `content` fills from the cards.

use std::collections::BTreeMap;

use super::{Kind, Parameters};

/// A technology that carries load: a card's `[model]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Technology {
    /// The card's id, which is also its name in a design.
    pub id: String,
    /// The card's title.
    pub title: String,
    /// Other names for it in a design, lower-case.
    pub aliases: Vec<String>,
    /// How it behaves.
    pub kind: Kind,
    /// The card's numbers.
    pub parameters: Parameters,
}

/// Everything that a name in a design can mean, and the numbers behind it.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    technologies: Vec<Technology>,
    names: BTreeMap<String, usize>,
    defaults: BTreeMap<Kind, usize>,
    network: Network,
}

/// Round-trip times between two places, seconds; figures from `content/numbers.toml`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Network {
    /// Within one availability zone.
    pub same_zone: f64,
    /// Between zones of a region.
    pub same_region: f64,
    /// Between regions where the design gives no figure.
    pub cross_region: f64,
    /// From a person's device to the nearest edge.
    pub client: f64,
}

impl Catalogue {
    /// An empty catalogue with these network figures.
    pub fn new(network: Network) -> Self {
        Self { network, ..Self::default() }
    }

    /// Puts a technology in; `default` makes it what a component of its kind is when no technology is named. A later technology with the
    /// same name or alias takes it over.
    pub fn add(&mut self, technology: Technology, default: bool) {
        let at = self.technologies.len();
        for name in technology.aliases.iter().chain([&technology.id]) {
            self.names.insert(name.to_lowercase(), at);
        }
        if default {
            self.defaults.insert(technology.kind, at);
        }
        self.technologies.push(technology);
    }

    /// The technology of that name or alias; case is ignored.
    pub fn find(&self, name: &str) -> Option<&Technology> {
        self.names.get(&name.to_lowercase()).map(|&at| &self.technologies[at])
    }

    /// The card whose numbers a component of `kind` has when no technology is named, or where the named one is silent.
    pub fn default_of(&self, kind: Kind) -> Option<&Technology> {
        self.defaults.get(&kind).map(|&at| &self.technologies[at])
    }

    /// All technologies, in the order they were added.
    pub fn technologies(&self) -> &[Technology] {
        &self.technologies
    }

    /// Every name and alias, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// What a hop costs.
    pub fn network(&self) -> Network {
        self.network
    }
}
