//! The library: everything the bank holds, shelf by shelf, and the page that is read beside or instead of the shelf.

mod keys;
mod mouse;
mod shelf;
mod view;

use ratatui::layout::Rect;

pub use keys::{Action, KEYS, NARROW_KEYS, NarrowAction, PAGE_KEYS, PageAction};

use self::shelf::Shelf;
use crate::content::ItemKind;
use crate::tui::context::Context;
use crate::tui::effect::{Destination, Request};
use crate::tui::event::{Event, What};
use crate::tui::keymap::{Chord, KeySection};
use crate::tui::panes::reader::{Moved, Reader};
use crate::tui::widgets::{Input, List, ListAction};

/// From this width on, shelf and page stand side by side.
const SIDE_BY_SIDE: u16 = 110;

/// The library on the screen.
#[derive(Clone, Debug)]
pub struct State {
    shelf: Shelf,
    reader: Reader,
    /// Whether the page has the focus.
    on_page: bool,
    narrowing: Option<Narrowing>,
}

/// How the shelf is being narrowed.
#[derive(Clone, Debug)]
enum Narrowing {
    /// By letters of the titles.
    Letters,
    /// By a tag that is being chosen.
    Tag { input: Input, list: List },
}

impl State {
    /// The library at its first shelf, or at the page with that id.
    pub fn new(id: Option<&str>, ctx: &Context<'_>) -> Self {
        let mut state = Self {
            shelf: Shelf::new(ctx.bank, ItemKind::Question),
            reader: Reader::default(),
            on_page: false,
            narrowing: None,
        };
        if let Some(id) = id {
            state.show(id, ctx);
        }
        state.keep_up(ctx);
        state
    }

    /// Shows the page with that id on its shelf.
    fn show(&mut self, id: &str, ctx: &Context<'_>) {
        if let Some((kind, _)) = ctx.bank.title(id)
            && self.reader.open(ctx.bank, id)
        {
            self.shelf.turn_to(ctx.bank, kind);
            self.shelf.select(id, visible(ctx));
            self.on_page = true;
        }
    }

    /// Takes in an event.
    pub fn update(&mut self, event: &Event, ctx: &Context<'_>) -> Vec<Request> {
        let requests = match &event.what {
            What::Key(chord) if self.narrowing.is_some() => self.key_in_narrowing(*chord, ctx),
            What::Key(chord) if self.on_page => self.key_on_page(*chord, ctx),
            What::Key(chord) => self.key_on_shelf(*chord, ctx),
            What::Paste(text) => {
                self.pasted(text);
                Vec::new()
            }
            What::Mouse(mouse) => self.mouse(*mouse, ctx),
            _ => Vec::new(),
        };
        self.keep_up(ctx);
        requests
    }

    /// Keeps the page beside the shelf on what is chosen there, and laid out for its place.
    fn keep_up(&mut self, ctx: &Context<'_>) {
        let places = places(ctx.area, self.on_page, self.shelf.kind());
        let Some(page) = places.page else { return };
        if !self.on_page {
            match self.shelf.chosen().map(|entry| entry.id.clone()) {
                Some(id) if self.reader.id() == Some(&id) && self.reader.depth() == 0 => {}
                Some(id) => {
                    self.reader.open(ctx.bank, &id);
                }
                None => self.reader = Reader::default(),
            }
        }
        self.reader.prepare(page);
    }

    fn key_on_shelf(&mut self, chord: Chord, ctx: &Context<'_>) -> Vec<Request> {
        if let Some(action) = KEYS.find(ctx.keymap, chord) {
            return self.act(action, ctx);
        }
        if let Some(action) = List::KEYS.find(ctx.keymap, chord) {
            self.shelf.travel(action, visible(ctx));
        }
        Vec::new()
    }

