//! The schemas and the readers, held to each other.

use std::path::Path;

use dryrun::content::schema::{Format, json_schema};
use dryrun::content::{Bank, Depth, Files, Finding, check, failed};
use dryrun::tui::theme::Theme;
use serde_json::Value;

/// What a schema says against a value: nothing if it is valid. It knows what our schemas use and panics at anything else, so that nothing is
/// passed over.
fn violations(schema: &Value, value: &Value, path: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (keyword, argument) in schema.as_object().unwrap() {
        let fine = match keyword.as_str() {
            "$schema" | "title" | "description" => true,
            "type" => is_type(argument, value),
            "const" => argument == value,
            "enum" => argument.as_array().unwrap().contains(value),
            "pattern" => value.as_str().is_none_or(|text| {
                assert_eq!(argument, "^[a-z0-9-]+$", "a pattern this test doesn't know");
                !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            }),
            "minLength" => value.as_str().is_none_or(|text| text.chars().count() as u64 >= argument.as_u64().unwrap()),
            "minimum" => value.as_f64().is_none_or(|number| number >= argument.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= argument.as_f64().unwrap()),
            "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= argument.as_u64().unwrap()),
            "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= argument.as_u64().unwrap()),
            "oneOf" | "anyOf" => {
                let fits = argument
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|schema| violations(schema, value, path).is_empty())
                    .count();
                if keyword == "oneOf" { fits == 1 } else { fits > 0 }
            }
            "required" => {
                let has = |name: &Value| value.get(name.as_str().unwrap()).is_some();
                !value.is_object() || argument.as_array().unwrap().iter().all(has)
            }
            "items" => {
                let items = value.as_array().into_iter().flatten().enumerate();
                found.extend(items.flat_map(|(at, item)| violations(argument, item, &format!("{path}[{at}]"))));
                true
            }
            "properties" => {
                for (name, member) in value.as_object().into_iter().flatten() {
                    if let Some(schema) = argument.get(name) {
                        found.extend(violations(schema, member, &format!("{path}.{name}")));
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = |name: &str| schema.get("properties").is_some_and(|known| known.get(name).is_some());
                for (name, member) in value.as_object().into_iter().flatten().filter(|(name, _)| !known(name)) {
                    if argument.is_object() {
                        found.extend(violations(argument, member, &format!("{path}.{name}")));
                    } else {
                        found.push(format!("{path}: '{name}' is not known"));
                    }
                }
                true
            }
            other => panic!("a keyword this test doesn't know: {other}"),
        };
        if !fine {
            found.push(format!("{path}: {keyword} {argument}"));
        }
    }
    found
}

fn is_type(argument: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        other => panic!("a type this test doesn't know: {other}"),
    };
    match argument {
        Value::Array(names) => names.iter().any(|name| is(name.as_str().unwrap())),
        name => is(name.as_str().unwrap()),
    }
}

/// The format of a file of the bank, and its TOML.
fn format_of<'a>(name: &str, text: &'a str) -> Option<(Format, &'a str)> {
    Some(match name {
        "content/numbers.toml" => (Format::Numbers, text),
        "content/framework.toml" => (Format::Framework, text),
        name if name.ends_with("/problem.toml") => (Format::Problem, text),
        name if name.starts_with("themes/") && is(name, "toml") => (Format::Theme, text),
        name if is(name, "md") && name.starts_with("content/") => (Format::Page, text.split("+++").nth(1)?),
        _ => return None,
    })
}

#[test]
fn every_file_of_the_bank_is_valid_by_its_schema() {
    let files = Files::embedded(Vec::new());
    let mut seen = 0;
    for place in ["content/", "problems/", "themes/"] {
        for (name, file) in files.below(place).0 {
            let Some((format, toml)) = format_of(&name, &file.text) else { continue };
            let value: toml::Value = toml::from_str(toml).unwrap();
            let found = violations(&json_schema(format), &serde_json::to_value(value).unwrap(), "");
            assert_eq!(found, Vec::<String>::new(), "{name}");
            seen += 1;
        }
    }
    assert!(seen > 330, "{seen} files");
}

