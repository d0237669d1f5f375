//! What holds for any text.

use std::time::{Duration, Instant};

use super::catalogue::catalogue;
use super::formatting::without_spans;
use dryrun::design::{compile, completions, diagram, format, loads_in, mermaid, targets_in, vague_in};
use proptest::prelude::*;

/// Pieces that designs are made of, and pieces that break them.
fn fragment() -> impl Strategy<Value = String> {
    let known = prop::sample::select(
        [
            "web",
            "api",
            "db",
            "cache",
            "redis x3",
            "clicks: stream",
            "queue",
            "\"my box\"",
            "A[Web]",
            "B[(Orders)]",
            "C{{x}}",
            "us.api",
            "db.read",
            "x12",
            "80%",
            "20% b |",
            "10 *",
            "200 &",
            "any 2 of",
            "(",
            ")",
            "[",
            "{",
            "}",
            "->",
            "~>",
            "-->",
            "-.->",
            "<->",
            "-->|label|",
            ",",
            "&",
            "|",
            ":",
            ": ",
            ";",
            "@",
            "@ 5k/s",
            "@ 500 users",
            "GET /{code}",
            "POST /links",
            "p99 < 100ms",
            "errors<0.1%",
            "p(95)<200",
            "keys 1B zipf 0.9",
            "hot 30%",
            "timeout 200ms",
            "retry 2",
            "memory 64GB",
            "replicas 2",
            "shards 4 by code",
            "region",
            "region us: api, db",
            "us <-> eu: 80ms",
            "at 30s: kill cache/0 for 20s",
            "at",
            "set seed 7",
            "set",
            "target GET /x: p99 < 1s",
            "target",
            "us-east: { lb; api }",
            "subgraph x [Y]",
            "end",
            "flowchart LR",
            "db { shape: cylinder }",
            "# note",
            "// note",
            "%% note",
            "\n",
            "\n",
            "\n    ",
            "\n  ",
            " ",
            "  ",
            "é",
            "\u{202e}",
            "\0",
            "\t",
            "\"",
        ]
        .as_slice(),
    );
    prop_oneof![8 => known.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from), 1 => "[a-z]{1,3}"]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::collection::vec(fragment(), 0..40).prop_map(|parts| parts.join(" ")),
        2 => prop::collection::vec(fragment(), 0..40).prop_map(|parts| parts.concat()),
        1 => ".{0,200}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_brings_anything_down(text in text()) {
        let compiled = compile(&text, &catalogue());
        for diagnostic in &compiled.diagnostics {
            prop_assert!(text.get(diagnostic.span.range()).is_some(), "{diagnostic:?} lies outside the text");
            prop_assert!(!diagnostic.message.is_empty());
        }
        let drawn = diagram(&compiled.design);
        drawn.to_text(false);
        drawn.to_text(true);
        mermaid(&compiled.design);
        targets_in(&text);
        loads_in(&text);
        vague_in(&text);
        for (at, _) in text.char_indices().step_by(7) {
            completions(&text, at, &catalogue());
        }
    }

    #[test]
    fn formatting_changes_nothing_but_looks(text in text()) {
        let formatted = format(&text);
        prop_assert_eq!(&format(&formatted), &formatted, "formatting twice changes something");
        let [before, after] = [&text, &formatted].map(|text| without_spans(&compile(text, &catalogue()).design));
        prop_assert_eq!(after, before, "formatting changes the meaning:\n{}", formatted);
    }
}

#[test]
fn a_megabyte_takes_less_than_a_second() {
    let repeated = |line: &str| line.repeat(1_000_000 / line.len());
    let numbered = |line: fn(usize) -> String| {
        let mut text = String::new();
        for number in 0.. {
            text.push_str(&line(number));
            if text.len() > 1_000_000 {
                break;
            }
        }
        text
    };
    let texts = [
        repeated("web -> lb -> api -> cache -> db\n"),
        repeated("GET /x @ 5k/s, p99 < 100ms: web -> api\n"),
        repeated("a -> "),
        repeated("("),
        repeated("{\n"),
        repeated("x: {\n"),
        repeated("a, "),
        repeated("a -> (b & c)\n    c -> (a & b)\n"),
        repeated("-- "),
        repeated("\""),
        repeated("a[b(c{d "),
        numbered(|number| format!("n{number} -> n{}\n", number + 1)),
        numbered(|number| format!("n{number}: redis, memry 5\n")),
        numbered(|number| format!("GET /{number} @ 5/s: web -> api{number}\n")),
        numbered(|number| format!("a{number} -> b{number}: timeout 5\n")),
        numbered(|number| format!("region r{number}: a{number}\n")),
        numbered(|number| format!("at {number}s: kill x{number}\n")),
        numbered(|number| format!("target GET /{number}: p99 < 5ms\n")),
        numbered(|number| format!("A{number}[Label {number}] --> B[(Same)]\n")),
    ];
    for text in texts {
        let start = Instant::now();
        compile(&text, &catalogue());
        let compiled = start.elapsed();
        format(&text);
        let formatted = start.elapsed() - compiled;
        let beginning: String = text.chars().take(40).collect();
        let limit = Duration::from_secs(1);
        assert!(
            compiled < limit && formatted < limit,
            "{beginning:?}: {compiled:?} to compile, {formatted:?} to format"
        );
    }
}
