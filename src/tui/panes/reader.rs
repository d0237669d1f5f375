//! A page of the bank to be read: scrolled, its links followed, with a way back. The library and the search show it.

use crossterm::event::{KeyCode, KeyModifiers};
use ratatui::layout::{Position, Rect};

use super::scroll::{self, Scroll};
use crate::content::{Bank, ItemKind};
use crate::tui::effect::{Effect, Notice, Request};
use crate::tui::event::{Mouse, MouseKind};
use crate::tui::keymap::{Chord, Grip, KeySection, KeyTable, Keymap, bind};
use crate::tui::widgets::{Canvas, MarkdownView, markdown};

/// A line wider than this is hard to read.
const WIDEST: u16 = 100;
/// Lines the wheel scrolls.
const WHEEL: isize = 3;
/// Pages that can be gone back to.
const LONGEST_WAY: usize = 100;

/// What can be done with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Marks the next link.
    NextLink,
    /// Marks the link before.
    PreviousLink,
    /// Follows the marked link.
    Follow,
    /// Back to the page before.
    Back,
    /// The next page of the shelf.
    Next,
    /// The page of the shelf before.
    Previous,
}

/// The keys of a page.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "page",
    title: "Page",
    grip: Grip::Shares,
    bindings: &[
        bind(Action::NextLink, "next-link", &[Chord::code(KeyCode::Tab)], "link", "Mark the next link"),
        bind(Action::PreviousLink, "previous-link", &[Chord::code(KeyCode::BackTab)], "", "Mark the link before"),
        bind(
            Action::Follow,
            "follow",
            &[Chord::code(KeyCode::Enter)],
            "follow",
            "Follow the marked link; an address outside is copied",
        ),
        bind(
            Action::Back,
            "back",
            &[
                Chord::code(KeyCode::Backspace),
                Chord::with(KeyModifiers::ALT, KeyCode::Left),
                Chord::code(KeyCode::Left),
                Chord::char('h'),
            ],
            "back",
            "Back to the page that the link was on",
        ),
        bind(Action::Next, "next", &[Chord::char('n')], "next", "The next page of this shelf"),
        bind(Action::Previous, "previous", &[Chord::char('N'), Chord::char('p')], "", "The page of this shelf before"),
    ],
};

/// A page that is being read, and how one came to it.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    page: Option<Page>,
    way: Vec<Page>,
    /// Kinds that no link leads to.
    closed: &'static [ItemKind],
}

#[derive(Clone, Debug)]
struct Page {
    id: String,
    kind: ItemKind,
    view: MarkdownView,
}

impl Reader {
    /// A reader in which no link leads to a page of these kinds.
    pub fn closed(closed: &'static [ItemKind]) -> Self {
        Self { closed, ..Self::default() }
    }

    /// Opens the page with that id and forgets the way to the one before; whether there is one.
    pub fn open(&mut self, bank: &Bank, id: &str) -> bool {
        let page = page(bank, id);
        let found = page.is_some();
        self.way.clear();
        self.page = page;
        found
    }

    /// Opens the page with that id from the one shown, which can be gone back to; whether there is one.
    pub fn go(&mut self, bank: &Bank, id: &str) -> bool {
        let Some(next) = page(bank, id) else { return false };
        self.way.extend(self.page.replace(next));
        if self.way.len() > LONGEST_WAY {
            self.way.remove(0);
        }
        true
    }

    /// Back to the page before; whether there was one.
    pub fn back(&mut self) -> bool {
        match self.way.pop() {
            Some(page) => {
                self.page = Some(page);
                true
            }
            None => false,
        }
    }

    /// Id of the page that is shown.
    pub fn id(&self) -> Option<&str> {
        self.page.as_ref().map(|page| page.id.as_str())
    }

    /// What the page is about.
    pub fn kind(&self) -> Option<ItemKind> {
        self.page.as_ref().map(|page| page.kind)
    }

    /// How many pages can be gone back.
    pub fn depth(&self) -> usize {
        self.way.len()
    }

    /// Takes a key, drawn in `area`; `None` if it means nothing to a page. Next, previous and a way back that has ended are the caller's.
    pub fn key(&mut self, chord: Chord, keymap: &Keymap, bank: &Bank, area: Rect) -> Option<Moved> {
        if let Some(action) = KEYS.find(keymap, chord) {
            return Some(self.act(action, bank, area));
        }
        let scroll = scroll::KEYS.find(keymap, chord)?;
        self.scroll(scroll, area);
        Some(Moved::Here(Vec::new()))
    }

    /// Does an action.
    pub fn act(&mut self, action: Action, bank: &Bank, area: Rect) -> Moved {
        match action {
            Action::NextLink => self.mark(1, area),
            Action::PreviousLink => self.mark(-1, area),
            Action::Follow => return self.follow(bank, area),
            Action::Back if self.back() => {}
            Action::Back => return Moved::Out,
            Action::Next => return Moved::Next,
            Action::Previous => return Moved::Previous,
        }
        Moved::Here(Vec::new())
    }

    fn scroll(&mut self, scroll: Scroll, area: Rect) {
        let text = text_area(area);
        if let Some(page) = &mut self.page {
            page.view.prepare(text.width);
            page.view.scroll = scroll.apply(page.view.scroll, page.view.lines(), usize::from(text.height));
        }
    }

