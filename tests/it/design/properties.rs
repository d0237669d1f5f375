//! What holds for any text.

use super::catalogue::catalogue;
use super::formatting::without_spans;
use dryrun::design::{Catalogue, compile, completions, diagram, format, loads_in, mermaid, targets_in, vague_in};
use proptest::prelude::*;

/// Pieces that designs are made of, and pieces that break them.
#[expect(clippy::too_many_lines, reason = "a list of words")]
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
            "\u{f8ff}",
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

/// The n-th piece of a text.
type Growth = fn(usize) -> String;

/// Texts that grow, each in one way.
const GROWING: &[(&str, Growth)] = &[
    ("paths", |_| "web -> lb -> api -> cache -> db\n".to_owned()),
    ("heads", |_| "GET /x @ 5k/s, p99 < 100ms: web -> api\n".to_owned()),
    ("one chain", |_| "a -> ".to_owned()),
    ("a run of dashes", |_| "-".to_owned()),
    ("a run of arrows back", |_| "<-".to_owned()),
    ("labelled arrows", |_| "a -->|b| ".to_owned()),
    ("labels within arrows", |_| "a -- b --> ".to_owned()),
    ("semicolons", |_| "a; }# b;".to_owned()),
    ("open parentheses", |_| "(".to_owned()),
    ("open braces", |_| "{\n".to_owned()),
    ("open groups", |_| "x: {\n".to_owned()),
    ("one list", |_| "a, ".to_owned()),
    ("one flow", |_| "a -> (b & c)\n    c -> (a & b)\n".to_owned()),
    ("dashes", |_| "-- ".to_owned()),
    ("quotation marks", |_| "\"".to_owned()),
    ("open shapes", |_| "a[b(c{d ".to_owned()),
    ("an arrow each", |number| format!("n{number} -> n{}\n", number + 1)),
    ("wrong attributes", |number| format!("n{number}: redis, memry 5\n")),
    ("many flows", |number| format!("GET /{number} @ 5/s: web -> api{number}\n")),
    ("many links", |number| format!("a{number} -> b{number}: timeout 5\n")),
    ("many regions", |number| format!("region r{number}: a{number}\n")),
    ("many events", |number| format!("at {number}s: kill x{number}\n")),
    ("many targets", |number| format!("target GET /{number}: p99 < 5ms\n")),
    ("many labels", |number| format!("A{number}[Label {number}] --> B[(Same)]\n")),
    ("services with attributes", |number| format!("s{number}: service x3, work 2ms, cores 8 # n\n")),
];

/// The pieces of a text up to a length in bytes.
fn grown(piece: fn(usize) -> String, length: usize) -> String {
    let mut text = String::new();
    for number in 0.. {
        text.push_str(&piece(number));
        if text.len() > length {
            break;
        }
    }
    text
}

/// Nanoseconds that this thread has been on a processor, where the system says: what else runs there is not in it.
fn on_processor() -> Option<u64> {
    let figures = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    figures.split(' ').next()?.parse().ok()
}

/// What it takes to compile and to format, nanoseconds on the processor; the least of a few times.
fn work(text: &str, catalogue: &Catalogue) -> Option<u64> {
    let once = || {
        let start = on_processor()?;
        compile(text, catalogue);
        format(text);
        Some(on_processor()? - start)
    };
    (0..2).filter_map(|_| once()).min()
}

#[test]
fn eight_times_the_text_takes_about_eight_times_the_work() {
    let catalogue = catalogue();
    let mut steep = Vec::new();
    for (what, piece) in GROWING {
        let [small, large] = [8_000, 64_000].map(|length| work(&grown(*piece, length), &catalogue));
        let (Some(small), Some(large)) = (small, large) else { return };
        // Quadratic would be 64; the slack is for what the first few kilobytes are spared. Some systems count in ticks of 4 ms.
        if large > 24 * small.max(4_000_000) {
            steep.push(format!("{what}: {small} ns, then {large} ns"));
        }
    }
    assert!(steep.is_empty(), "{steep:#?}");
}
