//! The flashcards: decks, review, browse, drills, statistics. One screen with several rooms, which share what was read from the disk.

mod browse;
mod decks;
mod drill;
mod edit;
mod heat;
mod orphans;
mod review;
mod statistics;
mod world;

use ratatui::layout::Rect;

use self::world::World;
use crate::cards::{Entry, Mode, Scope};
use crate::tui::context::Context;
use crate::tui::effect::{Destination, Effect, Notice, Purpose, Request};
use crate::tui::event::{Done, Event, What};
use crate::tui::keymap::{KeySection, Keymap};
use crate::tui::theme::Role;
use crate::tui::widgets::Canvas;

/// The flashcards on the screen.
#[derive(Clone, Debug)]
pub struct State {
    /// What was read from the disk; `None` until it was.
    world: Option<World>,
    room: Room,
    /// A card being written, over the room.
    edit: Option<Box<edit::Edit>>,
    /// A session to be begun once everything is read.
    asked: Option<(Scope, Mode)>,
    /// Where one was among the decks.
    among_decks: decks::Place,
}

/// A room of the screen.
#[derive(Clone, Debug)]
enum Room {
    Decks(decks::Decks),
    Review(Box<review::Review>),
    Browse(browse::Browse),
    Drill(Box<drill::Drilling>),
    Statistics(Box<statistics::Shown>),
    Orphans(orphans::Orphans),
}

/// What a room asks of the screen.
#[derive(Clone, Debug)]
enum Step {
    /// Something of the app.
    Ask(Request),
    /// Another room.
    Go(Door),
    /// A card is to be written.
    Edit(Box<edit::Edit>),
    /// Entries for the review log that no session gives.
    Keep(Vec<Entry>),
}

/// Where a room leads.
#[derive(Clone, Debug)]
enum Door {
    Decks,
    Review(Scope, Mode),
    Browse,
    Drill(drill::Kind),
    Statistics,
    Orphans,
}

impl From<Request> for Step {
    fn from(request: Request) -> Self {
        Self::Ask(request)
    }
}

/// Every key table of the screen.
pub fn tables(keymap: &Keymap) -> Vec<KeySection> {
    vec![
        decks::KEYS.section(keymap),
        review::KEYS.section(keymap),
        review::QUESTION_KEYS.section(keymap),
        review::TYPE_KEYS.section(keymap),
        review::ANSWER_KEYS.section(keymap),
        review::END_KEYS.section(keymap),
        browse::KEYS.section(keymap),
        browse::FILTER_KEYS.section(keymap),
        drill::KEYS.section(keymap),
        drill::GUESS_KEYS.section(keymap),
        drill::NEXT_KEYS.section(keymap),
        drill::TALK_KEYS.section(keymap),
        drill::CHECK_KEYS.section(keymap),
        statistics::KEYS.section(keymap),
        orphans::KEYS.section(keymap),
        edit::KEYS.section(keymap),
    ]
}

impl State {
    /// The flashcards; with a session, that one as soon as everything is read.
    pub fn new(session: Option<(Scope, Mode)>) -> Self {
        Self {
            world: None,
            room: Room::Decks(decks::Decks::default()),
            edit: None,
            asked: session,
            among_decks: decks::Place::default(),
        }
    }

    /// Takes in an event.
    pub fn update(&mut self, event: &Event, ctx: &Context<'_>) -> Vec<Request> {
        if let What::Done(done) = &event.what {
            return self.done(done, ctx);
        }
        let Some(world) = &mut self.world else {
            // Nothing is there yet, but nobody is kept.
            return match event.what {
                What::Key(chord) if decks::leaves(chord, ctx) => vec![Request::Go(Destination::Home)],
                _ => Vec::new(),
            };
        };
        let steps = match (&mut self.edit, &mut self.room) {
            (Some(edit), _) => match edit.update(event, world, ctx) {
                edit::Outcome::Stay(requests) => requests.into_iter().map(Step::Ask).collect(),
                edit::Outcome::Close => {
                    self.edit = None;
                    Vec::new()
                }
            },
            (None, Room::Decks(room)) => room.update(event, world, ctx),
            (None, Room::Review(room)) => room.update(event, world, ctx),
            (None, Room::Browse(room)) => room.update(event, world, ctx),
            (None, Room::Drill(room)) => room.update(event, world, ctx),
            (None, Room::Statistics(room)) => room.update(event, ctx),
            (None, Room::Orphans(room)) => room.update(event, world, ctx),
        };
        self.serve(steps, ctx)
    }

