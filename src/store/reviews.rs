//! `reviews.jsonl`: the review log. The only truth about what is remembered; everything else is a fold over it.
//!
//! ```text
//! {"v":1,"id":41,"card":"redis/persistence","at":"2026-03-01T18:30:00.000Z","grade":3,"took_ms":5321}
//! {"v":1,"id":42,"undo":41,"at":"2026-03-01T18:30:04.000Z"}
//! {"v":1,"id":43,"card":"b7e2d1f0c4a59386","question":"What is a quorum?"}
//! {"v":1,"id":44,"card":"redis/persistence","at":"2026-03-01T18:31:00.000Z","suspended":true}
//! {"v":1,"id":45,"card":"quorum-001","after":"b7e2d1f0c4a59386","at":"2026-03-02T07:00:00.000Z"}
//! ```

use std::borrow::Cow;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::log::{LogFile, LogHealth, Unread, records, unread};
use super::{StoreError, disk};
use crate::cards::{CardId, Entry, Grade, Review, ReviewId, Succession, Suspension, Undo, Wording};
use crate::clock::{Elapsed, Timestamp};

/// The version of the format that is written, and the newest that is read.
const FORMAT: i64 = 1;

#[derive(Serialize, Deserialize)]
struct Line<'a> {
    v: i64,
    id: u64,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    card: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    after: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    undo: Option<u64>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    at: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    grade: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    took_ms: Option<u64>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    question: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    suspended: Option<bool>,
}

impl<'a> Line<'a> {
    fn empty(id: ReviewId) -> Self {
        let (card, after, undo, at, grade, took_ms, question) = (None, None, None, None, None, None, None);
        Line { v: FORMAT, id: id.0, card, after, undo, at, grade, took_ms, question, suspended: None }
    }

    fn of(entry: &'a Entry) -> Self {
        let line = Line::empty(entry.id());
        let card = |card: &'a CardId| Some(Cow::Borrowed(card.as_str()));
        let moment = |at: Timestamp| Some(Cow::Owned(at.to_rfc3339()));
        match entry {
            Entry::Review(review) => Line {
                card: card(&review.card),
                at: moment(review.at),
                grade: Some(review.grade.number()),
                took_ms: Some(review.took.0),
                ..line
            },
            Entry::Undo(undo) => Line { undo: Some(undo.of.0), at: moment(undo.at), ..line },
            Entry::Wording(wording) => {
                Line { card: card(&wording.card), question: Some(Cow::Borrowed(&wording.question)), ..line }
            }
            Entry::Succession(succession) => {
                Line { card: card(&succession.to), after: card(&succession.from), at: moment(succession.at), ..line }
            }
            Entry::Suspension(Suspension { card: of, suspended, at, .. }) => {
                Line { card: card(of), suspended: Some(*suspended), at: moment(*at), ..line }
            }
        }
    }

    fn entry(self) -> Option<Entry> {
        let id = ReviewId(self.id);
        let at = || Timestamp::from_rfc3339(self.at.as_deref()?);
        let card = |text: Option<Cow<'_, str>>| text.map(|text| CardId(text.into_owned()));
        if let Some(of) = self.undo {
            return Some(Entry::Undo(Undo { id, of: ReviewId(of), at: at()? }));
        }
        if let Some(from) = card(self.after) {
            return Some(Entry::Succession(Succession { id, from, to: card(self.card)?, at: at()? }));
        }
        if let Some(suspended) = self.suspended {
            return Some(Entry::Suspension(Suspension { id, card: card(self.card)?, suspended, at: at()? }));
        }
        if let Some(question) = self.question {
            return Some(Entry::Wording(Wording { id, card: card(self.card)?, question: question.into_owned() }));
        }
        let (grade, took) = (Grade::from_number(self.grade?)?, Elapsed(self.took_ms.unwrap_or(0)));
        Some(Entry::Review(Review { id, at: at()?, card: card(self.card)?, grade, took }))
    }
}

/// The review log as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reviews {
    /// Its entries, in the order of writing.
    pub entries: Vec<Entry>,
    /// How well it could be read.
    pub health: LogHealth,
}

impl Reviews {
    /// The id of the next entry.
    pub fn next_id(&self) -> ReviewId {
        ReviewId(self.entries.iter().map(|entry| entry.id().0 + 1).max().unwrap_or(1))
    }
}

/// Reads a review log.
pub fn read_reviews(bytes: &[u8]) -> Reviews {
    let (entries, health) = records(bytes, |line| match serde_json::from_slice::<Line<'_>>(line) {
        Ok(read) if read.v == FORMAT => read.entry().ok_or(Unread::Damaged),
        _ => Err(unread(line, FORMAT)),
    });
    Reviews { entries, health }
}

