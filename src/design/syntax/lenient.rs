//! Mermaid's ids give way to its labels: `A[Web] --> B[(Postgres)]` is about Web and Postgres.

use std::collections::{BTreeMap, BTreeSet};

use super::{BoxSyntax, Declaration, Document, FlowSyntax, Item, Path, PathLine, Piece, Statement};

/// Most callers that one path may start at.
const MOST_STARTS: usize = 64;

/// Mermaid says at a path's first box how it is drawn; here that is said by a statement of its own.
pub(super) fn declare_starts(document: &mut Document) {
    let mut declared: BTreeSet<String> = BTreeSet::new();
    let mut needed = false;
    for item in &document.items {
        match &item.statement {
            Statement::Component(declaration) if declaration.kind.is_some() => {
                declared.insert(declaration.name.text.to_lowercase());
            }
            Statement::Flow(flow) => {
                let starts = flow.lines.iter().filter_map(|line| line.path.as_ref()?.first());
                needed |= starts.into_iter().any(is_drawn);
            }
            _ => {}
        }
    }
    if !needed {
        return;
    }
    for mut item in std::mem::take(&mut document.items) {
        let mut found = Vec::new();
        if let Statement::Flow(flow) = &mut item.statement {
            let starts = flow.lines.iter_mut().filter_map(|line| line.path.as_mut()?.first_mut());
            for one in starts.filter(|one| is_drawn(one)) {
                found.push((one.name.clone(), one.kind.take(), one.instances.take()));
            }
        }
        for (name, kind, instances) in found {
            if declared.insert(name.text.to_lowercase()) {
                item.split = true;
                let (attributes, label) = (Vec::new(), None);
                let statement = Statement::Component(Declaration { name, kind, instances, attributes, label });
                let before = std::mem::take(&mut item.before);
                document.items.push(Item { before, statement, after: None, span: item.span, split: true });
            }
        }
        document.items.push(item);
    }
}

/// Whether a box's shape or label says what it is.
fn is_drawn(one: &BoxSyntax) -> bool {
    let store = one.kind.as_ref().is_some_and(|kind| kind.text.ends_with("store"));
    (one.label.is_some() && (one.kind.is_some() || one.instances.is_some())) || store
}

/// `A & B --> C` is a path from A and a path from B.
pub(super) fn split_starts(document: &mut Document) {
    let starts_with_list = |item: &Item| starts(&item.statement).is_some();
    if !document.items.iter().any(starts_with_list) {
        return;
    }
    for mut item in std::mem::take(&mut document.items) {
        let Some((line, paths)) = starts(&item.statement) else {
            document.items.push(item);
            continue;
        };
        let mut after = line.after.clone().or(item.after);
        for path in paths {
            let line = PathLine { before: Vec::new(), path: Some(path), after: None, ..line.clone() };
            let statement = Statement::Flow(FlowSyntax { lines: vec![line], ..FlowSyntax::default() });
            let before = std::mem::take(&mut item.before);
            document.items.push(Item { before, statement, after: after.take(), span: item.span, split: true });
        }
    }
}

/// The paths of a flow that says nothing else and starts at a list of boxes: one for each.
fn starts(statement: &Statement) -> Option<(&PathLine, Vec<Path>)> {
    let Statement::Flow(flow) = statement else { return None };
    let [line] = flow.lines.as_slice() else { return None };
    let Some(Path::Chain(first, rest)) = &line.path else { return None };
    let (Path::Sequence(members) | Path::AtOnce { need: None, members }) = &**first else { return None };
    let boxes = members.iter().all(|member| matches!(member, Path::Box(_)));
    let plain = flow.name.is_none() && flow.rate.is_none() && flow.attributes.is_empty() && flow.targets.is_empty();
    if !boxes || !plain || members.len() > MOST_STARTS {
        return None;
    }
    Some((line, members.iter().map(|member| Path::Chain(Box::new(member.clone()), rest.clone())).collect()))
}

/// Renames every box that has a label somewhere in the text by its label.
pub(super) fn name_by_label(document: &mut Document) {
    let mut labels = Labels::default();
    for item in &mut document.items {
        match &mut item.statement {
            Statement::Component(declaration) => labels.add(&declaration.name, declaration.label.take()),
            Statement::Flow(flow) => {
                for path in flow.lines.iter_mut().filter_map(|line| line.path.as_mut()) {
                    path.boxes_mut(&mut |one| labels.add(&one.name, one.label.take()));
                }
            }
            Statement::Link { arrows, .. } => arrows.boxes_mut(&mut |one| labels.add(&one.name, one.label.take())),
            _ => {}
        }
    }
    if labels.of_id.is_empty() {
        return;
    }
    let names = labels.names();
    let rename = |piece: &mut Piece| {
        if let Some(name) = names.get(&piece.text.to_lowercase()) {
            piece.text.clone_from(name);
        }
    };
    for item in &mut document.items {
        rename_in(&mut item.statement, &rename);
    }
}

fn rename_in(statement: &mut Statement, rename: &impl Fn(&mut Piece)) {
    let in_path = |path: &mut Path| path.boxes_mut(&mut |one| rename(&mut one.name));
    match statement {
        Statement::Component(declaration) => rename(&mut declaration.name),
        Statement::Flow(flow) => flow.lines.iter_mut().filter_map(|line| line.path.as_mut()).for_each(in_path),
        Statement::Link { arrows, .. } => in_path(arrows),
        Statement::Region { members, .. } => members.iter_mut().for_each(rename),
        _ => {}
    }
}

/// The labels of ids, and every id there is.
#[derive(Default)]
struct Labels {
    of_id: BTreeMap<String, String>,
    ids: BTreeSet<String>,
    /// Ids in the order their labels appear.
    order: Vec<String>,
}

impl Labels {
    fn add(&mut self, id: &Piece, label: Option<String>) {
        let key = id.text.to_lowercase();
        if let Some(label) = label
            && !self.of_id.contains_key(&key)
        {
            self.order.push(key.clone());
            self.of_id.insert(key.clone(), label);
        }
        self.ids.insert(key);
    }

    /// The name of each labelled id: its label, with the id behind it where another box has that name.
    fn names(&self) -> BTreeMap<String, String> {
        let mut taken: BTreeSet<String> = self.ids.iter().filter(|id| !self.of_id.contains_key(*id)).cloned().collect();
        let mut names = BTreeMap::new();
        for id in &self.order {
            let label = &self.of_id[id];
            let mut name = label.clone();
            while !taken.insert(name.to_lowercase()) {
                name = format!("{name} {id}");
            }
            names.insert(id.clone(), name);
        }
        names
    }
}
