//! Writing a card: a new one, or the user's own words for one that doesn't stick.

use crossterm::event::KeyCode;
use ratatui::layout::{Constraint, Rect};

use super::world::World;
use crate::cards::{Card, CardId};
use crate::content::card_text;
use crate::tui::context::Context;
use crate::tui::effect::{Effect, Notice, Request};
use crate::tui::event::{Event, What};
use crate::tui::keymap::{Chord, Grip, KeySection, KeyTable, bind};
use crate::tui::panes::editor::{Editor, Reaction, Shown};
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, rows, wrap};

/// The file of cards that were written here, without its ending.
const MINE: &str = "mine";

/// What can be done beside writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// That's it.
    Save,
    /// In the user's own editor.
    Outside,
    /// Leaves it as it was.
    Cancel,
}

/// The keys.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "card-editor",
    title: "Writing a card",
    grip: Grip::Shares,
    bindings: &[
        bind(Action::Save, "save", &[Chord::ctrl('s')], "save", "Save the card in your own deck"),
        bind(Action::Outside, "outside", &[Chord::ctrl('g')], "", "Write it in your own editor ($VISUAL or $EDITOR)"),
        bind(Action::Cancel, "cancel", &[Chord::code(KeyCode::Esc)], "cancel", "Leave it as it was"),
    ],
};

/// What a key came to.
pub(super) enum Outcome {
    Stay(Vec<Request>),
    Close,
}

/// A card being written.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    /// The card; of a new one, what its words make of it once it is saved.
    pub id: CardId,
    /// The id that stands over the card; `None` for a new one.
    written: Option<String>,
    stem: String,
    editor: Editor,
    saving: bool,
}

impl Edit {
    /// The card in its owner's words.
    pub fn of(card: &Card, world: &World) -> Self {
        let (text, written) = world.source(card);
        let (stem, _) = world.deck_for(&card.id);
        Self {
            id: card.id.clone(),
            written: Some(written),
            stem,
            editor: Editor::prose(text.trim_end()),
            saving: false,
        }
    }

    /// A new card.
    pub fn new_card() -> Self {
        let editor = Editor::prose("Q: \nA: ");
        Self { id: CardId(String::new()), written: None, stem: MINE.to_owned(), editor, saving: false }
    }

    pub fn update(&mut self, event: &Event, world: &World, ctx: &Context<'_>) -> Outcome {
        match &event.what {
            What::Key(chord) => match KEYS.find(ctx.keymap, *chord) {
                Some(action) => return self.act(action, world),
                None => return reacted(self.editor.key(ctx.keymap, *chord)),
            },
            What::Paste(text) => return reacted(self.editor.paste(text)),
            _ => {}
        }
        Outcome::Stay(Vec::new())
    }

    fn act(&mut self, action: Action, world: &World) -> Outcome {
        match action {
            Action::Cancel => Outcome::Close,
            Action::Outside => {
                Outcome::Stay(vec![Request::Do(Effect::Edit { text: self.editor.text(), ending: ".md" })])
            }
            Action::Save if self.saving => Outcome::Stay(Vec::new()),
            Action::Save => Outcome::Stay(match self.deck(world) {
                Ok(text) => {
                    self.saving = true;
                    vec![Request::Do(Effect::SaveDeck { stem: self.stem.clone(), text })]
                }
                Err(why) => vec![Request::Notify(Notice::bad(why))],
            }),
        }
    }

    pub fn perform(&mut self, table: &str, name: &str, world: &World) -> Outcome {
        let action = if table == KEYS.id { KEYS.named(name) } else { None };
        action.map_or_else(|| Outcome::Stay(Vec::new()), |action| self.act(action, world))
    }

    /// The deck with the card in it, or why there is none.
    fn deck(&mut self, world: &World) -> Result<String, String> {
        let text = self.editor.text();
        let (cards, findings) = card_text::read(&text);
        let first = cards.first().ok_or_else(|| {
            findings.first().map_or_else(|| "a card needs 'Q:' and 'A:'".to_owned(), |found| found.message.clone())
        })?;
        if cards.iter().any(|card| card.span != first.span) {
            return Err("one card at a time".to_owned());
        }
        let before = world.collection.deck(&self.stem).map(|deck| deck.file.text.to_string()).unwrap_or_default();
        if let Some(written) = &self.written {
            return Ok(card_text::put_block(&before, written, &text));
        }
        let id = CardId(first.id.clone());
        if world.collection.card(&id).is_some() {
            return Err(format!("there is a card with the id '{id}'"));
        }
        self.id = id;
        Ok(card_text::put_block(&before, card_text::written_id(first), &text))
    }

    /// Takes the text as the user's own editor left it.
    pub fn edited(&mut self, result: &Result<String, String>) -> Vec<Request> {
        match result {
            Ok(text) => {
                self.editor.set_text(text.trim_end());
                Vec::new()
            }
            Err(why) => vec![Request::Notify(Notice::bad(why.clone()))],
        }
    }

    /// The disk has it, or could not take it.
    pub fn refused(&mut self) {
        self.saving = false;
    }

    pub fn copy(&mut self) -> Option<String> {
        self.editor.copy()
    }

    pub fn sections(ctx: &Context<'_>) -> Vec<KeySection> {
        vec![Editor::KEYS.section(ctx.keymap), KEYS.section(ctx.keymap)]
    }

    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let advice = "Q: and A: for a question, C: with [gaps] for a sentence, Choose: for a choice. The id keeps the card's progress.";
        let advice = wrap(advice, usize::from(area.width).saturating_sub(2));
        let [title, pane, below] =
            rows(area, [Constraint::Length(1), Constraint::Min(3), Constraint::Length(advice.len().min(3) as u16)]);
        let words = if self.written.is_some() { " A card in your own words" } else { " A new card" };
        canvas.put_styled(title, 0, words, canvas.theme.bold(Role::Accent));
        let inner = canvas.pane(pane, "Card", &format!("decks/{}.md", self.stem), true);
        self.editor.draw(canvas, inner, &Shown { focused: true, placeholder: "Q: ...", ..Shown::default() });
        let below = Rect { x: below.x + 1.min(below.width), width: below.width.saturating_sub(1), ..below };
        for (row, line) in advice.iter().enumerate() {
            canvas.put(below, row as u16, line, Role::Muted);
        }
    }
}

fn reacted(reaction: Reaction) -> Outcome {
    Outcome::Stay(match reaction {
        Reaction::Copied(text, _) => vec![Request::Do(Effect::Copy(text))],
        Reaction::Full => vec![Request::Notify(Notice::bad("there is no room for that"))],
        Reaction::Ignored | Reaction::Moved | Reaction::Edited => Vec::new(),
    })
}