/// The review log, open to be appended to.
#[derive(Debug)]
pub struct ReviewLog(LogFile);

impl ReviewLog {
    pub(super) fn new(log: LogFile) -> Self {
        Self(log)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Appends entries. They are on the disk when this returns.
    ///
    /// # Errors
    /// [`StoreError::Io`]; what was appended before stays readable.
    pub fn append(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        self.0.append(&lines(entries))
    }
}

fn lines(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut bytes, &Line::of(entry)).expect("strings and numbers always serialise");
        bytes.push(b'\n');
    }
    bytes
}

/// Reads the log at `path`; none is an empty one.
pub(super) fn load(path: &Path) -> Result<Reviews, StoreError> {
    Ok(disk::read(path)?.map(|bytes| read_reviews(&bytes)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entries() -> Vec<Entry> {
        let (at, card) = (Timestamp(1_772_389_800_123), CardId("redis/persistence".to_owned()));
        vec![
            Entry::Wording(Wording { id: ReviewId(1), card: card.clone(), question: "What \"is\"\nit? é".to_owned() }),
            Entry::Review(Review { id: ReviewId(2), card: card.clone(), at, grade: Grade::Good, took: Elapsed(5321) }),
            Entry::Undo(Undo { id: ReviewId(3), of: ReviewId(2), at }),
            Entry::Suspension(Suspension { id: ReviewId(4), card: card.clone(), suspended: true, at }),
            Entry::Succession(Succession { id: ReviewId(5), from: card, to: CardId("x".to_owned()), at }),
        ]
    }

    #[test]
    fn the_log_reads_as_documented() {
        let text = String::from_utf8(lines(&entries())).unwrap();
        assert_eq!(
            text,
            r#"{"v":1,"id":1,"card":"redis/persistence","question":"What \"is\"\nit? é"}
{"v":1,"id":2,"card":"redis/persistence","at":"2026-03-01T18:30:00.123Z","grade":3,"took_ms":5321}
{"v":1,"id":3,"undo":2,"at":"2026-03-01T18:30:00.123Z"}
{"v":1,"id":4,"card":"redis/persistence","at":"2026-03-01T18:30:00.123Z","suspended":true}
{"v":1,"id":5,"card":"x","after":"redis/persistence","at":"2026-03-01T18:30:00.123Z"}
"#
        );
        assert_eq!(read_reviews(text.as_bytes()), Reviews { entries: entries(), health: LogHealth::default() });
    }

    #[track_caller]
    fn check_skipped(line: &str, newer: Option<i64>) {
        let good = String::from_utf8(lines(&entries()[1..2])).unwrap();
        let reviews = read_reviews(format!("{line}\n{good}").as_bytes());
        assert_eq!(reviews.entries, entries()[1..2], "{line}");
        assert_eq!(reviews.health, LogHealth { skipped: 1, torn: false, newer }, "{line}");
    }

    #[test]
    fn what_cannot_be_read_is_skipped_and_counted() {
        check_skipped("nonsense", None);
        check_skipped("{}", None);
        check_skipped("\0\0\0", None);
        check_skipped("[1,2]", None);
        check_skipped(r#"{"v":1,"id":1,"card":"a","at":"noon","grade":3}"#, None);
        check_skipped(r#"{"v":1,"id":1,"card":"a","at":"2026-03-01T18:30:00Z","grade":5}"#, None);
        check_skipped(r#"{"v":1,"id":1,"at":"2026-03-01T18:30:00Z","grade":3}"#, None);
        check_skipped(r#"{"v":2,"id":1,"what":"ever"}"#, Some(2));
    }

    proptest! {
        /// However a log is cut off, what was complete before the cut is there, and nothing else.
        #[test]
        fn a_log_cut_anywhere_has_all_that_was_complete(cut in 0.0..1.0_f64) {
            let bytes = lines(&entries());
            let cut = (bytes.len() as f64 * cut) as usize;
            let ends: Vec<usize> = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at).collect();
            // A line whose end alone is missing is complete.
            let complete = ends.iter().filter(|&&end| end <= cut).count();
            let whole = ends.iter().any(|&end| end == cut || end + 1 == cut) || cut == 0;
            let reviews = read_reviews(&bytes[..cut]);
            prop_assert_eq!(&reviews.entries, &entries()[..complete]);
            prop_assert_eq!(reviews.health, LogHealth { skipped: usize::from(!whole), torn: !whole, newer: None });
        }

        #[test]
        fn any_bytes_are_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            read_reviews(&bytes);
        }
    }
}
