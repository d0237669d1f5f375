//! The mouse in the library: tabs, rows and links are clicked, the wheel turns what it is over.

use super::view::tab_at;
use super::{Narrowing, State, places, visible};
use crate::content::ItemKind;
use crate::tui::context::Context;
use crate::tui::effect::Request;
use crate::tui::event::{Mouse, MouseKind};
use crate::tui::widgets::{ListAction, list_row_at};

impl State {
    pub(super) fn mouse(&mut self, mouse: Mouse, ctx: &Context<'_>) -> Vec<Request> {
        let kind = self.shelf.kind();
        let places = places(ctx.area, self.on_page, kind);
        if let Some(page) = places.page.filter(|page| page.contains(mouse.at)) {
            self.on_page |= mouse.kind == MouseKind::Click;
            let moved = self.reader.mouse(mouse, ctx.bank, page);
            return self.moved(moved, ctx);
        }
        if mouse.kind == MouseKind::Click && places.tabs.contains(mouse.at) {
            if let Some(at) = tab_at(places.tabs, kind, mouse.at.x) {
                self.on_page = false;
                self.shelf.turn_to(ctx.bank, ItemKind::SHELVES[at]);
            }
            return Vec::new();
        }
        let Some(pane) = places.list else { return Vec::new() };
        let rows = self.rows(pane);
        match mouse.kind {
            MouseKind::WheelUp => self.wheel(ListAction::Up, ctx),
            MouseKind::WheelDown => self.wheel(ListAction::Down, ctx),
            MouseKind::Click => self.click(rows, mouse, ctx),
            MouseKind::Drag => {}
        }
        Vec::new()
    }

    fn wheel(&mut self, step: ListAction, ctx: &Context<'_>) {
        match &mut self.narrowing {
            Some(Narrowing::Tag { input, list }) => {
                let len = self.shelf.tags(input.text()).len();
                list.act(step, len, visible(ctx));
            }
            _ => self.shelf.travel(step, visible(ctx)),
        }
    }

    fn click(&mut self, rows: ratatui::layout::Rect, mouse: Mouse, ctx: &Context<'_>) {
        if let Some(Narrowing::Tag { input, list }) = &mut self.narrowing {
            let len = self.shelf.tags(input.text()).len();
            if let Some(row) = list_row_at(rows, list, len, mouse.at.y) {
                list.selected = row;
                self.take_tag();
            }
            return;
        }
        let (shown, _) = self.shelf.counts();
        if let Some(row) = list_row_at(rows, self.shelf.list(), shown, mouse.at.y) {
            let again = self.shelf.list().selected == row && !self.on_page;
            self.on_page = false;
            self.shelf.choose(row);
            if again {
                self.read(ctx);
            }
        }
    }
}
