//! Any bytes: a design, its drawing, its canonical form, its Mermaid chart, and the notes' recognisers.
//!
//! `cargo +nightly fuzz run design -- -max_total_time=600`

#![no_main]

use dryrun::design::{Catalogue, compile, completions, diagram, format, loads_in, mermaid, targets_in, vague_in};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let catalogue = Catalogue::default();
    let compiled = compile(&text, &catalogue);
    for diagnostic in &compiled.diagnostics {
        assert!(text.get(diagnostic.span.range()).is_some(), "{diagnostic:?} lies outside the text");
    }
    let drawn = diagram(&compiled.design);
    drawn.to_text(false);
    drawn.to_text(true);
    mermaid(&compiled.design);
    let formatted = format(&text);
    assert_eq!(format(&formatted), formatted, "formatting twice changes something");
    targets_in(&text);
    loads_in(&text);
    vague_in(&text);
    completions(&text, text.floor_char_boundary(text.len() / 2), &catalogue);
});