    fn serve(&mut self, steps: Vec<Step>, ctx: &Context<'_>) -> Vec<Request> {
        let mut requests = Vec::new();
        for step in steps {
            match step {
                Step::Ask(request) => requests.push(request),
                Step::Edit(edit) => self.edit = Some(edit),
                Step::Keep(entries) => {
                    if let Some(world) = &mut self.world {
                        world.written(&entries);
                        match &mut self.room {
                            Room::Browse(browse) => browse.refresh(world, ctx),
                            Room::Orphans(orphans) => orphans.refresh(world),
                            _ => {}
                        }
                    }
                    requests.push(Request::Do(Effect::AppendReviews(entries)));
                }
                Step::Go(door) => self.enter(door, ctx),
            }
        }
        requests
    }

    fn enter(&mut self, door: Door, ctx: &Context<'_>) {
        let Some(world) = &mut self.world else { return };
        if let Room::Review(review) = &self.room {
            world.learned(review.session());
        }
        if let Room::Decks(decks) = &self.room {
            self.among_decks = decks.place();
        }
        self.room = match door {
            Door::Decks => Room::Decks(decks::Decks::new(world, &self.among_decks, ctx)),
            Door::Review(scope, mode) => Room::Review(Box::new(review::Review::new(world, scope, mode, ctx))),
            Door::Browse => Room::Browse(browse::Browse::new(world, ctx)),
            Door::Orphans => Room::Orphans(orphans::Orphans::new(world)),
            Door::Drill(kind) => Room::Drill(Box::new(drill::Drilling::new(kind, world, ctx))),
            Door::Statistics => Room::Statistics(Box::new(statistics::Shown::new(world, ctx))),
        };
    }

