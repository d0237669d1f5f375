//! A quantity of any dimension in the unit a person would say it in: `1.16k tweets/s`, `91.3 TB`, `$20k/month`, `5 GB/user/day`.
//!
//! What is written here, [`super::literal()`] reads back to the same value.

use super::digits::{exact, percent_digits, round_to, shortened, significant};
use super::names::{self, Unit};
use super::{Base, Dimension, Quantity, noun};

/// How many digits to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rounding {
    /// All that are known: fifteen, and no `k` or `M`.
    Exact,
    /// Three significant digits.
    #[default]
    Three,
    /// One significant digit, as one says it in the room: `~1k/s`.
    Spoken,
}

/// How amounts of information are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Information {
    /// Bytes in steps of a thousand.
    #[default]
    Decimal,
    /// Bytes in steps of 1,024.
    Binary,
    /// Bits in steps of a thousand.
    Bits,
}

/// A unit to show a value in, asked for by name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedUnit {
    /// As written: `kB/s`.
    pub text: String,
    /// What it is in base units.
    pub unit: Unit,
    /// Whether `k` and `M` may shorten the number: not before `MB` or `ms`.
    pub counts: bool,
}

/// What the writer's own units say about how to show a result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Style {
    /// The unit asked for.
    pub unit: Option<NamedUnit>,
    /// Whether a bare number is a percentage.
    pub percent: bool,
    /// How information is told.
    pub information: Information,
    /// The length of time that was divided by, in seconds: a day in `100 GB/day`.
    pub per: Option<f64>,
}

/// A value in a unit, before it is rounded.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// How many base units the unit is.
    pub factor: f64,
    /// The unit's name, empty for a bare number; `$` stands before the number and is not part of it.
    pub unit: String,
    /// Whether `k`, `M` and `B` may shorten the number.
    pub counts: bool,
    /// Whether it is an amount of dollars.
    pub dollars: bool,
    /// Whether the unit is written against the number without a space.
    pub glued: bool,
    /// Whether the unit opens with a count noun, which is a singular after a one.
    noun: Option<(String, String)>,
}

const PERIODS: [(f64, &str); 6] =
    [(1.0, "s"), (60.0, "min"), (3600.0, "h"), (names::DAY, "day"), (names::MONTH, "month"), (names::YEAR, "year")];
const DURATIONS: [(f64, &str); 8] = [
    (1e-9, "ns"),
    (1e-6, "us"),
    (1e-3, "ms"),
    (1.0, "s"),
    (60.0, "min"),
    (3600.0, "h"),
    (names::DAY, "day"),
    (names::YEAR, "year"),
];
const DECIMAL: [(f64, &str); 7] =
    [(1.0, "B"), (1e3, "KB"), (1e6, "MB"), (1e9, "GB"), (1e12, "TB"), (1e15, "PB"), (1e18, "EB")];
const BINARY: [(f64, &str); 7] = [
    (1.0, "B"),
    (1024.0, "KiB"),
    (1_048_576.0, "MiB"),
    (1_073_741_824.0, "GiB"),
    (1_099_511_627_776.0, "TiB"),
    (1_125_899_906_842_624.0, "PiB"),
    (1_152_921_504_606_846_976.0, "EiB"),
];
const BITS: [(f64, &str); 7] = [
    (0.125, "bit"),
    (0.125e3, "kbit"),
    (0.125e6, "Mbit"),
    (0.125e9, "Gbit"),
    (0.125e12, "Tbit"),
    (0.125e15, "Pbit"),
    (0.125e18, "Ebit"),
];
const BIT_RATES: [(f64, &str); 7] = [
    (0.125, "bps"),
    (0.125e3, "kbps"),
    (0.125e6, "Mbps"),
    (0.125e9, "Gbps"),
    (0.125e12, "Tbps"),
    (0.125e15, "Pbps"),
    (0.125e18, "Ebps"),
];

/// `quantity` as text.
pub fn display(quantity: &Quantity, style: &Style, rounding: Rounding) -> String {
    reading(quantity, style).text(quantity.value, rounding)
}

