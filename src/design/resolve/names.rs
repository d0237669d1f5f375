//! Which components there are, what each is, and what is said about it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Resolver;
use crate::design::syntax::{AttributeSyntax, BoxSyntax, Count, Declaration, Document, Path, Piece, Statement};
use crate::design::{Component, ComponentId, Kind, Operation, Parameters, Region, RegionId, diagnostics};
use crate::source::Span;

/// Every name of the text, by its lower-case form.
pub(super) struct Names {
    ids: BTreeMap<String, ComponentId>,
    pub entries: Vec<Entry>,
    regions: BTreeSet<String>,
}

/// What the text says about a component.
pub(super) struct Entry {
    pub name: Piece,
    /// The word that says what it is.
    pub kind_word: Option<Piece>,
    pub instances: Option<Count>,
    pub attributes: Vec<AttributeSyntax>,
    /// Where it is declared by a statement of its own.
    declared: Option<Span>,
    /// Whether a flow starts at it.
    pub is_client: bool,
    /// Whether some path leads to it.
    is_called: bool,
}

/// A box's name apart from its operation.
pub(super) struct Located<'a> {
    pub name: Cow<'a, str>,
    pub span: Span,
    pub operation: Option<Operation>,
    /// What stands behind the dot and is neither an operation nor part of a name.
    pub stray: Option<&'a Piece>,
}

impl Names {
    /// Goes over the text once and gives every name its component, in the order of appearance.
    pub fn gather(resolver: &mut Resolver<'_>, document: &Document) -> Self {
        let mut names = Self { ids: BTreeMap::new(), entries: Vec::new(), regions: BTreeSet::new() };
        let mut declared = BTreeSet::new();
        for item in &document.items {
            match &item.statement {
                Statement::Region { name, .. } => {
                    names.regions.insert(key(&name.text).into_owned());
                    resolver.region(name);
                }
                Statement::Component(declaration) => {
                    declared.insert(key(&declaration.name.text).into_owned());
                }
                _ => {}
            }
        }
        for item in &document.items {
            match &item.statement {
                Statement::Component(declaration) => names.declare(resolver, declaration),
                Statement::Region { members, .. } => members.iter().for_each(|member| {
                    names.mention(member);
                }),
                Statement::Flow(flow) => {
                    for path in flow.lines.iter().filter_map(|line| line.path.as_ref()) {
                        names.path(resolver, path, &declared);
                    }
                }
                _ => {}
            }
        }
        names
    }

    /// The component of that name, made if there is none.
    pub fn mention(&mut self, name: &Piece) -> ComponentId {
        self.mention_as(&name.text, name.span)
    }

    fn mention_as(&mut self, name: &str, span: Span) -> ComponentId {
        if let Some(known) = self.find(name) {
            return known;
        }
        let id = ComponentId(self.entries.len() as u32);
        self.ids.insert(key(name).into_owned(), id);
        self.entries.push(Entry {
            name: Piece { text: name.to_owned(), span },
            kind_word: None,
            instances: None,
            attributes: Vec::new(),
            declared: None,
            is_client: false,
            is_called: false,
        });
        id
    }

    pub fn find(&self, name: &str) -> Option<ComponentId> {
        self.ids.get(&*key(name)).copied()
    }

    pub fn entry(&self, id: ComponentId) -> &Entry {
        &self.entries[id.0 as usize]
    }

    pub fn entry_mut(&mut self, id: ComponentId) -> &mut Entry {
        &mut self.entries[id.0 as usize]
    }

    /// Whether some path leads to that component, rather than starting at it.
    pub fn is_called(&self, id: ComponentId) -> bool {
        self.entry(id).is_called
    }

    fn declare(&mut self, resolver: &mut Resolver<'_>, declaration: &Declaration) {
        let id = self.mention(&declaration.name);
        let entry = self.entry_mut(id);
        if let Some(first) = entry.declared {
            let name = declaration.name.text.clone();
            resolver.report(diagnostics::declared_twice(declaration.name.span, &name, first));
            return;
        }
        entry.declared = Some(declaration.name.span);
        if let Some(kind) = &declaration.kind {
            say_kind(resolver, entry, kind);
        }
        entry.instances = entry.instances.or(declaration.instances);
        entry.attributes.extend(declaration.attributes.iter().cloned());
    }

