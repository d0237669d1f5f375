//! Where the parts of an interview are, for the view and for the mouse.

use ratatui::layout::{Constraint, Rect};

use crate::interview::PhaseKind;
use crate::tui::widgets::rows;

/// Something that can have the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// The phase's notes.
    Notes,
    /// The answer to a question of the deep dive.
    Answer,
    /// The design's text.
    Design,
    /// The phase's checklist.
    Checklist,
    /// The sheet of the estimator; it has a key of its own and is no stop on the way round the panes.
    Sheet,
    /// The design's diagram.
    Diagram,
    /// The design's run.
    Run,
}

impl Pane {
    /// Its name on the screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notes => "Notes",
            Self::Answer => "Question",
            Self::Design => "Design",
            Self::Checklist => "Checklist",
            Self::Sheet => "Sheet",
            Self::Diagram => "Diagram",
            Self::Run => "Run",
        }
    }

    /// Whether it takes text.
    pub const fn takes_text(self) -> bool {
        matches!(self, Self::Notes | Self::Answer | Self::Design | Self::Sheet)
    }
}

/// The panes at the left and at the right of a phase of that kind; the first of each is the one to begin with.
pub const fn groups(kind: PhaseKind) -> (&'static [Pane], &'static [Pane]) {
    match kind {
        PhaseKind::Notes => (&[Pane::Notes, Pane::Sheet], &[Pane::Checklist]),
        PhaseKind::Design => (&[Pane::Design, Pane::Notes, Pane::Checklist, Pane::Sheet], &[Pane::Diagram, Pane::Run]),
        PhaseKind::DeepDive => {
            (&[Pane::Answer, Pane::Design, Pane::Notes, Pane::Checklist, Pane::Sheet], &[Pane::Diagram, Pane::Run])
        }
    }
}

/// Which panes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Focus {
    /// The pane that takes the keys.
    pub pane: Pane,
    /// The pane shown at the left.
    pub left: Pane,
    /// The pane shown at the right.
    pub right: Pane,
}

impl Focus {
    /// The focus with which a phase begins.
    pub const fn of(kind: PhaseKind) -> Self {
        let (left, right) = groups(kind);
        Self { pane: left[0], left: left[0], right: right[0] }
    }

    /// Gives the focus to `pane`.
    pub fn go(&mut self, pane: Pane, kind: PhaseKind) {
        let (left, right) = groups(kind);
        if left.contains(&pane) {
            self.left = pane;
        } else if right.contains(&pane) {
            self.right = pane;
        } else {
            return;
        }
        self.pane = pane;
    }

    /// Gives the focus to the pane `by` places after this one, round the end.
    pub fn turn(&mut self, by: isize, kind: PhaseKind) {
        let (left, right) = groups(kind);
        let stop = |pane: &Pane| *pane != Pane::Sheet;
        let all: Vec<Pane> = left.iter().chain(right).copied().filter(stop).collect();
        // From the sheet it goes on where its place would be: behind the left ones.
        let behind = left.iter().filter(|pane| stop(pane)).count() as isize - isize::from(by > 0);
        let at = all.iter().position(|pane| *pane == self.pane).map_or(behind, |at| at as isize);
        let next = all[(at + by).rem_euclid(all.len() as isize) as usize];
        self.go(next, kind);
    }
}

/// A place where one or several panes are shown in turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The panes that share the place.
    pub tabs: Vec<Pane>,
    /// The one that is shown.
    pub shown: Pane,
    /// The place, its title included.
    pub area: Rect,
}

impl Slot {
    /// The pane whose name on the title is at that cell.
    pub fn tab_at(&self, x: u16, y: u16) -> Option<Pane> {
        let mut start = self.area.x + 1;
        for pane in self.tabs.iter().copied().filter(|_| y == self.area.y) {
            let end = start + pane.name().len() as u16 + 2;
            if (start..end).contains(&x) {
                return Some(pane);
            }
            start = end;
        }
        None
    }

    /// The place below the title.
    pub fn inner(&self) -> Rect {
        Rect { y: self.area.y + 1.min(self.area.height), height: self.area.height.saturating_sub(1), ..self.area }
    }
}

/// Where everything is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Areas {
    /// Problem and clock.
    pub title: Rect,
    /// Phases.
    pub phases: Rect,
    /// What the interviewer says.
    pub prompt: Rect,
    /// The panes.
    pub slots: Vec<Slot>,
    /// The rules between columns.
    pub bars: Vec<Rect>,
    /// What the notes promise, where there is a place of its own for it.
    pub promises: Option<Rect>,
}

/// From this width on two columns stand side by side.
const TWO_COLUMNS: u16 = 72;
/// From this height on panes that would take turns stand one over the other.
const STACKED: u16 = 27;

