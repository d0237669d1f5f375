//! What may be typed next, after the characters that ask for it: an arrow, a colon, a comma, a dot, an `@`, or the start of a word.

use super::schema::{self, Attribute, ValueKind};
use super::{Catalogue, Design, Kind, compile};
use crate::source::Span;

/// Something that may be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The text it takes the place of: the word at the cursor as far as it is typed.
    pub span: Span,
    /// What would stand there.
    pub text: String,
    /// What it is, in a few words.
    pub detail: String,
}

/// Most completions at once.
const MOST: usize = 50;

/// Words that start a statement.
const STATEMENTS: &[(&str, &str)] = &[
    ("region ", "where components stand: region us-east: lb, api"),
    ("target ", "a figure to hold a flow to: target GET /x: p99 < 200ms"),
    ("set ", "how to run it: set for 120s"),
    ("at ", "what happens meanwhile: at 30s: kill cache/0 for 20s"),
];

const SETTINGS: &[(&str, &str)] = &[
    ("for 120s", "simulated time"),
    ("warmup 10s", "time cut off at the start"),
    ("seed 7", "of all chance"),
    ("network none", "hops cost nothing"),
    ("caches cold", "caches start empty"),
];

const FAULTS: &[(&str, &str)] = &[
    ("kill ", "an instance, a component, a zone or a region stops answering"),
    ("slow ", "work takes longer: slow db by 5x"),
    ("pause ", "nothing happens for a while: pause api/0 for 3s"),
    ("partition ", "two can't reach each other: partition api from db"),
    ("delay ", "messages take longer: delay api -> db by 200ms"),
    ("lose ", "messages are lost: lose 5% on api -> db"),
    ("errors ", "requests fail: errors 10% on api"),
    ("flush ", "a cache loses its contents"),
    ("hot key ", "one key takes a share: hot key 30% on GET /x"),
    ("spike ", "a flow's load is multiplied: spike GET /x 5x"),
    ("ramp ", "a flow's load grows: ramp GET /x 3x"),
    ("drop ", "a flow's load falls: drop GET /x by 80%"),
    ("fill ", "a queue or disk has no room"),
    ("deploy ", "instances restart one after the other"),
    ("lag ", "replicas fall behind: lag db by 5s"),
    ("skew ", "the clock of a lock's holders runs ahead"),
];

const TARGETS: &[(&str, &str)] = &[
    ("p99 < 200ms", "99th percentile of latency"),
    ("p50 < 50ms", "median latency"),
    ("p95 < 100ms", "95th percentile of latency"),
    ("p999 < 1s", "99.9th percentile of latency"),
    ("mean < 50ms", "mean latency"),
    ("errors < 0.1%", "share of requests that fail"),
    ("throughput > 10k/s", "completed requests"),
    ("availability > 99.9%", "share of requests that succeed"),
    ("lag p99 < 5s", "time to process what was handed over"),
    ("cost < $20k/month", "of the whole design"),
    ("utilisation ", "of a component: utilisation db < 70%"),
    ("hit ratio ", "of a cache: hit ratio cache > 90%"),
];

const RATES: &[(&str, &str)] = &[
    ("5k/s", "requests a second"),
    ("100M/day", "requests a day"),
    ("100M/day peak 3x", "with the peak over the mean"),
    ("500 users, think 2s", "users that wait for the answer"),
    ("from traffic.csv", "when requests came, from a file beside the design"),
];

const OPERATIONS: &[(&str, &str)] = &[
    ("read", "looks something up"),
    ("write", "creates or changes something"),
    ("delete", "removes something, or invalidates it in a cache"),
    ("search", "queries an index"),
];

/// What may be typed at byte `offset` of `text`, the likeliest first; nothing where nothing asks for it.
pub fn completions(text: &str, offset: usize, catalogue: &Catalogue) -> Vec<Completion> {
    let Some(before) = text.get(..offset) else { return Vec::new() };
    let line = statement_line(before);
    if line.trim_start().starts_with('#') || line.contains(" #") {
        return Vec::new();
    }
    let word = line.rfind(|c: char| !is_word(c)).map_or(line, |at| &line[at + last_width(line, at)..]);
    let place = Place { text, catalogue, line, head: &line[..line.len() - word.len()], word, offset };
    let mut found = place.candidates();
    found.truncate(MOST);
    found
}

/// The line that the text ends in; with those above that it goes on from, where it goes on with attributes.
fn statement_line(before: &str) -> &str {
    let line = |text: &str| text.rfind('\n').map_or(0, |at| at + 1);
    let mut start = line(before);
    let has_mark = |text: &str| text.contains("->") || text.contains("~>") || head_colon(text).is_some();
    if !before[start..].starts_with(' ') || has_mark(&before[start..]) {
        return &before[start..];
    }
    let last = start;
    while start > 0 && before[start..].starts_with([' ', '\n']) {
        start = line(&before[..start - 1]);
    }
    let whole = &before[start..];
    if whole.contains("->") || whole.contains("~>") || whole.contains('@') { &before[last..] } else { whole }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '$')
}