    fn act(&mut self, action: Action, ctx: &Context<'_>) -> Vec<Request> {
        match action {
            Action::Read => self.read(ctx),
            Action::Filter => self.narrowing = Some(Narrowing::Letters),
            Action::Tag => {
                self.narrowing = Some(Narrowing::Tag { input: Input::default(), list: List::default() });
            }
            Action::Level => self.shelf.next_level(),
            Action::NextShelf => self.shelf.turn(ctx.bank, 1),
            Action::PreviousShelf => self.shelf.turn(ctx.bank, -1),
            Action::Shelf(at) => self.shelf.turn_to(ctx.bank, ItemKind::SHELVES[at]),
            Action::Leave if self.shelf.narrowed() => self.shelf.widen(),
            Action::Leave => return vec![Request::Go(Destination::Home)],
        }
        Vec::new()
    }

    fn read(&mut self, ctx: &Context<'_>) {
        if let Some(id) = self.shelf.chosen().map(|entry| entry.id.clone()) {
            self.on_page = self.reader.open(ctx.bank, &id);
        }
    }

    fn key_on_page(&mut self, chord: Chord, ctx: &Context<'_>) -> Vec<Request> {
        if PAGE_KEYS.find(ctx.keymap, chord) == Some(PageAction::Close) {
            self.close_page();
            return Vec::new();
        }
        let area = page_area(ctx, self.shelf.kind());
        match self.reader.key(chord, ctx.keymap, ctx.bank, area) {
            Some(moved) => self.moved(moved, ctx),
            None => Vec::new(),
        }
    }

    fn moved(&mut self, moved: Moved, ctx: &Context<'_>) -> Vec<Request> {
        match moved {
            Moved::Here(requests) => return requests,
            Moved::Out => self.close_page(),
            Moved::Next => self.turn_page(ListAction::Down, ctx),
            Moved::Previous => self.turn_page(ListAction::Up, ctx),
        }
        Vec::new()
    }

    fn close_page(&mut self) {
        self.on_page = false;
    }

    /// The page beside the one shown on its own shelf.
    fn turn_page(&mut self, step: ListAction, ctx: &Context<'_>) {
        // Links may have led to another shelf.
        if let (Some(kind), Some(id)) = (self.reader.kind(), self.reader.id().map(str::to_owned)) {
            if kind != self.shelf.kind() {
                self.shelf.turn_to(ctx.bank, kind);
            }
            self.shelf.select(&id, visible(ctx));
        }
        self.shelf.travel(step, visible(ctx));
        self.read(ctx);
    }

    fn key_in_narrowing(&mut self, chord: Chord, ctx: &Context<'_>) -> Vec<Request> {
        let action = NARROW_KEYS.find(ctx.keymap, chord);
        match (&mut self.narrowing, action) {
            (_, Some(NarrowAction::Drop)) => self.drop_narrowing(),
            (Some(Narrowing::Letters), Some(NarrowAction::Keep)) => self.narrowing = None,
            (Some(Narrowing::Letters), Some(NarrowAction::Up)) => self.shelf.travel(ListAction::Up, visible(ctx)),
            (Some(Narrowing::Letters), Some(NarrowAction::Down)) => self.shelf.travel(ListAction::Down, visible(ctx)),
            (Some(Narrowing::Letters), None) => {
                self.shelf.type_filter(|input| input.key(ctx.keymap, chord));
            }
            (Some(Narrowing::Tag { .. }), Some(NarrowAction::Keep)) => self.take_tag(),
            (Some(Narrowing::Tag { input, list }), action) => {
                let len = self.shelf.tags(input.text()).len();
                let step = match action {
                    Some(NarrowAction::Up) => ListAction::Up,
                    Some(NarrowAction::Down) => ListAction::Down,
                    _ => {
                        if input.key(ctx.keymap, chord) {
                            *list = List::default();
                        }
                        return Vec::new();
                    }
                };
                list.act(step, len, visible(ctx));
            }
            (None, _) => {}
        }
        Vec::new()
    }

    fn drop_narrowing(&mut self) {
        if matches!(self.narrowing.take(), Some(Narrowing::Letters)) {
            self.shelf.type_filter(|input| {
                *input = Input::default();
                true
            });
        }
    }

