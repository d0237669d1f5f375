//! A flow's rate and attributes.

use crate::design::reading::{self, read_popularity};
use crate::design::resolve::Resolver;
use crate::design::schema::{self, Attribute};
use crate::design::syntax::{AttributeSyntax, FlowSyntax, Piece};
use crate::design::{Arrivals, Distribution, Load, Parameters, Popularity, RecordedArrivals, diagnostics};
use crate::source::Span;
use crate::units::{BareB, Base};

/// Requests a second of a flow that doesn't say.
const DEFAULT_RATE: f64 = 1.0;
/// Mean time to think of users who don't say, seconds.
const DEFAULT_THINK: f64 = 1.0;
/// A day of a diurnal load where nothing says how long the run is, simulated seconds.
const DEFAULT_DAY: f64 = 30.0;

/// What a rate says.
enum Rate {
    PerSecond(f64),
    Users(f64),
    /// As a file has it.
    Recorded(RecordedArrivals),
}

impl Resolver<'_> {
    /// The load of a flow, its keys, and its further attributes.
    pub(super) fn flow_attributes(&mut self, flow: &FlowSyntax, span: Span) -> (Load, Popularity, Parameters) {
        let mut parameters = Parameters::default();
        let mut keys = Popularity::default();
        let (mut peak, mut recorded) = (1.0, None);
        let mut rest: Vec<AttributeSyntax> = Vec::new();
        for attribute in &flow.attributes {
            match schema::kebab(&attribute.name.text).as_str() {
                "keys" => match read_popularity(&attribute.value.text, attribute.value.span.start, self.variables) {
                    Ok(read) => keys = Popularity { hot: keys.hot, ..read },
                    Err(diagnostic) => self.report_in(&attribute.value, diagnostic),
                },
                "arrivals" if is_from(&attribute.value.text) => recorded = self.recorded(&attribute.value, true),
                "peak" => peak = self.factor(&attribute.value).unwrap_or(1.0),
                _ => rest.push(attribute.clone()),
            }
        }
        self.by_table(schema::flow_attributes(), "flows", &rest, &mut parameters);
        if let Some(zipf) = parameters.number("zipf") {
            keys.zipf = zipf;
        }
        if let Some(hot) = parameters.ratio("hot") {
            keys.hot = hot;
        }
        let rate = flow.rate.as_ref().and_then(|rate| self.rate(rate));
        let users = parameters.number("users");
        let load = match (rate, users) {
            (Some(Rate::Users(users)), _) | (None, Some(users)) => self.closed(users, &mut parameters, span),
            (rate, both) => {
                if both.is_some() {
                    self.report(diagnostics::rate_and_users(span));
                }
                let (per_second, recorded) = match rate {
                    Some(Rate::PerSecond(per_second)) => (per_second, recorded),
                    Some(Rate::Recorded(file)) => (DEFAULT_RATE, Some(file)),
                    _ => (DEFAULT_RATE, recorded),
                };
                let arrivals = recorded.map_or_else(|| arrivals(&parameters), Arrivals::Recorded);
                Load::Open { rate: per_second * peak, arrivals }
            }
        };
        for used in ["zipf", "hot", "users", "think", "arrivals", "batch", "diurnal", "ramp"] {
            parameters.remove(used);
        }
        (load, keys, parameters)
    }

    /// `from traffic.csv`: in the place of a rate, or scaled to one.
    fn recorded(&mut self, value: &Piece, scaled: bool) -> Option<RecordedArrivals> {
        let file = value.text["from".len()..].trim().trim_matches('"').to_owned();
        if file.is_empty() {
            self.report(diagnostics::arrivals_from_nowhere(value.span));
            return None;
        }
        Some(RecordedArrivals { file, span: value.span, scaled, recording: None })
    }

    fn closed(&mut self, users: f64, parameters: &mut Parameters, span: Span) -> Load {
        let think = parameters.distribution("think").unwrap_or_else(|| {
            self.report(diagnostics::assumed_think(span));
            Distribution::Exponential { mean: DEFAULT_THINK }
        });
        Load::Closed { users: users.clamp(1.0, 1e9) as u32, think }
    }

    /// `115k/s`, `100M/day peak 3x`, `500 users`, `5k`, `from traffic.csv`.
    fn rate(&mut self, rate: &Piece) -> Option<Rate> {
        if is_from(&rate.text) {
            return self.recorded(rate, false).map(Rate::Recorded);
        }
        let (text, peak) = match rate.text.split_once(" peak ") {
            Some((text, peak)) => {
                let start = rate.span.end - peak.len();
                let peak = Piece { text: peak.to_owned(), span: Span::new(start, rate.span.end) };
                (text, self.factor(&peak)?)
            }
            None => (rate.text.as_str(), 1.0),
        };
        let quantity = match reading::quantity(text, BareB::Billion, self.variables) {
            Ok(quantity) if quantity.value >= 0.0 => quantity,
            _ => {
                self.report(diagnostics::bad_rate(rate.span, &rate.text));
                return None;
            }
        };
        let people = quantity.dimension.power(&Base::Noun("user".to_owned())) == 1;
        if let Some(per_second) = quantity.as_per_second() {
            return Some(Rate::PerSecond(per_second * peak));
        }
        match quantity.as_count() {
            Some(users) if people || quantity.counts("client") || quantity.counts("person") => Some(Rate::Users(users)),
            Some(per_second) if !text.ends_with('%') => {
                self.report(diagnostics::assumed_per_second(rate.span, text));
                Some(Rate::PerSecond(per_second * peak))
            }
            _ => {
                self.report(diagnostics::bad_rate(rate.span, &rate.text));
                None
            }
        }
    }

    /// `3x` or `3`.
    fn factor(&mut self, piece: &Piece) -> Option<f64> {
        const FACTOR: Attribute = Attribute {
            name: "peak",
            aliases: &[],
            value: schema::ValueKind::Number,
            choices: &[],
            doc: "peak over mean",
        };
        let mut parameters = Parameters::default();
        self.set(&mut parameters, &FACTOR, piece, piece);
        parameters.number("peak")
    }
}

/// Whether arrivals are to come from a file.
fn is_from(text: &str) -> bool {
    text.strip_prefix("from").is_some_and(|file| file.is_empty() || file.starts_with([' ', '"']))
}

fn arrivals(parameters: &Parameters) -> Arrivals {
    let period = DEFAULT_DAY;
    if let Some(peak) = parameters.number("diurnal") {
        return Arrivals::Diurnal { peak: peak.clamp(1.0, 2.0), period };
    }
    if let Some(over) = parameters.duration("ramp") {
        return Arrivals::Ramp { over };
    }
    match (parameters.number("batch"), parameters.word("arrivals")) {
        (Some(batch), _) if batch > 1.0 => Arrivals::Batch(batch.min(1e6) as u32),
        (_, Some("fixed")) => Arrivals::Fixed,
        _ => Arrivals::Poisson,
    }
}
