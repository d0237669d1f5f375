//! A flow while it grows: visits in an arena, so that later lines can go on from any of them.

use std::collections::BTreeMap;

use crate::design::resolve::names::Names;
use crate::design::syntax::{Arrow, BoxSyntax, Path};
use crate::design::{Action, ComponentId, Operation, Visit, diagnostics};
use crate::source::{Diagnostic, Span};

/// Most visits of a flow: a path that multiplies lists with lists soon has more than anyone can read.
const MOST_VISITS: usize = 4096;
/// Most calls below each other.
const DEEPEST: usize = 64;

/// Index into [`Draft::lists`]: a visit's actions, or a branch's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ListId(usize);

/// Index into [`Draft::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct VisitId(usize);

struct Node {
    component: ComponentId,
    operation: Operation,
    span: Span,
    list: ListId,
    parent: Option<VisitId>,
}

struct List {
    actions: Vec<DraftAction>,
    /// The visit whose actions they are in the end.
    owner: VisitId,
    depth: usize,
}

enum DraftAction {
    Call(VisitId),
    HandOver(VisitId),
    AtOnce { need: u32, branches: Vec<ListId> },
    OneOf(Vec<(f64, ListId)>),
    Repeat { times: u32, at_once: bool, list: ListId },
}

/// The flow's tree of visits, from its client.
pub(super) struct Draft {
    nodes: Vec<Node>,
    lists: Vec<List>,
    by_component: BTreeMap<ComponentId, Vec<VisitId>>,
    operation: Operation,
    full: bool,
}

impl Draft {
    pub fn new(client: ComponentId, span: Span, operation: Operation) -> Self {
        let mut draft =
            Self { nodes: Vec::new(), lists: Vec::new(), by_component: BTreeMap::new(), operation, full: false };
        draft.node(client, operation, span, None, 0);
        draft
    }

    /// The client calls the component that the flow was written to start at.
    pub fn first_call(&mut self, component: ComponentId, operation: Option<Operation>, span: Span) {
        let list = self.nodes[0].list;
        let visit = self.node(component, operation.unwrap_or(self.operation), span, Some(list), 1);
        self.lists[list.0].actions.push(DraftAction::Call(visit));
    }

    /// The visit with that number in the order of making, and its component.
    pub fn visit(&self, number: usize) -> Option<(VisitId, ComponentId)> {
        self.nodes.get(number).map(|node| (VisitId(number), node.component))
    }

    pub fn visits_of(&self, component: ComponentId) -> Vec<VisitId> {
        self.by_component.get(&component).cloned().unwrap_or_default()
    }

    pub fn has_reached(&self, component: ComponentId) -> bool {
        self.by_component.contains_key(&component)
    }

    pub fn reached(&self) -> impl Iterator<Item = ComponentId> {
        self.by_component.keys().copied()
    }

    /// Whether the client does nothing.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() == 1
    }

    /// Whether a visit stands below another of the same component.
    pub fn is_below_itself(&self, visit: VisitId) -> bool {
        let component = self.nodes[visit.0].component;
        let mut above = self.nodes[visit.0].parent;
        while let Some(VisitId(at)) = above {
            if self.nodes[at].component == component {
                return true;
            }
            above = self.nodes[at].parent;
        }
        false
    }

    /// Lets each of `visits` do what the arrows say, one level below the other.
    pub fn chain(&mut self, visits: Vec<VisitId>, rest: &[(Arrow, Path)], names: &Names) -> Vec<Diagnostic> {
        let mut placing = Placing { draft: self, names, diagnostics: Vec::new() };
        let lists = visits.into_iter().map(|visit| placing.draft.nodes[visit.0].list).collect();
        placing.chain(rest, lists);
        placing.diagnostics
    }

    fn node(
        &mut self,
        component: ComponentId,
        operation: Operation,
        span: Span,
        below: Option<ListId>,
        depth: usize,
    ) -> VisitId {
        let id = VisitId(self.nodes.len());
        let list = self.list(id, depth);
        let parent = below.map(|list| self.lists[list.0].owner);
        self.nodes.push(Node { component, operation, span, list, parent });
        self.by_component.entry(component).or_default().push(id);
        id
    }

    fn list(&mut self, owner: VisitId, depth: usize) -> ListId {
        self.lists.push(List { actions: Vec::new(), owner, depth });
        ListId(self.lists.len() - 1)
    }

    /// The tree.
    pub fn into_tree(self) -> Visit {
        self.tree(VisitId(0))
    }

    fn tree(&self, visit: VisitId) -> Visit {
        let Node { component, operation, span, list, .. } = self.nodes[visit.0];
        Visit { component, operation, then: self.actions(list), span }
    }

    fn actions(&self, list: ListId) -> Vec<Action> {
        let actions = self.lists[list.0].actions.iter().map(|action| match action {
            DraftAction::Call(visit) => Action::Call(self.tree(*visit)),
            DraftAction::HandOver(visit) => Action::HandOver(self.tree(*visit)),
            DraftAction::AtOnce { need, branches } => {
                Action::AtOnce { need: *need, branches: branches.iter().map(|branch| self.actions(*branch)).collect() }
            }
            DraftAction::OneOf(branches) => {
                Action::OneOf(branches.iter().map(|(share, branch)| (*share, self.actions(*branch))).collect())
            }
            DraftAction::Repeat { times, at_once, list } => {
                Action::Repeat { times: *times, at_once: *at_once, actions: self.actions(*list) }
            }
        });
        actions.collect()
    }
}