/// A pack with every field of every format, and nothing wrong in it.
const SAMPLE: &[(&str, Format, &str)] = &[
    (
        "content/technologies/x.md",
        Format::Page,
        "id = 'x'\ntitle = 'X'\ncategory = 'c'\naliases = ['y']\ntags = ['t']\nsee = ['q']\nsources = ['s']\n[model]\nkind = 'sql'\ndefault = true\nread = '2ms'\n[model.sources]\nread = 'measured here'\n",
    ),
    ("content/questions/q.md", Format::Page, "id = 'q'\ntitle = 'Q?'\nn = 34\nlevel = 'intermediate'\n"),
    (
        "content/numbers.toml",
        Format::Numbers,
        "[[number]]\nid = 'n'\nsubject = 's'\nmetric = 'm'\nlow = 1\nhigh = 2\nunit = 'ms'\nmeans = 'm'\nshard_when = 'w'\nsource = 's'\nlimits = 'latency'\ntags = ['t']\n",
    ),
    (
        "content/framework.toml",
        Format::Framework,
        "[[type]]\nid = 'product'\ntitle = 'T'\n[[type.phase]]\nid = 'p'\ntitle = 'P'\nkind = 'notes'\nminutes = 5\noptional = true\nprompt = 'a'\ntemplate = 'b'\noverrun = 'c'\n[[type.phase.check]]\nid = 'c'\ntext = 't'\nevidence = ['a']\n[[competency]]\nid = 'high-level-design'\ntitle = 'C'\n[[competency.criterion]]\nid = 'k'\ntext = 't'\nanchors = ['0', '1', '2', '3']\n",
    ),
    (
        "problems/m/problem.toml",
        Format::Problem,
        "title = 'M'\nprompt = 'Design it.'\ntype = 'product'\ndifficulty = 2\ntags = ['t']\nsee = ['x']\nphases = ['p']\nload_bearing = ['api']\n[[clarify]]\nask = ['how many']\nanswer = 'Many.'\n[[requirement]]\nkind = 'functional'\ntext = 't'\nnotes = ['a']\nmust = true\n[[target]]\nflow = 'GET /'\nload = '5/s'\nexpect = ['p99 < 1s']\n[[estimate]]\nask = 'How much?'\nsolution = '1 GB'\nwithin = 3\n[[entity]]\nname = 'e'\nnotes = ['a']\n[[endpoint]]\nname = 'e'\nnotes = ['a']\n[[rubric]]\ncompetency = 'high-level-design'\nlevel = 'mid'\ntext = 't'\nevidence = ['notes: a']\n[[probe]]\nwhen = 'always'\nlevel = 'mid'\nask = 'What?'\nlook_for = ['a']\ngood = 'g'\nshows = []\ncompetency = 'high-level-design'\n",
    ),
    (
        "themes/m.toml",
        Format::Theme,
        "name = 'M'\nkind = 'dark'\n[palette]\nk = '#000000'\nw = '#ffffff'\n[roles]\nbackground = 'k'\ntext = 'w'\nmuted = 'w'\naccent = 'w'\nborder = 'w'\nselection = { fg = 'w', bg = 'k', modifiers = ['bold'] }\ngood = 'w'\nwarning = 'w'\nbad = 'w'\nseries = ['w', 'w', 'w', 'w', 'w', 'w']\nheat = ['w', 'w', 'w', 'w', 'w']\n",
    ),
];

fn is(name: &str, kind: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == kind)
}

