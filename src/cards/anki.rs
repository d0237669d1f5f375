//! Exchange with Anki: its text format, both ways (Anki manual, "Text Files").
//!
//! A card's id goes out as the note's GUID, so that a second import updates the note in place, and comes back as the card's id.

mod html;
mod markdown;
mod nodes;
mod read;

pub use html::html;
pub use markdown::{markdown, plain_markdown};
pub use read::{Import, Note, read};

use super::Card;

/// The headers of an export: what the columns are.
const HEADERS: &str = "#separator:tab
#html:true
#guid column:1
#notetype column:2
#deck column:3
#tags column:4
";
/// The note type of every card: front and back, which every collection has.
const NOTE_TYPE: &str = "Basic";
/// The deck above ours.
pub const PARENT: &str = "Dryrun";

/// `cards` as Anki's text.
pub fn export<'a>(cards: impl IntoIterator<Item = &'a Card>) -> String {
    let mut out = HEADERS.to_owned();
    for card in cards {
        let deck = format!("{PARENT}::{}", card.deck);
        // A tag ends at a space.
        let tags: Vec<String> =
            card.tags.iter().map(|tag| tag.split_whitespace().collect::<Vec<_>>().join("-")).collect();
        let fields = [card.id.as_str(), NOTE_TYPE, &deck, &tags.join(" "), &html(&card.question), &html(&card.answer)];
        out.push_str(&fields.map(field).join("\t"));
        out.push('\n');
    }
    out
}

/// A field, in quotation marks where it would be read as something else.
fn field(text: &str) -> String {
    if text.contains(['\t', '\n', '\r', '"']) || text.starts_with('#') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::{CardId, CardKind, Deck};

    fn card(id: &str, question: &str, answer: &str) -> Card {
        Card {
            id: CardId(id.to_owned()),
            kind: CardKind::Recall,
            deck: Deck::Own("mine".into()),
            question: question.into(),
            answer: answer.into(),
            tags: vec!["two words".into(), "b".into()],
            level: None,
            siblings: None,
        }
    }

    #[test]
    fn an_export_is_a_line_a_card_under_the_headers() {
        let text = export(&[card("a/b", "What's **it**?", "`x < \"y\"`\n\n- one\n- two")]);
        let line = "a/b\tBasic\tDryrun::mine\ttwo-words b\tWhat's <b>it</b>?\t<p><code>x &lt; &quot;y&quot;</code></p><ul><li>one</li><li>two</li></ul>\n";
        assert_eq!(text, format!("{HEADERS}{line}"));
    }

    #[test]
    fn what_is_exported_is_read_again() {
        let cards = [card("#odd\"id", "a\tb", "c"), card("a/b", "code:\n```\nx\ty\n\nz\n```", "d")];
        let import = read(&export(&cards));
        assert_eq!(import.problems, Vec::<String>::new());
        for (card, note) in cards.iter().zip(&import.notes) {
            assert_eq!((note.guid.as_str(), note.deck.as_str()), (card.id.as_str(), "Dryrun::mine"));
            assert_eq!(note.fields, [html(&card.question), html(&card.answer)]);
            assert_eq!(note.tags, ["two-words", "b"]);
        }
    }
}
