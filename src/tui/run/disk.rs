//! What touches the disk: done in order, on a thread of its own, so that no key waits for a sync.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use crate::cards::Entry;
use crate::cards::drill::Drill;
use crate::clock::Timestamp;
use crate::content::{CardText, decks, misses};
use crate::design::{MOST_RECORDED_BYTES, Recording};
use crate::interview::{Record, Save};
use crate::source::LineIndex;
use crate::store::{DrillLog, ReviewLog, SessionFile, Store, StoreError, write_text};
use crate::tui::effect::Effect;
use crate::tui::event::{CardFiles, Done, WriteFailure};

/// Designs larger than this are not opened.
const LARGEST: u64 = 256 * 1024;

/// The store and the session that is open.
#[derive(Debug)]
pub struct Disk {
    store: Store,
    open: Option<SessionFile>,
    reviews: Option<ReviewLog>,
    drills: Option<DrillLog>,
}

impl Disk {
    /// A disk with no session open.
    pub fn new(store: Store) -> Self {
        Self { store, open: None, reviews: None, drills: None }
    }

    /// Performs an effect that is the disk's; returns what came of it. Other effects are none of its business.
    pub fn perform(&mut self, effect: Effect, now: Timestamp) -> Option<Done> {
        Some(match effect {
            Effect::CreateSession(record) => Done::Created(self.create(*record)),
            Effect::OpenSession(id) => Done::Opened(self.open(&id, now)),
            Effect::SaveSession(record, save) => Done::Saved(self.save(&record, save)),
            Effect::CloseSession => {
                self.open = None;
                return None;
            }
            Effect::LoadSession(id) => {
                Done::Loaded(self.store.load(&id, now).map(|loaded| Box::new(loaded.record)).map_err(said))
            }
            Effect::ListSessions => Done::Listed(self.store.sessions(now).map(Box::new).map_err(said)),
            Effect::ListSheets => Done::SheetsListed(self.store.sheets(now).map(Box::new).map_err(said)),
            Effect::OpenSheet(id) => {
                let result = self.store.load_sheet(&id, now).map_err(said);
                Done::SheetOpened(id, result)
            }
            Effect::SaveSheet { id, text } => {
                let result = self.store.save_sheet(&id, &text).map_err(said);
                Done::SheetSaved(id, result)
            }
            Effect::SaveSettings(settings) => {
                Done::SettingsSaved(self.store.save_settings(&settings, now).map(|()| settings).map_err(said))
            }
            Effect::LoadCards => Done::Cards(self.load_cards().map(Box::new).map_err(said)),
            Effect::AppendReviews(entries) => {
                let result = self.append_reviews(&entries).map_err(said);
                Done::Reviewed(entries, result)
            }
            Effect::AppendDrill(drill) => Done::Drilled(self.append_drill(&drill).map_err(said)),
            Effect::SaveDeck { stem, text } => {
                Done::DeckSaved(self.store.save_deck(&stem, &text).map(|path| (stem, path, text)).map_err(said))
            }
            Effect::KeepMisses(cards) => Done::MissesKept(self.keep_misses(&cards).map_err(said)),
            Effect::Write { path, text, force } => {
                let own = path.starts_with(self.store.paths().designs());
                let ready = if own { self.store.make_designs() } else { Ok(()) };
                let result = ready.and_then(|()| write_text(&path, &text, force)).map_err(|error| match error {
                    StoreError::Exists(_) => WriteFailure::Exists,
                    error => WriteFailure::Other(said(error)),
                });
                Done::Written { path, result }
            }
            Effect::Read(path) => Done::Read { result: read(&path), path },
            Effect::ReadRecording(path) => Done::RecordingRead { result: read_recording(&path), path },
            _ => return None,
        })
    }

    fn load_cards(&self) -> Result<CardFiles, StoreError> {
        let (decks, mut warnings) = self.store.decks()?;
        let (reviews, drills) = (self.store.reviews()?, self.store.drills()?);
        let paths = self.store.paths();
        warnings.extend(reviews.health.warning(&paths.reviews()));
        warnings.extend(drills.health.warning(&paths.drills()));
        Ok(CardFiles { decks, reviews, drills, warnings, utc_offset_minutes: utc_offset_minutes() })
    }

    fn append_reviews(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        let log = match &mut self.reviews {
            Some(log) => log,
            None => self.reviews.insert(self.store.open_reviews()?.0),
        };
        log.append(entries)
    }

    fn append_drill(&mut self, drill: &Drill) -> Result<(), StoreError> {
        let log = match &mut self.drills {
            Some(log) => log,
            None => self.drills.insert(self.store.open_drills()?.0),
        };
        log.append(drill)
    }

    fn keep_misses(&self, cards: &[CardText]) -> Result<usize, StoreError> {
        let (files, _) = self.store.decks()?;
        let is_misses = |path: &Path| path.file_stem().is_some_and(|stem| stem == decks::MISSES);
        let deck = files.into_iter().find(|deck| is_misses(&deck.path)).map(|deck| deck.text).unwrap_or_default();
        let (text, added) = misses::add(&deck, cards);
        if added > 0 {
            self.store.save_deck(decks::MISSES, &text)?;
        }
        Ok(added)
    }

    fn create(&mut self, mut record: Record) -> Result<(Box<Record>, std::path::PathBuf), String> {
        self.open = None;
        let file = self.store.create_session(&mut record).map_err(said)?;
        let folder = self.store.paths().sessions().join(file.id());
        self.open = Some(file);
        Ok((Box::new(record), folder))
    }

    fn open(&mut self, id: &str, now: Timestamp) -> Result<(Box<Record>, std::path::PathBuf, Vec<String>), String> {
        self.open = None;
        let (file, loaded) = self.store.open_session(id, now).map_err(said)?;
        let folder = self.store.paths().sessions().join(file.id());
        self.open = Some(file);
        Ok((Box::new(loaded.record), folder, loaded.warnings))
    }

