//! The pages of the statistics, as lines.

use ratatui::text::{Line, Span};

use super::super::{counted, drill, heat, percent};
use super::{Page, Shown};
use crate::cards::Grade;
use crate::cards::statistics::{Activity, STABILITY_BINS, TagLine};
use crate::clock::Elapsed;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::{bar, fit, wrap};

impl Shown {
    /// The lines of a page, for so many cells.
    pub(super) fn lines(&self, page: Page, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        match page {
            Page::Overview => self.overview(theme, width),
            Page::Forecast => self.forecast(theme, width),
            Page::Memory => self.memory(theme, width),
            Page::Tags => self.tags(theme, width),
            Page::Numbers => self.numbers(theme, width),
        }
    }

    fn overview(&self, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let shown = &self.statistics;
        let counts = shown.counts;
        let cards = format!(
            "{} new, {} learning, {} young, {} mature, {} suspended, {}",
            counts.new,
            counts.learning,
            counts.young,
            counts.mature,
            counts.suspended,
            counted(counts.leeches, "leech", "leeches")
        );
        let mut lines = Vec::new();
        for (name, words) in [("Today", activity(shown.today)), ("All time", activity(shown.total)), ("Cards", cards)] {
            lines.extend(fact(theme, name, &words, width));
        }
        lines.push(Line::default());
        let desired = percent(Some(shown.desired_retention));
        lines.extend(heading(theme, &format!("Remembered of what was learned (desired {desired})"), width));
        for (period, retention) in &shown.retention {
            let share = retention.share();
            let role = match share {
                None => Role::Muted,
                Some(share) if share >= shown.desired_retention - 0.05 => Role::Good,
                Some(_) => Role::Warning,
            };
            let tail = format!("{:>4} of {} asked", percent(share), retention.asked);
            lines.push(bar_line(theme, period.name(), share.unwrap_or(0.0), &tail, role, width));
        }
        lines.push(Line::default());
        let (active, streak) = (counted(shown.heat.active(), "day", "days"), shown.heat.streak);
        lines.extend(heading(theme, &format!("The last year: {active} with reviews, {streak} in a row"), width));
        lines.extend(heat::lines(theme, &shown.heat, width));
        lines
    }

    fn forecast(&self, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let due = &self.statistics.forecast;
        let most = due.iter().copied().max().unwrap_or(0).max(1);
        let total: usize = due.iter().sum();
        let mut lines =
            heading(theme, &format!("{} due in {} days", counted(total, "card", "cards"), due.len()), width);
        for (day, cards) in due.iter().enumerate() {
            let name = match day {
                0 => "today".to_owned(),
                1 => "tomorrow".to_owned(),
                day => format!("in {day} d"),
            };
            lines.push(bar_line(theme, &name, *cards as f64 / most as f64, &cards.to_string(), Role::Series(0), width));
        }
        lines
    }

    fn memory(&self, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let shown = &self.statistics;
        let mut lines = heading(theme, "Stability: days until recall falls to nine in ten", width);
        let ends: Vec<String> =
            STABILITY_BINS.iter().map(|end| format!("< {end}")).chain(["more".to_owned()]).collect();
        lines.extend(histogram(theme, &ends, &shown.stability, width));
        lines.push(Line::default());
        lines.extend(heading(theme, "Difficulty: 1 is easy, 10 hard", width));
        let ends: Vec<String> = (1..10).map(|low| format!("{low} to {}", low + 1)).collect();
        lines.extend(histogram(theme, &ends, &shown.difficulty, width));
        lines.push(Line::default());
        lines.extend(heading(theme, "How likely each card is remembered now", width));
        let ends: Vec<String> = (0..10).map(|low| format!("{} to {}%", low * 10, low * 10 + 10)).collect();
        lines.extend(histogram(theme, &ends, &shown.retrievability, width));
        lines.push(Line::default());
        lines.extend(heading(theme, "Answers", width));
        let names: Vec<String> = Grade::ALL.iter().map(|grade| grade.name().to_owned()).collect();
        lines.extend(histogram(theme, &names, &shown.grades, width));
        if shown.hours.iter().any(|retention| retention.asked > 0) {
            lines.push(Line::default());
            lines.extend(heading(theme, "Remembered by the hour of the day", width));
        }
        for (hour, retention) in shown.hours.iter().enumerate().filter(|(_, retention)| retention.asked > 0) {
            let share = retention.share();
            let tail = format!("{:>4} of {} asked", percent(share), retention.asked);
            lines.push(bar_line(theme, &format!("{hour:02}:00"), share.unwrap_or(0.0), &tail, Role::Series(2), width));
        }
        lines.push(Line::default());
        let words = "'dryrun cards --optimise' fits the model to your own log once it is long enough.";
        let wrapped = wrap(words, usize::from(width).max(1)).into_iter();
        lines.extend(wrapped.map(|line| Line::styled(line, theme.style(Role::Muted))));
        lines
    }

    fn tags(&self, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let width = usize::from(width);
        let columns = TagColumn::that_fit(width);
        let taken: usize = columns.iter().map(|column| column.width() + 1).sum();
        let name = width.saturating_sub(taken).clamp(8, 30);
        let row = |tag: &str, cells: &dyn Fn(TagColumn) -> String| {
            let mut row = format!("{:<name$}", fit(tag, name, theme.ellipsis()));
            for column in &columns {
                row.push_str(&format!(" {:>1$}", cells(*column), column.width()));
            }
            row
        };
        let mut lines = vec![Line::styled(row("Tag", &|column| column.title().to_owned()), theme.style(Role::Muted))];
        for line in &self.statistics.tags {
            let role = if line.seen == 0 { Role::Muted } else { Role::Text };
            lines.push(Line::styled(row(&line.tag, &|column| column.of(line)), theme.style(role)));
        }
        lines
    }

