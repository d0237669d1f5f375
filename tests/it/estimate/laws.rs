//! Ranges: that their percentiles are what was written, that their arithmetic is the samples', and that nothing depends on chance.

use dryrun::estimate::{Outcome, Sheet, evaluate};
use dryrun::units::Rounding;

#[track_caller]
fn outcome(text: &str) -> Outcome {
    evaluate(text).unwrap_or_else(|error| panic!("{text}: {}", error.message))
}

/// Low, median, high and mean in the unit that the result is told in.
#[track_caller]
fn spread(text: &str) -> [f64; 4] {
    let outcome = outcome(text);
    let spread = outcome.spread().unwrap_or_else(|| panic!("{text} is exact"));
    [spread.low, spread.median, spread.high, spread.mean].map(|value| outcome.reading().number(value))
}

#[track_caller]
fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found / expected - 1.0).abs() <= tolerance, "{found}, expected {expected}");
}

#[test]
fn a_positive_range_is_lognormal_between_its_percentiles() {
    // mu = ln sqrt 10, sigma = ln 10 / (2 * 1.644854): median 3.162, mean e^(mu + sigma^2 / 2) = 4.040.
    let [low, median, high, mean] = spread("1 to 10");
    near(low, 1.0, 1e-3);
    near(median, 3.162_278, 1e-4);
    near(high, 10.0, 1e-3);
    near(mean, 4.040, 2e-3);
    assert_eq!(outcome("1 to 10").display(Rounding::Three), "3.16 [1 - 10]");
    assert_eq!(outcome("1..10").display(Rounding::Three), "3.16 [1 - 10]");
}

#[test]
fn a_range_through_nought_is_normal() {
    let [low, median, high, mean] = spread("-5 to 15");
    near(low, -5.0, 2e-3);
    near(median, 5.0, 1e-3);
    near(high, 15.0, 1e-3);
    near(mean, 5.0, 1e-3);
}

#[test]
fn a_range_of_shares_stays_between_nought_and_a_hundred() {
    let [low, _, high, _] = spread("80% to 99%");
    near(low, 80.0, 1e-3);
    near(high, 99.0, 1e-3);
    let misses = outcome("1 - (80% to 99%)");
    assert!(misses.spread().unwrap().low > 0.0);
    let [low, median, high, _] = spread("~80%");
    near(low, 200.0 / 3.0, 1e-3);
    near(median, 80.0, 1e-3);
    near(high, 800.0 / 9.0, 1e-3);
}

#[test]
fn about_is_a_factor_of_two_and_plus_minus_is_symmetrical() {
    let [low, median, high, _] = spread("~10k");
    near(low, 5e3, 1e-3);
    near(median, 10e3, 1e-4);
    near(high, 20e3, 1e-3);
    for text in ["10k +- 20%", "10k ± 2k", "10k +/- 2k"] {
        let [low, median, high, mean] = spread(text);
        near(low, 8e3, 1e-3);
        near(median, 10e3, 1e-4);
        near(high, 12e3, 1e-3);
        near(mean, 10e3, 1e-3);
    }
}

#[test]
fn suffix_and_unit_belong_to_both_ends() {
    let pairs = [
        ("80 to 120M", "80M to 120M"),
        ("80..120M users", "80M users to 120M users"),
        ("3 to 5 ms", "3 ms to 5 ms"),
        ("500 to 2k", "500 to 2,000"),
        ("10 MB to 20", "10 MB to 20 MB"),
        ("$20 to 30", "$20 to $30"),
        ("5 to 10%", "5% to 10%"),
        ("1 ± 0.1 GB", "1 GB ± 0.1 GB"),
        ("100 ± 10% users", "100 users ± 10%"),
        ("(3 to 5) GB", "3 GB to 5 GB"),
    ];
    for (short, long) in pairs {
        let shown = |text: &str| outcome(text).display(Rounding::Three);
        assert_eq!(shown(short), shown(long), "{short}");
    }
}

