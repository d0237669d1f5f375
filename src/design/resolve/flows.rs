//! Flows: which paths belong together, what each flow does, and how much of it there is.
//!
//! A path without a name, a rate or targets that starts where another path leads is a part of that flow and none of its own: so a diagram
//! drawn arrow by arrow is one flow and not as many as it has arrows.

mod draft;
mod load;

use std::collections::{BTreeMap, BTreeSet};

use draft::Draft;

use super::Resolver;
use super::names::Names;
use crate::design::index::Index;
use crate::design::syntax::{Document, FlowSyntax, Path, Piece, Statement};
use crate::design::{ComponentId, Flow, FlowId, Kind, Operation, Target, diagnostics, targets};
use crate::source::Span;

/// Most flows of a design.
const MOST_FLOWS: usize = 1000;

/// A flow statement and where it stands.
struct Written<'a> {
    syntax: &'a FlowSyntax,
    span: Span,
    /// Whether it may be part of another flow.
    loose: bool,
}

/// A flow being laid out.
struct Laid<'a> {
    written: &'a Written<'a>,
    draft: Draft,
}

/// What is known while flows are laid over the components.
struct Laying<'a> {
    written: &'a [Written<'a>],
    /// Loose paths by the component they start at.
    loose: BTreeMap<ComponentId, Vec<usize>>,
    used: BTreeSet<usize>,
}

