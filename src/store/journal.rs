//! The journal of a session: what was typed since the last snapshot, one JSON record a line.
//!
//! ```text
//! {"v":1,"id":18,"text":"notes/0","whole":"- p99 < 100ms\n"}                a text as it now reads
//! {"v":1,"id":19,"text":"notes/0","after":18,"from":13,"cut":0,"put":"!"}   a long text's change since record 18: bytes cut and put
//! {"v":1,"id":20,"clock":{"last":"2026-03-01T18:30:05.000Z","spent_ms":[5000,0],"stood_ms":0}}
//! ```
//!
//! Ids grow by one and never come again; a snapshot names the last one it has, and those up to it are passed over. The first record of a text after
//! a snapshot is whole, so that reading needs nothing but the journal. A reader skips and counts what it can't read, a change whose
//! predecessor is missing included.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::FORMAT;
use crate::clock::{Elapsed, Timestamp};
use crate::interview::Record;

/// A text of a record that is journaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TextId {
    /// The notes of the phase with that index.
    Notes(usize),
    /// The design.
    Design,
    /// The sheet of the estimator.
    Sheet,
    /// The answer to the probe with that index.
    Answer(usize),
}

impl TextId {
    fn name(self) -> String {
        match self {
            Self::Notes(phase) => format!("notes/{phase}"),
            Self::Design => "design".to_owned(),
            Self::Sheet => "sheet".to_owned(),
            Self::Answer(probe) => format!("answer/{probe}"),
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        match name.split_once('/') {
            None if name == "sheet" => Some(Self::Sheet),
            None => (name == "design").then_some(Self::Design),
            Some(("notes", phase)) => phase.parse().ok().map(Self::Notes),
            Some(("answer", probe)) => probe.parse().ok().map(Self::Answer),
            Some(_) => None,
        }
    }

    fn of(self, record: &mut Record) -> Option<&mut String> {
        match self {
            Self::Notes(phase) => record.phases.get_mut(phase).map(|phase| &mut phase.notes),
            Self::Design => Some(&mut record.design),
            Self::Sheet => Some(&mut record.sheet),
            Self::Answer(probe) => record.probes.get_mut(probe).map(|probe| &mut probe.answer),
        }
    }
}

/// All texts of `record` that are journaled.
pub(super) fn texts(record: &Record) -> Vec<(TextId, &str)> {
    let notes = record.phases.iter().enumerate().map(|(at, phase)| (TextId::Notes(at), phase.notes.as_str()));
    let answers = record.probes.iter().enumerate().map(|(at, probe)| (TextId::Answer(at), probe.answer.as_str()));
    let whole = [(TextId::Design, record.design.as_str()), (TextId::Sheet, record.sheet.as_str())];
    notes.chain(whole).chain(answers).collect()
}

/// The clock of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Clock {
    last: String,
    spent_ms: Vec<u64>,
    /// Length of the last pause.
    stood_ms: u64,
}

impl Clock {
    pub fn of(record: &Record) -> Self {
        Self {
            last: record.last.to_rfc3339(),
            spent_ms: record.phases.iter().map(|phase| phase.spent.0).collect(),
            stood_ms: record.pauses.last().map_or(0, |pause| pause.length.0),
        }
    }

    fn put_into(&self, record: &mut Record) -> Option<()> {
        let last = Timestamp::from_rfc3339(&self.last)?;
        if self.spent_ms.len() != record.phases.len() {
            return None;
        }
        record.last = last;
        for (phase, spent) in record.phases.iter_mut().zip(&self.spent_ms) {
            phase.spent = Elapsed(*spent);
        }
        if let Some(pause) = record.pauses.last_mut() {
            pause.length = Elapsed(self.stood_ms);
        }
        Some(())
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    v: i64,
    id: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    whole: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cut: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    put: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    clock: Option<Clock>,
}

impl Line {
    fn new(id: u64) -> Self {
        let (text, whole, after, from, cut, put, clock) = (None, None, None, None, None, None, None);
        Self { v: FORMAT, id, text, whole, after, from, cut, put, clock }
    }

