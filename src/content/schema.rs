//! A JSON Schema (draft 2020-12) for each TOML format of the bank, for editors that complete and check by one.
//!
//! `dryrun schema FORMAT` prints them. A test holds each to its reader: every file of the bank is valid, and what one refuses the other does.

use serde_json::{Map, Value, json};

use crate::design::{Kind, schema};

/// A TOML format of the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The front matter of a page: `content/*/ID.md`.
    Page,
    /// `content/numbers.toml`.
    Numbers,
    /// `content/framework.toml`.
    Framework,
    /// `problems/ID/problem.toml`.
    Problem,
    /// `themes/ID.toml`.
    Theme,
}

/// The schema of a format.
pub fn json_schema(format: Format) -> Value {
    let (title, mut schema) = match format {
        Format::Page => ("Front matter of a page of Dryrun's bank", page()),
        Format::Numbers => ("Dryrun's numbers", numbers()),
        Format::Framework => ("Dryrun's delivery framework", framework()),
        Format::Problem => ("An interview problem of Dryrun", problem()),
        Format::Theme => ("A theme of Dryrun", theme()),
    };
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!(title);
    schema
}

/// A table with these fields: name, whether it has to be there, what it is.
fn table<const N: usize>(fields: [(&str, bool, Value); N]) -> Value {
    let required: Vec<&str> = fields.iter().filter(|(_, required, _)| *required).map(|(name, _, _)| *name).collect();
    let properties: Map<String, Value> =
        fields.into_iter().map(|(name, _, schema)| (name.to_owned(), schema)).collect();
    json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties })
}

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn texts(description: &str) -> Value {
    json!({ "type": "array", "items": { "type": "string" }, "description": description })
}

fn number(description: &str) -> Value {
    json!({ "type": "number", "description": description })
}

fn flag(description: &str) -> Value {
    json!({ "type": "boolean", "description": description })
}

fn one_of(words: &[&str], description: &str) -> Value {
    json!({ "enum": words, "description": description })
}

fn list(item: &Value) -> Value {
    json!({ "type": "array", "items": item })
}

fn id(description: &str) -> Value {
    json!({ "type": "string", "pattern": "^[a-z0-9-]+$", "description": description })
}

fn page() -> Value {
    table([
        ("id", true, id("unique in the whole bank: lower-case letters, digits and hyphens")),
        ("title", true, json!({ "type": "string", "minLength": 1, "description": "what a person calls it" })),
        (
            "n",
            false,
            json!({ "type": "integer", "minimum": 1, "maximum": 100, "description": "the number of a question" }),
        ),
        ("level", false, one_of(&["basic", "intermediate", "advanced"], "the level of a question")),
        ("category", false, text("the category of a technology: relational database")),
        ("aliases", false, texts("other names that designs and searches know it by")),
        ("tags", false, texts("tags")),
        ("see", false, texts("ids of related items")),
        ("sources", false, texts("public works that its figures come from")),
        ("model", false, json!({ "oneOf": Kind::ALL.map(model) })),
    ])
}

/// The model of a technology of one kind: a parameter may be written with hyphens or underscores.
fn model(kind: Kind) -> Value {
    let mut properties = Map::new();
    properties.insert("kind".to_owned(), json!({ "const": kind.name() }));
    properties
        .insert("default".to_owned(), flag("whether it is what a component of this kind is, if nothing else is said"));
    properties.insert(
        "sources".to_owned(),
        json!({ "type": "object", "additionalProperties": { "type": "string" }, "description": "where each figure comes from" }),
    );
    for attribute in schema::attributes(kind).iter().chain(schema::common_attributes()) {
        let what = json!({ "type": ["string", "number", "boolean"], "description": format!("{}; {}", attribute.doc, attribute.value.expected()) });
        for name in attribute.aliases.iter().chain([&attribute.name]) {
            properties.insert((*name).to_owned(), what.clone());
            properties.insert(name.replace('-', "_"), what.clone());
        }
        if attribute.name == "cost" {
            properties.insert("cost_per_month_usd".to_owned(), what.clone());
        }
    }
    json!({ "type": "object", "additionalProperties": false, "required": ["kind"], "properties": properties })
}

fn numbers() -> Value {
    let row = table([
        ("id", true, id("unique in the whole bank")),
        ("subject", true, text("what it is about: PostgreSQL primary")),
        ("metric", true, text("what is measured: write throughput")),
        ("low", true, number("the lower end, in the unit")),
        ("high", true, number("the upper end; the same as low for a single figure")),
        ("unit", true, text("a unit that the estimator knows: ms, GB, writes/s")),
        ("means", true, text("what it means, in one line")),
        ("shard_when", false, text("when to change the design")),
        ("source", true, text("where it comes from, with the year")),
        ("limits", false, text("the dimension by which results of the estimator are placed on it")),
        ("tags", false, texts("tags")),
    ]);
    table([("number", false, list(&row))])
}