    /// Keeps the tag that is marked.
    fn take_tag(&mut self) {
        if let Some(Narrowing::Tag { input, list }) = self.narrowing.take() {
            let tag = self.shelf.tags(input.text()).into_iter().nth(list.selected);
            self.shelf.set_tag(tag.and_then(|(tag, _)| tag));
        }
    }

    fn pasted(&mut self, text: &str) {
        match &mut self.narrowing {
            Some(Narrowing::Letters) => self.shelf.type_filter(|input| {
                input.insert(text);
                true
            }),
            Some(Narrowing::Tag { input, list }) => {
                input.insert(text);
                *list = List::default();
            }
            None => {}
        }
    }

    /// Whether unmodified characters are text now.
    pub fn takes_text(&self) -> bool {
        self.narrowing.is_some()
    }

    /// The tables that are reachable, the nearest first.
    pub fn sections(&self, ctx: &Context<'_>) -> Vec<KeySection> {
        let keymap = ctx.keymap;
        if self.narrowing.is_some() {
            return vec![NARROW_KEYS.section(keymap), Input::KEYS.section(keymap)];
        }
        if self.on_page {
            let mut sections = vec![PAGE_KEYS.section(keymap)];
            sections.extend(Reader::sections(keymap));
            return sections;
        }
        vec![KEYS.section(keymap), List::KEYS.section(keymap)]
    }

    /// Does the action of that name.
    pub fn perform(&mut self, table: &str, name: &str, ctx: &Context<'_>) -> Vec<Request> {
        use crate::tui::panes::reader;
        let requests = if table == KEYS.id {
            KEYS.named(name).map(|action| self.act(action, ctx))
        } else if table == reader::KEYS.id {
            let area = page_area(ctx, self.shelf.kind());
            let moved = reader::KEYS.named(name).map(|action| self.reader.act(action, ctx.bank, area));
            moved.map(|moved| self.moved(moved, ctx))
        } else {
            if table == PAGE_KEYS.id {
                self.close_page();
            }
            None
        };
        self.keep_up(ctx);
        requests.unwrap_or_default()
    }
}

/// Where everything is drawn.
struct Places {
    tabs: Rect,
    list: Option<Rect>,
    bar: Option<Rect>,
    page: Option<Rect>,
    page_pane: Option<Rect>,
}

fn places(area: Rect, on_page: bool, kind: ItemKind) -> Places {
    let tabs = Rect { height: area.height.min(1), ..area };
    let below = Rect { y: area.y + tabs.height, height: area.height - tabs.height, ..area };
    let inside = |pane: Rect| Rect { y: pane.y + pane.height.min(1), height: pane.height.saturating_sub(1), ..pane };
    if area.width >= SIDE_BY_SIDE {
        // A table of figures wants more room than a list of titles.
        let (share, most) = if kind == ItemKind::Number { (60, 130) } else { (36, 64) };
        let left = (area.width * share / 100).min(most);
        let list = Rect { width: left, ..below };
        let bar = Rect { x: below.x + left, width: 1, ..below };
        let page_pane = Rect { x: below.x + left + 1, width: below.width - left - 1, ..below };
        let page = Some(inside(page_pane));
        return Places { tabs, list: Some(list), bar: Some(bar), page, page_pane: Some(page_pane) };
    }
    if on_page {
        // The page has the shelf's row as well.
        let page = Some(inside(area));
        return Places { tabs: Rect { height: 0, ..tabs }, list: None, bar: None, page, page_pane: Some(area) };
    }
    Places { tabs, list: Some(below), bar: None, page: None, page_pane: None }
}

/// Where a page is drawn when it has the focus.
fn page_area(ctx: &Context<'_>, kind: ItemKind) -> Rect {
    places(ctx.area, true, kind).page.unwrap_or(ctx.area)
}

/// The rows of a shelf that are on the screen: what is left below tabs, title and, for the numbers, the heads.
fn visible(ctx: &Context<'_>) -> usize {
    usize::from(ctx.area.height.saturating_sub(3)).max(1)
}
