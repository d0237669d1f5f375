//! What holds of every value and of every text.

use dryrun::estimate::{Sheet, completions, evaluate, highlight};
use dryrun::units::{BareB, Dimension, Rounding, literal, plural, singular};
use proptest::prelude::*;

const UNITS: [&str; 24] = [
    "",
    "B",
    "KB",
    "MB",
    "GiB",
    "TB",
    "bits",
    "ms",
    "s",
    "min",
    "hours",
    "days",
    "years",
    "users",
    "requests/s",
    "posts/user/day",
    "MB/s",
    "Gbps",
    "GB/day",
    "reads/min",
    "%",
    "GB/user",
    "ms/request",
    "server·h",
];

/// Pairs of units of one dimension.
const CONVERSIONS: [(&str, &str); 10] = [
    ("GB", "MiB"),
    ("TB", "bits"),
    ("days", "ms"),
    ("years", "hours"),
    ("MB/s", "Gbps"),
    ("GB/day", "kB/s"),
    ("requests/s", "requests/day"),
    ("$/month", "$/hour"),
    ("users", "k users"),
    ("GB/user", "MB/user"),
];

fn number() -> impl Strategy<Value = f64> {
    (1.0..10.0f64, -6i32..12).prop_map(|(digits, exponent)| digits * 10f64.powi(exponent))
}

fn dimension() -> impl Strategy<Value = Dimension> {
    let bases = prop::sample::select(vec!["1 s", "1 B", "1 USD", "1 user", "1 request", "1 link"]);
    prop::collection::vec((bases, -3i32..4), 0..4).prop_map(|powers| {
        powers.into_iter().fold(Dimension::none(), |all, (base, power)| {
            all.times(&literal(base, BareB::Byte).unwrap().dimension.raised(power))
        })
    })
}