    fn save(&mut self, record: &Record, save: Save) -> Result<(), String> {
        match &mut self.open {
            Some(file) => file.save(record, save).map_err(said),
            None => Err("the session has no folder".to_owned()),
        }
    }
}

/// Minutes east of UTC, by the system's zone.
#[allow(clippy::disallowed_methods, reason = "the disk's thread is outside of the screens")]
fn utc_offset_minutes() -> i32 {
    chrono::Local::now().offset().local_minus_utc() / 60
}

#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn said(error: StoreError) -> String {
    error.to_string()
}

fn read(path: &Path) -> Result<Option<String>, String> {
    read_up_to(path, LARGEST, "larger than 256 KB, no design of anyone's")
}

/// Arrivals from a file, or what is wrong with it and where.
fn read_recording(path: &Path) -> Result<Arc<Recording>, String> {
    let text = read_up_to(path, MOST_RECORDED_BYTES as u64, "larger than 32 MB, too many arrivals")?;
    let text = text.ok_or_else(|| format!("there is no file {}", path.display()))?;
    Recording::parse(&text).map(Arc::new).map_err(|found| {
        let at = LineIndex::new(&text).position(&text, found.span.start);
        format!("{}:{}:{}: {}", path.display(), at.line, at.column, found.message)
    })
}

fn read_up_to(path: &Path, most: u64, too_large: &str) -> Result<Option<String>, String> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(named(&error)),
        Ok(found) if !found.is_file() => return Err(named(&"not a file")),
        Ok(found) if found.len() > most => return Err(named(&too_large)),
        Ok(_) => {}
    }
    let bytes = std::fs::read(path).map_err(|error| named(&error))?;
    String::from_utf8(bytes).map(Some).map_err(|_| named(&"not UTF-8 text"))
}

/// The thread that has the disk.
#[derive(Debug)]
pub struct DiskThread {
    jobs: Option<Sender<(Effect, Timestamp)>>,
    done: Receiver<Done>,
    thread: Option<JoinHandle<()>>,
}

impl DiskThread {
    /// Hands the disk to a thread.
    pub fn start(disk: Disk) -> Self {
        let (jobs, waiting) = channel();
        let (tell, done) = channel();
        let work = move || work(disk, &waiting, &tell);
        let thread = std::thread::Builder::new().name("disk".to_owned()).spawn(work).ok();
        Self { jobs: Some(jobs), done, thread }
    }

    /// Has an effect performed after those before it.
    pub fn perform(&self, effect: Effect, now: Timestamp) {
        let lost = self.jobs.as_ref().is_none_or(|jobs| jobs.send((effect, now)).is_err());
        if lost {
            tracing::error!("the disk's thread is gone");
        }
    }

    /// What came of an effect, if something did since the last call.
    pub fn done(&self) -> Option<Done> {
        self.done.try_recv().ok()
    }

    /// Waits until everything is performed; returns what came of it.
    pub fn finish(mut self) -> Vec<Done> {
        self.jobs = None;
        let done: Vec<Done> = self.done.iter().collect();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            return vec![Done::Saved(Err("the disk's thread failed".to_owned()))];
        }
        done
    }
}

impl Drop for DiskThread {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // Whatever was handed over is written before the program goes, whyever it does.
            let _ = thread.join();
        }
    }
}

fn work(mut disk: Disk, waiting: &Receiver<(Effect, Timestamp)>, tell: &Sender<Done>) {
    while let Ok(first) = waiting.recv() {
        let mut jobs = vec![first];
        jobs.extend(waiting.try_iter());
        for (effect, now) in without_stale_saves(jobs) {
            if let Some(done) = disk.perform(effect, now) {
                // Nobody may be listening any more; the work is done all the same.
                let _ = tell.send(done);
            }
        }
    }
}

/// Of saves in a row only the last is needed, as whole as the most whole of them: a slow disk falls behind by one, not by a queue.
fn without_stale_saves(jobs: Vec<(Effect, Timestamp)>) -> Vec<(Effect, Timestamp)> {
    let mut kept: Vec<(Effect, Timestamp)> = Vec::with_capacity(jobs.len());
    for (effect, now) in jobs {
        let effect = match (kept.last(), effect) {
            (Some((Effect::SaveSession(_, before), _)), Effect::SaveSession(record, save)) => {
                let save = save.max(*before);
                kept.pop();
                Effect::SaveSession(record, save)
            }
            (Some((Effect::SaveSheet { id: before, .. }, _)), Effect::SaveSheet { id, text }) if *before == id => {
                kept.pop();
                Effect::SaveSheet { id, text }
            }
            (_, effect) => effect,
        };
        kept.push((effect, now));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_disk_skips_saves_that_a_later_one_makes_needless() {
        let save = |minutes, save| {
            (Effect::SaveSession(Box::new(Record { minutes, ..Record::default() }), save), Timestamp(0))
        };
        let close = (Effect::CloseSession, Timestamp(0));
        let jobs = vec![save(1, Save::Whole), save(2, Save::Typing), close.clone(), save(3, Save::Typing)];
        assert_eq!(without_stale_saves(jobs), [save(2, Save::Whole), close, save(3, Save::Typing)]);
        let sheet =
            |id: &str, text: &str| (Effect::SaveSheet { id: id.to_owned(), text: text.to_owned() }, Timestamp(0));
        let jobs = vec![sheet("a", "1"), sheet("a", "12"), sheet("b", "3"), sheet("a", "124")];
        assert_eq!(without_stale_saves(jobs), [sheet("a", "12"), sheet("b", "3"), sheet("a", "124")]);
    }
}
