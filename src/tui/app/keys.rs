//! What can be done everywhere, and every key table there is.

use super::App;
use crate::tui::effect::{Confirm, Effect, Notice, Purpose, Request};
use crate::tui::keymap::{Chord, Grip, KeySection, KeyTable, Keymap, bind};
use crate::tui::overlays::{Overlay, confirm, help, palette, prompt, search};
use crate::tui::panes::design::DesignPane;
use crate::tui::panes::editor::Editor;
use crate::tui::panes::run::RunPane;
use crate::tui::panes::{popup, reader, scroll, sheet::SheetPane};
use crate::tui::screens::{Screen, cards, debrief, estimate, home, interview, lab, library, settings};
use crate::tui::widgets::{Input, List};

/// What can be done everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Every key that works here.
    Help,
    /// Every action, by name.
    Palette,
    /// One box over the whole bank.
    Search,
    /// Leaves the program.
    Quit,
    /// Copies the selection, or leaves the program.
    Interrupt,
    /// Stops the process.
    Suspend,
    /// The next theme.
    Theme,
    /// Whether the mouse is the program's or the terminal's.
    Mouse,
}

/// The keys that work everywhere.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "global",
    title: "Everywhere",
    grip: Grip::Shares,
    bindings: &[
        bind(Action::Help, "help", &[Chord::f(1), Chord::char('?')], "help", "Every key that works here"),
        bind(Action::Palette, "palette", &[Chord::ctrl('p'), Chord::char(':')], "", "Every action, by name"),
        bind(
            Action::Search,
            "search",
            &[Chord::ctrl('f'), Chord::char('/')],
            "search",
            "Search the whole bank; what is found is read here",
        ),
        bind(Action::Quit, "quit", &[Chord::char('q'), Chord::ctrl('q')], "quit", "Leave; whatever can be saved is"),
        bind(
            Action::Interrupt,
            "interrupt",
            &[Chord::ctrl('c')],
            "",
            "Copy the selection; where nothing is selected, leave",
        ),
        bind(Action::Suspend, "suspend", &[Chord::ctrl('z')], "", "Back to the shell for a while (outside of texts)"),
        bind(Action::Theme, "theme", &[Chord::f(12)], "", "Another theme"),
        bind(
            Action::Mouse,
            "mouse",
            &[Chord::alt('m')],
            "",
            "Give the mouse to the terminal (to select text with it), or take it back",
        ),
    ],
};

/// Every key table of the program, for the settings, the guide and the tests.
pub fn tables() -> Vec<KeySection> {
    let keymap = &Keymap::default();
    let mut tables = vec![
        KEYS.section(keymap),
        home::KEYS.section(keymap),
        home::FILTER_KEYS.section(keymap),
        lab::KEYS.section(keymap),
        lab::FAULT_KEYS.section(keymap),
        debrief::KEYS.section(keymap),
        estimate::KEYS.section(keymap),
        estimate::SHEETS_KEYS.section(keymap),
        settings::KEYS.section(keymap),
        library::KEYS.section(keymap),
        library::PAGE_KEYS.section(keymap),
        library::NARROW_KEYS.section(keymap),
    ];
    tables.extend(interview::tables(keymap));
    tables.extend(cards::tables(keymap));
    tables.extend([
        Editor::KEYS.section(keymap),
        DesignPane::COMPLETION_KEYS.section(keymap),
        SheetPane::KEYS.section(keymap),
        popup::KEYS.section(keymap),
        DesignPane::DIAGRAM_KEYS.section(keymap),
        RunPane::KEYS.section(keymap),
        reader::KEYS.section(keymap),
        scroll::KEYS.section(keymap),
        List::KEYS.section(keymap),
        Input::KEYS.section(keymap),
        prompt::KEYS.section(keymap),
        confirm::KEYS.section(keymap),
        help::KEYS.section(keymap),
        palette::KEYS.section(keymap),
        search::KEYS.section(keymap),
        search::PAGE_KEYS.section(keymap),
    ]);
    tables
}

impl App {
    /// Does the action of that name, whoever's it is.
    pub(super) fn perform(&mut self, table: &str, name: &str) -> Vec<Request> {
        if table == KEYS.id {
            return KEYS.named(name).map_or_else(Vec::new, |action| self.act(action));
        }
        let (screen, ctx) = self.parts();
        screen.perform(table, name, &ctx)
    }

    pub(super) fn act(&mut self, action: Action) -> Vec<Request> {
        match action {
            Action::Help => self.overlay = Some(Overlay::help(&self.sections())),
            Action::Palette => self.overlay = Some(Overlay::palette(&self.sections())),
            Action::Search => {
                let leads = matches!(self.screen, Screen::Library(_));
                let closed = match self.screen {
                    Screen::Interview(_) => interview::CLOSED,
                    _ => &[],
                };
                self.overlay = Some(Overlay::search(self.bank.clone(), leads, closed));
                if self.bank.index_at_hand().is_none() {
                    return vec![Request::Do(Effect::Index)];
                }
            }
            Action::Quit => return self.ask_to_quit(),
            Action::Interrupt => {
                if let Some(text) = self.screen.copy().filter(|_| self.overlay.is_none()) {
                    let told = format!("copied {} characters", text.chars().count());
                    return vec![Request::Do(Effect::Copy(text)), Request::Notify(Notice::good(told))];
                }
                return self.ask_to_quit();
            }
            Action::Suspend => return vec![Request::Do(Effect::Suspend)],
            Action::Theme => return vec![self.next_theme()],
            Action::Mouse => {
                self.mouse = !self.mouse;
                let told = if self.mouse {
                    "the mouse works here again"
                } else {
                    "the mouse is the terminal's: select text with it"
                };
                return vec![Request::Do(Effect::Mouse(self.mouse)), Request::Notify(Notice::plain(told))];
            }
        }
        Vec::new()
    }

    /// Leaves, unless something would be lost: then it is asked, and asking again leaves.
    fn ask_to_quit(&mut self) -> Vec<Request> {
        let unsaved = matches!(&self.screen, Screen::Lab(lab) if lab.unsaved());
        let asked = matches!(&self.overlay, Some(Overlay::Confirm(_)));
        if !unsaved || asked {
            return vec![Request::Do(Effect::Quit)];
        }
        let question =
            "The design has changes that are not saved. Leave? (What is not saved is put beside your designs.)";
        vec![Request::Confirm(Box::new(Confirm {
            purpose: Purpose::Discard(Box::new(Request::Do(Effect::Quit))),
            question: question.to_owned(),
            yes: "leave",
        }))]
    }

    fn next_theme(&self) -> Request {
        let themes: Vec<String> = self.bank.themes().into_keys().collect();
        let at = themes.iter().position(|id| *id == self.theme.id).map_or(0, |at| at + 1);
        let mut chosen = self.settings.clone();
        chosen.theme = themes.get(at % themes.len().max(1)).cloned();
        Request::Settings(Box::new(chosen))
    }
}
