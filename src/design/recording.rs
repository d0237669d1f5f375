//! Arrivals from a file: the moments at which requests came, or their rate from moment to moment.
//!
//! ```text
//! line    = time [separator rate]          every line has a rate, or none has
//! time    = number of seconds | duration   never before the line above; counted from the first
//! rate    = number a second | rate         from then on, until the next line's time
//! ```
//!
//! Separators are white space, commas and semicolons. What stands behind a `#` is a comment; a first line of words is a heading. The domain
//! reads no disk: whoever does hands the text in, with [`Design::supply`].

use std::sync::Arc;

use super::{Arrivals, Design, Load};
use crate::source::{Diagnostic, Span};
use crate::units::{self, BareB};

/// Lines of a file, and its bytes.
const MOST_LINES: usize = 1_000_000;
/// Bytes of a file of arrivals at most.
pub const MOST_BYTES: usize = 32 << 20;

/// When requests came.
#[derive(Clone, Debug, PartialEq)]
pub enum Recording {
    /// One at each of these moments, seconds after the first, in order.
    Moments(Vec<f64>),
    /// So many a second from each of these moments on: seconds after the first in order, and requests a second.
    Rates(Vec<(f64, f64)>),
}

/// A file that a flow's arrivals are to come from.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedArrivals {
    /// The file as the design names it: relative to the design's own.
    pub file: String,
    /// Where the design names it.
    pub span: Span,
    /// Whether the design gives a rate, to which the recording is scaled.
    pub scaled: bool,
    /// What the file says, once it was read.
    pub recording: Option<Arc<Recording>>,
}

impl Recording {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// The first thing that is wrong with it; the span lies in `text`.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        if text.len() > MOST_BYTES {
            return Err(too_long(Span::new(0, 0)));
        }
        let (mut moments, mut rates) = (Vec::new(), Vec::new());
        let mut first = None;
        let mut before = 0.0;
        for line in lines(text) {
            let fields = fields(&line);
            let Some(time) = fields.first() else { continue };
            if first.is_none() && !line.text.chars().any(|c| c.is_ascii_digit()) {
                continue;
            }
            if moments.len() + rates.len() == MOST_LINES {
                return Err(too_long(time.span()));
            }
            let moment = read_time(time)?;
            let at = moment - *first.get_or_insert(moment);
            if at < before {
                return Err(goes_back(time.span()));
            }
            before = at;
            match fields.as_slice() {
                [_] if rates.is_empty() => moments.push(at),
                [_, rate] if moments.is_empty() => rates.push((at, read_rate(rate)?)),
                [_, more] | [_, _, more, ..] => return Err(too_much(more.span())),
                _ => return Err(no_rate(time.span())),
            }
        }
        match (moments.is_empty(), rates.is_empty()) {
            (false, _) => Ok(Self::Moments(moments)),
            (_, false) => Ok(Self::Rates(rates)),
            _ => Err(empty(Span::new(0, text.len()))),
        }
    }

    /// The last moment that the file says something about, seconds after the first.
    pub fn length_s(&self) -> f64 {
        match self {
            Self::Moments(moments) => moments.last().copied(),
            Self::Rates(rates) => rates.last().map(|(at, _)| *at),
        }
        .unwrap_or(0.0)
    }

    /// Requests a second, on average over its length.
    pub fn mean_rate(&self) -> f64 {
        let length = self.length_s();
        match self {
            Self::Moments(moments) if length > 0.0 => (moments.len() - 1) as f64 / length,
            Self::Moments(moments) => moments.len() as f64,
            Self::Rates(rates) if length > 0.0 => {
                rates.windows(2).map(|pair| pair[0].1 * (pair[1].0 - pair[0].0)).sum::<f64>() / length
            }
            Self::Rates(rates) => rates.last().map_or(0.0, |(_, rate)| *rate),
        }
    }
}

impl Design {
    /// Files that arrivals are to come from and that nobody has handed in: each as the design names it, and where.
    pub fn wanted_recordings(&self) -> Vec<(String, Span)> {
        let mut wanted: Vec<(String, Span)> = Vec::new();
        for flow in &self.flows {
            if let Load::Open { arrivals: Arrivals::Recorded(recorded), .. } = &flow.load
                && recorded.recording.is_none()
                && !wanted.iter().any(|(file, _)| *file == recorded.file)
            {
                wanted.push((recorded.file.clone(), recorded.span));
            }
        }
        wanted
    }

    /// Hands in what a file says: flows whose arrivals come from it have its rate, unless they give one of their own.
    pub fn supply(&mut self, file: &str, recording: &Arc<Recording>) {
        for flow in &mut self.flows {
            if let Load::Open { rate, arrivals: Arrivals::Recorded(recorded) } = &mut flow.load
                && recorded.file == file
            {
                if !recorded.scaled {
                    *rate = recording.mean_rate();
                }
                recorded.recording = Some(Arc::clone(recording));
            }
        }
    }
}

/// A piece of the text and where it starts.
#[derive(Clone, Copy)]
struct Piece<'a> {
    text: &'a str,
    start: usize,
}

