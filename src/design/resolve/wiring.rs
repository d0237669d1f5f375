//! Links, regions and distances.

use std::collections::BTreeSet;

use super::Resolver;
use super::names::Names;
use crate::design::syntax::{AttributeSyntax, BoxSyntax, Document, Path, Piece, Statement};
use crate::design::{ComponentId, Link, Parameter, Parameters, RegionId, RegionLink, diagnostics};
use crate::design::{arrows, schema};
use crate::source::Span;

/// Most arrows that one link statement may be about.
const MOST_ARROWS: usize = 256;

impl Resolver<'_> {
    /// Puts components in their regions.
    pub(super) fn regions(&mut self, document: &Document, names: &Names) {
        for item in &document.items {
            let Statement::Region { name, members } = &item.statement else { continue };
            let region = self.region(name);
            for member in members {
                let Some(id) = names.find(&member.text) else { continue };
                let component = &mut self.design.components[id.0 as usize];
                match component.region {
                    Some(first) if first != region => {
                        let first = self.design.regions[first.0 as usize].name.clone();
                        self.report(diagnostics::in_two_regions(member.span, &member.text, &first));
                    }
                    _ => component.region = Some(region),
                }
            }
        }
    }

    /// `api -> db: timeout 200ms`
    pub(super) fn link(&mut self, arrows: &Path, attributes: &[AttributeSyntax], span: Span, names: &Names) {
        let mut parameters = Parameters::default();
        self.by_table(schema::link_attributes(), "links", attributes, &mut parameters);
        let mut pairs = Vec::new();
        pairs_of(arrows, &mut pairs);
        if pairs.len() > MOST_ARROWS {
            self.report(diagnostics::flow_too_large(span));
        }
        for (from, to) in pairs.into_iter().take(MOST_ARROWS) {
            let ends = [from, to].map(|one| {
                let located = names.locate(one);
                let found = names.find(&located.name);
                if found.is_none() {
                    self.unknown_component(located.span, &located.name);
                }
                found
            });
            if let [Some(from), Some(to)] = ends {
                self.add_link(from, to, &parameters, span);
            }
        }
    }

    fn add_link(&mut self, from: ComponentId, to: ComponentId, parameters: &Parameters, span: Span) {
        let next = self.design.links.len();
        let at = *self.links.entry((from, to)).or_insert(next);
        if at == next {
            self.design.links.push(Link { from, to, parameters: parameters.clone(), span });
            return;
        }
        for parameter in parameters.iter() {
            let Parameter { name, value, source } = parameter.clone();
            self.design.links[at].parameters.set(name, value, source);
        }
    }

    /// Warns of links that no flow takes.
    pub(super) fn check_links(&mut self) {
        let taken: BTreeSet<(usize, usize)> =
            arrows::arrows(&self.design).into_iter().map(|arrow| (arrow.from, arrow.to)).collect();
        let unused: Vec<(Span, ComponentId, ComponentId)> = self
            .design
            .links
            .iter()
            .filter(|link| !taken.contains(&(link.from.0 as usize, link.to.0 as usize)))
            .map(|link| (link.span, link.from, link.to))
            .collect();
        for (span, from, to) in unused {
            let [from, to] = [from, to].map(|id| self.design.component(id).name.clone());
            self.report(diagnostics::unused_link(span, &from, &to));
        }
    }

    /// `us <-> eu: 80ms`
    pub(super) fn distance(&mut self, a: &Piece, b: &Piece, round_trip: &Piece, span: Span) {
        let [Some(a), Some(b)] = [a, b].map(|name| self.known_region(name)) else { return };
        if let Some(round_trip) = self.seconds(&round_trip.text, round_trip.span) {
            self.design.region_links.push(RegionLink { a, b, round_trip, span });
        }
    }

    fn known_region(&mut self, name: &Piece) -> Option<RegionId> {
        let found = self.regions.get(&name.text.to_lowercase()).copied();
        if found.is_none() {
            let known: Vec<String> =
                if self.may_suggest() { self.regions.keys().cloned().collect() } else { Vec::new() };
            self.report(diagnostics::unknown_region(name.span, &name.text, known.iter().map(String::as_str)));
        }
        found
    }
}

/// The arrows of a path: from the last boxes of what stands before each arrow to the first boxes behind it.
fn pairs_of<'a>(path: &'a Path, pairs: &mut Vec<(&'a BoxSyntax, &'a BoxSyntax)>) {
    if let Path::Chain(first, rest) = path {
        let mut before: &Path = first;
        for (_, next) in rest {
            let (mut from, mut to) = (Vec::new(), Vec::new());
            ends(before, false, &mut from);
            ends(next, true, &mut to);
            let all = from.iter().flat_map(|from| to.iter().map(|to| (*from, *to)));
            pairs.extend(all.take(MOST_ARROWS + 1));
            before = next;
        }
    }
    for part in path.parts() {
        pairs_of(part, pairs);
    }
}

/// The first boxes of a path, or its last ones.
fn ends<'a>(path: &'a Path, first: bool, found: &mut Vec<&'a BoxSyntax>) {
    match path {
        Path::Box(one) => found.push(one),
        Path::Chain(start, rest) => match rest.last() {
            Some((_, last)) if !first => ends(last, first, found),
            _ => ends(start, first, found),
        },
        _ => {
            for part in path.parts() {
                ends(part, first, found);
            }
        }
    }
}
