//! Attributes to parameters: the design's values over the card's over the kind's default card's.

use super::Resolver;
use crate::design::reading;
use crate::design::schema::{self, Attribute, ValueKind};
use crate::design::syntax::{AttributeSyntax, Piece};
use crate::design::{Component, Distribution, Kind, Parameters, Source, Value, diagnostics};
use crate::source::Span;

impl Resolver<'_> {
    /// Reads what the design says about a component.
    pub(super) fn say_attributes(&mut self, component: &mut Component, attributes: &[AttributeSyntax]) {
        for attribute in attributes {
            match schema::kebab(&attribute.name.text).as_str() {
                "region" => component.region = Some(self.region(&attribute.value)),
                "instances" => match attribute.value.text.parse::<u32>() {
                    Ok(count) if count > 0 => component.instances = count,
                    _ => self.report(diagnostics::no_instances(attribute.value.span)),
                },
                _ => self.say_attribute(component, attribute),
            }
        }
    }

    fn say_attribute(&mut self, component: &mut Component, attribute: &AttributeSyntax) {
        let AttributeSyntax { name, value } = attribute;
        let kind = component.kind;
        if let Some(known) = schema::attribute(kind, &name.text) {
            if component.parameters.parameter(known.name).is_some() {
                self.report(diagnostics::attribute_twice(name.span, known.name));
            }
            self.set(&mut component.parameters, known, name, value);
            self.fit_family(component, known, &value.text);
        } else if !value.text.is_empty() || !bare_word(component, name) {
            let owner = component.technology.clone().unwrap_or_else(|| kind.name().to_owned());
            let stateless =
                matches!(kind, Kind::Service | Kind::Worker | Kind::LoadBalancer | Kind::Gateway | Kind::Push);
            if stateless && matches!(schema::kebab(&name.text).as_str(), "replicas" | "replica" | "shards" | "copies") {
                self.report(diagnostics::replicas_of_stateless(name.span, &owner, &value.text));
                return;
            }
            let tables = schema::attributes(kind).iter().chain(schema::common_attributes());
            let known = tables.map(|known| known.name).chain(["region", "instances"]);
            self.report(diagnostics::unknown_attribute(name.span, &name.text, &owner, known));
        }
    }

    /// Reads a value and puts it in; a value that makes no sense leaves the card's.
    pub(super) fn set(&mut self, parameters: &mut Parameters, attribute: &Attribute, name: &Piece, value: &Piece) {
        // Without a value, the place is behind the name.
        let at = if value.text.is_empty() { name.span.end } else { value.span.start };
        match reading::read(attribute, &value.text, at, self.variables) {
            Ok(read) => parameters.set(attribute.name, read, Source::Design(name.span.to(value.span))),
            Err(diagnostic) => {
                if value.text.is_empty() {
                    self.report(crate::source::Diagnostic { span: name.span, ..diagnostic });
                } else {
                    self.report_in(value, diagnostic);
                }
            }
        }
    }

    /// A plain duration keeps the family of the card's distribution and takes the mean alone.
    fn fit_family(&self, component: &mut Component, attribute: &Attribute, text: &str) {
        if attribute.value != ValueKind::Distribution || !reading::is_plain(text) {
            return;
        }
        let Some(Value::Distribution(Distribution::Exponential { mean })) = component.parameters.get(attribute.name)
        else {
            return;
        };
        let (mean, family) = (*mean, self.card_value(component, attribute.name));
        if let Some(Value::Distribution(like)) = family
            && let Some(parameter) = component.parameters.parameter(attribute.name)
        {
            let source = parameter.source.clone();
            component.parameters.set(attribute.name, Value::Distribution(reading::scaled(like, mean)), source);
        }
    }

    fn card_value(&self, component: &Component, name: &str) -> Option<&Value> {
        let own = component.technology.as_deref().and_then(|id| self.catalogue.find(id));
        let own = own.and_then(|technology| technology.parameters.get(name));
        own.or_else(|| self.catalogue.default_of(component.kind).and_then(|card| card.parameters.get(name)))
    }

    /// Fills in what the design leaves out: from the technology's card, then from the kind's default card.
    pub(super) fn fill_parameters(&self, component: &mut Component) {
        let kind: Kind = component.kind;
        let own = component.technology.as_deref().and_then(|id| self.catalogue.find(id));
        for card in own.into_iter().chain(self.catalogue.default_of(kind)) {
            component.parameters.fill_from(&card.parameters);
        }
    }

    /// The attributes of a link or a flow's remaining ones, by `table`.
    pub(super) fn by_table(
        &mut self,
        table: &'static [Attribute],
        owner: &str,
        attributes: &[AttributeSyntax],
        parameters: &mut Parameters,
    ) {
        for AttributeSyntax { name, value } in attributes {
            if let Some(known) = schema::find(table, &name.text) {
                self.set(parameters, known, name, value);
            } else {
                let known = table.iter().map(|known| known.name);
                self.report(diagnostics::unknown_attribute(name.span, &name.text, owner, known));
            }
        }
    }

    /// Seconds, of a statement that needs a duration.
    pub(super) fn seconds(&mut self, text: &str, span: Span) -> Option<f64> {
        let quantity = reading::quantity(text, crate::units::BareB::Byte, self.variables).ok();
        let seconds = quantity.and_then(|quantity| quantity.as_seconds()).filter(|seconds| *seconds >= 0.0);
        if seconds.is_none() {
            self.report(diagnostics::bad_duration(span, text));
        }
        seconds
    }
}

/// A bare word that says by itself what it is about: `async`, `round-robin`.
fn bare_word(component: &mut Component, word: &Piece) -> bool {
    let Some(attribute) = schema::by_choice(schema::attributes(component.kind), &word.text) else { return false };
    let value = Value::Word(schema::kebab(&word.text));
    component.parameters.set(attribute.name, value, Source::Design(word.span));
    true
}