impl Piece<'_> {
    fn span(&self) -> Span {
        Span::new(self.start, self.start + self.text.len())
    }
}

/// The lines without their comments.
fn lines(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let piece = Piece { text: line.split('#').next().unwrap_or(""), start };
        start += line.len();
        piece
    })
}

fn fields<'a>(line: &Piece<'a>) -> Vec<Piece<'a>> {
    let is_separator = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '\u{feff}');
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in line.text.char_indices().chain([(line.text.len(), ' ')]) {
        match (start, is_separator(c)) {
            (None, false) => start = Some(at),
            (Some(from), true) => {
                found.push(Piece { text: &line.text[from..at], start: line.start + from });
                start = None;
            }
            _ => {}
        }
    }
    found
}

fn read_time(field: &Piece<'_>) -> Result<f64, Diagnostic> {
    let plain = field.text.parse::<f64>().ok();
    let seconds = plain.or_else(|| units::literal(field.text, BareB::Byte).ok()?.as_seconds());
    seconds.filter(|seconds| seconds.is_finite()).ok_or_else(|| no_time(field.span(), field.text))
}

fn read_rate(field: &Piece<'_>) -> Result<f64, Diagnostic> {
    let read = || {
        let quantity = units::literal(field.text, BareB::Billion).ok()?;
        quantity.as_per_second().or_else(|| quantity.as_count())
    };
    let rate = field.text.parse::<f64>().ok().or_else(read);
    rate.filter(|rate| rate.is_finite() && *rate >= 0.0).ok_or_else(|| not_a_rate(field.span(), field.text))
}

fn no_time(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{text}' is no time"))
        .help("write seconds, such as 12.5, or a duration, such as 2min; what is no time goes behind a '#'")
}

fn not_a_rate(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{text}' is no rate"))
        .help("write requests a second, such as 350, or a rate, such as 2k/min")
}

fn goes_back(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this time is before that of the line above").help("sort the lines by time")
}

fn no_rate(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this line has no rate, and those above have one")
        .help("write a time on every line, or a time and a rate on every line")
}

fn too_much(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this is more than the line should have")
        .help("write a time on every line, or a time and a rate on every line")
}

fn too_long(span: Span) -> Diagnostic {
    Diagnostic::error(span, "the file goes on beyond a million lines or 32 MB")
        .help("keep a part of it, or write rates instead of moments")
}

fn empty(span: Span) -> Diagnostic {
    Diagnostic::error(span, "the file has no arrivals").help("write a time on every line, or a time and a rate")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::LineIndex;

    #[track_caller]
    fn reads(text: &str, expected: &Recording) {
        assert_eq!(Recording::parse(text).as_ref(), Ok(expected));
    }

    /// The error's message starts so, and stands on that line and column.
    #[track_caller]
    fn fails(text: &str, message: &str, line: usize, column: usize) {
        let error = Recording::parse(text).expect_err("there is something wrong with it");
        assert!(error.message.starts_with(message), "{}", error.message);
        let at = LineIndex::new(text).position(text, error.span.start);
        assert_eq!((at.line, at.column), (line, column), "{}", error.message);
    }

    #[test]
    fn moments_and_rates_are_read_from_what_people_have() {
        reads("0\n0.5\n0.5\n2\n", &Recording::Moments(vec![0.0, 0.5, 0.5, 2.0]));
        reads("time\n# a log\n1700000000.25\r\n1700000001.25 # late\r\n", &Recording::Moments(vec![0.0, 1.0]));
        reads(
            "seconds,per_second\n0,100\n30s,2k/s\n1min,0",
            &Recording::Rates(vec![(0.0, 100.0), (30.0, 2000.0), (60.0, 0.0)]),
        );
        reads("\u{feff}0; 5\n\n  10;\t60/min\n", &Recording::Rates(vec![(0.0, 5.0), (10.0, 1.0)]));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line_and_column() {
        fails("0\nnoon\n", "'noon' is no time", 2, 1);
        fails("0 10\n5 many\n", "'many' is no rate", 2, 3);
        fails("0, 10\n5,  -2\n", "'-2' is no rate", 2, 5);
        fails("1\n2\n1.5\n", "this time is before", 3, 1);
        fails("0 10\n5\n", "this line has no rate", 2, 1);
        fails("0\n5 10\n", "this is more", 2, 3);
        fails("0 10 200\n", "this is more", 1, 6);
        fails("# nothing\n", "the file has no arrivals", 1, 1);
        fails(&"1\n".repeat(MOST_LINES + 1), "the file goes on", MOST_LINES + 1, 1);
    }

    #[test]
    fn the_mean_is_over_the_time_from_the_first_to_the_last() {
        assert_eq!(Recording::Moments(vec![0.0, 1.0, 2.0, 4.0]).mean_rate(), 0.75);
        assert_eq!(Recording::Moments(vec![0.0, 0.0]).mean_rate(), 2.0);
        assert_eq!(Recording::Rates(vec![(0.0, 100.0), (30.0, 400.0), (40.0, 0.0)]).mean_rate(), 175.0);
        assert_eq!(Recording::Rates(vec![(0.0, 100.0)]).mean_rate(), 100.0);
    }
}
