//! Syntax to [`Design`]: what the names mean, and where the numbers come from.
//!
//! Names are found first, then flows are laid over them, then everything that refers to components and flows.

mod attributes;
mod flows;
mod names;
mod scenario;
mod wiring;

use std::collections::BTreeMap;

use super::index::Index;
use super::reading::Variables;
use super::syntax::{self, Document, Statement};
use super::{Arrivals, Catalogue, ComponentId, Design, Load, RegionId, check, diagnostics};
use crate::source::{Diagnostic, Span};

pub use scenario::parse_event;

/// A design and what there is to say about its text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compiled {
    /// The design; of a text with errors, what could be understood.
    pub design: Design,
    /// In the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a design. Any text gives a design and diagnostics, in time linear in its length.
pub fn compile(text: &str, catalogue: &Catalogue) -> Compiled {
    compile_with(text, catalogue, &Variables::new())
}

/// Reads a design in which `$name` takes the value of the variable `name`.
pub fn compile_with(text: &str, catalogue: &Catalogue, variables: &Variables) -> Compiled {
    let (document, diagnostics) = syntax::parse(text);
    let mut resolver = Resolver {
        catalogue,
        variables,
        design: Design::default(),
        diagnostics,
        regions: BTreeMap::new(),
        links: BTreeMap::new(),
        suggestions: 100,
    };
    resolver.document(&document);
    let Resolver { design, mut diagnostics, .. } = resolver;
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
    Compiled { design, diagnostics }
}

/// The design as far as it is known, and what it is made with.
struct Resolver<'a> {
    catalogue: &'a Catalogue,
    variables: &'a Variables,
    design: Design,
    diagnostics: Vec<Diagnostic>,
    /// Regions by their lower-case names.
    regions: BTreeMap<String, RegionId>,
    /// Index of the link of each arrow that has one.
    links: BTreeMap<(ComponentId, ComponentId), usize>,
    /// How many more unknown names are compared with all known ones: the comparison is not linear.
    suggestions: u32,
}

impl Resolver<'_> {
    fn document(&mut self, document: &Document) {
        let mut names = names::Names::gather(self, document);
        self.flows(document, &mut names);
        self.components(&names);
        self.regions(document, &names);
        let index = Index::of(&self.design);
        for item in &document.items {
            match &item.statement {
                Statement::Link { arrows, attributes } => self.link(arrows, attributes, item.span, &names),
                Statement::Distance { a, b, round_trip } => self.distance(a, b, round_trip, item.span),
                Statement::Event { at, fault, lasts } => self.event(at, fault, lasts.as_ref(), item.span, &index),
                Statement::Setting { key, value } => self.setting(key, value),
                Statement::Target { flow, targets } => self.target(flow.as_ref(), targets, &index),
                _ => {}
            }
        }
        self.check_links();
        self.squeeze_days();
        let found = check::check(&self.design, self.catalogue);
        self.diagnostics.extend(found);
    }

    /// A day of a diurnal load is as long as the run, where the design says how long that is.
    fn squeeze_days(&mut self) {
        let Some(run) = self.design.settings.simulated.filter(|run| *run > 0.0) else { return };
        for flow in &mut self.design.flows {
            if let Load::Open { arrivals: Arrivals::Diurnal { period, .. }, .. } = &mut flow.load {
                *period = run;
            }
        }
    }

    /// Reports on a part of a piece; on the whole piece where it lost white space or quotation marks, so that places in it are not places in
    /// the text.
    fn report_in(&mut self, piece: &syntax::Piece, diagnostic: Diagnostic) {
        let span = if piece.text.len() == piece.span.len() { diagnostic.span } else { piece.span };
        self.report(Diagnostic { span, ..diagnostic });
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Whether one more suggestion may be looked for.
    fn may_suggest(&mut self) -> bool {
        self.suggestions = self.suggestions.saturating_sub(1);
        self.suggestions > 0
    }

    fn unknown_component(&mut self, span: Span, name: &str) {
        let known: Vec<String> = if self.may_suggest() {
            self.design.components.iter().map(|component| component.name.clone()).collect()
        } else {
            Vec::new()
        };
        self.report(diagnostics::unknown_component(span, name, known.iter().map(String::as_str)));
    }
}