    fn path(&mut self, resolver: &mut Resolver<'_>, path: &Path, declared: &BTreeSet<String>) {
        let mut start = None;
        path.boxes(&mut |one| {
            let Located { name, span, .. } = self.locate_among(one, declared);
            let (name, span) = (name.into_owned(), span);
            let id = self.mention_as(&name, span);
            let first = *start.get_or_insert(id);
            let entry = self.entry_mut(id);
            entry.is_called |= first != id;
            if let Some(kind) = &one.kind {
                say_kind(resolver, entry, kind);
            }
            entry.instances = entry.instances.or(one.instances);
            entry.attributes.extend(one.attributes.iter().cloned());
        });
    }

    /// A box's name and operation; a name may have dots, and D2 puts the group in front of one.
    pub fn locate<'a>(&self, one: &'a BoxSyntax) -> Located<'a> {
        self.locate_among(one, &BTreeSet::new())
    }

    fn locate_among<'a>(&self, one: &'a BoxSyntax, declared: &BTreeSet<String>) -> Located<'a> {
        let (name, span) = (&one.name.text, one.name.span);
        let plain = Located { name: Cow::Borrowed(name), span, operation: None, stray: None };
        let Some(word) = &one.operation else { return plain };
        let full = format!("{name}.{}", word.text);
        if self.ids.contains_key(&*key(&full)) || declared.contains(&*key(&full)) {
            return Located { name: Cow::Owned(full), span: span.to(word.span), ..plain };
        }
        if let Some(operation) = operation(&word.text) {
            return Located { operation: Some(operation), ..plain };
        }
        if self.regions.contains(&*key(name)) {
            return Located { name: Cow::Borrowed(&word.text), span: word.span, ..plain };
        }
        Located { stray: Some(word), ..plain }
    }
}

/// The operation behind a dot.
fn operation(word: &str) -> Option<Operation> {
    Some(match word.to_lowercase().as_str() {
        "read" | "get" | "query" | "scan" => Operation::Read,
        "write" | "put" | "set" | "insert" | "update" | "append" => Operation::Write,
        "delete" | "del" | "invalidate" | "remove" => Operation::Delete,
        "search" => Operation::Search,
        _ => return None,
    })
}

/// The name by which components are known: case is ignored.
pub(super) fn key(name: &str) -> Cow<'_, str> {
    if name.chars().any(char::is_uppercase) { Cow::Owned(name.to_lowercase()) } else { Cow::Borrowed(name) }
}

fn say_kind(resolver: &mut Resolver<'_>, entry: &mut Entry, kind: &Piece) {
    match &entry.kind_word {
        Some(known) if !known.text.eq_ignore_ascii_case(&kind.text) && resolver.meaning(&kind.text).is_some() => {
            let first = known.span;
            let name = entry.name.text.clone();
            resolver.report(diagnostics::declared_twice(kind.span, &name, first));
        }
        Some(_) => {}
        None => entry.kind_word = Some(kind.clone()),
    }
}

/// What a word says about a component: its kind and, where it names one, its technology.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Meaning {
    pub kind: Kind,
    pub technology: Option<String>,
}