    /// Marks the link `by` places on: the first on the screen if none is marked.
    fn mark(&mut self, by: isize, area: Rect) {
        let text = text_area(area);
        let Some(page) = &mut self.page else { return };
        page.view.prepare(text.width);
        let count = page.view.links().len();
        if count == 0 {
            return;
        }
        let visible = page.view.scroll..page.view.scroll + usize::from(text.height);
        let shown = |at: &usize| visible.contains(&page.view.links()[*at].line);
        let next = match page.view.link {
            Some(at) => (at as isize + by).rem_euclid(count as isize) as usize,
            None if by > 0 => (0..count)
                .find(shown)
                .unwrap_or_else(|| (0..count).find(|at| page.view.links()[*at].line >= visible.start).unwrap_or(0)),
            None => (0..count).rev().find(shown).unwrap_or(count - 1),
        };
        page.view.link = Some(next);
        let line = page.view.links()[next].line;
        if !visible.contains(&line) {
            let last = page.view.lines().saturating_sub(usize::from(text.height));
            page.view.scroll = line.saturating_sub(usize::from(text.height) / 2).min(last);
        }
    }

    fn follow(&mut self, bank: &Bank, area: Rect) -> Moved {
        let Some(page) = &mut self.page else { return Moved::Out };
        page.view.prepare(text_area(area).width);
        let links = page.view.links();
        let Some(link) = page.view.link.and_then(|at| links.get(at)) else {
            let said = if links.is_empty() { "this page has no links" } else { "no link is marked: Tab marks one" };
            return Moved::Here(vec![Request::Notify(Notice::plain(said))]);
        };
        let target = link.target.clone();
        self.lead_to(bank, &target)
    }

    fn lead_to(&mut self, bank: &Bank, target: &str) -> Moved {
        if bank.title(target).is_some_and(|(kind, _)| self.closed.contains(&kind)) {
            return Moved::Here(vec![Request::Notify(Notice::plain("that page opens after the interview"))]);
        }
        if self.go(bank, target) {
            return Moved::Here(Vec::new());
        }
        let outside = target.contains("://") || target.starts_with("mailto:");
        let requests = if outside {
            vec![
                Request::Do(Effect::Copy(target.to_owned())),
                Request::Notify(Notice::good(format!("copied {target}"))),
            ]
        } else {
            vec![Request::Notify(Notice::bad(format!("nothing in the bank has the id '{target}'")))]
        };
        Moved::Here(requests)
    }

    /// Takes the mouse, drawn in `area`.
    pub fn mouse(&mut self, mouse: Mouse, bank: &Bank, area: Rect) -> Moved {
        let text = text_area(area);
        let Some(page) = &mut self.page else { return Moved::Here(Vec::new()) };
        page.view.prepare(text.width);
        match mouse.kind {
            MouseKind::WheelUp => page.view.scroll_by(-WHEEL, usize::from(text.height)),
            MouseKind::WheelDown => page.view.scroll_by(WHEEL, usize::from(text.height)),
            MouseKind::Click if text.contains(mouse.at) => {
                let Position { x, y } = mouse.at;
                let link = page.view.link_at(usize::from(x - text.x), usize::from(y - text.y));
                if let Some(target) = link.and_then(|at| page.view.links().get(at)).map(|link| link.target.clone()) {
                    page.view.link = link;
                    return self.lead_to(bank, &target);
                }
            }
            MouseKind::Click | MouseKind::Drag => {}
        }
        Moved::Here(Vec::new())
    }

    /// Lays the page out for `area`, so that drawing need not.
    pub fn prepare(&mut self, area: Rect) {
        let text = text_area(area);
        if let Some(page) = &mut self.page {
            page.view.prepare(text.width);
            page.view.scroll_by(0, usize::from(text.height));
        }
    }

    /// The tables that are reachable while a page is read.
    pub fn sections(keymap: &Keymap) -> Vec<KeySection> {
        vec![KEYS.section(keymap), scroll::KEYS.section(keymap)]
    }

    /// How far one has read, as a share of the page: `34%`; nothing where all of it is seen.
    pub fn progress(&self, area: Rect) -> String {
        let Some(page) = &self.page else { return String::new() };
        let (lines, visible) = (page.view.lines(), usize::from(text_area(area).height));
        if lines <= visible {
            return String::new();
        }
        format!("{}%", (page.view.scroll + visible).min(lines) * 100 / lines)
    }

    /// Draws the page.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if let Some(page) = &self.page {
            markdown(canvas, text_area(area), &page.view);
        }
    }
}

/// What an action did.
#[derive(Clone, Debug, PartialEq)]
pub enum Moved {
    /// It was done; this is asked for besides.
    Here(Vec<Request>),
    /// There is no page to go back to.
    Out,
    /// The next page of the shelf is wanted.
    Next,
    /// The page of the shelf before is wanted.
    Previous,
}

fn page(bank: &Bank, id: &str) -> Option<Page> {
    let reading = bank.reading(id)?;
    Some(Page { id: reading.id, kind: reading.kind, view: MarkdownView::new(reading.markdown) })
}

/// Where the text stands: a margin on both sides, and no line too wide to be read.
fn text_area(area: Rect) -> Rect {
    let margin = if area.width >= 60 { 2 } else { u16::from(area.width >= 30) };
    Rect { x: area.x + margin, width: area.width.saturating_sub(2 * margin).min(WIDEST), ..area }
}
