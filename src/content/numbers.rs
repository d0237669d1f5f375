//! `content/numbers.toml`: the cheat-sheet, one row a number.

use serde::Deserialize;
use toml::Spanned;

use super::front_matter::read_toml;
use super::item::clean;
use super::{Finding, TextFile};
use crate::estimate::Rung;
use crate::source::{Diagnostic, Span, nearest};
use crate::units::{BareB, Quantity, literal};

/// A row of the cheat-sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Id, unique in the bank.
    pub id: String,
    /// What it is about: `PostgreSQL primary`.
    pub subject: String,
    /// What is measured: `write throughput`.
    pub metric: String,
    /// Lower end, in `unit`.
    pub low: f64,
    /// Upper end, in `unit`; the same as `low` for a single figure.
    pub high: f64,
    /// Unit as written: `ms`, `writes/s`, `GB`.
    pub unit: String,
    /// What it means, in one line.
    pub means: String,
    /// When to change the design, where the number says so.
    pub shard_when: Option<String>,
    /// Where it comes from, with the year.
    pub source: String,
    /// Dimension that a result of the estimator is placed on it by: `write rate`, `storage`, ... Absent where it isn't compared.
    pub limits: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
}

impl Number {
    /// The lower and the upper end as quantities.
    pub fn range(&self) -> Option<(Quantity, Quantity)> {
        let end = |value: f64| literal(&format!("{value} {}", self.unit), BareB::Byte).ok();
        end(self.low).zip(end(self.high))
    }

    /// What is measured of what: `Redis: commands a second`.
    pub fn title(&self) -> String {
        format!("{}: {}", self.subject, self.metric)
    }

    /// The row as a rung of the estimator's ladder, if estimates are held against it.
    pub fn rung(&self) -> Option<Rung> {
        let (low, high) = self.range()?;
        Some(Rung {
            subject: self.subject.clone(),
            metric: self.metric.clone(),
            low,
            high,
            limits: self.limits.clone()?,
            means: self.means.clone(),
            shard_when: self.shard_when.clone(),
            source: self.source.clone(),
        })
    }

    /// The geometric middle of the range, in `unit`: what a calculation takes where it needs one figure.
    pub fn typical(&self) -> f64 {
        (self.low * self.high).sqrt()
    }

    /// The range as a person says it: `5 to 15 ms`.
    pub fn display(&self) -> String {
        let number = crate::units::format_number;
        if self.low == self.high {
            format!("{} {}", number(self.low), self.unit)
        } else {
            format!("{} to {} {}", number(self.low), number(self.high), self.unit)
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    #[serde(default)]
    number: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: Spanned<String>,
    subject: String,
    metric: String,
    low: f64,
    high: Spanned<f64>,
    unit: Spanned<String>,
    means: String,
    shard_when: Option<String>,
    source: String,
    limits: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
}

/// Reads the file.
pub(super) fn read(file: &TextFile, findings: &mut Vec<Finding>) -> Vec<Number> {
    let sheet: Sheet = match read_toml(&file.text, 0) {
        Ok(sheet) => sheet,
        Err(diagnostic) => {
            findings.push(Finding::new(file, diagnostic));
            return Vec::new();
        }
    };
    let mut numbers: Vec<Number> = Vec::with_capacity(sheet.number.len());
    for row in sheet.number {
        let (id_at, high_at, unit_at) = (span(&row.id), span(&row.high), span(&row.unit));
        let number = number(row);
        if number.low > number.high {
            let message = format!("'{}' has a low end above its high end", number.id);
            let diagnostic =
                Diagnostic::error(high_at, message).help("low first; for a single figure both are the same");
            findings.push(Finding::new(file, diagnostic));
        }
        if number.range().is_none() {
            let near = nearest(&number.unit, UNITS).unwrap_or("ms");
            let diagnostic = Diagnostic::error(unit_at, format!("'{}' is no unit", number.unit))
                .help(format!("a unit that the estimator knows, for example '{near}'"));
            findings.push(Finding::new(file, diagnostic));
        }
        if numbers.iter().any(|other| other.id == number.id) {
            let diagnostic = Diagnostic::error(id_at, format!("the id '{}' is taken", number.id))
                .help("each row has an id of its own");
            findings.push(Finding::new(file, diagnostic));
        }
        numbers.push(number);
    }
    numbers
}

/// Units to suggest to whoever mistypes one.
const UNITS: [&str; 14] =
    ["ns", "us", "ms", "s", "min", "hour", "day", "KB", "MB", "GB", "TB", "MB/s", "writes/s", "requests/s"];

fn span<T>(value: &Spanned<T>) -> Span {
    Span::new(value.span().start, value.span().end)
}

fn number(row: Row) -> Number {
    Number {
        id: row.id.into_inner(),
        subject: clean(row.subject),
        metric: clean(row.metric),
        low: row.low,
        high: row.high.into_inner(),
        unit: row.unit.into_inner(),
        means: clean(row.means),
        shard_when: row.shard_when.map(clean),
        source: clean(row.source),
        limits: row.limits.map(clean),
        tags: row.tags.into_iter().map(clean).collect(),
    }
}