#[test]
fn one_uncertain_value_is_the_same_wherever_it_is_used() {
    let sheet = Sheet::new("x = 3 to 5\ny = 3 to 5\nx - x\nx / x\n2 * x - x - x\ny - x\nx + x");
    let shown: Vec<String> = sheet.lines().map(|line| line.outcome().unwrap().display(Rounding::Three)).collect();
    assert_eq!(&shown[2..5], ["0", "1", "0"]);
    let difference = sheet.line(5).unwrap().outcome().unwrap().spread().unwrap().clone();
    assert!(difference.low < -0.5 && difference.high > 0.5, "two ranges are two values: {difference:?}");
    let double = sheet.line(6).unwrap().outcome().unwrap().spread().unwrap().clone();
    near(double.low, 6.0, 1e-3);
    near(double.high, 10.0, 1e-3);
}

#[test]
fn independent_spreads_add_as_theory_says() {
    // Normal: 90% half-widths 3 and 4 give 5. Lognormal factors multiply: ln 2 twice gives sqrt 2 times ln 2.
    let [low, median, high, _] = spread("(10 ± 3) + (10 ± 4)");
    near(median, 20.0, 5e-3);
    near(high - low, 10.0, 3e-2);
    let [low, median, high, _] = spread("~100 * ~100");
    near(median, 1e4, 2e-2);
    near((high / low).ln() / 2.0, std::f64::consts::LN_2 * std::f64::consts::SQRT_2, 3e-2);
}

#[test]
fn inputs_are_ranked_by_what_they_explain() {
    let text = "users = 50 to 200M users\nsize = 0.9 to 1.1 KB/user\nunused = 1 to 100\nusers * size";
    let sheet = Sheet::new(text);
    let found = sheet.line(3).unwrap().outcome().unwrap().contributions();
    let inputs: Vec<&str> = found.iter().map(|contribution| contribution.input.as_str()).collect();
    assert_eq!(inputs, ["users", "size"]);
    // Variances of the logarithms: (ln 4)^2 and (ln 1.1/0.9)^2, so 98% and 2%.
    assert!((0.95..=1.0).contains(&found[0].share), "{found:?}");
    assert!((0.0..0.05).contains(&found[1].share), "{found:?}");
    // An input that works both ways explains nothing in a line, but all the same by its classes.
    let bent = Sheet::new("x = -1 to 1\nx ^ 2").line(1).unwrap().outcome().unwrap().contributions();
    assert!(bent[0].share > 0.9, "{bent:?}");
}

#[test]
fn a_histogram_has_eight_cells_and_the_shape_of_its_value() {
    let outcome = outcome("10 ± 5");
    let cells: Vec<char> = outcome.spread().unwrap().sparkline().chars().collect();
    assert_eq!(cells.len(), 8);
    assert!(cells[3] > cells[0] && cells[4] > cells[7], "{cells:?}");
    assert_eq!(outcome.spread().unwrap().sparkline_ascii().len(), 8);
}

#[test]
fn results_are_the_same_on_every_run() {
    let text = "a = 3 to 5\nb = ~10k\nc = 1 +- 10%\na * b / c";
    let shown = |sheet: Sheet| -> Vec<String> {
        sheet.lines().map(|line| line.outcome().unwrap().display(Rounding::Exact)).collect()
    };
    assert_eq!(shown(Sheet::new(text)), shown(Sheet::new(text)));
    // Where a line stands and what is above it does not change its draws.
    let below: Vec<String> = shown(Sheet::new(&format!("1 to 2\n2 to 3\n{text}")));
    assert_eq!(below[2..], shown(Sheet::new(text)));
}

#[test]
fn the_conversions_of_the_field_are_exact() {
    let exact = |text: &str| outcome(text).display(Rounding::Exact);
    assert_eq!(exact("1 GiB in MB"), "1,073.741824 MB");
    assert_eq!(exact("62^6"), "56,800,235,584");
    assert_eq!(exact("100M/day"), "1,157.40740740741/s");
    assert!(exact("5 GB / 1 day in kB/s").starts_with("57.870370370"));
    assert_eq!(outcome("100M/day").display(Rounding::Spoken), "~1k/s");
    assert_eq!(outcome("91.25 TB").display(Rounding::Spoken), "~90 TB");
}