/// The places in `area`; `prompt` lines are wanted for the interviewer, and `promises` for what the notes promise.
pub fn areas(area: Rect, kind: PhaseKind, focus: Focus, prompt: u16, promises: u16) -> Areas {
    let prompt = prompt.min(area.height.saturating_sub(10) / 3);
    let heads = [1, 1, prompt].map(|height| Constraint::Length(if area.height >= 8 { height } else { height.min(1) }));
    let [title, phases, prompt, body] = rows(area, [heads[0], heads[1], heads[2], Constraint::Min(0)]);
    let mut areas = Areas { title, phases, prompt, slots: Vec::new(), bars: Vec::new(), promises: None };
    let (left, right) = groups(kind);
    if body.width < TWO_COLUMNS {
        let tabs: Vec<Pane> = left.iter().chain(right).copied().collect();
        areas.slots.push(Slot { tabs, shown: focus.pane, area: body });
        return areas;
    }
    let share = if kind == PhaseKind::Notes { 54 } else { 46 };
    let width = (u32::from(body.width) * share / 100) as u16;
    let west = Rect { width, ..body };
    let east = Rect { x: body.x + width + 2, width: body.width - width - 2, ..body };
    areas.bars.push(Rect { x: body.x + width, width: 1, ..body });
    west_side(&mut areas, west, left, focus);
    east_side(&mut areas, east, right, focus, promises);
    areas
}

fn west_side(areas: &mut Areas, area: Rect, panes: &[Pane], focus: Focus) {
    let checklist_below = area.height >= STACKED && panes.contains(&Pane::Checklist);
    if !checklist_below {
        areas.slots.push(Slot { tabs: panes.to_vec(), shown: focus.left, area });
        return;
    }
    let [above, below] = rows(area, [Constraint::Fill(2), Constraint::Fill(1)]);
    let tabs: Vec<Pane> = panes.iter().copied().filter(|pane| *pane != Pane::Checklist).collect();
    let shown = if focus.left == Pane::Checklist { tabs[0] } else { focus.left };
    areas.slots.push(Slot { tabs, shown, area: above });
    areas.slots.push(Slot { tabs: vec![Pane::Checklist], shown: Pane::Checklist, area: below });
}

fn east_side(areas: &mut Areas, area: Rect, panes: &[Pane], focus: Focus, promises: u16) {
    if panes.len() == 1 {
        let most = area.height.saturating_sub(6).min(area.height / 2);
        let wanted = if promises > 0 { (promises + 1).min(most) } else { 0 };
        let [above, below] = rows(area, [Constraint::Min(0), Constraint::Length(wanted)]);
        areas.slots.push(Slot { tabs: panes.to_vec(), shown: panes[0], area: above });
        areas.promises = (below.height > 1).then_some(below);
    } else if area.height >= STACKED {
        let [above, below] = rows(area, [Constraint::Fill(1), Constraint::Fill(1)]);
        for (pane, area) in panes.iter().zip([above, below]) {
            areas.slots.push(Slot { tabs: vec![*pane], shown: *pane, area });
        }
    } else {
        areas.slots.push(Slot { tabs: panes.to_vec(), shown: focus.right, area });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(width: u16, height: u16, kind: PhaseKind, focus: Focus) -> Vec<Pane> {
        let area = Rect::new(0, 0, width, height);
        areas(area, kind, focus, 2, 3).slots.iter().map(|slot| slot.shown).collect()
    }

    #[test]
    fn the_focused_pane_is_always_shown() {
        for kind in [PhaseKind::Notes, PhaseKind::Design, PhaseKind::DeepDive] {
            let mut focus = Focus::of(kind);
            for _ in 0..8 {
                focus.turn(1, kind);
                for (width, height) in [(1, 1), (20, 4), (40, 12), (80, 22), (120, 40), (200, 58)] {
                    let panes = shown(width, height, kind, focus);
                    assert!(panes.contains(&focus.pane), "{kind:?} {focus:?} {width}x{height}: {panes:?}");
                }
            }
        }
    }

    #[test]
    fn more_room_shows_more() {
        let focus = Focus::of(PhaseKind::Design);
        assert_eq!(shown(40, 12, PhaseKind::Design, focus), [Pane::Design]);
        assert_eq!(shown(80, 22, PhaseKind::Design, focus), [Pane::Design, Pane::Diagram]);
        let all = [Pane::Design, Pane::Checklist, Pane::Diagram, Pane::Run];
        assert_eq!(shown(200, 58, PhaseKind::Design, focus), all);
    }

    #[test]
    fn places_lie_within_the_screen_and_do_not_overlap() {
        for (width, height) in [(3, 2), (40, 12), (72, 20), (80, 24), (99, 31), (200, 60)] {
            let area = Rect::new(0, 0, width, height);
            for kind in [PhaseKind::Notes, PhaseKind::Design, PhaseKind::DeepDive] {
                let areas = areas(area, kind, Focus::of(kind), 3, 4);
                let mut places: Vec<Rect> = areas.slots.iter().map(|slot| slot.area).collect();
                places.extend([areas.title, areas.phases, areas.prompt]);
                places.extend(areas.promises);
                places.extend(&areas.bars);
                let cells: u32 = places.iter().map(|place| place.area()).sum();
                let mut covered = std::collections::BTreeSet::new();
                for place in &places {
                    assert_eq!(place.intersection(area).area(), place.area());
                    covered.extend(place.positions().map(|cell| (cell.x, cell.y)));
                }
                assert_eq!(covered.len() as u32, cells, "{width}x{height} {kind:?}");
            }
        }
    }
}