impl Resolver<'_> {
    /// The region of that name, made if there is none.
    pub(super) fn region(&mut self, name: &Piece) -> RegionId {
        let next = RegionId(self.design.regions.len() as u32);
        let id = *self.regions.entry(key(&name.text).into_owned()).or_insert(next);
        if id == next {
            self.design.regions.push(Region { name: name.text.clone(), span: name.span });
        }
        id
    }

    /// What a word means: a kind, a technology, or a common name of a kind.
    pub(super) fn meaning(&self, word: &str) -> Option<Meaning> {
        let word = word.trim().to_lowercase();
        let singular = word.strip_suffix('s').filter(|singular| singular.len() > 2);
        [Some(word.as_str()), singular].into_iter().flatten().find_map(|word| self.exact_meaning(word))
    }

    fn exact_meaning(&self, word: &str) -> Option<Meaning> {
        let dashed = word.replace([' ', '_'], "-");
        if let Some(kind) = Kind::from_name(&dashed) {
            return Some(Meaning { kind, technology: None });
        }
        let technology = self.catalogue.find(word).or_else(|| self.catalogue.find(&dashed));
        if let Some(technology) = technology {
            return Some(Meaning { kind: technology.kind, technology: Some(technology.id.clone()) });
        }
        Kind::from_alias(&dashed).map(|kind| Meaning { kind, technology: None })
    }

    /// What one word of a longer name means: the last, or any that is a technology.
    fn meaning_of_part(&self, name: &str) -> Option<Meaning> {
        let words: Vec<&str> = name.split([' ', '-', '_', '.']).filter(|word| !word.is_empty()).collect();
        if words.len() < 2 {
            return None;
        }
        let technologies =
            words.iter().filter_map(|word| self.meaning(word)).filter(|found| found.technology.is_some());
        let mut technologies = technologies.collect::<Vec<_>>();
        match words.last().and_then(|last| self.meaning(last)) {
            Some(last) => {
                let same = technologies.into_iter().find(|found| found.kind == last.kind);
                Some(same.unwrap_or(last))
            }
            None if technologies.is_empty() => None,
            None => Some(technologies.swap_remove(0)),
        }
    }

    /// What a component is, with a note on what was assumed.
    fn resolve(&mut self, entry: &Entry, declared: &[&str]) -> Meaning {
        if let Some(word) = &entry.kind_word
            && let Some(meaning) = self.declared_meaning(entry, word)
        {
            return meaning;
        }
        let by_name = self.meaning(&entry.name.text);
        if entry.is_client && entry.kind_word.is_none() {
            if let Some(other) = by_name.filter(|meaning| meaning.kind != Kind::Client) {
                let name = other.technology.unwrap_or_else(|| other.kind.name().to_owned());
                self.report(diagnostics::assumed_client(entry.name.span, &entry.name.text, &name));
            }
            return Meaning { kind: Kind::Client, technology: None };
        }
        if let Some(meaning) = by_name {
            return meaning;
        }
        if let Some(meaning) = self.meaning_of_part(&entry.name.text) {
            let kind = meaning.technology.clone().unwrap_or_else(|| format!("a {}", meaning.kind));
            self.report(diagnostics::guessed(entry.name.span, &entry.name.text, &kind));
            return meaning;
        }
        let declared = if self.may_suggest() { declared } else { &[] };
        self.report(diagnostics::assumed_service(entry.name.span, &entry.name.text, declared.iter().copied()));
        Meaning { kind: Kind::Service, technology: None }
    }

    /// What the word in a declaration means; `None` leaves it to the name.
    fn declared_meaning(&mut self, entry: &Entry, word: &Piece) -> Option<Meaning> {
        let (before, last) = word.text.rsplit_once(' ').unwrap_or(("", &word.text));
        let soft = match last {
            "store" => Some(Kind::Sql),
            "broker" => Some(Kind::Queue),
            _ => None,
        };
        if let Some(kind) = soft {
            if let Some(meaning) = self.meaning(before).filter(|_| !before.is_empty()) {
                return Some(meaning);
            }
            // Mermaid's cylinder says that it keeps data; the name may say how.
            let named = self.meaning(&entry.name.text).or_else(|| self.meaning_of_part(&entry.name.text));
            let fits = named
                .filter(|meaning| if kind == Kind::Queue { meaning.kind.buffers() } else { meaning.kind.stores() });
            return Some(fits.unwrap_or(Meaning { kind, technology: None }));
        }
        if let Some(meaning) = self.meaning(&word.text) {
            let same_kind = |found: &Meaning| found.kind == meaning.kind;
            let by_name =
                self.meaning(&entry.name.text).filter(|found| meaning.technology.is_none() && same_kind(found));
            return Some(by_name.unwrap_or(meaning));
        }
        if let Some(meaning) = self.meaning_of_part(&word.text) {
            return Some(meaning);
        }
        let known: Vec<String> = if self.may_suggest() {
            let kinds = Kind::ALL.iter().map(|kind| kind.name());
            kinds.chain(self.catalogue.names()).map(str::to_owned).collect()
        } else {
            Vec::new()
        };
        let near = crate::source::nearest(&word.text, known.iter().map(String::as_str)).is_some();
        let prose = word.text.contains(' ') || self.meaning(&entry.name.text).is_some();
        if prose && !near {
            self.report(diagnostics::label_dropped(word.span, &word.text));
        } else {
            self.report(diagnostics::unknown_kind(word.span, &word.text, known.iter().map(String::as_str)));
        }
        None
    }

    /// Makes the components of their entries.
    pub(super) fn components(&mut self, names: &Names) {
        let declared = names.entries.iter().filter(|entry| entry.declared.is_some());
        let declared: Vec<&str> = declared.map(|entry| entry.name.text.as_str()).collect();
        for entry in &names.entries {
            let meaning = self.resolve(entry, &declared);
            let mut component = Component {
                name: entry.name.text.clone(),
                kind: meaning.kind,
                technology: meaning.technology,
                instances: 1,
                parameters: Parameters::default(),
                region: None,
                span: entry.name.span,
            };
            if let Some(count) = entry.instances {
                if count.value == 0 {
                    self.report(diagnostics::no_instances(count.span));
                }
                component.instances = count.value.max(1);
            }
            self.say_attributes(&mut component, &entry.attributes);
            self.fill_parameters(&mut component);
            self.design.components.push(component);
        }
    }
}
