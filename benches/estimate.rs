//! The estimator's budget: a sheet of 200 lines with 20 ranges recomputes within 10 ms.

use divan::Bencher;
use dryrun::estimate::{Line, Sheet};
use dryrun::units::Rounding;

fn main() {
    divan::main();
}

/// Two hundred lines, twenty of them ranges, every other line depending on one or more of the ranges.
fn sheet() -> String {
    let mut lines = vec!["# Load".to_owned()];
    for at in 0..20 {
        lines.push(format!("users_{at} = {} to {}M users", at + 1, at + 30));
    }
    let mut at = 0;
    while lines.len() < 200 {
        let range = at % 20;
        lines.push(match at % 4 {
            0 => format!("writes_{at} = users_{range} * 2 posts/user/day"),
            1 => format!("storage_{at} = writes_{} * 500 B/post * 5 years in TB", at - 1),
            2 => format!("sum_{at} = storage_{} * 3 + 10 TB", at - 1),
            _ => format!("share_{at} = sum_{} / (storage_{} + 1 TB) in %", at - 1, at - 2),
        });
        at += 1;
    }
    lines.join("\n")
}

/// Everything read and worked out anew.
#[divan::bench]
fn whole_sheet(bencher: Bencher) {
    let text = sheet();
    bencher.bench(|| Sheet::new(divan::black_box(&text)));
}

/// The same, and every line's result as text, percentiles and histogram included.
#[divan::bench]
fn whole_sheet_shown(bencher: Bencher) {
    let text = sheet();
    bencher.bench(|| {
        let sheet = Sheet::new(divan::black_box(&text));
        sheet
            .lines()
            .filter_map(Line::outcome)
            .map(|outcome| outcome.display(Rounding::Three).len() + outcome.spread().map_or(0, |s| s.sparkline().len()))
            .sum::<usize>()
    });
}

/// One range edited: what depends on it is worked out anew.
#[divan::bench]
fn one_line_edited(bencher: Bencher) {
    let mut sheet = Sheet::new(&sheet());
    let mut high = 30;
    bencher.bench_local(|| {
        high = if high == 30 { 31 } else { 30 };
        sheet.set_line(1, &format!("users_0 = 1 to {high}M users"));
        sheet.evaluated().len()
    });
}
