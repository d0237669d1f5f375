//! Statistics as JSON with stable field names, and as text.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::output;
use crate::cards::drill::Calibration;
use crate::cards::statistics::{Activity, Retention, STABILITY_BINS, Statistics};
use crate::cards::{Grade, Losses, Orphan};
use crate::clock::{Day, Elapsed};

/// `cards --stats --json`.
#[derive(Serialize)]
pub(super) struct Report {
    cards: CountsRow,
    today: ActivityRow,
    total: ActivityRow,
    /// Cards due today, tomorrow, ...
    due: Vec<usize>,
    desired_retention: f64,
    retention: BTreeMap<&'static str, RetentionRow>,
    stability: Vec<Bin>,
    difficulty: Vec<Bin>,
    retrievability: Vec<Bin>,
    grades: BTreeMap<&'static str, usize>,
    hours: Vec<RetentionRow>,
    tags: Vec<TagRow>,
    days: Vec<DayRow>,
    streak: usize,
    guesses: GuessRow,
}

#[derive(Serialize)]
struct CountsRow {
    new: usize,
    learning: usize,
    young: usize,
    mature: usize,
    suspended: usize,
    leeches: usize,
}

#[derive(Serialize)]
struct ActivityRow {
    answers: usize,
    again: usize,
    new: usize,
    seconds: f64,
    seconds_per_answer: f64,
}

impl From<Activity> for ActivityRow {
    fn from(activity: Activity) -> Self {
        let Activity { answers, again, new, took } = activity;
        Self { answers, again, new, seconds: seconds(took), seconds_per_answer: seconds(activity.mean()) }
    }
}

#[derive(Serialize)]
struct RetentionRow {
    asked: usize,
    remembered: usize,
    share: Option<f64>,
}

impl From<Retention> for RetentionRow {
    fn from(retention: Retention) -> Self {
        Self { asked: retention.asked, remembered: retention.passed, share: retention.share() }
    }
}

/// Cards from one figure up to another; an open end is null.
#[derive(Serialize)]
struct Bin {
    from: f64,
    to: Option<f64>,
    cards: usize,
}

#[derive(Serialize)]
struct TagRow {
    tag: String,
    cards: usize,
    seen: usize,
    answers: usize,
    again: usize,
    seconds_per_answer: f64,
    difficulty: f64,
    retention: RetentionRow,
}

#[derive(Serialize)]
struct DayRow {
    day: String,
    answers: usize,
}

#[derive(Serialize)]
struct GuessRow {
    guesses: usize,
    mean_error_decades: f64,
    bias_decades: f64,
    within_factor_3: f64,
    ranges: usize,
    ranges_held: f64,
}

/// The statistics as one JSON document.
pub(super) fn json(shown: &Statistics, guesses: &Calibration) -> Report {
    let counts = shown.counts;
    let days = (shown.heat.first.0..).zip(&shown.heat.days).filter(|(_, answers)| **answers > 0);
    Report {
        cards: CountsRow {
            new: counts.new,
            learning: counts.learning,
            young: counts.young,
            mature: counts.mature,
            suspended: counts.suspended,
            leeches: counts.leeches,
        },
        today: shown.today.into(),
        total: shown.total.into(),
        due: shown.forecast.clone(),
        desired_retention: rounded(shown.desired_retention),
        retention: shown.retention.iter().map(|(period, retention)| (period.name(), (*retention).into())).collect(),
        stability: stability(&shown.stability),
        difficulty: even(&shown.difficulty, 1.0, 1.0),
        retrievability: even(&shown.retrievability, 0.0, 0.1),
        grades: Grade::ALL.iter().map(|grade| grade.name()).zip(shown.grades).collect(),
        hours: shown.hours.iter().map(|hour| (*hour).into()).collect(),
        tags: shown.tags.iter().map(tag).collect(),
        days: days.map(|(day, answers)| DayRow { day: Day(day).to_iso(), answers: *answers }).collect(),
        streak: shown.heat.streak,
        guesses: GuessRow {
            guesses: guesses.guesses,
            mean_error_decades: guesses.mean_error,
            bias_decades: guesses.bias,
            within_factor_3: guesses.close,
            ranges: guesses.ranges,
            ranges_held: guesses.held,
        },
    }
}

fn tag(line: &crate::cards::statistics::TagLine) -> TagRow {
    TagRow {
        tag: line.tag.clone(),
        cards: line.cards,
        seen: line.seen,
        answers: line.activity.answers,
        again: line.activity.again,
        seconds_per_answer: seconds(line.activity.mean()),
        difficulty: line.difficulty,
        retention: line.retention.into(),
    }
}

