//! Which cards a session is about.

use super::{Card, CardKind, Deck, Histories};

/// Narrows the cards: what is `None` lets all through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Only this deck.
    pub deck: Option<Deck>,
    /// Only cards with this tag.
    pub tag: Option<String>,
    /// Only questions of this level.
    pub level: Option<String>,
    /// Only cards that are forgotten more easily than most: [`History::is_weak`](super::History::is_weak).
    pub weak: bool,
    /// Only cards that ask for a choice.
    pub choices: bool,
}

impl Scope {
    /// Whether a card is in it. One that is set aside is in none.
    pub fn holds(&self, card: &Card, histories: &Histories) -> bool {
        !histories.is_suspended(&card.id)
            && self.deck.as_ref().is_none_or(|deck| deck.name() == card.deck.name())
            && self.tag.as_ref().is_none_or(|tag| card.tags.contains(tag))
            && self.level.as_ref().is_none_or(|level| card.level.as_ref() == Some(level))
            && (!self.choices || card.kind == CardKind::Choice)
            && (!self.weak || histories.get(&card.id).is_some_and(super::History::is_weak))
    }

    /// The scope in a few words: `questions, tag caching, weak`; empty for everything.
    pub fn words(&self) -> String {
        let deck = self.deck.as_ref().map(|deck| deck.name().to_owned());
        let tag = self.tag.as_ref().map(|tag| format!("tag {tag}"));
        let level = self.level.clone();
        let weak = self.weak.then(|| "weak".to_owned());
        let choices = self.choices.then(|| "choices".to_owned());
        [deck, tag, level, weak, choices].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::{CardId, Entry, Grade, Options, Review, ReviewId};
    use crate::clock::{Elapsed, Timestamp};

    #[test]
    fn each_part_narrows() {
        let card = Card {
            id: CardId::new("a", "b"),
            kind: CardKind::Choice,
            deck: Deck::Own("mine".into()),
            question: "q".into(),
            answer: "a".into(),
            tags: vec!["caching".into()],
            level: Some("basic".into()),
            siblings: None,
        };
        let histories = Histories::replay(&[], Options::default());
        let all = Scope::default();
        let own = Scope {
            deck: Some(Deck::Own("mine".into())),
            tag: Some("caching".into()),
            level: Some("basic".into()),
            weak: false,
            choices: true,
        };
        assert!(all.holds(&card, &histories) && own.holds(&card, &histories));
        assert_eq!((all.words().as_str(), own.words().as_str()), ("", "mine, tag caching, basic, choices"));
        assert!(!Scope { deck: Some(Deck::Numbers), ..all.clone() }.holds(&card, &histories));
        assert!(!Scope { tag: Some("x".into()), ..all.clone() }.holds(&card, &histories));
        assert!(!Scope { level: Some("advanced".into()), ..all.clone() }.holds(&card, &histories));
        let weak = Scope { weak: true, ..all };
        assert!(!weak.holds(&card, &histories));
        let again = |id| {
            let (id, at) = (ReviewId(id), Timestamp(id as i64 * 60_000));
            Entry::Review(Review { id, card: card.id.clone(), at, grade: Grade::Again, took: Elapsed(0) })
        };
        assert!(weak.holds(&card, &Histories::replay(&[again(1), again(2)], Options::default())));
    }
}