/// The unit that `quantity` is told in.
pub fn reading(quantity: &Quantity, style: &Style) -> Reading {
    let mut reading =
        Reading { factor: 1.0, unit: String::new(), counts: false, dollars: false, glued: false, noun: None };
    if let Some(named) = &style.unit {
        reading.factor = named.unit.factor;
        reading.dollars = named.text.starts_with('$');
        named.text.strip_prefix('$').unwrap_or(&named.text).clone_into(&mut reading.unit);
        reading.glued = reading.unit.starts_with(['/', '%']) || is_short_time(&reading.unit);
        reading.counts = named.counts;
        reading.noun = singular_of(named);
        return reading;
    }
    if quantity.dimension.is_none() && style.percent {
        return Reading { factor: 0.01, unit: "%".to_owned(), glued: true, ..reading };
    }
    compose(quantity, style, &mut reading);
    reading
}

/// The two forms of a unit asked for in the plural: `1 day`, `3 days`.
fn singular_of(named: &NamedUnit) -> Option<(String, String)> {
    let many = named.text.as_str();
    let one = noun::singular(many);
    let plural = one.len() > 1 && one != many && many.starts_with(&one);
    let same = plural && names::unit(&one).as_ref() == Some(&named.unit);
    same.then(|| (one, many.to_owned()))
}

/// Chooses a unit for each base of the dimension: one of them carries the magnitude, the others are spelt out.
fn compose(quantity: &Quantity, style: &Style, reading: &mut Reading) {
    let power = |base: &Base| quantity.dimension.power(base);
    let (money, information, time) = (power(&Base::Money), power(&Base::Information), power(&Base::Time));
    let nouns = told_nouns(&quantity.dimension);
    reading.dollars = money == 1;
    let mut names = UnitNames::default();
    if money != 0 && money != 1 {
        names.push("USD", money);
    }
    let lasts = time == 1 && money == 0 && information == 0 && nouns.iter().all(|noun| noun.1 < 0);
    let time_name = if time != 0 && !lasts { spell_time(quantity, style, reading) } else { "" };
    let sizes = information == 1 && money == 0;
    if information == -1 {
        let (bytes, name) = divisor(quantity.value / reading.factor, money > 0);
        names.push(name, -1);
        reading.factor /= bytes;
    } else if information != 0 && !sizes {
        names.push("B", information);
    }
    for (noun, power) in nouns {
        names.push_noun(noun, power);
    }
    if !time_name.is_empty() {
        names.push(time_name, time);
    }
    if lasts {
        reading.scale(quantity.value, &DURATIONS, &names.text());
    } else if sizes {
        reading.scale_information(quantity.value, style.information, &names.text());
    } else {
        reading.counts = true;
        (reading.unit, reading.noun) = names.counted();
        reading.glued = reading.unit.starts_with('/');
    }
}

/// The count nouns that are said: an amount of data or money takes the place of the things it is of.
fn told_nouns(dimension: &Dimension) -> Vec<(&str, i32)> {
    let absorbed = dimension.power(&Base::Money) > 0 || dimension.power(&Base::Information) > 0;
    dimension
        .powers()
        .filter_map(|(base, power)| match base {
            Base::Noun(noun) if power < 0 || !absorbed => Some((noun.as_str(), power)),
            _ => None,
        })
        .collect()
}

/// Chooses the name of a time that does not carry the magnitude, and takes it out of the factor.
fn spell_time(quantity: &Quantity, style: &Style, reading: &mut Reading) -> &'static str {
    let power = quantity.dimension.power(&Base::Time);
    let (seconds, name) = if power == -1 {
        period(quantity, style)
    } else if power == 1 && quantity.value.abs() >= 3600.0 {
        (3600.0, "h")
    } else {
        (1.0, "s")
    };
    reading.factor *= seconds.powi(power.clamp(-1, 1));
    name
}

/// The units of time that are written against their number.
fn is_short_time(name: &str) -> bool {
    matches!(name, "ns" | "us" | "ms" | "s")
}

/// `5 days`, `1 day`: the words for long times have a plural.
fn plural_time(name: &str, number: f64) -> String {
    let one = significant(number, 3) == "1";
    if matches!(name, "day" | "year" | "bit") && !one { format!("{name}s") } else { name.to_owned() }
}

fn steps(information: Information) -> &'static [(f64, &'static str)] {
    match information {
        Information::Decimal => &DECIMAL,
        Information::Binary => &BINARY,
        Information::Bits => &BITS,
    }
}

