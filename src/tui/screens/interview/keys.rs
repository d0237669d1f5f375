//! What can be done in an interview, and the keys for it.

use crossterm::event::KeyCode;

use crate::tui::keymap::{Chord, Grip, KeyTable, bind, rows};

/// What can be done in an interview beside typing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The next pane.
    Focus,
    /// The pane before.
    FocusBack,
    /// Ask the interviewer.
    Ask,
    /// Note a decision.
    Decide,
    /// The sheet of the estimator, or back from it.
    Sheet,
    /// Stop the clock, or let it go on.
    Pause,
    /// Run the design.
    Run,
    /// Say what the next run will show.
    Predict,
    /// The next question of the deep dive.
    Probe,
    /// Run the design with the question's fault.
    Break,
    /// The phase before.
    Back,
    /// The next phase.
    Forward,
    /// The phase with that index.
    GoTo(usize),
    /// Write in one's own editor.
    Editor,
    /// Save now.
    Save,
    /// The end.
    Finish,
    /// Out of the text, or out of the interview.
    Leave,
}

/// The keys of the screen.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "interview",
    title: "Interview",
    grip: Grip::Shares,
    bindings: &[
        bind(
            Action::Forward,
            "next-phase",
            &[Chord::f(8), Chord::ctrl('n'), Chord::char(']')],
            "next phase",
            "On to the next phase",
        ),
        bind(Action::Ask, "ask", &[Chord::f(2), Chord::ctrl('t'), Chord::char('a')], "ask", "Ask the interviewer"),
        bind(
            Action::Decide,
            "because",
            &[Chord::f(3), Chord::ctrl('b'), Chord::char('d')],
            "because",
            "Note a decision: what, because of what, giving up what",
        ),
        bind(
            Action::Sheet,
            "sheet",
            &[Chord::ctrl('e'), Chord::char('e')],
            "estimate",
            "The sheet of the estimator, or back from it",
        ),
        rows::next_pane(Action::Focus),
        rows::previous_pane(Action::FocusBack),
        bind(
            Action::Finish,
            "finish",
            &[Chord::f(9), Chord::char('f')],
            "finish",
            "Finish the interview and see the debrief",
        ),
        bind(Action::Pause, "pause", &[Chord::f(4), Chord::char('p')], "pause", "Stop the clock, or let it go on"),
        bind(Action::Back, "previous-phase", &[Chord::f(7), Chord::char('[')], "", "Back to the phase before"),
        bind(Action::GoTo(0), "phase-1", &[Chord::alt('1'), Chord::char('1')], "", "To the first phase"),
        bind(Action::GoTo(1), "phase-2", &[Chord::alt('2'), Chord::char('2')], "", "To the second phase"),
        bind(Action::GoTo(2), "phase-3", &[Chord::alt('3'), Chord::char('3')], "", "To the third phase"),
        bind(Action::GoTo(3), "phase-4", &[Chord::alt('4'), Chord::char('4')], "", "To the fourth phase"),
        bind(Action::GoTo(4), "phase-5", &[Chord::alt('5'), Chord::char('5')], "", "To the fifth phase"),
        bind(Action::GoTo(5), "phase-6", &[Chord::alt('6'), Chord::char('6')], "", "To the sixth phase"),
        bind(Action::GoTo(6), "phase-7", &[Chord::alt('7'), Chord::char('7')], "", "To the seventh phase"),
        bind(Action::GoTo(7), "phase-8", &[Chord::alt('8'), Chord::char('8')], "", "To the eighth phase"),
        rows::editor(Action::Editor),
        rows::save(Action::Save),
        bind(
            Action::Leave,
            "leave",
            &[Chord::code(KeyCode::Esc)],
            "",
            "Out of the text; from there, out of the interview, which can be gone on with",
        ),
    ],
};

/// The keys of phases with a design.
pub const DESIGN_KEYS: KeyTable<Action> = KeyTable {
    id: "bench",
    title: "Design and run",
    grip: Grip::Shares,
    bindings: &[
        rows::run(Action::Run),
        bind(
            Action::Predict,
            "predict",
            &[Chord::alt('p'), Chord::char('w')],
            "predict",
            "Say in a line what the next run will show: what gives way first, p99, errors",
        ),
    ],
};

/// The keys of the deep dive.
pub const PROBE_KEYS: KeyTable<Action> = KeyTable {
    id: "deep-dive",
    title: "Deep dive",
    grip: Grip::Shares,
    bindings: &[
        bind(
            Action::Probe,
            "next-question",
            &[Chord::f(6), Chord::ctrl('o'), Chord::char('i')],
            "question",
            "The interviewer's next question, or another look at the one before",
        ),
        bind(
            Action::Break,
            "break",
            &[Chord::alt('x'), Chord::char('x')],
            "break it",
            "Run the design with the fault that the question is about; asks first what it will do",
        ),
    ],
};

/// What can be done with a checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckAction {
    /// Ticks or unticks the chosen line.
    Tick,
}

/// The keys of the checklist.
pub const CHECK_KEYS: KeyTable<CheckAction> = KeyTable {
    id: "checklist",
    title: "Checklist",
    grip: Grip::Shares,
    bindings: &[bind(
        CheckAction::Tick,
        "tick",
        &[Chord::char(' '), Chord::code(KeyCode::Enter)],
        "tick",
        "Tick or untick the line",
    )],
};
