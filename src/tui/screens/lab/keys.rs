//! What can be done in the lab, and by which keys.

use crossterm::event::KeyCode;

use super::View;
use crate::tui::keymap::{Chord, Grip, KeyTable, bind, rows};

/// What can be done in the lab beside typing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Runs the design.
    Run,
    /// Pauses the run, or lets it go on.
    Pause,
    /// Goes on by a second.
    Step,
    /// Twice as fast or so.
    Faster,
    /// Half as fast or so.
    Slower,
    /// Chooses something to break.
    Break,
    /// What broke last is whole again.
    Undo,
    /// All that broke is whole again.
    Heal,
    /// Finds out what would help.
    Better,
    /// Keeps the run to compare with.
    Keep,
    /// Compares with the design of a file.
    CompareFile,
    /// The next component.
    Next,
    /// The component before.
    Previous,
    /// Shows something of the run.
    Show(View),
    /// Saves the design.
    Save,
    /// Saves it under another name.
    SaveAs,
    /// Opens another one.
    Open,
    /// Puts the text in canonical form.
    Format,
    /// Writes in one's own editor.
    Editor,
    /// The next pane.
    Focus,
    /// The pane before.
    FocusBack,
    /// Out of the text, or out of the lab.
    Leave,
}

/// The keys of the screen.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "lab",
    title: "Design lab",
    grip: Grip::Shares,
    bindings: &[
        rows::run(Action::Run),
        bind(
            Action::Break,
            "break",
            &[Chord::char('x'), Chord::f(7)],
            "break",
            "Break something, or send more load: choose the component and the fault",
        ),
        bind(
            Action::Better,
            "better",
            &[Chord::char('t'), Chord::f(9)],
            "why",
            "Try every change worth trying; find the load it bears and the instances it needs",
        ),
        bind(Action::Pause, "pause", &[Chord::char('p'), Chord::f(6)], "pause", "Pause the run, or let it go on"),
        bind(Action::Step, "step", &[Chord::char('.')], "", "Let the run go on for one simulated second"),
        bind(Action::Faster, "faster", &[Chord::char('+')], "", "Run faster: 1x, 2x, ... as fast as it goes"),
        bind(Action::Slower, "slower", &[Chord::char('-')], "", "Run slower, down to real time"),
        bind(Action::Undo, "undo-fault", &[Chord::char('u')], "", "Undo what was broken last"),
        bind(Action::Heal, "heal", &[Chord::char('U')], "", "Undo everything that was broken"),
        bind(Action::Next, "next-component", &[Chord::char(']')], "", "Look at the next component"),
        bind(Action::Previous, "previous-component", &[Chord::char('[')], "", "Look at the component before"),
        bind(
            Action::Show(View::Run),
            "show-run",
            &[Chord::char('1'), Chord::alt('1')],
            "",
            "Show targets, flows and components",
        ),
        bind(
            Action::Show(View::Charts),
            "show-charts",
            &[Chord::char('2'), Chord::alt('2')],
            "",
            "Show rates, latency, load and queue over time",
        ),
        bind(
            Action::Show(View::Component),
            "show-component",
            &[Chord::char('3'), Chord::alt('3')],
            "",
            "Show one component: figures, theory beside them, what failed there",
        ),
        bind(
            Action::Show(View::Requests),
            "show-requests",
            &[Chord::char('4'), Chord::alt('4')],
            "",
            "Show a median, the slowest and a failed request, stay by stay",
        ),
        bind(
            Action::Show(View::Advice),
            "show-advice",
            &[Chord::char('5'), Chord::alt('5')],
            "",
            "Show what would help, the load it bears, the instances it needs",
        ),
        bind(
            Action::Show(View::Compare),
            "show-compare",
            &[Chord::char('6'), Chord::alt('6')],
            "",
            "Show this run beside the one that was kept",
        ),
        bind(Action::Keep, "keep", &[Chord::char('c')], "", "Keep this run to compare the next ones with"),
        bind(
            Action::CompareFile,
            "compare-file",
            &[Chord::char('C')],
            "",
            "Run the design of another file to compare with",
        ),
        bind(Action::Save, "save", &[Chord::ctrl('s')], "save", "Save the design"),
        bind(Action::SaveAs, "save-as", &[Chord::alt('s'), Chord::char('w')], "", "Save the design under another name"),
        bind(Action::Open, "open", &[Chord::ctrl('o'), Chord::char('o')], "open", "Open a design"),
        bind(
            Action::Format,
            "format",
            &[Chord::f(8), Chord::char('=')],
            "format",
            "Put the text in its canonical form",
        ),
        rows::editor(Action::Editor),
        rows::next_pane(Action::Focus),
        rows::previous_pane(Action::FocusBack),
        bind(
            Action::Leave,
            "leave",
            &[Chord::code(KeyCode::Esc)],
            "",
            "Out of the text; from there, back to the first screen",
        ),
    ],
};