fn write(folder: &Path, name: &str, toml: &str) {
    let text = if is(name, "md") { format!("+++\n{toml}+++\nText.\n") } else { toml.to_owned() };
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// Whether the reader of the product refuses the pack.
fn refused(folder: &Path) -> Vec<String> {
    let bank = Bank::new(Files::only(vec![folder.to_owned()]));
    let findings = check(&bank, Depth::Read);
    let mut told: Vec<String> =
        findings.iter().filter(|finding| failed(std::slice::from_ref(finding))).map(Finding::render).collect();
    for (id, file) in bank.themes() {
        told.extend(Theme::check(&id, &file.text));
    }
    told
}

/// Every value of `whole` in turn replaced by one of a type that is wrong there, and every table in turn given a key that nobody knows.
fn spoilt(whole: &toml::Value) -> Vec<(String, toml::Value)> {
    let mut all = Vec::new();
    spoil(whole, "", &mut |path, part| all.push((path, part)));
    all
}

fn spoil(part: &toml::Value, path: &str, give: &mut dyn FnMut(String, toml::Value)) {
    match part {
        toml::Value::Table(table) => {
            let mut more = table.clone();
            more.insert("nobody_knows_this".to_owned(), toml::Value::Boolean(true));
            // Free tables know every name; what they can't hold is a flag.
            give(format!("{path}: an unknown key"), toml::Value::Table(more));
            for (name, member) in table {
                spoil(member, &format!("{path}.{name}"), &mut |at, spoilt| {
                    let mut changed = table.clone();
                    changed.insert(name.clone(), spoilt);
                    give(at, toml::Value::Table(changed));
                });
            }
        }
        toml::Value::Array(items) => {
            give(format!("{path}: no list"), toml::Value::Integer(7));
            if let Some(first) = items.first() {
                spoil(first, &format!("{path}[0]"), &mut |at, spoilt| {
                    let mut changed = items.clone();
                    changed[0] = spoilt;
                    give(at, toml::Value::Array(changed));
                });
            }
        }
        toml::Value::String(_) => {
            give(format!("{path}: no text"), toml::Value::Datetime("2020-01-01".parse().unwrap()));
        }
        toml::Value::Boolean(_) => give(format!("{path}: no flag"), toml::Value::Array(Vec::new())),
        _ => give(format!("{path}: no number"), toml::Value::Array(Vec::new())),
    }
}

#[test]
fn what_the_schema_refuses_the_reader_refuses_and_the_other_way_round() {
    let folder = tempfile::tempdir().unwrap();
    let extra =
        [("problems/m/reference.dry", "GET / @ 5/s:\n    web -> api\n"), ("problems/m/walkthrough.md", "So.\n")];
    for (name, _, toml) in SAMPLE {
        write(folder.path(), name, toml);
    }
    for (name, text) in extra {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    assert_eq!(refused(folder.path()), Vec::<String>::new());
    let mut tried = 0;
    for (name, format, toml) in SAMPLE {
        let schema = json_schema(*format);
        let whole: toml::Value = toml::from_str(toml).unwrap();
        let valid = violations(&schema, &serde_json::to_value(&whole).unwrap(), "");
        assert_eq!(valid, Vec::<String>::new(), "{name}");
        let mut wrong = spoilt(&whole);
        wrong.extend(without_required(&schema, &whole));
        for (what, value) in wrong {
            let by_schema = !violations(&schema, &serde_json::to_value(&value).unwrap(), "").is_empty();
            write(folder.path(), name, &toml::to_string(&value).unwrap());
            let by_reader = refused(folder.path());
            assert!(by_schema, "{name}: {what} is valid by the schema, and the reader says {by_reader:?}");
            assert!(!by_reader.is_empty(), "{name}: {what} is read without a word");
            tried += 1;
        }
        write(folder.path(), name, toml);
    }
    assert!(tried > 120, "{tried} mistakes");
}

/// `whole` without each field in turn that its schema requires at the top.
fn without_required(schema: &Value, whole: &toml::Value) -> Vec<(String, toml::Value)> {
    let names = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let without = |name: &Value| {
        let mut table = whole.as_table().unwrap().clone();
        table.remove(name.as_str().unwrap());
        (format!("without {name}"), toml::Value::Table(table))
    };
    names.iter().map(without).collect()
}

#[test]
fn the_command_prints_each_schema() {
    for format in ["page", "numbers", "framework", "problem", "theme"] {
        let output =
            std::process::Command::new(env!("CARGO_BIN_EXE_dryrun")).args(["schema", format]).output().unwrap();
        let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(output.status.success() && schema["$schema"].is_string(), "{format}");
    }
}
