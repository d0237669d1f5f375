//! Values as a person would say them: three significant digits, in the unit that keeps the number small.

/// A plain number with three significant digits and no exponent below 10^15: `0.25`, `1,200`, `3.5`.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-4..1e15).contains(&magnitude) {
        return format!("{value:.2e}");
    }
    let decimals = if magnitude == 0.0 { 0 } else { (2 - magnitude.log10().floor() as i32).max(0) as usize };
    let fixed = format!("{value:.decimals$}");
    let (whole, fraction) = fixed.split_once('.').unwrap_or((&fixed, ""));
    let fraction = fraction.trim_end_matches('0');
    let whole = group_thousands(whole);
    if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") }
}

pub(super) fn group_thousands(whole: &str) -> String {
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}")
}

/// `value` over the largest step that it reaches after rounding, with that step's name.
fn scaled(value: f64, steps: &[(f64, &str)]) -> String {
    let magnitude = value.abs();
    let reached = steps.iter().rposition(|&(step, _)| magnitude >= step * 0.9995).unwrap_or(0);
    let (step, name) = steps[reached];
    format!("{}{name}", number(value / step))
}

/// A count: `950`, `1.16k`, `100M`, `3.65B`.
pub fn count(value: f64) -> String {
    scaled(value, &[(1.0, ""), (1e3, "k"), (1e6, "M"), (1e9, "B"), (1e12, "T")])
}

/// A rate of `per_second` things a second: `115k/s`; below one a second by the minute, hour or day.
pub fn rate(per_second: f64) -> String {
    let steps = [(1.0, "s"), (60.0, "min"), (3600.0, "h"), (86_400.0, "day")];
    let (seconds, name) =
        steps.into_iter().find(|&(seconds, _)| per_second.abs() * seconds >= 0.9995).unwrap_or(steps[0]);
    format!("{}/{name}", count(per_second * seconds))
}

/// A length of `seconds` seconds: `450us`, `12ms`, `1.5s`, `3 min`, `2 h`, `5 days`.
pub fn duration(seconds: f64) -> String {
    let steps = [
        (1e-9, "ns"),
        (1e-6, "us"),
        (1e-3, "ms"),
        (1.0, "s"),
        (60.0, " min"),
        (3600.0, " h"),
        (86_400.0, " days"),
        (31_536_000.0, " years"),
    ];
    if seconds == 0.0 { "0s".to_owned() } else { scaled(seconds, &steps) }
}

/// An amount of `bytes` bytes in decimal units: `500 B`, `64 GB`, `91.3 TB`.
pub fn bytes(bytes: f64) -> String {
    scaled(bytes, &[(1.0, " B"), (1e3, " KB"), (1e6, " MB"), (1e9, " GB"), (1e12, " TB"), (1e15, " PB"), (1e18, " EB")])
}

/// A ratio from 0 to 1 as a percentage. Near one and near zero it keeps the digits that matter: `99.95%`, `0.02%`.
pub fn percent(ratio: f64) -> String {
    let percent = ratio * 100.0;
    let distance = (100.0 - percent).abs().min(percent.abs());
    let decimals = if distance == 0.0 { 0 } else { (1 - distance.log10().floor() as i32).clamp(0, 6) as usize };
    let fixed = format!("{percent:.decimals$}");
    let trimmed = if fixed.contains('.') { fixed.trim_end_matches('0').trim_end_matches('.') } else { &fixed };
    format!("{trimmed}%")
}

/// An amount of dollars: `$950`, `$1.2k`, `$3.4M`.
pub fn money(dollars: f64) -> String {
    format!("${}", count(dollars))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_as_a_person_would_say_them() {
        assert_eq!(number(1200.0), "1,200");
        assert_eq!(number(0.25), "0.25");
        assert_eq!(number(-1234.5), "-1,234");
        assert_eq!(count(999.6), "1k");
        assert_eq!(rate(115_740.7), "116k/s");
        assert_eq!(rate(0.05), "3/min");
        assert_eq!(duration(0.0125), "12.5ms");
        assert_eq!(duration(90.0), "1.5 min");
        assert_eq!(bytes(91.25e12), "91.2 TB");
        assert_eq!(percent(0.9995), "99.95%");
        assert_eq!(percent(0.73), "73%");
        assert_eq!(percent(0.000_2), "0.02%");
        assert_eq!(percent(1.0), "100%");
        assert_eq!(money(1200.0), "$1.2k");
    }
}