/// Placing a path on a draft.
struct Placing<'a> {
    draft: &'a mut Draft,
    names: &'a Names,
    diagnostics: Vec<Diagnostic>,
}

impl Placing<'_> {
    /// Places what each arrow leads to on the ends of what stands before it; the ends of the last.
    fn chain(&mut self, rest: &[(Arrow, Path)], mut lists: Vec<ListId>) -> Vec<ListId> {
        for (arrow, path) in rest {
            lists = self.place(path, *arrow, &lists);
        }
        lists
    }

    fn place(&mut self, path: &Path, arrow: Arrow, lists: &[ListId]) -> Vec<ListId> {
        match path {
            Path::Box(one) => lists.iter().filter_map(|list| self.place_box(one, arrow, *list)).collect(),
            Path::Chain(first, rest) => {
                let ends = self.place(first, arrow, lists);
                self.chain(rest, ends)
            }
            Path::Sequence(members) => members.iter().flat_map(|member| self.place(member, arrow, lists)).collect(),
            Path::AtOnce { need, members } => {
                let need = need.map_or(members.len() as u32, |count| count.value);
                let many = |branches| DraftAction::AtOnce { need, branches };
                self.branches(&path.parts(), arrow, lists, many)
            }
            Path::OneOf(members) => self.one_of(members, arrow, lists),
            Path::Repeat { times, at_once, member } => {
                let (times, at_once) = (times.value, *at_once);
                let repeat = |lists: Vec<ListId>| DraftAction::Repeat { times, at_once, list: lists[0] };
                self.branches(&[member], arrow, lists, repeat)
            }
        }
    }

    /// Places each of `members` in a list of its own, and the lists as one action.
    fn branches(
        &mut self,
        members: &[&Path],
        arrow: Arrow,
        lists: &[ListId],
        action: impl Fn(Vec<ListId>) -> DraftAction,
    ) -> Vec<ListId> {
        let mut ends = Vec::new();
        for &list in lists {
            let mut branches = Vec::new();
            for member in members {
                let List { owner, depth, .. } = self.draft.lists[list.0];
                let branch = self.draft.list(owner, depth + 1);
                ends.extend(self.place(member, arrow, &[branch]));
                branches.push(branch);
            }
            self.draft.lists[list.0].actions.push(action(branches));
        }
        ends
    }

    /// One branch by chance; what the shares leave over is nothing, or what has no share.
    fn one_of(&mut self, members: &[(Option<f64>, Path)], arrow: Arrow, lists: &[ListId]) -> Vec<ListId> {
        let given: f64 = members.iter().filter_map(|(share, _)| *share).sum();
        let open = members.iter().filter(|(share, _)| share.is_none()).count();
        if given > 1.0 + 1e-9 {
            let span = members.first().map_or(Span::default(), |(_, path)| super::path_span(path));
            self.diagnostics.push(diagnostics::shares_exceed(span, (given * 1000.0).round() / 10.0));
        }
        let scale = if given > 1.0 { given.recip() } else { 1.0 };
        let rest = (1.0 - given).max(0.0);
        let rest = if rest < 1e-9 { 0.0 } else { rest };
        let shares: Vec<f64> =
            members.iter().map(|(share, _)| share.map_or(rest / open as f64, |share| share * scale)).collect();
        let nothing = if open == 0 && rest > 0.0 { Some(rest) } else { None };
        let draft_lists = lists.to_vec();
        let mut ends = Vec::new();
        for list in draft_lists {
            let List { owner, depth, .. } = self.draft.lists[list.0];
            let mut branches = Vec::new();
            for ((_, member), &share) in members.iter().zip(&shares) {
                let branch = self.draft.list(owner, depth + 1);
                ends.extend(self.place(member, arrow, &[branch]));
                branches.push((share, branch));
            }
            branches.extend(nothing.map(|share| (share, self.draft.list(owner, depth + 1))));
            self.draft.lists[list.0].actions.push(DraftAction::OneOf(branches));
        }
        ends
    }

    fn place_box(&mut self, one: &BoxSyntax, arrow: Arrow, list: ListId) -> Option<ListId> {
        let located = self.names.locate(one);
        if let Some(stray) = &located.stray {
            self.diagnostics.push(diagnostics::unknown_operation(stray.span, &stray.text));
        }
        let component = self.names.find(&located.name)?;
        let span = located.span;
        if component == self.draft.nodes[0].component {
            self.diagnostics.push(diagnostics::answers_come_back(span));
            return None;
        }
        let depth = self.draft.lists[list.0].depth + 1;
        if depth > DEEPEST || self.draft.nodes.len() >= MOST_VISITS {
            if !self.draft.full {
                self.diagnostics.push(diagnostics::flow_too_large(span));
            }
            self.draft.full = true;
            return None;
        }
        let operation = located.operation.unwrap_or(self.draft.operation);
        let visit = self.draft.node(component, operation, span, Some(list), depth);
        self.draft.lists[list.0].actions.push(match arrow {
            Arrow::Call => DraftAction::Call(visit),
            Arrow::HandOver => DraftAction::HandOver(visit),
        });
        Some(self.draft.nodes[visit.0].list)
    }
}