    /// As one line with its end.
    fn write(&self, bytes: &mut Vec<u8>) {
        let json = serde_json::to_string(self).expect("strings and numbers always serialise");
        bytes.extend_from_slice(json.as_bytes());
        bytes.push(b'\n');
    }
}

/// Texts up to this length, in bytes, are journaled whole.
const WHOLE_UP_TO: usize = 64 * 1024;

/// Composes the records of one append.
#[derive(Debug, Default)]
pub(super) struct Composer {
    /// The last id given.
    pub id: u64,
    /// The last record of each text since the snapshot: its id, and the text as it was.
    pub known: BTreeMap<TextId, (u64, String)>,
    /// What is to be appended.
    pub bytes: Vec<u8>,
}

impl Composer {
    /// Adds a record of `text` as it now reads.
    pub fn text(&mut self, name: TextId, text: &str) {
        self.id += 1;
        let mut line = Line { text: Some(name.name()), ..Line::new(self.id) };
        match self.known.get(&name).filter(|_| text.len() > WHOLE_UP_TO) {
            Some((after, before)) => {
                let (from, cut, put) = change(before, text);
                line =
                    Line { after: Some(*after), from: Some(from), cut: Some(cut), put: Some(put.to_owned()), ..line };
            }
            None => line.whole = Some(text.to_owned()),
        }
        line.write(&mut self.bytes);
        self.known.insert(name, (self.id, text.to_owned()));
    }

    /// Adds a record of the clock.
    pub fn clock(&mut self, clock: Clock) {
        self.id += 1;
        Line { clock: Some(clock), ..Line::new(self.id) }.write(&mut self.bytes);
    }
}

/// What makes `new` of `old`: where, how many bytes go, and what comes.
fn change<'a>(old: &str, new: &'a str) -> (usize, usize, &'a str) {
    let same = |a: &str, b: &str| a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let mut from = same(old, new);
    while !(old.is_char_boundary(from) && new.is_char_boundary(from)) {
        from -= 1;
    }
    let (old_rest, new_rest) = (&old[from..], &new[from..]);
    let mut tail = old_rest.bytes().rev().zip(new_rest.bytes().rev()).take_while(|(a, b)| a == b).count();
    while !(old_rest.is_char_boundary(old_rest.len() - tail) && new_rest.is_char_boundary(new_rest.len() - tail)) {
        tail -= 1;
    }
    (from, old_rest.len() - tail, &new_rest[..new_rest.len() - tail])
}

/// What reading a journal came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Replayed {
    /// The last id seen, or that of the snapshot.
    pub id: u64,
    /// Records that could not be read or applied.
    pub skipped: usize,
    /// The newest version seen, where it is newer than ours.
    pub newer: Option<i64>,
}

/// Brings `record`, a snapshot that has the records up to `upto`, to where the journal leads.
pub(super) fn replay(journal: &[u8], upto: u64, record: &mut Record) -> Replayed {
    let mut replayed = Replayed { id: upto, ..Replayed::default() };
    let mut bases: BTreeMap<TextId, u64> = BTreeMap::new();
    for bytes in journal.split(|&byte| byte == b'\n').filter(|bytes| !bytes.is_empty()) {
        let line = match serde_json::from_slice::<Line>(bytes) {
            Ok(line) if line.v == FORMAT => line,
            unread => {
                let version =
                    unread.ok().map(|line| line.v).or_else(|| version(bytes)).filter(|&version| version > FORMAT);
                replayed.newer = replayed.newer.max(version);
                replayed.skipped += 1;
                continue;
            }
        };
        replayed.id = replayed.id.max(line.id);
        if line.id > upto && apply(line, &mut bases, record).is_none() {
            replayed.skipped += 1;
        }
    }
    replayed
}

