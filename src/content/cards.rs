//! The bank's items as flashcards.

use super::{Bank, Item, ItemKind, Number};
use crate::cards::{Card, CardId, CardKind, Deck, Figure};

/// Every card of the bank: each question's own, each `Q:`/`A:` of the files, each number both ways; in the order of the bank.
pub(super) fn cards(bank: &Bank) -> Vec<Card> {
    let pages = [
        (ItemKind::Question, Deck::Questions),
        (ItemKind::Technology, Deck::Technologies),
        (ItemKind::Concept, Deck::Concepts),
        (ItemKind::Pattern, Deck::Patterns),
    ];
    let mut cards = Vec::new();
    for (kind, deck) in pages {
        for item in bank.pages(kind) {
            if kind == ItemKind::Question {
                cards.push(whole_question(item));
            }
            cards.extend(item.cards.iter().map(|text| Card {
                id: CardId::new(&item.id, &text.id),
                kind: text.kind.clone(),
                deck: deck.clone(),
                question: text.question.clone(),
                answer: text.answer.clone(),
                tags: item.tags.iter().chain(&text.tags).cloned().collect(),
                level: item.level.clone(),
                siblings: text.siblings.as_ref().map(|group| format!("{}/{group}", item.id)),
            }));
        }
    }
    for number in bank.numbers() {
        cards.extend(both_ways(number));
    }
    cards
}

/// The question itself; its back is the thirty-second answer.
fn whole_question(item: &Item) -> Card {
    let answer = item.body.split("\n## ").next().unwrap_or_default().trim();
    Card {
        id: CardId::new(&item.id, "answer"),
        kind: CardKind::Recall,
        deck: Deck::Questions,
        question: item.title.clone(),
        answer: answer.to_owned(),
        tags: item.tags.clone(),
        level: item.level.clone(),
        siblings: None,
    }
}

/// From the subject to the figure, and from the figure back.
fn both_ways(number: &Number) -> [Card; 2] {
    let card = |way: &str, kind: CardKind, question: String, answer: String| Card {
        id: CardId::new(&number.id, way),
        kind,
        deck: Deck::Numbers,
        question,
        answer,
        tags: number.tags.clone(),
        level: None,
        siblings: Some(number.id.clone()),
    };
    let (name, figure) = (format!("{}: {}", number.subject, number.metric), number.display());
    let back = format!("What is about **{figure}**? {}", number.tags.join(", "));
    [
        card("figure", figure_kind(number), format!("{name}?"), format!("**{figure}**\n\n{}", number.means)),
        card("subject", CardKind::Recall, back, format!("{name}\n\n{}", number.means)),
    ]
}

/// A figure to be guessed at; one that can be zero has no order of magnitude.
fn figure_kind(number: &Number) -> CardKind {
    if number.low > 0.0 {
        CardKind::Figure(Figure { low: number.low, high: number.high, unit: number.unit.clone() })
    } else {
        CardKind::Recall
    }
}
