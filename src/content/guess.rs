//! A guess at a figure, as it is typed: `7ms`, `20k`, `5..15 ms`, `1 to 3 s`.

use crate::cards::drill::Range;
use crate::units::{BareB, Quantity, literal};

/// Reads a guess at a figure in `unit`. A bare number is in that unit, another unit of the same sort is converted; in a range the unit of the upper end
/// holds for both.
///
/// # Errors
/// A sentence for whoever typed it.
pub fn guess(text: &str, unit: &str) -> Result<Range, String> {
    let text = text.trim();
    let ends = ["..", " to ", "–"].into_iter().find_map(|between| text.split_once(between));
    let (low, high) = if let Some((low, high)) = ends {
        let high = high.trim().trim_start_matches('.');
        let low = low.trim();
        let tail = high.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '_'));
        let bare = low.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '_'));
        let low = if bare { format!("{low}{tail}") } else { low.to_owned() };
        (figure(&low, unit)?, figure(high, unit)?)
    } else {
        let figure = figure(text, unit)?;
        (figure, figure)
    };
    Range::new(low, high).ok_or_else(|| "a guess is above zero".to_owned())
}

fn figure(text: &str, unit: &str) -> Result<f64, String> {
    let expected = || format!("a number in {unit}, for example '7' or '5..15 {unit}'");
    let typed = literal(text, BareB::Byte).map_err(|_| expected())?;
    let one = literal(&format!("1 {unit}"), BareB::Byte).unwrap_or_else(|_| Quantity::number(1.0));
    let bare = typed.dimension.is_none() && !text.contains('%');
    if bare {
        return Ok(typed.value);
    }
    let same = typed.dimension.without_nouns() == one.dimension.without_nouns();
    if same && one.value > 0.0 { Ok(typed.value / one.value) } else { Err(expected()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, unit: &str, low: f64, high: f64) {
        let range = guess(text, unit).unwrap();
        assert!((range.low / low - 1.0).abs() < 1e-9 && (range.high / high - 1.0).abs() < 1e-9, "{text}: {range:?}");
    }

    #[test]
    fn guesses_are_read_as_they_are_typed() {
        check("7", "ms", 7.0, 7.0);
        check("7ms", "ms", 7.0, 7.0);
        check("0.5 s", "ms", 500.0, 500.0);
        check("20k", "writes/s", 20_000.0, 20_000.0);
        check("20k/s", "writes/s", 20_000.0, 20_000.0);
        check("5..15", "ms", 5.0, 15.0);
        check("80..120k", "requests/s", 80_000.0, 120_000.0);
        check("1 to 3 s", "ms", 1000.0, 3000.0);
        check("3s..1s", "ms", 1000.0, 3000.0);
        check("1TB", "GB", 1000.0, 1000.0);
    }

    #[test]
    fn what_is_no_guess_is_told_why() {
        assert_eq!(guess("x", "ms"), Err("a number in ms, for example '7' or '5..15 ms'".to_owned()));
        assert_eq!(guess("5 GB", "ms"), Err("a number in ms, for example '7' or '5..15 ms'".to_owned()));
        assert_eq!(guess("0", "ms"), Err("a guess is above zero".to_owned()));
        assert!(guess("", "ms").is_err() && guess("..", "ms").is_err() && guess("é..é", "ms").is_err());
    }
}