impl Resolver<'_> {
    /// Makes the flows.
    pub(super) fn flows(&mut self, document: &Document, names: &mut Names) {
        let written = written(document);
        let mut laying = Laying { written: &written, loose: BTreeMap::new(), used: BTreeSet::new() };
        let mut roots = Vec::new();
        for (at, one) in written.iter().enumerate() {
            match start_of(one.syntax, names) {
                Some(start) if one.loose && names.is_called(start) && !self.is_client(names, start) => {
                    laying.loose.entry(start).or_default().push(at);
                }
                Some(_) => roots.push(at),
                None => {}
            }
        }
        let mut laid: Vec<Laid<'_>> = Vec::new();
        if let Some(&first) = roots.get(MOST_FLOWS) {
            self.report(diagnostics::too_many_flows(written[first].span, MOST_FLOWS));
        }
        for at in roots.into_iter().take(MOST_FLOWS) {
            laid.extend(self.lay(&mut laying, at, names));
        }
        self.join_named(&mut laying, &mut laid, names);
        // What is left goes in circles: the first of it starts a flow.
        let left: Vec<usize> = laying.loose.values().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect();
        for at in left {
            if !laying.used.contains(&at) && laid.len() < MOST_FLOWS {
                laid.extend(self.lay(&mut laying, at, names));
            }
        }
        self.finish_flows(laid, names);
    }

    /// Lays out the flow that statement `at` starts, with the loose paths that go on from it.
    fn lay<'a>(&mut self, laying: &mut Laying<'a>, at: usize, names: &mut Names) -> Option<Laid<'a>> {
        laying.used.insert(at);
        let written = &laying.written[at];
        let paths: Vec<&Path> = written.syntax.lines.iter().filter_map(|line| line.path.as_ref()).collect();
        let first = paths.first()?;
        let start = first.first()?;
        let located = names.locate(start);
        let start_id = names.find(&located.name)?;
        let single = matches!(first, Path::Box(_));
        let mut draft = if self.is_start(names, start_id, single) {
            names.entry_mut(start_id).is_client = true;
            Draft::new(start_id, located.span, operation_of(written.syntax))
        } else {
            let name = written.syntax.name.as_ref().map_or("the flow", |name| name.text.as_str());
            self.report(diagnostics::added_client(located.span, name, &located.name));
            let client = self.added_client(names, located.span);
            let mut draft = Draft::new(client, located.span, operation_of(written.syntax));
            draft.first_call(start_id, located.operation, located.span);
            draft
        };
        for (line, path) in paths.into_iter().enumerate() {
            self.lay_line(&mut draft, path, names, line == 0);
        }
        if written.syntax.name.is_none() {
            self.go_on(laying, &mut draft, names);
        }
        Some(Laid { written, draft })
    }

    /// Lays one line over the flow.
    fn lay_line(&mut self, draft: &mut Draft, path: &Path, names: &Names, first: bool) {
        let Some(start) = path.first() else {
            self.report(diagnostics::starts_with_list(path_span(path)));
            return;
        };
        let located = names.locate(start);
        let Some(id) = names.find(&located.name) else { return };
        let visits = draft.visits_of(id);
        if visits.is_empty() {
            if !first {
                let reached: Vec<String> = draft.reached().map(|id| names.entry(id).name.text.clone()).collect();
                let reached = if self.may_suggest() { reached } else { Vec::new() };
                let (span, name) = (located.span, &located.name);
                self.report(diagnostics::not_reached(span, name, reached.iter().map(String::as_str)));
            }
            return;
        }
        if let Path::Chain(_, rest) = path {
            for diagnostic in draft.chain(visits, rest, names) {
                self.report(diagnostic);
            }
        }
    }

    /// Adds the loose paths that go on from what the flow has reached, to every visit, until none is left. A path does not go on from a
    /// visit below itself, which would never end.
    fn go_on(&mut self, laying: &mut Laying<'_>, draft: &mut Draft, names: &Names) {
        let mut next = 0;
        while let Some((visit, component)) = draft.visit(next) {
            next += 1;
            let Some(paths) = laying.loose.get(&component) else { continue };
            if draft.is_below_itself(visit) {
                continue;
            }
            for &at in paths {
                laying.used.insert(at);
                for path in laying.written[at].syntax.lines.iter().filter_map(|line| line.path.as_ref()) {
                    if let Path::Chain(_, rest) = path
                        && path.first().and_then(|first| names.find(&names.locate(first).name)) == Some(component)
                    {
                        for diagnostic in draft.chain(vec![visit], rest, names) {
                            self.report(diagnostic);
                        }
                    } else {
                        self.lay_line(draft, path, names, false);
                    }
                }
            }
        }
    }

    /// Loose paths that no unnamed flow has taken up belong to the nearest flow above that has reached their start.
    fn join_named(&mut self, laying: &mut Laying<'_>, laid: &mut [Laid<'_>], names: &Names) {
        let waiting: Vec<(usize, ComponentId)> = laying
            .loose
            .iter()
            .flat_map(|(start, paths)| paths.iter().map(|at| (*at, *start)))
            .collect::<BTreeMap<_, _>>()
            .into_iter()
            .filter(|(at, _)| !laying.used.contains(at))
            .collect();
        for (at, start) in waiting {
            let place = laying.written[at].span.start;
            let above =
                laid.iter_mut().rev().find(|flow| flow.written.span.start < place && flow.draft.has_reached(start));
            let Some(flow) = above else { continue };
            laying.used.insert(at);
            let name = flow.written.syntax.name.as_ref().map_or("above", |name| name.text.as_str()).to_owned();
            let span = laying.written[at].span;
            self.report(diagnostics::joined_flow(span, &names.entry(start).name.text, &name));
            for path in laying.written[at].syntax.lines.iter().filter_map(|line| line.path.as_ref()) {
                self.lay_line(&mut flow.draft, path, names, false);
            }
        }
    }

    /// Whether a component is a client for certain: by declaration or by name.
    fn is_client(&self, names: &Names, id: ComponentId) -> bool {
        let entry = names.entry(id);
        let word = entry.kind_word.as_ref().unwrap_or(&entry.name);
        self.meaning(&word.text).is_some_and(|meaning| meaning.kind == Kind::Client)
    }

    /// Whether a flow's first box is its client: if it is one, or nothing says that it is something else.
    fn is_start(&self, names: &Names, id: ComponentId, single: bool) -> bool {
        let undeclared = names.entry(id).kind_word.is_none() && !names.is_called(id) && !single;
        self.is_client(names, id) || undeclared
    }

    /// A client put in front of a flow that starts at something else.
    fn added_client(&mut self, names: &mut Names, span: Span) -> ComponentId {
        let mut name = Piece { text: "client".to_owned(), span };
        let mut number = 2;
        while names.find(&name.text).is_some_and(|id| !self.is_client(names, id)) {
            name.text = format!("client {number}");
            number += 1;
        }
        let id = names.mention(&name);
        names.entry_mut(id).is_client = true;
        id
    }

    fn finish_flows(&mut self, mut laid: Vec<Laid<'_>>, names: &Names) {
        laid.sort_by_key(|flow| flow.written.span.start);
        let unnamed = laid.iter().filter(|flow| flow.written.syntax.name.is_none()).count();
        let mut known: BTreeMap<String, Span> = BTreeMap::new();
        let mut taken: BTreeMap<String, usize> = BTreeMap::new();
        for flow in laid {
            let Laid { written, draft } = flow;
            let span =
                written.syntax.name.as_ref().map_or(Span::new(written.span.start, written.span.end), |name| name.span);
            let name = if let Some(name) = &written.syntax.name {
                name.text.clone()
            } else {
                let name = unnamed_name(&draft, names, unnamed, &mut taken);
                self.report(diagnostics::unnamed_flow(span, &name));
                name
            };
            if let Some(first) = known.get(&name) {
                self.report(diagnostics::flow_twice(span, &name, *first));
                continue;
            }
            known.insert(name.clone(), span);
            let made = self.make_flow(written.syntax, name, draft, span);
            self.design.flows.push(made);
        }
    }

    fn make_flow(&mut self, syntax: &FlowSyntax, name: String, draft: Draft, span: Span) -> Flow {
        if draft.is_empty() {
            self.report(diagnostics::leads_nowhere(span, &name));
        }
        let (load, keys, parameters) = self.flow_attributes(syntax, span);
        let mut targets = Vec::new();
        for target in &syntax.targets {
            targets.extend(self.read_target(target));
        }
        let operation = operation_of(syntax);
        Flow { name, operation, load, keys, parameters, targets, root: draft.into_tree(), span }
    }

    pub(super) fn read_target(&mut self, target: &Piece) -> Option<Target> {
        match targets::read_target(&target.text, target.span.start, self.variables) {
            Ok(read) => {
                if target.text.to_lowercase().starts_with("latency") {
                    self.report(diagnostics::assumed_p99(target.span));
                }
                Some(Target { span: target.span, ..read })
            }
            Err(diagnostic) => {
                self.report_in(target, diagnostic);
                None
            }
        }
    }

    /// `target GET /x: p99 < 200ms`; without a flow, every flow is held to it.
    pub(super) fn target(&mut self, flow: Option<&Piece>, written: &[Piece], index: &Index) {
        let flows = match flow {
            Some(name) => match self.find_flow(name, index) {
                Some(id) => vec![id],
                None => return,
            },
            None => (0..self.design.flows.len() as u32).map(FlowId).collect(),
        };
        for target in written {
            let Some(read) = self.read_target(target) else { continue };
            for id in &flows {
                self.design.flows[id.0 as usize].targets.push(read.clone());
            }
        }
    }

    /// The flow that a statement names.
    fn find_flow(&mut self, name: &Piece, index: &Index) -> Option<FlowId> {
        let found = index.flow(&name.text);
        if found.is_none() {
            let known: Vec<String> = if self.may_suggest() {
                self.design.flows.iter().map(|flow| flow.name.clone()).collect()
            } else {
                Vec::new()
            };
            self.report(diagnostics::unknown_flow(name.span, &name.text, known.iter().map(String::as_str)));
        }
        found
    }
}