/// Text that often comes close to meaning something.
fn soup() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "5",
        "3k",
        "100M",
        "1.5",
        "GB",
        "users",
        "/day",
        "/s",
        " per ",
        " to ",
        "..",
        "~",
        "±",
        "+-",
        "(",
        ")",
        "storage(",
        "peak(",
        "min(",
        "series(",
        "erlang_c(",
        "cache_memory(",
        ",",
        "+",
        "-",
        " * ",
        " / ",
        "/",
        "^",
        "%",
        "$",
        "x",
        " in ",
        "->",
        "TB",
        "prev",
        "total",
        "=",
        ":",
        "a",
        "b",
        "#",
        "//",
        "\n",
        " ",
        "é",
        "99.9%",
        "1,000",
        "0",
        "-",
        "k",
        "B",
        "·",
    ]);
    prop::collection::vec(words, 0..14).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn printing_and_reading_back_keeps_a_value(value in number(), unit in prop::sample::select(UNITS.to_vec())) {
        let written = if unit == "%" { format!("{value}%") } else { format!("{value} {unit}") };
        let outcome = evaluate(written.trim()).unwrap();
        let printed = outcome.display(Rounding::Exact);
        let reread = evaluate(&printed).unwrap();
        let (a, b) = (outcome.quantity(), reread.quantity());
        prop_assert!((a.value - b.value).abs() <= a.value.abs() * 1e-13, "{} -> {} -> {}", written, printed, b.value);
        prop_assert_eq!(&a.dimension, &b.dimension);
        let shown = outcome.display(Rounding::Three);
        let near = evaluate(&shown).unwrap().quantity();
        prop_assert!((a.value - near.value).abs() <= a.value.abs() * 0.0051, "{} -> {}", written, shown);
        prop_assert_eq!(&a.dimension, &near.dimension);
    }

    #[test]
    fn conversion_there_and_back_keeps_a_value(value in number(), at in 0..CONVERSIONS.len()) {
        let (from, to) = CONVERSIONS[at];
        let amount = from.strip_prefix('$').map_or(format!("{value} {from}"), |rest| format!("${value}{rest}"));
        let direct = evaluate(&amount).unwrap().quantity();
        let there = evaluate(&format!("{amount} in {to}")).unwrap();
        let back = evaluate(&format!("({} in {from}) in {to}", there.display(Rounding::Exact))).unwrap().quantity();
        prop_assert!((direct.value - back.value).abs() <= direct.value.abs() * 1e-13);
        prop_assert_eq!(direct.dimension, back.dimension);
    }

    #[test]
    fn dimensions_multiply_as_a_group(a in dimension(), b in dimension(), c in dimension(), n in -3i32..4) {
        prop_assert_eq!(a.times(&b), b.times(&a));
        prop_assert_eq!(a.times(&b).times(&c), a.times(&b.times(&c)));
        prop_assert_eq!(a.times(&b).per(&b), a.clone());
        prop_assert_eq!(a.per(&a), Dimension::none());
        prop_assert_eq!(a.times(&b).raised(n), a.raised(n).times(&b.raised(n)));
        prop_assert_eq!(a.raised(n).per(&a.raised(n)), Dimension::none());
    }

    #[test]
    fn sums_and_products_of_values_commute(a in number(), b in number(), unit in prop::sample::select(UNITS.to_vec())) {
        let same = |left: String, right: String| {
            let (left, right) = (evaluate(&left).unwrap().quantity(), evaluate(&right).unwrap().quantity());
            (left.value - right.value).abs() <= left.value.abs() * 1e-12 && left.dimension == right.dimension
        };
        let (x, y) = (format!("({a} {unit})"), format!("({b} {unit})"));
        prop_assume!(unit != "%");
        let joined = |left: &str, operator: &str, right: &str| format!("{left} {operator} {right}");
        prop_assert!(same(joined(&x, "+", &y), joined(&y, "+", &x)), "sum");
        prop_assert!(same(joined(&x, "*", &y), joined(&y, "*", &x)), "product");
        prop_assert!(same(joined(&joined(&x, "*", &y), "/", &y), x.clone()), "quotient");
    }

    #[test]
    fn nouns_keep_through_their_plural(word in "[a-z]{3,12}") {
        let one = singular(&word);
        prop_assert_eq!(singular(&plural(&one)), one);
    }

    #[test]
    fn any_text_is_answered(text in any::<String>(), at in 0usize..200) {
        answered(&text, at);
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0usize..200) {
        answered(&String::from_utf8_lossy(&bytes), at);
    }

    #[test]
    fn any_soup_of_words_is_answered(text in soup(), at in 0usize..60) {
        answered(&text, at);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn a_sheet_does_not_remember_its_edits(first in sheet_text(), edits in prop::collection::vec((0usize..8, sheet_line()), 1..6)) {
        let mut edited = Sheet::new(&first);
        for (at, line) in edits {
            if at % 3 == 0 {
                let mut lines: Vec<String> = edited.text().split('\n').map(str::to_owned).collect();
                lines.insert(at.min(lines.len()), line);
                edited.set_lines(&lines);
            } else {
                edited.set_line(at, &line);
            }
            let fresh = Sheet::new(&edited.text());
            for (old, new) in edited.lines().zip(fresh.lines()) {
                prop_assert_eq!(old, new);
            }
            prop_assert_eq!(edited.variables(), fresh.variables());
        }
    }
}

fn sheet_line() -> impl Strategy<Value = String> {
    let lines = [
        "a = 5",
        "a = 6 GB",
        "b = a * 2",
        "b = 3 to 5",
        "c = a + b",
        "c = b * b",
        "prev * 2",
        "total",
        "# Heading",
        "",
        "// why",
        "d = c / a",
        "a = ",
        "5 b",
        "1 / b",
        "d",
        "b - b",
        "3 to 5",
        "e: peak(b)",
        "12/b",
        "b = 5/s",
        "10/s",
    ];
    prop::sample::select(lines.map(str::to_owned).to_vec())
}

fn sheet_text() -> impl Strategy<Value = String> {
    prop::collection::vec(sheet_line(), 1..8).prop_map(|lines| lines.join("\n"))
}

/// Reads, shows and points at whatever it is; every place lies in its line.
fn answered(text: &str, at: usize) {
    let sheet = Sheet::new(text);
    for (number, line) in sheet.lines().enumerate() {
        for found in line.diagnostics() {
            assert!(found.span.end <= line.text.len(), "{:?} in {:?}", found, line.text);
            assert!(line.text.is_char_boundary(found.span.start) && line.text.is_char_boundary(found.span.end));
        }
        if let Some(outcome) = line.outcome() {
            for rounding in [Rounding::Exact, Rounding::Three, Rounding::Spoken] {
                assert!(!outcome.display(rounding).is_empty());
            }
            outcome.contributions();
            sheet.working(number);
        }
        highlight(&line.text);
        completions(&line.text, at, &sheet.variables());
    }
    let _ = evaluate(text);
    let _ = literal(text, BareB::Byte);
}
