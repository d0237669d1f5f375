//! The settings file.

use std::collections::BTreeMap;

use crate::interview::Level;

/// What the user has chosen; `None` is the program's own choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Id of the theme.
    pub theme: Option<String>,
    /// Length of an interview, minutes.
    pub minutes: Option<u32>,
    /// Level.
    pub level: Option<Level>,
    /// Keys by the name of the action, each with one key or several: `[keys]`, `"interview.run" = ["ctrl-r", "f5"]`.
    pub keys: BTreeMap<String, Vec<String>>,
}
