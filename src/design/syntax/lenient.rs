//! Mermaid's ids give way to its labels: `A[Web] --> B[(Postgres)]` is about Web and Postgres.

use std::collections::{BTreeMap, BTreeSet};

use super::{Document, Path, Piece, Statement};

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
