//! What is drawn: small parts that know roles and cells, and nothing of the product's screens.
//!
//! A [`Canvas`] is the frame being drawn with the theme it is drawn in. Everything clips to the area it is given, whatever its size.

mod ago;
mod canvas;
mod chart;
mod diagram;
mod footer;
mod gauge;
mod input;
mod list;
mod markdown;
mod page;
mod table;
mod wrap;

pub use ago::ago;
pub use canvas::{Canvas, columns, rows};
pub use chart::{Chart, Line as ChartLine};
pub use diagram::{DiagramView, Load, diagram};
pub use footer::footer;
pub use gauge::{bar, meter, sparkline};
pub use input::{Input, InputAction, input};
pub use list::{List, ListAction, first_shown as list_first, fuzzy, list, list_row_at};
pub use markdown::{MarkdownView, markdown};
pub use page::Page;
pub use table::{Align, Column, table};
pub use wrap::{fit, width, wrap};