/// The version of a record that is otherwise not understood.
fn version(bytes: &[u8]) -> Option<i64> {
    serde_json::from_slice::<serde_json::Value>(bytes).ok()?.get("v")?.as_i64()
}

/// Applies one record; `None` if it doesn't fit what came before.
fn apply(line: Line, bases: &mut BTreeMap<TextId, u64>, record: &mut Record) -> Option<()> {
    if let Some(clock) = &line.clock {
        return clock.put_into(record);
    }
    let name = TextId::from_name(line.text.as_deref()?)?;
    let text = name.of(record)?;
    if let Some(whole) = line.whole {
        *text = whole;
    } else {
        let (from, cut, put) = (line.from?, line.cut?, line.put?);
        let range = from..from.checked_add(cut)?;
        if bases.get(&name).copied() != line.after || text.get(range.clone()).is_none() {
            return None;
        }
        text.replace_range(range, &put);
    }
    bases.insert(name, line.id);
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::interview::PhaseRecord;

    fn record(phases: usize) -> Record {
        Record { phases: vec![PhaseRecord::default(); phases], ..Record::default() }
    }

    /// Journals `texts` one after the other as the notes of the first phase.
    fn journal(texts: &[String]) -> (Vec<u8>, Vec<usize>) {
        let mut composer = Composer::default();
        let mut ends = vec![0];
        for text in texts {
            composer.text(TextId::Notes(0), text);
            ends.push(composer.bytes.len());
        }
        (composer.bytes, ends)
    }

    #[test]
    fn a_change_is_where_it_is_and_no_more() {
        assert_eq!(change("abc", "abXc"), (2, 0, "X"));
        assert_eq!(change("aaa", "aa"), (2, 1, ""));
        assert_eq!(change("", "é"), (0, 0, "é"));
        assert_eq!(change("aéb", "aèb"), (1, 2, "è"));
        assert_eq!(change("日本", "本"), (0, 3, ""));
    }

    #[test]
    fn the_journal_reads_as_documented() {
        let mut composer = Composer { id: 17, ..Composer::default() };
        composer.text(TextId::Notes(0), "- p99 < 100ms\n");
        composer.clock(Clock { last: "2026-03-01T18:30:05.000Z".to_owned(), spent_ms: vec![5000], stood_ms: 0 });
        assert_eq!(
            String::from_utf8(composer.bytes).unwrap(),
            "{\"v\":1,\"id\":18,\"text\":\"notes/0\",\"whole\":\"- p99 < 100ms\\n\"}\n\
             {\"v\":1,\"id\":19,\"clock\":{\"last\":\"2026-03-01T18:30:05.000Z\",\"spent_ms\":[5000],\"stood_ms\":0}}\n"
        );
    }

    #[test]
    fn long_texts_are_journaled_by_their_changes() {
        let long = "x".repeat(100_000);
        let texts = [long.clone(), format!("{long}y"), format!("z{long}y")];
        let (bytes, _) = journal(&texts);
        assert!(bytes.len() < 101_000, "{}", bytes.len());
        let mut record = record(1);
        assert_eq!(replay(&bytes, 0, &mut record), Replayed { id: 3, ..Replayed::default() });
        assert_eq!(record.phases[0].notes, texts[2]);
    }

    #[test]
    fn a_change_without_its_predecessor_is_skipped_not_guessed() {
        let long = "x".repeat(100_000);
        let (bytes, ends) = journal(&[long.clone(), format!("a{long}"), format!("b{long}")]);
        let without_second = [&bytes[..ends[1]], &bytes[ends[2]..]].concat();
        let mut record = record(1);
        assert_eq!(replay(&without_second, 0, &mut record).skipped, 1);
        assert_eq!(record.phases[0].notes, long);
    }

    #[test]
    fn records_that_the_snapshot_has_are_passed_over() {
        let (bytes, _) = journal(&["one".to_owned(), "two".to_owned()]);
        let mut record = record(1);
        record.phases[0].notes = "two and more".to_owned();
        assert_eq!(replay(&bytes, 2, &mut record), Replayed { id: 2, ..Replayed::default() });
        assert_eq!(record.phases[0].notes, "two and more");
        replay(&bytes, 1, &mut record);
        assert_eq!(record.phases[0].notes, "two");
    }

    #[track_caller]
    fn check_skipped(line: &str, newer: Option<i64>) {
        let mut record = record(1);
        let before = record.clone();
        let replayed = replay(format!("{line}\n").as_bytes(), 0, &mut record);
        assert_eq!((replayed.skipped, replayed.newer), (1, newer), "{line}");
        assert_eq!(record, before, "{line}");
    }

    #[test]
    fn what_cannot_be_read_is_skipped_and_a_newer_version_named() {
        check_skipped("nonsense", None);
        check_skipped("{}", None);
        check_skipped("[1,2]", None);
        check_skipped("\0\0\0\0", None);
        check_skipped(r#"{"v":1,"id":1,"text":"notes/9","whole":"x"}"#, None);
        check_skipped(r#"{"v":1,"id":1,"text":"/etc/passwd","whole":"x"}"#, None);
        check_skipped(r#"{"v":1,"id":1,"text":"design"}"#, None);
        check_skipped(r#"{"v":1,"id":1,"text":"design","from":0,"cut":18446744073709551615,"put":""}"#, None);
        check_skipped(r#"{"v":1,"id":1,"clock":{"last":"noon","spent_ms":[1],"stood_ms":0}}"#, None);
        check_skipped(r#"{"v":1,"id":1,"clock":{"last":"2026-03-01T18:30:05Z","spent_ms":[1,2],"stood_ms":0}}"#, None);
        check_skipped(r#"{"v":2,"id":1,"text":"design","whole":"x"}"#, Some(2));
        check_skipped(r#"{"v":3,"what":"ever"}"#, Some(3));
        check_skipped(r#"{"v":0,"id":1,"text":"design","whole":"x"}"#, None);
    }

    /// Short texts, and some of more than 64 KB, which are journaled by their changes.
    fn typed() -> impl Strategy<Value = Vec<String>> {
        let long = |(end, long): (String, bool)| if long { format!("{}{end}", "x".repeat(70_000)) } else { end };
        prop_oneof![
            prop::collection::vec(".{0,12}", 1..6),
            prop::collection::vec(("[a-zé]{0,4}", any::<bool>()).prop_map(long), 1..6),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        /// However a journal is cut off, what was complete before the cut is there, and nothing else.
        #[test]
        fn a_journal_cut_anywhere_has_all_that_was_complete(texts in typed(), cut in 0.0..1.0_f64) {
            let (bytes, ends) = journal(&texts);
            let small = bytes.len() < 2_000;
            let cuts: Vec<usize> = if small { (0..=bytes.len()).collect() } else { vec![(bytes.len() as f64 * cut) as usize] };
            for cut in cuts {
                // A line whose end alone is missing is complete.
                let complete = ends.iter().rposition(|&end| end.saturating_sub(1) <= cut).unwrap_or(0);
                let expected = complete.checked_sub(1).map_or("", |at| texts[at].as_str());
                let mut recovered = record(1);
                let replayed = replay(&bytes[..cut], 0, &mut recovered);
                prop_assert_eq!(&recovered.phases[0].notes, expected);
                prop_assert_eq!(replayed.id, complete as u64);
                let torn = usize::from(cut > ends[complete]);
                prop_assert_eq!(replayed.skipped, torn);
            }
        }

        #[test]
        fn a_change_makes_the_new_of_the_old(old in ".{0,20}", new in ".{0,20}") {
            let (from, cut, put) = change(&old, &new);
            let mut made = old.clone();
            made.replace_range(from..from + cut, put);
            prop_assert_eq!(made, new);
        }

        #[test]
        fn any_bytes_are_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            replay(&bytes, 0, &mut record(2));
        }
    }
}
