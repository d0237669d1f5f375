//! The user's own editor.

use std::io::Write;
use std::process::Command;

/// Opens `text` in `$VISUAL`, `$EDITOR` or vi; returns the text as it was left. The terminal must be given back before.
pub fn edit(text: &str, ending: &str) -> Result<String, String> {
    let mut file = tempfile::Builder::new()
        .prefix("dryrun-")
        .suffix(ending)
        .tempfile()
        .map_err(|error| format!("no file for the editor: {error}"))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.flush())
        .map_err(|error| format!("no file for the editor: {error}"))?;
    let mut command = ["VISUAL", "EDITOR"].into_iter().filter_map(|name| std::env::var(name).ok());
    let command = command.find(|value| !value.trim().is_empty()).unwrap_or_else(|| "vi".to_owned());
    // As other programs do: the value may carry arguments.
    let mut words = command.split_whitespace();
    let program = words.next().unwrap_or("vi");
    let status = Command::new(program).args(words).arg(file.path()).status();
    match status {
        Ok(status) if status.success() => {
            std::fs::read_to_string(file.path()).map_err(|error| format!("what the editor left can't be read: {error}"))
        }
        Ok(status) => Err(format!("{program} ended with {status}: the text is as it was")),
        Err(error) => Err(format!("{program} can't be started: {error}")),
    }
}