fn stability(cards: &[usize]) -> Vec<Bin> {
    let ends = STABILITY_BINS.map(f64::from);
    let starts = [0.0].into_iter().chain(ends);
    let to = ends.into_iter().map(Some).chain([None]);
    starts.zip(to).zip(cards).map(|((from, to), cards)| Bin { from, to, cards: *cards }).collect()
}

fn even(cards: &[usize], first: f64, step: f64) -> Vec<Bin> {
    let bin = |(at, cards): (usize, &usize)| {
        let from = rounded(first + step * at as f64);
        Bin { from, to: Some(rounded(from + step)), cards: *cards }
    };
    cards.iter().enumerate().map(bin).collect()
}

/// To six places: what an `f32` or a sum of tenths leaves behind it is no information.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

fn seconds(elapsed: Elapsed) -> f64 {
    elapsed.0 as f64 / 1000.0
}

/// The statistics for a person.
pub(super) fn text(shown: &Statistics, guesses: &Calibration) -> String {
    let percent = |share: Option<f64>| share.map_or_else(|| "-".to_owned(), |share| format!("{:.0}%", share * 100.0));
    let counts = shown.counts;
    let again =
        |activity: Activity| percent((activity.answers > 0).then(|| activity.again as f64 / activity.answers as f64));
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let activity = |activity: Activity| {
        format!(
            "{} answers, {} again, {} new, {:.0} s each",
            activity.answers,
            again(activity),
            activity.new,
            seconds(activity.mean())
        )
    };
    let week: usize = shown.forecast.iter().take(7).sum();
    let mut rows = vec![
        row(
            "cards",
            format!(
                "{} new, {} learning, {} young, {} mature, {} suspended, {} leeches",
                counts.new, counts.learning, counts.young, counts.mature, counts.suspended, counts.leeches
            ),
        ),
        row("today", activity(shown.today)),
        row("all time", activity(shown.total)),
        row("due", format!("{} today, {week} within a week", shown.forecast.first().copied().unwrap_or(0))),
        row("days", format!("{} in a row; {} of the last year's", shown.heat.streak, shown.heat.active())),
    ];
    for (period, retention) in &shown.retention {
        let desired = percent(Some(shown.desired_retention));
        let told = format!("{} of {} asked (desired {desired})", percent(retention.share()), retention.asked);
        rows.push(row(&format!("remembered, {}", period.name()), told));
    }
    if guesses.guesses > 0 {
        let factor = 10_f64.powf(guesses.mean_error);
        let told = format!("{} guesses, off by a factor of {factor:.1} on average", guesses.guesses);
        rows.push(row("numbers", told));
    }
    let mut out = output::table(&rows, &[]);
    let seen: Vec<_> = shown.tags.iter().filter(|line| line.activity.answers > 0).take(15).collect();
    if !seen.is_empty() {
        let head = ["tag", "cards", "answers", "again", "remembered", "s each"].map(str::to_owned).to_vec();
        let lines = seen.into_iter().map(|line| {
            vec![
                line.tag.clone(),
                format!("{}/{}", line.seen, line.cards),
                line.activity.answers.to_string(),
                again(line.activity),
                percent(line.retention.share()),
                format!("{:.0}", seconds(line.activity.mean())),
            ]
        });
        let rows: Vec<Vec<String>> = std::iter::once(head).chain(lines).collect();
        out.push('\n');
        out.push_str(&output::table(&rows, &[1, 2, 3, 4, 5]));
    }
    out
}

/// How much better fitted weights do.
pub(super) fn losses(losses: Losses) -> String {
    format!(
        "log loss {:.4} with those in use, {:.4} fitted, on the latest {} reviews",
        losses.current, losses.fitted, losses.reviews
    )
}

/// A row of `cards --orphans --json`.
#[derive(Serialize)]
pub(super) struct OrphanRow {
    id: String,
    question: Option<String>,
    reviews: u32,
    last: String,
    successor: Option<String>,
    alike: Option<f64>,
}

/// An orphan as JSON.
pub(super) fn orphan(orphan: &Orphan) -> OrphanRow {
    OrphanRow {
        id: orphan.card.to_string(),
        question: orphan.question.clone(),
        reviews: orphan.reviews,
        last: orphan.last.to_rfc3339(),
        successor: orphan.successor.as_ref().map(|(card, _)| card.to_string()),
        alike: orphan.successor.as_ref().map(|(_, alike)| rounded(*alike)),
    }
}
