//! The clipboard, through the terminal: works over ssh too.

use std::io::stdout;

use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;

/// Longer texts are refused by terminals (OSC 52 carries at most 100,000 characters of base64).
const LARGEST: usize = 74_994;

/// Puts `text` on the clipboard of the terminal.
pub fn copy(text: &str) -> Result<(), String> {
    if text.len() > LARGEST {
        return Err(format!("{} bytes are too many for the clipboard", text.len()));
    }
    execute!(stdout(), CopyToClipboard::to_clipboard_from(text)).map_err(|error| format!("clipboard: {error}"))
}
