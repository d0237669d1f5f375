//! Cards back into text, and a card's place in a deck that a person wrote.

use super::{CardText, read};
use crate::cards::{CardId, CardKind};
use crate::source::Span;

/// A card as text: its id, its tags, its parts. Reading it gives the card again. A gap of a sentence is written as a question.
pub fn write(card: &CardText) -> String {
    let mark = if card.kind == CardKind::Choice { "Choose" } else { "Q" };
    let tags = if card.tags.is_empty() { String::new() } else { format!("tags: {}\n", card.tags.join(", ")) };
    let (question, answer) = (part(&card.question), part(&card.answer));
    format!("id: {}\n{tags}{mark}: {question}\nA: {answer}\n", one_line(&card.id))
}

/// A part's text without what would end it: marks, headings and rules at the start of a line get a space before them, which Markdown ignores.
fn part(text: &str) -> String {
    let mut code = false;
    let lines = text.trim().lines().enumerate().map(|(at, line)| {
        let line = line.trim_end();
        if line.trim_start().starts_with("```") {
            code = !code;
            return line.to_owned();
        }
        let ends = super::mark(line).is_some() || line.trim() == "---" || line.starts_with('#');
        match line.trim() {
            // A rule by another name: a space doesn't hide it.
            "---" if !code && at > 0 => "***".to_owned(),
            _ if !code && at > 0 && ends => format!(" {line}"),
            _ => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `deck`, a text of cards, with `card` in place of the one that has its id, or at its end. What a person wrote around it stays.
pub fn put(deck: &str, card: &CardText) -> String {
    let block = write(card);
    let (cards, _) = read(deck);
    let Some(old) = cards.iter().find(|old| old.id == card.id && old.siblings.is_none()) else {
        let gap = if deck.trim().is_empty() { "" } else { "\n\n" };
        return format!("{}{gap}{block}", deck.trim_end());
    };
    splice(deck, old.span, block.trim_end())
}

/// `deck` without the card that has this id; all gaps of its sentence go with it.
pub fn remove(deck: &str, id: &str) -> String {
    let (cards, _) = read(deck);
    let Some(card) = cards.iter().find(|card| card.id == id) else { return deck.to_owned() };
    let without = splice(deck, card.span, "");
    without.replace("\n\n\n\n", "\n\n")
}

/// The id that stands, or would stand, over a card: that of its sentence where it is one gap of several.
pub fn written_id(card: &CardText) -> &str {
    card.siblings.as_deref().unwrap_or(&card.id)
}

/// `deck` with an `id:` line for the card that had none and whose words gave it this id: from now on its words may change.
pub fn with_id(deck: &str, id: &CardId) -> String {
    let (cards, _) = read(deck);
    let Some(card) = cards.iter().find(|card| card.id == id.as_str()) else { return deck.to_owned() };
    let written = card.span.slice(deck);
    if has_id(written) {
        return deck.to_owned();
    }
    splice(deck, card.span, &format!("id: {}\n{written}", written_id(card)))
}

/// `deck` with `block`, the text of one card, in place of the card over which `id` stands, or at its end. The block keeps that id whatever it says.
pub fn put_block(deck: &str, id: &str, block: &str) -> String {
    let lines: Vec<&str> = block.trim().lines().filter(|line| !is_id(line)).collect();
    let block = format!("id: {}\n{}", one_line(id), lines.join("\n").trim());
    let (cards, _) = read(deck);
    match cards.iter().find(|card| written_id(card) == id) {
        Some(card) => splice(deck, card.span, &block),
        None if deck.trim().is_empty() => format!("{block}\n"),
        None => format!("{}\n\n{block}\n", deck.trim_end()),
    }
}

fn has_id(block: &str) -> bool {
    block.lines().any(is_id)
}

fn is_id(line: &str) -> bool {
    matches!(super::mark(line), Some((super::Mark::Id, _)))
}

fn splice(text: &str, span: Span, new: &str) -> String {
    format!("{}{new}{}", &text[..span.start], &text[span.end..])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn card(id: &str, question: &str, answer: &str) -> CardText {
        let (id, question, answer) = (id.to_owned(), question.to_owned(), answer.to_owned());
        CardText { id, kind: CardKind::Recall, question, answer, tags: Vec::new(), siblings: None, span: Span::at(0) }
    }

    #[test]
    fn a_card_takes_the_place_of_the_one_with_its_id() {
        let deck = "# Mine\n\nid: a\nQ: one\nA: two\n\n---\nNotes of mine.\n---\nid: b\nQ: x\nA: y\n";
        let after = put(deck, &card("a", "1", "2"));
        assert_eq!(after, deck.replace("Q: one\nA: two", "Q: 1\nA: 2"));
        let added = put(deck, &card("c", "1", "2"));
        assert_eq!(added, format!("{}\n\nid: c\nQ: 1\nA: 2\n", deck.trim_end()));
        assert_eq!(put("", &card("c", "1", "2")), "id: c\nQ: 1\nA: 2\n");
        assert_eq!(remove(&added, "c").trim_end(), deck.trim_end());
    }

    #[test]
    fn a_card_without_an_id_gets_the_one_it_had() {
        let deck = "Q: one\nA: two\n";
        let id = CardId(crate::content::card_text::fallback_id("one"));
        let with = with_id(deck, &id);
        assert_eq!(with, format!("id: {id}\nQ: one\nA: two\n"));
        assert_eq!(with_id(&with, &id), with);
        let gaps = "C: [a] or [b]\n";
        let (cards, _) = read(gaps);
        let with = with_id(gaps, &CardId(cards[1].id.clone()));
        assert_eq!(read(&with).0.iter().map(|card| &card.id).collect::<Vec<_>>(), [&cards[0].id, &cards[1].id]);
    }

    #[test]
    fn a_block_takes_the_place_of_its_card_and_keeps_its_id() {
        let deck = "# Mine\n\nid: a\nC: [one] and [two]\n\nid: b\nQ: x\nA: y\n";
        let after = put_block(deck, "a", "id: other\nQ: 1\nA: 2\n");
        assert_eq!(after, deck.replace("C: [one] and [two]", "Q: 1\nA: 2"));
        assert_eq!(put_block("", "c", "Q: 1\nA: 2"), "id: c\nQ: 1\nA: 2\n");
        assert!(put_block(deck, "c", "Q: 1\nA: 2").ends_with("A: y\n\nid: c\nQ: 1\nA: 2\n"));
    }

    proptest! {
        /// Whatever words a card has, what is written is read as the same card, and as one card.
        #[test]
        fn what_is_written_is_read_again(
            question in "(Q: |id: |--|#|```|[a-z:]|\n| ){0,12}x",
            answer in "(A: |C: |---\n|# |[a-z]|\n\n| |é){0,12}y",
        ) {
            // A fence that isn't closed swallows what follows, in Markdown as here.
            prop_assume!(question.matches("```").count() == 0);
            let written = write(&card("some id", &question, &answer));
            let (cards, findings) = read(&written);
            prop_assert_eq!(findings, Vec::new(), "{}", written);
            prop_assert_eq!(cards.len(), 1, "{}", written);
            let words = |text: &str| text.split_whitespace().filter(|w| !matches!(*w, "---" | "***")).map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&cards[0].question), words(&question));
            prop_assert_eq!(words(&cards[0].answer), words(&answer));
            prop_assert_eq!(&cards[0].id, "some id");
        }
    }
}
