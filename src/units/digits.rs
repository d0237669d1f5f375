//! Numbers as digits: so many significant ones, thousands in groups, `k` and `M` where they shorten.

use super::Rounding;

/// A count with `k`, `M`, `B` or `T`.
pub(super) fn shortened(number: f64, digits: i32) -> String {
    let rounded = round_to(number, digits);
    let steps = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")];
    match steps.into_iter().find(|(step, _)| rounded.abs() >= *step && rounded.abs() < 1e15) {
        Some((step, name)) => format!("{}{name}", significant(rounded / step, digits)),
        None => significant(rounded, digits),
    }
}

/// `number` with so many significant digits; with an exponent below a ten-thousandth and from 10^15 on.
pub fn significant(number: f64, digits: i32) -> String {
    let rounded = round_to(number, digits);
    let magnitude = rounded.abs();
    if magnitude == 0.0 {
        return "0".to_owned();
    }
    if !(1e-4..1e15).contains(&magnitude) {
        let decimals = (digits - 1).max(0) as usize;
        return trim_exponent(&format!("{number:.decimals$e}"));
    }
    let decimals = (digits - 1 - magnitude.log10().floor() as i32).max(0) as usize;
    group(&trim(format!("{rounded:.decimals$}")))
}

/// Every digit that a double keeps through a conversion and back: fifteen.
pub(super) fn exact(number: f64) -> String {
    let rounded = round_to(number, 15);
    if rounded != 0.0 && !(1e-6..1e18).contains(&rounded.abs()) {
        return trim_exponent(&format!("{rounded:e}"));
    }
    group(&rounded.to_string())
}

/// A percentage keeps the digits that tell it from nought and from a hundred: `99.95%`, `0.02%`.
pub(super) fn percent_digits(percent: f64, rounding: Rounding) -> String {
    let digits = match rounding {
        Rounding::Exact => return exact(percent),
        Rounding::Three => 3,
        Rounding::Spoken => 1,
    };
    let distance = (100.0 - percent).abs().min(percent.abs());
    if distance < 1e-12 {
        return significant(percent, 3);
    }
    let decimals = (digits - 1 - distance.log10().floor() as i32).clamp(0, 12) as usize;
    group(&trim(format!("{:.decimals$}", percent * (1.0 + 2.0 * f64::EPSILON))))
}

/// `number` rounded to so many significant digits.
pub(super) fn round_to(number: f64, digits: i32) -> f64 {
    if number == 0.0 || !number.is_finite() {
        return number;
    }
    let places = (digits - 1).max(0) as usize;
    // Half goes away from nought, as people round: 91.25 is 91.3.
    let number = if digits < 15 { number * (1.0 + 2.0 * f64::EPSILON) } else { number };
    format!("{number:.places$e}").parse().unwrap_or(number)
}

fn trim(text: String) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn trim_exponent(text: &str) -> String {
    match text.split_once('e') {
        Some((mantissa, exponent)) => format!("{}e{exponent}", trim(mantissa.to_owned())),
        None => text.to_owned(),
    }
}

fn group(number: &str) -> String {
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(whole, rest)| (whole, Some(rest)));
    let whole = super::format::group_thousands(whole);
    fraction.map_or(whole.clone(), |fraction| format!("{whole}.{fraction}"))
}