fn written(document: &Document) -> Vec<Written<'_>> {
    let flows = document.items.iter().filter_map(|item| match &item.statement {
        Statement::Flow(syntax) => Some(Written {
            syntax,
            span: item.span,
            loose: syntax.name.is_none() && syntax.rate.is_none() && syntax.targets.is_empty(),
        }),
        _ => None,
    });
    flows.collect()
}

fn start_of(flow: &FlowSyntax, names: &Names) -> Option<ComponentId> {
    let path = flow.lines.iter().find_map(|line| line.path.as_ref())?;
    names.find(&names.locate(path.first()?).name)
}

/// GET and HEAD read, everything else writes; a flow without a name reads.
fn operation_of(flow: &FlowSyntax) -> Operation {
    let Some(name) = &flow.name else { return Operation::Read };
    let method = name.text.split(' ').next().unwrap_or("");
    if matches!(method.to_uppercase().as_str(), "GET" | "HEAD") { Operation::Read } else { Operation::Write }
}

/// `requests`, or where there are several flows without a name, `requests to lb`.
fn unnamed_name(draft: &Draft, names: &Names, unnamed: usize, taken: &mut BTreeMap<String, usize>) -> String {
    let callee = draft.visit(1).map(|(_, id)| names.entry(id).name.text.as_str());
    let base = match callee {
        Some(callee) if unnamed > 1 => format!("requests to {callee}"),
        _ => "requests".to_owned(),
    };
    let number = taken.entry(base.clone()).and_modify(|number| *number += 1).or_insert(1);
    if *number == 1 { base } else { format!("{base} {number}") }
}

fn path_span(path: &Path) -> Span {
    let mut span: Option<Span> = None;
    path.boxes(&mut |one| span = Some(span.map_or(one.name.span, |span| span.to(one.name.span))));
    span.unwrap_or_default()
}
