//! The table of expressions: values and units worked out apart from the estimator.

use dryrun::estimate::evaluate;
use dryrun::units::Rounding;

const TABLE: &str = include_str!("../../golden/estimate/expressions.txt");

#[test]
fn expressions_come_to_their_values() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (at, line) in TABLE.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        count += 1;
        let fields: Vec<&str> = line.split(" | ").map(str::trim).collect();
        let [expression, value, shown] = fields[..] else { panic!("line {}: three fields", at + 1) };
        if let Err(why) = check(expression, value, shown) {
            wrong.push(format!("line {}: {expression}: {why}", at + 1));
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 200, "{count} expressions");
}

fn check(expression: &str, value: &str, shown: &str) -> Result<(), String> {
    let outcome = evaluate(expression).map_err(|error| error.message)?;
    let (number, unit) = value.split_once(' ').unwrap_or((value, ""));
    let number: f64 = number.parse().map_err(|_| format!("'{number}' is no number"))?;
    let reading = outcome.reading();
    let found = reading.number(outcome.quantity().value);
    let found_unit = if reading.dollars { format!("${}", reading.unit) } else { reading.unit.clone() };
    let near = (found - number).abs() <= number.abs() * 1e-9;
    let display = outcome.display(Rounding::Three);
    if near && found_unit == unit && display == shown {
        return Ok(());
    }
    Err(format!("{found} {found_unit}, shown as {display}; expected {number} {unit}, shown as {shown}"))
}