fn last_width(line: &str, at: usize) -> usize {
    line[at..].chars().next().map_or(1, char::len_utf8)
}

/// The cursor and what stands before it.
struct Place<'a> {
    text: &'a str,
    catalogue: &'a Catalogue,
    line: &'a str,
    /// The line up to the word at the cursor.
    head: &'a str,
    word: &'a str,
    offset: usize,
}

impl Place<'_> {
    fn candidates(&self) -> Vec<Completion> {
        let head = self.head.trim_end();
        let first = head.split_whitespace().next().unwrap_or("");
        if head.is_empty() {
            return if self.word.is_empty() { Vec::new() } else { self.statement() };
        }
        if head.ends_with('.') && !head.ends_with("..") {
            return self.offer(pairs(OPERATIONS));
        }
        match first {
            "set" if head == "set" => return self.offer(pairs(SETTINGS)),
            "at" if head.contains(':') => return self.fault(head),
            "region" if head.contains(':') => return self.offer(self.components()),
            "target" if head.contains(':') => return self.target(head),
            "target" => return self.offer(self.flows()),
            _ => {}
        }
        if is_arrow_end(head) {
            return self.offer(self.boxes());
        }
        self.after_mark(head)
    }

    /// At a comma, a colon, an `@`, or in the value behind a key.
    fn after_mark(&self, head: &str) -> Vec<Completion> {
        let colon = head_colon(head);
        let at = head.find(" @").map(|at| at + 1);
        let arrow = ["->", "~>", "-->"].iter().filter_map(|arrow| head.find(arrow)).min();
        if head.ends_with('@') {
            return self.offer(pairs(RATES));
        }
        let in_head = at.is_some_and(|at| colon.is_none_or(|colon| colon < at));
        if in_head {
            return self.attribute(&schema::flow_attributes().iter().collect::<Vec<_>>(), true);
        }
        match (arrow, colon) {
            (Some(arrow), Some(colon)) if arrow < colon && !head[colon..].contains("->") => {
                self.attribute(&schema::link_attributes().iter().collect::<Vec<_>>(), false)
            }
            (None, Some(colon)) if head.ends_with(':') && colon + 1 == head.len() => {
                self.offer(if at.is_some() { self.boxes() } else { self.kinds() })
            }
            (None, Some(_)) if is_declaration(head) => self.of_component(head),
            _ if head.ends_with([',', '&', '|', '(']) => self.offer(self.boxes()),
            (None, None) if self.line.starts_with(' ') && self.word.is_empty() => Vec::new(),
            _ => Vec::new(),
        }
    }

    /// An attribute of the component that this line declares.
    fn of_component(&self, head: &str) -> Vec<Completion> {
        let name = head.split(':').next().unwrap_or("").trim();
        let design = self.design();
        let Some(component) = design.components.iter().find(|component| component.name.eq_ignore_ascii_case(name))
        else {
            return Vec::new();
        };
        let own = schema::attributes(component.kind).iter();
        let mut found = self.attribute(&own.chain(schema::common_attributes()).collect::<Vec<_>>(), false);
        if head.ends_with(',') && "region".starts_with(&self.word.to_lowercase()) {
            found.push(self.completion("region ".to_owned(), "where it stands".to_owned()));
        }
        found
    }

    /// A key behind a comma or colon, or the value behind a key.
    fn attribute(&self, attributes: &[&'static Attribute], with_targets: bool) -> Vec<Completion> {
        let head = self.head.trim_end();
        if head.ends_with([',', ':']) {
            let keys = attributes.iter().map(|attribute| {
                let space = if attribute.value == ValueKind::Flag { "" } else { " " };
                let what = if attribute.choices.is_empty() {
                    attribute.value.expected().to_owned()
                } else {
                    attribute.choices.join(", ")
                };
                (format!("{}{space}", attribute.name), format!("{} ({what})", attribute.doc))
            });
            let targets = pairs(TARGETS).into_iter().filter(|_| with_targets);
            return self.offer(keys.chain(targets).collect());
        }
        let key = head.rsplit([',', ':']).next().unwrap_or("").trim();
        let Some(attribute) = attributes.iter().find(|attribute| attribute.name == schema::kebab(key)) else {
            return Vec::new();
        };
        let values: Vec<(String, String)> = if attribute.choices.is_empty() {
            vec![(attribute.value.example().to_owned(), attribute.doc.to_owned())]
        } else {
            attribute.choices.iter().map(|choice| ((*choice).to_owned(), attribute.doc.to_owned())).collect()
        };
        self.offer(values)
    }

    /// A component's name, a keyword or an endpoint, at the start of a line.
    fn statement(&self) -> Vec<Completion> {
        let mut all = self.components();
        if !self.line.starts_with(' ') {
            all.extend(pairs(STATEMENTS));
        }
        self.offer(all)
    }

    fn fault(&self, head: &str) -> Vec<Completion> {
        let fault = head.split_once(':').map_or("", |(_, fault)| fault.trim());
        match fault.split(' ').next().unwrap_or("") {
            "" => self.offer(pairs(FAULTS)),
            "spike" | "ramp" | "drop" => self.offer(self.flows()),
            "hot" if fault.ends_with(" on") => self.offer(self.flows()),
            "kill" | "slow" | "pause" | "partition" | "delay" | "flush" | "fill" | "deploy" | "lag" | "skew" => {
                self.offer(self.components())
            }
            _ if fault.ends_with(" on") || fault.ends_with("->") => self.offer(self.components()),
            _ => Vec::new(),
        }
    }

    fn target(&self, head: &str) -> Vec<Completion> {
        if head.ends_with([':', ',']) { self.offer(pairs(TARGETS)) } else { Vec::new() }
    }

    fn design(&self) -> Design {
        compile(self.text, self.catalogue).design
    }

    fn components(&self) -> Vec<(String, String)> {
        let design = self.design();
        // The word at the cursor is no component worth offering.
        let finished = |name: &str| !name.eq_ignore_ascii_case(self.word) || self.text.matches(name).count() > 1;
        let known = design.components.iter().filter(|component| finished(&component.name));
        known
            .map(|component| {
                let what = component.technology.clone().unwrap_or_else(|| component.kind.to_string());
                (component.name.clone(), what)
            })
            .collect()
    }

    fn flows(&self) -> Vec<(String, String)> {
        self.design().flows.into_iter().map(|flow| (flow.name, "flow".to_owned())).collect()
    }

    /// What may stand in a path: the design's components, then what may become one.
    fn boxes(&self) -> Vec<(String, String)> {
        let mut all = self.components();
        for (text, detail) in self.kinds() {
            if !all.iter().any(|(known, _)| known.eq_ignore_ascii_case(&text)) {
                all.push((text, detail));
            }
        }
        all
    }

    fn kinds(&self) -> Vec<(String, String)> {
        let technologies = self.catalogue.technologies().iter();
        let technologies = technologies
            .map(|technology| (technology.id.clone(), format!("{}, {}", technology.title, technology.kind)));
        let kinds = Kind::ALL.iter().map(|kind| (kind.name().to_owned(), "kind".to_owned()));
        let mut all: Vec<(String, String)> = kinds.collect();
        for (id, detail) in technologies {
            match all.iter_mut().find(|(known, _)| *known == id) {
                Some(known) => known.1 = detail,
                None => all.push((id, detail)),
            }
        }
        all
    }

    /// Those that start as the word does, then those that have it inside; not what is typed already.
    fn offer(&self, all: Vec<(String, String)>) -> Vec<Completion> {
        let word = self.word.to_lowercase();
        let (starting, others): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|(text, _)| text.to_lowercase().starts_with(&word));
        let inside = others.into_iter().filter(|(text, _)| word.len() > 1 && text.to_lowercase().contains(&word));
        let fitting = starting.into_iter().chain(inside).filter(|(text, _)| text.trim_end() != self.word);
        fitting.map(|(text, detail)| self.completion(text, detail)).collect()
    }

    fn completion(&self, text: String, detail: String) -> Completion {
        Completion { span: Span::new(self.offset - self.word.len(), self.offset), text, detail }
    }
}

/// Whether what stands before the colon is a component's name, not an endpoint.
fn is_declaration(head: &str) -> bool {
    let name = head.split(':').next().unwrap_or("").trim();
    !name.contains('/') && !name.is_empty()
}

fn pairs(table: &[(&str, &str)]) -> Vec<(String, String)> {
    table.iter().map(|(text, detail)| ((*text).to_owned(), (*detail).to_owned())).collect()
}

fn is_arrow_end(head: &str) -> bool {
    ["->", "~>", "=>", "→"].iter().any(|arrow| head.ends_with(arrow))
}

/// Where the line's head ends: the first colon with white space or nothing behind it.
fn head_colon(head: &str) -> Option<usize> {
    head.match_indices(':').map(|(at, _)| at).find(|at| head[at + 1..].chars().next().is_none_or(char::is_whitespace))
}