fn framework() -> Value {
    let check = table([
        ("id", true, text("unique in its phase")),
        ("text", true, text("the line of the checklist")),
        ("evidence", false, texts("regular expressions, case ignored; one that matches the notes ticks the line")),
    ]);
    let phase = table([
        ("id", true, text("unique in its type")),
        ("title", true, text("title")),
        ("kind", false, one_of(&["notes", "design", "deep-dive"], "what is done in it; notes if nothing is said")),
        ("minutes", true, number("budget in an interview of 45 minutes")),
        ("optional", false, flag("left out unless the problem asks for it")),
        ("prompt", true, text("what the interviewer says as it opens")),
        ("template", false, text("what the notes open with")),
        ("overrun", true, text("what is said when the budget is spent")),
        ("check", false, list(&check)),
    ]);
    let kind = table([
        ("id", true, text("product, infrastructure, ...")),
        ("title", true, text("title")),
        ("phase", false, list(&phase)),
    ]);
    let anchors = json!({
        "type": "array", "items": { "type": "string" }, "minItems": 4, "maxItems": 4,
        "description": "what earns 0, 1, 2 and 3",
    });
    let criterion = table([
        ("id", true, text("unique in its competency")),
        ("text", true, text("what is looked at")),
        ("anchors", true, anchors),
    ]);
    let competency =
        table([("id", true, text("unique")), ("title", true, text("title")), ("criterion", false, list(&criterion))]);
    table([("type", false, list(&kind)), ("competency", false, list(&competency))])
}

fn problem() -> Value {
    let level = || one_of(&["mid", "senior", "staff"], "the lowest level of which it is expected");
    let named = || {
        list(&table([
            ("name", true, text("its name")),
            ("notes", true, texts("regular expressions, case ignored, of which one shows it in the notes")),
        ]))
    };
    let clarify = table([
        ("ask", true, texts("questions, in the words that people ask them with")),
        ("answer", true, text("what the interviewer answers")),
    ]);
    let requirement = table([
        ("kind", true, one_of(&["functional", "non-functional"], "which of the two")),
        ("text", true, text("the requirement")),
        ("notes", true, texts("regular expressions, case ignored, of which one shows it in the notes")),
        ("must", false, flag("whether a design without it fails")),
    ]);
    let target = table([
        ("flow", true, text("a flow of the reference design")),
        ("load", true, text("what is promised: 115k/s")),
        ("expect", true, texts("targets: p99 < 100ms")),
    ]);
    let estimate = table([
        ("ask", true, text("the question")),
        ("solution", true, text("an expression of the estimator")),
        ("within", true, number("a factor: 3 accepts a third to three times")),
    ]);
    let rubric = table([
        ("competency", true, text("id of a competency of the framework")),
        ("level", true, level()),
        ("text", true, text("what is expected")),
        ("evidence", true, texts("notes: PATTERN, a fact of the design, or a measurement")),
    ]);
    let probe = table([
        ("when", true, text("a fact of the design, a missed target, silence: PATTERN, or always")),
        ("level", true, level()),
        ("ask", true, text("what the interviewer asks")),
        ("look_for", true, texts("what a good answer names")),
        ("good", true, text("a strong answer")),
        ("fault", false, text("a line of the design language: at 30s: ...")),
        ("shows", false, texts("what the run with the fault shows")),
        ("competency", true, text("id of a competency of the framework")),
    ]);
    table([
        ("title", true, text("title")),
        ("prompt", true, text("what the candidate is told")),
        ("type", true, text("id of an interview type of the framework")),
        ("difficulty", true, json!({ "type": "integer", "minimum": 1, "maximum": 5, "description": "1, easy, to 5" })),
        ("tags", false, texts("tags")),
        ("see", false, texts("ids of related items")),
        ("phases", false, texts("optional phases of the type that it asks for")),
        ("load_bearing", false, texts("parts of the reference without which a target is missed")),
        ("clarify", false, list(&clarify)),
        ("requirement", false, list(&requirement)),
        ("target", false, list(&target)),
        ("estimate", false, list(&estimate)),
        ("entity", false, named()),
        ("endpoint", false, named()),
        ("rubric", false, list(&rubric)),
        ("probe", false, list(&probe)),
    ])
}

fn theme() -> Value {
    let colour = text("a name of the palette, or #rrggbb");
    let paint = table([
        ("fg", false, colour.clone()),
        ("bg", false, colour.clone()),
        ("modifiers", false, list(&one_of(&["bold", "dim", "italic", "underlined", "reversed"], "weight"))),
    ]);
    let entry = json!({ "anyOf": [colour, paint] });
    let several = |count: usize| json!({ "type": "array", "items": entry, "minItems": count, "maxItems": count });
    let role = |name: &'static str| (name, true, entry.clone());
    let roles = table([
        role("background"),
        role("text"),
        role("muted"),
        role("accent"),
        role("border"),
        role("selection"),
        role("good"),
        role("warning"),
        role("bad"),
        ("series", true, several(6)),
        ("heat", true, several(5)),
    ]);
    let palette =
        json!({ "type": "object", "additionalProperties": { "type": "string" }, "description": "names for #rrggbb" });
    table([
        ("name", true, text("name for a person")),
        ("kind", true, one_of(&["dark", "light", "mono"], "the ground it is made for, or without colours")),
        ("palette", false, palette),
        ("roles", true, roles),
    ])
}