    fn done(&mut self, done: &Done, ctx: &Context<'_>) -> Vec<Request> {
        match done {
            Done::Cards(Ok(files)) => {
                let (world, mut warnings) = World::new(files, ctx);
                warnings.extend(files.warnings.iter().cloned());
                self.room = Room::Decks(decks::Decks::new(&world, &self.among_decks, ctx));
                self.world = Some(world);
                if let Some((scope, mode)) = self.asked.take() {
                    self.enter(Door::Review(scope, mode), ctx);
                }
                warnings.into_iter().take(1).map(|warning| Request::Notify(Notice::bad(warning))).collect()
            }
            Done::Cards(Err(why)) => vec![Request::Notify(Notice::bad(why.clone())), Request::Go(Destination::Home)],
            Done::Reviewed(entries, result) => self.reviewed(entries, result.as_ref().err(), ctx),
            Done::Drilled(Err(why)) => vec![Request::Notify(Notice::bad(format!("this was not saved: {why}")))],
            Done::DeckSaved(result) => self.deck_saved(result, ctx),
            Done::Edited(result) => match &mut self.edit {
                Some(edit) => edit.edited(result),
                None => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// Entries are on the disk, or could not be written.
    fn reviewed(&mut self, entries: &[Entry], failure: Option<&String>, ctx: &Context<'_>) -> Vec<Request> {
        if let Room::Review(review) = &mut self.room
            && review.waits_for(entries)
        {
            return review.saved(entries, failure, ctx);
        }
        let (Some(why), Some(world)) = (failure, &mut self.world) else { return Vec::new() };
        world.unwritten(entries);
        match &mut self.room {
            Room::Browse(browse) => browse.refresh(world, ctx),
            Room::Orphans(orphans) => orphans.refresh(world),
            _ => {}
        }
        vec![Request::Notify(Notice::bad(format!("this was not saved: {why}")))]
    }

    fn deck_saved(
        &mut self,
        result: &Result<(String, std::path::PathBuf, String), String>,
        ctx: &Context<'_>,
    ) -> Vec<Request> {
        let (path, text) = match result {
            Ok((_, path, text)) => (path, text),
            Err(why) => {
                if let Some(edit) = &mut self.edit {
                    edit.refused();
                }
                return vec![Request::Notify(Notice::bad(format!("the card was not saved: {why}")))];
            }
        };
        let Some(world) = &mut self.world else { return Vec::new() };
        world.deck_changed(path, text, ctx);
        let written = self.edit.take().map(|edit| edit.id);
        let card = written.and_then(|id| world.collection.card(&id).cloned());
        match (&mut self.room, card) {
            (Room::Review(review), Some(card)) => review.rewritten(card),
            (Room::Browse(browse), _) => browse.refresh(world, ctx),
            _ => {}
        }
        vec![Request::Notify(Notice::good(format!("in {}", path.display())))]
    }

    /// Takes the answer to a prompt.
    pub fn answered(&mut self, purpose: &Purpose, text: &str, ctx: &Context<'_>) -> Vec<Request> {
        if let (Purpose::Tag, Room::Decks(decks), Some(world)) = (purpose, &mut self.room, &self.world) {
            return decks.tagged(text, world, ctx);
        }
        Vec::new()
    }

    /// Whether unmodified characters are text now.
    pub fn takes_text(&self) -> bool {
        self.edit.is_some()
            || match &self.room {
                Room::Review(room) => room.takes_text(),
                Room::Browse(room) => room.takes_text(),
                Room::Drill(room) => room.takes_text(),
                Room::Decks(_) | Room::Statistics(_) | Room::Orphans(_) => false,
            }
    }

    /// Takes the selected text for the clipboard and drops the selection.
    pub fn copy(&mut self) -> Option<String> {
        self.edit.as_mut()?.copy()
    }

    /// The tables that are reachable, the nearest first.
    pub fn sections(&self, ctx: &Context<'_>) -> Vec<KeySection> {
        let Some(world) = &self.world else { return Vec::new() };
        match (&self.edit, &self.room) {
            (Some(_), _) => edit::Edit::sections(ctx),
            (None, Room::Decks(_)) => decks::Decks::sections(ctx),
            (None, Room::Review(room)) => room.sections(ctx),
            (None, Room::Browse(room)) => room.sections(world, ctx),
            (None, Room::Drill(room)) => room.sections(ctx),
            (None, Room::Statistics(_)) => statistics::Shown::sections(ctx),
            (None, Room::Orphans(_)) => orphans::Orphans::sections(ctx),
        }
    }

    /// Does the action of that name.
    pub fn perform(&mut self, table: &str, name: &str, ctx: &Context<'_>) -> Vec<Request> {
        let Some(world) = &mut self.world else { return Vec::new() };
        let steps = match (&mut self.edit, &mut self.room) {
            (Some(edit), _) => match edit.perform(table, name, world) {
                edit::Outcome::Stay(requests) => requests.into_iter().map(Step::Ask).collect(),
                edit::Outcome::Close => {
                    self.edit = None;
                    Vec::new()
                }
            },
            (None, Room::Decks(room)) => room.perform(table, name, world, ctx),
            (None, Room::Review(room)) => room.perform(table, name, world, ctx),
            (None, Room::Browse(room)) => room.perform(table, name, world, ctx),
            (None, Room::Drill(room)) => room.perform(table, name, world, ctx),
            (None, Room::Statistics(room)) => room.perform(table, name),
            (None, Room::Orphans(room)) => room.perform(table, name, world, ctx),
        };
        self.serve(steps, ctx)
    }

    /// Draws the screen.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, ctx: &Context<'_>) {
        let Some(world) = &self.world else {
            canvas.put(area, 0, " Reading your cards ...", Role::Muted);
            return;
        };
        match (&self.edit, &self.room) {
            (Some(edit), _) => edit.draw(canvas, area),
            (None, Room::Decks(room)) => room.draw(canvas, area, ctx),
            (None, Room::Review(room)) => room.draw(canvas, area, ctx),
            (None, Room::Browse(room)) => room.draw(canvas, area, world, ctx),
            (None, Room::Drill(room)) => room.draw(canvas, area, ctx),
            (None, Room::Statistics(room)) => room.draw(canvas, area),
            (None, Room::Orphans(room)) => room.draw(canvas, area),
        }
    }
}

/// A span of days or less, as it stands over a button: `10m`, `8d`, `3.2mo`, `1.4y`.
fn short_span(elapsed: crate::clock::Elapsed) -> String {
    let minutes = elapsed.0 as f64 / 60_000.0;
    let days = minutes / 1440.0;
    match () {
        () if minutes < 1.0 => "<1m".to_owned(),
        () if minutes < 60.0 => format!("{minutes:.0}m"),
        () if days < 1.0 => format!("{:.0}h", minutes / 60.0),
        () if days < 30.0 => format!("{days:.0}d"),
        () if days < 365.0 => format!("{:.1}mo", days / 30.44),
        () => format!("{:.1}y", days / 365.25),
    }
}

/// `1 card`, `12 cards`.
fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// A share as `87%`; a dash where there is none.
fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), |share| format!("{:.0}%", share * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Elapsed;

    #[track_caller]
    fn check(minutes: u64, expected: &str) {
        assert_eq!(short_span(Elapsed::minutes(minutes)), expected);
    }

    #[test]
    fn spans_are_short_enough_for_a_button() {
        check(0, "<1m");
        check(10, "10m");
        check(90, "2h");
        check(8 * 1440, "8d");
        check(46 * 1440, "1.5mo");
        check(498 * 1440, "1.4y");
        check(36_500 * 1440, "99.9y");
    }
}
