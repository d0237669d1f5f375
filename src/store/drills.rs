//! `drills.jsonl`: what was guessed and said in drills.
//!
//! ```text
//! {"v":1,"id":7,"card":"redis-throughput/figure","at":"2026-03-01T18:30:00.000Z","took_ms":5321,"guess":[5,15],"truth":[8,12]}
//! {"v":1,"id":8,"card":"cap-choice/answer","at":"2026-03-01T18:31:10.000Z","took_ms":61000,"said":3,"points":5}
//! ```

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::log::{LogFile, LogHealth, Unread, records, unread};
use super::{StoreError, disk};
use crate::cards::CardId;
use crate::cards::drill::{Drill, DrillResult, Guess, Range, Talk};
use crate::clock::{Elapsed, Timestamp};

/// The version of the format that is written, and the newest that is read.
const FORMAT: i64 = 1;

#[derive(Serialize, Deserialize)]
struct Line {
    v: i64,
    id: u64,
    card: String,
    at: String,
    took_ms: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    guess: Option<[f64; 2]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    truth: Option<[f64; 2]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    said: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    points: Option<usize>,
}

impl Line {
    fn of(drill: &Drill, id: u64) -> Self {
        let (card, at) = (drill.card.as_str().to_owned(), drill.at.to_rfc3339());
        let (guess, truth, said, points) = (None, None, None, None);
        let line = Self { v: FORMAT, id, card, at, took_ms: drill.took.0, guess, truth, said, points };
        let ends = |range: Range| Some([range.low, range.high]);
        match drill.result {
            DrillResult::Guess(guess) => Self { guess: ends(guess.guess), truth: ends(guess.truth), ..line },
            DrillResult::Talk(talk) => Self { said: Some(talk.said), points: Some(talk.points), ..line },
        }
    }

    fn drill(self) -> Option<Drill> {
        let range = |ends: Option<[f64; 2]>| ends.and_then(|[low, high]| Range::new(low, high));
        let result = match (range(self.guess), range(self.truth), self.said, self.points) {
            (Some(guess), Some(truth), None, None) => DrillResult::Guess(Guess { guess, truth }),
            (None, None, Some(said), Some(points)) if said <= points => DrillResult::Talk(Talk { said, points }),
            _ => return None,
        };
        let at = Timestamp::from_rfc3339(&self.at)?;
        Some(Drill { card: CardId(self.card), at, took: Elapsed(self.took_ms), result })
    }
}

/// The drills as they were read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drills {
    /// In the order of writing.
    pub drills: Vec<Drill>,
    /// How well they could be read.
    pub health: LogHealth,
    last_id: u64,
}

/// Reads a log of drills.
pub fn read_drills(bytes: &[u8]) -> Drills {
    let (records, health) = records(bytes, |line| match serde_json::from_slice::<Line>(line) {
        Ok(read) if read.v == FORMAT => {
            let id = read.id;
            read.drill().map(|drill| (id, drill)).ok_or(Unread::Damaged)
        }
        _ => Err(unread(line, FORMAT)),
    });
    let last_id = records.iter().map(|(id, _)| *id).max().unwrap_or(0);
    Drills { drills: records.into_iter().map(|(_, drill)| drill).collect(), health, last_id }
}

/// The log of drills, open to be appended to.
#[derive(Debug)]
pub struct DrillLog {
    log: LogFile,
    last_id: u64,
}

impl DrillLog {
    pub(super) fn new(log: LogFile, read: &Drills) -> Self {
        Self { log, last_id: read.last_id }
    }

    /// Appends a drill. It is on the disk when this returns.
    ///
    /// # Errors
    /// [`StoreError::Io`]; what was appended before stays readable.
    pub fn append(&mut self, drill: &Drill) -> Result<(), StoreError> {
        self.last_id += 1;
        let mut line =
            serde_json::to_vec(&Line::of(drill, self.last_id)).expect("strings and finite numbers always serialise");
        line.push(b'\n');
        self.log.append(&line)
    }
}

/// Reads the log at `path`; none is an empty one.
pub(super) fn load(path: &Path) -> Result<Drills, StoreError> {
    Ok(disk::read(path)?.map(|bytes| read_drills(&bytes)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drill(result: DrillResult) -> Drill {
        Drill { card: CardId("a/b".to_owned()), at: Timestamp(1_772_389_800_123), took: Elapsed(61_000), result }
    }

    #[test]
    fn drills_read_as_documented_and_come_back() {
        let guess = Guess { guess: Range { low: 5.0, high: 15.0 }, truth: Range { low: 8.0, high: 12.5 } };
        let drills = [drill(DrillResult::Guess(guess)), drill(DrillResult::Talk(Talk { said: 3, points: 5 }))];
        let lines: Vec<String> =
            drills.iter().zip(7..).map(|(drill, id)| serde_json::to_string(&Line::of(drill, id)).unwrap()).collect();
        assert_eq!(
            lines.join("\n"),
            r#"{"v":1,"id":7,"card":"a/b","at":"2026-03-01T18:30:00.123Z","took_ms":61000,"guess":[5.0,15.0],"truth":[8.0,12.5]}
{"v":1,"id":8,"card":"a/b","at":"2026-03-01T18:30:00.123Z","took_ms":61000,"said":3,"points":5}"#
        );
        let read = read_drills(format!("{}\n", lines.join("\n")).as_bytes());
        assert_eq!((read.drills, read.last_id, read.health), (drills.to_vec(), 8, LogHealth::default()));
    }

    #[test]
    fn what_is_no_drill_is_skipped() {
        for line in [
            "{}",
            r#"{"v":1,"id":1,"card":"a","at":"2026-03-01T18:30:00Z","took_ms":1}"#,
            r#"{"v":1,"id":1,"card":"a","at":"2026-03-01T18:30:00Z","took_ms":1,"said":6,"points":5}"#,
            r#"{"v":1,"id":1,"card":"a","at":"2026-03-01T18:30:00Z","took_ms":1,"guess":[0,1],"truth":[1,2]}"#,
        ] {
            let read = read_drills(format!("{line}\n").as_bytes());
            assert_eq!((read.drills.len(), read.health.skipped), (0, 1), "{line}");
        }
    }
}