    fn numbers(&self, theme: &Theme, width: u16) -> Vec<Line<'static>> {
        let mut lines = heading(theme, "Guesses at numbers", width);
        let words = drill::calibration_words(&self.calibration);
        let words = words.iter().flat_map(|words| wrap(words, usize::from(width)));
        lines.extend(words.map(|words| Line::styled(words, theme.style(Role::Text))));
        if self.calibration.weeks.is_empty() {
            return lines;
        }
        lines.push(Line::default());
        lines.extend(heading(theme, "Mean error by week, as a factor", width));
        let most = self.calibration.weeks.iter().map(|(_, error, _)| *error).fold(0.3, f64::max);
        for (week, error, guesses) in &self.calibration.weeks {
            let tail = format!("{:.1} ({guesses})", 10_f64.powf(*error));
            lines.push(bar_line(theme, &week.to_iso(), error / most, &tail, Role::Series(1), width));
        }
        lines
    }
}

/// A figure of a tag, in the order of the screen.
#[derive(Clone, Copy, PartialEq)]
enum TagColumn {
    Cards,
    Answers,
    Again,
    Remembered,
    Seconds,
}

impl TagColumn {
    /// What is shown first where not all have room.
    const BY_WORTH: [Self; 5] = [Self::Remembered, Self::Again, Self::Cards, Self::Answers, Self::Seconds];
    const ALL: [Self; 5] = [Self::Cards, Self::Answers, Self::Again, Self::Remembered, Self::Seconds];
    /// Cells that a tag's name needs at least.
    const NAME: usize = 14;

    /// The columns that have room beside the name.
    fn that_fit(width: usize) -> Vec<Self> {
        let mut room = width.saturating_sub(Self::NAME);
        let mut chosen = Vec::new();
        for column in Self::BY_WORTH {
            if room < column.width() + 1 {
                break;
            }
            room -= column.width() + 1;
            chosen.push(column);
        }
        Self::ALL.into_iter().filter(|column| chosen.contains(column)).collect()
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Cards => "cards",
            Self::Answers => "answers",
            Self::Again => "again",
            Self::Remembered => "remembered",
            Self::Seconds => "s each",
        }
    }

    const fn width(self) -> usize {
        match self {
            Self::Cards => 9,
            Self::Answers => 8,
            Self::Again => 6,
            Self::Remembered => 11,
            Self::Seconds => 7,
        }
    }

    fn of(self, line: &TagLine) -> String {
        let answers = line.activity.answers;
        match self {
            Self::Cards => format!("{}/{}", line.seen, line.cards),
            Self::Answers => answers.to_string(),
            Self::Again => percent((answers > 0).then(|| line.activity.again as f64 / answers as f64)),
            Self::Remembered => percent(line.retention.share()),
            Self::Seconds if answers > 0 => seconds(line.activity.mean()),
            Self::Seconds => "-".to_owned(),
        }
    }
}

fn heading(theme: &Theme, words: &str, width: u16) -> Vec<Line<'static>> {
    wrap(words, usize::from(width).max(1)).into_iter().map(|line| Line::styled(line, theme.bold(Role::Text))).collect()
}

/// A name and what is to be said of it, in as many lines as it takes.
fn fact(theme: &Theme, name: &str, words: &str, width: u16) -> Vec<Line<'static>> {
    const NAME: usize = 10;
    let wrapped = wrap(words, usize::from(width).saturating_sub(NAME).max(1));
    let line = |(row, words): (usize, &String)| {
        let name = if row == 0 { name } else { "" };
        Line::from(vec![
            Span::styled(format!("{name:<NAME$}"), theme.style(Role::Muted)),
            Span::styled(words.clone(), theme.style(Role::Text)),
        ])
    };
    wrapped.iter().enumerate().map(line).collect()
}

fn activity(activity: Activity) -> String {
    if activity.answers == 0 {
        return "nothing yet".to_owned();
    }
    let again = activity.again as f64 / activity.answers as f64;
    format!(
        "{}, {} again, {} new, {} s each, {} in all",
        counted(activity.answers, "answer", "answers"),
        percent(Some(again)),
        activity.new,
        seconds(activity.mean()),
        activity.took
    )
}

fn seconds(elapsed: Elapsed) -> String {
    format!("{:.0}", elapsed.0 as f64 / 1000.0)
}

fn histogram(theme: &Theme, names: &[String], counts: &[usize], width: u16) -> Vec<Line<'static>> {
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let line = |(name, count): (&String, &usize)| {
        bar_line(theme, name, *count as f64 / most as f64, &count.to_string(), Role::Series(0), width)
    };
    names.iter().zip(counts).map(line).collect()
}

/// A name, a bar and a figure.
fn bar_line(theme: &Theme, name: &str, share: f64, tail: &str, role: Role, width: u16) -> Line<'static> {
    let cells = usize::from(width).saturating_sub(11 + 18).clamp(4, 60);
    Line::from(vec![
        Span::styled(format!("{name:<11}"), theme.style(Role::Muted)),
        Span::styled(bar(theme, share, cells), theme.style(role)),
        Span::styled(format!(" {tail}"), theme.style(Role::Text)),
    ])
}