/// The largest step that `value` reaches once it is rounded; the smallest for less.
fn step(value: f64, steps: &[(f64, &'static str)]) -> (f64, &'static str) {
    if value == 0.0 {
        return steps.iter().copied().find(|(_, name)| *name == "s").unwrap_or(steps[0]);
    }
    steps.iter().copied().rfind(|(factor, _)| value.abs() >= factor * 0.9995).unwrap_or(steps[0])
}

/// The time that a rate is told by: what the writer used where they would say it so, else the shortest that leaves a number of at least one.
fn period(quantity: &Quantity, style: &Style) -> (f64, &'static str) {
    let named = |seconds: f64| PERIODS.into_iter().find(|(period, _)| *period == seconds);
    let written = style.per.and_then(named);
    let per_noun = told_nouns(&quantity.dimension).iter().any(|noun| noun.1 < 0);
    let information = quantity.dimension.power(&Base::Information);
    if quantity.dimension.power(&Base::Money) > 0 {
        return written.or_else(|| named(names::MONTH)).unwrap_or(PERIODS[0]);
    }
    let smallest = if information == 1 { step(0.0, steps(style.information)).0 } else { 1.0 };
    let reaches = |seconds: f64| quantity.value.abs() * seconds >= smallest * 0.9995;
    let own = written.filter(|(seconds, _)| reaches(*seconds));
    let said = if information == 1 { own.filter(|(seconds, _)| *seconds >= names::DAY) } else { None };
    let said = said.or(if per_noun || !reaches(1.0) { own } else { None });
    said.or_else(|| PERIODS.into_iter().find(|(seconds, _)| reaches(*seconds))).unwrap_or(PERIODS[0])
}

/// The amount of information to divide by: a gigabyte for money, else the smallest that leaves a number of at least one.
fn divisor(value: f64, money: bool) -> (f64, &'static str) {
    if money {
        return DECIMAL[3];
    }
    DECIMAL.into_iter().find(|(bytes, _)| value.abs() * bytes >= 0.9995).unwrap_or(DECIMAL[0])
}

/// The words of a unit while it is put together.
#[derive(Default)]
struct UnitNames {
    over: Vec<String>,
    under: Vec<String>,
    noun: Option<String>,
}

impl UnitNames {
    fn push(&mut self, name: &str, power: i32) {
        let exponent = if power.abs() == 1 { String::new() } else { format!("^{}", power.abs()) };
        if power > 0 { &mut self.over } else { &mut self.under }.push(format!("{name}{exponent}"));
    }

    fn push_noun(&mut self, name: &str, power: i32) {
        if power == 1 && self.over.is_empty() {
            self.noun = Some(name.to_owned());
        }
        self.push(name, power);
    }

    fn text(&self) -> String {
        let under = if self.under.is_empty() { String::new() } else { format!("/{}", self.under.join("/")) };
        format!("{}{under}", self.over.join("·"))
    }

    /// The unit with its noun in the plural if it stands alone over the line, and the noun's two forms.
    fn counted(mut self) -> (String, Option<(String, String)>) {
        let Some(one) = self.noun.take().filter(|_| self.over.len() == 1) else { return (self.text(), None) };
        let many = noun::plural(&one);
        self.over[0].clone_from(&many);
        (self.text(), Some((one, many)))
    }
}

impl Reading {
    /// Lets the unit of `steps` that suits `value` carry the magnitude, before `rest`.
    fn scale(&mut self, value: f64, steps: &[(f64, &'static str)], rest: &str) {
        let (factor, name) = step(value / self.factor, steps);
        self.factor *= factor;
        self.unit = format!("{}{rest}", plural_time(name, value / self.factor));
        self.glued = is_short_time(name);
    }

    /// Bits a second have names of their own.
    fn scale_information(&mut self, value: f64, information: Information, rest: &str) {
        match (information, rest.strip_suffix("/s")) {
            (Information::Bits, Some(rest)) => self.scale(value, &BIT_RATES, rest),
            _ => self.scale(value, steps(information), rest),
        }
    }

    /// `value`, which is in base units, in this unit.
    pub fn number(&self, value: f64) -> f64 {
        value / self.factor
    }

    /// `value` with its unit.
    pub fn text(&self, value: f64, rounding: Rounding) -> String {
        let number = self.digits(value, rounding);
        let about = if rounding == Rounding::Spoken && self.is_rounded(value) { "~" } else { "" };
        let one = self.noun.as_ref().filter(|_| number.trim_start_matches('-') == "1");
        let unit = one.map_or_else(|| self.unit.clone(), |(one, many)| self.unit.replacen(many.as_str(), one, 1));
        let space = if unit.is_empty() || self.glued { "" } else { " " };
        let (sign, number) = number.strip_prefix('-').map_or(("", number.as_str()), |number| ("-", number));
        let dollar = if self.dollars { "$" } else { "" };
        format!("{about}{sign}{dollar}{number}{space}{unit}")
    }

    /// The number alone: `1.16k`.
    pub fn digits(&self, value: f64, rounding: Rounding) -> String {
        let number = self.number(value);
        if self.unit == "%" {
            return percent_digits(number, rounding);
        }
        let digits = match rounding {
            Rounding::Exact => return exact(number),
            Rounding::Three => 3,
            Rounding::Spoken => 1,
        };
        if self.counts { shortened(number, digits) } else { significant(number, digits) }
    }

    fn is_rounded(&self, value: f64) -> bool {
        let number = self.number(value);
        let shown = if self.unit == "%" { number } else { round_to(number, 1) };
        (shown - number).abs() > number.abs() * 1e-9
    }
}

/// The style that a unit's words ask for: binary steps for `GiB`, bits for `Gbps`, and the time they divide by.
pub fn style_of(words: &[super::UnitWord]) -> Style {
    let mut style = Style::default();
    for word in words {
        let Some(unit) = names::unit(&word.word) else { continue };
        let name = word.word.as_str();
        if unit.dimension.power(&Base::Information) != 0 {
            style.information = told_in(name);
        }
        if unit.dimension == Dimension::time() && word.power == -1 {
            style.per = Some(unit.factor);
        }
    }
    style
}

fn told_in(name: &str) -> Information {
    let one = name.strip_suffix('s').unwrap_or(name);
    let spoken = name.starts_with(['k', 'm', 'g', 't', 'p']);
    if one.ends_with("iB") || one.ends_with("bibyte") {
        Information::Binary
    } else if name.ends_with("bps") || one.ends_with("bit") || (one.ends_with('b') && !spoken) {
        Information::Bits
    } else {
        Information::Decimal
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{BareB, ScanOptions, literal, scan};

    #[track_caller]
    fn check(written: &str, three: &str, exact: &str, spoken: &str) {
        let parts = scan(written, 0, ScanOptions { bare_b: BareB::Billion, commas: true }).unwrap();
        let mut style = style_of(&parts.units);
        style.percent = parts.suffix.as_ref().is_some_and(|suffix| suffix.percent);
        let quantity = parts.quantity().unwrap();
        let shown = |rounding| display(&quantity, &style, rounding);
        assert_eq!(shown(Rounding::Three), three, "{written}");
        assert_eq!(shown(Rounding::Exact), exact, "{written}, exact");
        assert_eq!(shown(Rounding::Spoken), spoken, "{written}, spoken");
        let reread = literal(exact, BareB::Byte).unwrap();
        assert!((reread.value - quantity.value).abs() <= quantity.value.abs() * 1e-13, "{exact}: {}", reread.value);
        assert_eq!(reread.dimension, quantity.dimension, "{exact}");
    }

    #[test]
    fn quantities_are_told_as_a_person_would() {
        check("100M/day", "1.16k/s", "1,157.40740740741/s", "~1k/s");
        check("100M tweets/day", "1.16k tweets/s", "1,157.40740740741 tweets/s", "~1k tweets/s");
        check("1 user", "1 user", "1 user", "1 user");
        check("3 queries/user/day", "3 queries/user/day", "3 queries/user/day", "3 queries/user/day");
        check("91.3 TB", "91.3 TB", "91.3 TB", "~90 TB");
        check("64 GiB", "64 GiB", "64 GiB", "~60 GiB");
        check("10 Gbps", "10 Gbps", "10 Gbps", "10 Gbps");
        check("100 GB/day", "100 GB/day", "100 GB/day", "100 GB/day");
        check("5 MB/s", "5 MB/s", "5 MB/s", "5 MB/s");
        check("41 bits", "41 bits", "41 bits", "~40 bits");
        check("$0.023/GB/month", "$0.023/GB/month", "$0.023/GB/month", "~$0.02/GB/month");
        check("$20k/month", "$20k/month", "$20,000/month", "$20k/month");
        check("-12.5 ms", "-12.5ms", "-12.5ms", "~-10ms");
        check("36 hours", "1.5 days", "1.5 days", "~2 days");
        check("1 day", "1 day", "1 day", "1 day");
        check("5 ms/request", "5ms/request", "5ms/request", "5ms/request");
        check("2 failures/year", "2 failures/year", "2 failures/year", "2 failures/year");
        check("7.3k server·h", "7.3k server·h", "7,300 server·h", "~7k server·h");
    }
}
