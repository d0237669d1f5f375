//! The terminal: taken on entry, and given back on every way out.

use std::io::{self, Stdout, stdout};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::execute;
use crossterm::style::ResetColor;
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

/// Whether the terminal is ours at the moment: it is given back once.
static OURS: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// The terminal while the program has it. Dropping it gives it back.
#[derive(Debug)]
pub struct Terminal {
    screen: ratatui::Terminal<CrosstermBackend<Stdout>>,
    mouse: bool,
}

impl Terminal {
    /// Takes the terminal: raw, on its other screen, pastes bracketed, the mouse reported. A panic on this thread gives it back before its
    /// message is printed; one on another thread is logged and leaves the screen alone.
    ///
    /// # Errors
    /// If it can't be taken; it is given back as far as it was.
    pub fn enter() -> io::Result<Self> {
        install_hook();
        let screen = ratatui::Terminal::new(CrosstermBackend::new(stdout()))?;
        let mut terminal = Self { screen, mouse: true };
        terminal.take()?;
        Ok(terminal)
    }

    fn take(&mut self) -> io::Result<()> {
        OURS.store(true, Ordering::SeqCst);
        let taken = enable_raw_mode().and_then(|()| {
            execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)?;
            if self.mouse { execute!(stdout(), EnableMouseCapture) } else { Ok(()) }
        });
        if taken.is_err() {
            give_back();
        }
        taken
    }

    /// Takes the terminal again after [`Terminal::leave`], or after something else has changed it; the next frame is drawn whole.
    ///
    /// # Errors
    /// If it can't be taken.
    pub fn enter_again(&mut self) -> io::Result<()> {
        // Raw mode is remembered as on even if the shell has turned it off while the process stood still.
        let _ = disable_raw_mode();
        self.take()?;
        // Not `clear`: it asks the terminal for the cursor's position, and the answer would go to the thread that reads the keys.
        execute!(stdout(), Clear(ClearType::All))?;
        self.screen = ratatui::Terminal::new(CrosstermBackend::new(stdout()))?;
        Ok(())
    }

    /// Gives the terminal back.
    pub fn leave(&mut self) {
        give_back();
    }

    /// Lets the terminal report the mouse, or not.
    pub fn mouse(&mut self, on: bool) {
        self.mouse = on;
        let done = if on { execute!(stdout(), EnableMouseCapture) } else { execute!(stdout(), DisableMouseCapture) };
        if let Err(error) = done {
            tracing::warn!("the mouse can't be switched: {error}");
        }
    }

    /// Columns and rows.
    ///
    /// # Errors
    /// If the terminal doesn't say.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        self.screen.size().map(|size| (size.width, size.height))
    }

    /// Draws a frame: what differs from the one before is written.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn draw(&mut self, view: impl FnOnce(&mut Buffer) -> Option<Position>) -> io::Result<()> {
        self.screen.draw(|frame| {
            if let Some(cursor) = view(frame.buffer_mut()) {
                frame.set_cursor_position(cursor);
            }
        })?;
        Ok(())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back if it is ours. Nothing more can be done where that fails.
fn give_back() {
    if OURS.swap(false, Ordering::SeqCst) {
        let _ = execute!(stdout(), DisableMouseCapture, DisableBracketedPaste, ResetColor, LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
    }
}

fn install_hook() {
    let ours = std::thread::current().id();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if std::thread::current().id() == ours {
                give_back();
                before(panic);
            } else if OURS.load(Ordering::SeqCst) {
                tracing::error!("{panic}");
            } else {
                before(panic);
            }
        }));
    });
}
