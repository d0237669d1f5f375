//! Cards whose id is gone though they were reviewed: edited without an id of their own, renamed, or dropped. Each is offered the card that it most
//! probably became.

use std::collections::{BTreeMap, BTreeSet};

use super::log::wordings;
use super::{Card, CardId, Entry, Histories, ReviewId, Succession};
use crate::clock::Timestamp;

/// A card that was reviewed and is no more.
#[derive(Clone, Debug, PartialEq)]
pub struct Orphan {
    /// Its id.
    pub card: CardId,
    /// The words it had when it was last answered, if the log has them.
    pub question: Option<String>,
    /// How often it was answered.
    pub reviews: u32,
    /// When it was last answered.
    pub last: Timestamp,
    /// The card that it probably became, and how alike they are, 0 to 1.
    pub successor: Option<(CardId, f64)>,
}

/// Cards less alike than this are strangers.
const ALIKE: f64 = 0.55;
/// Words are compared up to this many characters.
const LONGEST: usize = 400;

/// How many cards were reviewed and are no more: what [`orphans`] would name, without looking for what they became.
pub fn count_orphans(cards: &[Card], histories: &Histories) -> usize {
    let known: BTreeSet<&CardId> = cards.iter().map(|card| &card.id).collect();
    histories.iter().filter(|(id, _)| !known.contains(id)).count()
}

/// The orphans of `log`, by id: what is in `histories` and not among `cards`. Successors are cards that were never answered; none is offered twice,
/// the most alike pairs go first.
pub fn orphans(cards: &[Card], log: &[Entry], histories: &Histories) -> Vec<Orphan> {
    let known: BTreeSet<&CardId> = cards.iter().map(|card| &card.id).collect();
    let words = wordings(log);
    let gone = histories.iter().filter(|(id, _)| !known.contains(id));
    let mut orphans: Vec<Orphan> = gone
        .map(|(id, history)| Orphan {
            card: id.clone(),
            question: words.get(id).map(|words| (*words).to_owned()),
            reviews: history.reviews,
            last: history.last,
            successor: None,
        })
        .collect();
    let fresh: Vec<&Card> = cards.iter().filter(|card| histories.get(&card.id).is_none()).collect();
    let fresh: Vec<(&Card, String)> = fresh.into_iter().map(|card| (card, normal(&card.question))).collect();
    let mut pairs: Vec<(f64, usize, &CardId)> = Vec::new();
    for (at, orphan) in orphans.iter().enumerate() {
        let words = orphan.question.as_deref().map(normal);
        let rated = fresh.iter().map(|(card, said)| (alike(orphan, words.as_deref(), card, said), at, &card.id));
        pairs.extend(rated.filter(|(alike, ..)| *alike >= ALIKE));
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    let mut taken: BTreeMap<&CardId, usize> = BTreeMap::new();
    for (alike, at, card) in pairs {
        if orphans[at].successor.is_none() && !taken.contains_key(card) {
            taken.insert(card, at);
            orphans[at].successor = Some((card.clone(), alike));
        }
    }
    orphans
}

/// The entries, from `next_id` on, by which each of `orphans` that has a successor goes on as that card.
pub fn adopt(orphans: &[Orphan], next_id: ReviewId, at: Timestamp) -> Vec<Entry> {
    let pairs = orphans.iter().filter_map(|orphan| {
        let (to, _) = orphan.successor.clone()?;
        Some((orphan.card.clone(), to))
    });
    let entry = |((from, to), id)| Entry::Succession(Succession { id: ReviewId(id), from, to, at });
    pairs.zip(next_id.0..).map(entry).collect()
}

/// How alike two cards are: their words (Sørensen-Dice over pairs of letters), or where those are not known, their ids.
fn alike(orphan: &Orphan, words: Option<&str>, card: &Card, said: &str) -> f64 {
    let same_item = orphan.card.as_str().contains('/') && orphan.card.item() == card.id.item();
    let alike = match words {
        // Two texts have at most the shorter one's pairs in common: most strangers are told by their lengths alone.
        Some(words) if 2.0 * (words.len().min(said.len()) as f64) < 0.5 * (words.len() + said.len()) as f64 => 0.0,
        Some(words) => strsim::sorensen_dice(words, said),
        None if same_item => strsim::sorensen_dice(orphan.card.as_str(), card.id.as_str()),
        None => 0.0,
    };
    // Of two equally alike the one in the same file is the likelier.
    if same_item { (alike * 1.05).min(1.0) } else { alike }
}

fn normal(words: &str) -> String {
    let words = words.chars().take(LONGEST).collect::<String>().to_lowercase();
    words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::{CardKind, Deck, Grade, Options, Review, ReviewId, Wording};
    use crate::clock::Elapsed;

    fn card(id: &str, question: &str) -> Card {
        Card {
            id: CardId(id.to_owned()),
            kind: CardKind::Recall,
            deck: Deck::Own("mine".into()),
            question: question.into(),
            answer: "a".into(),
            tags: Vec::new(),
            level: None,
            siblings: None,
        }
    }

    fn reviewed(number: u64, id: &str, question: Option<&str>) -> Vec<Entry> {
        let card = CardId(id.to_owned());
        let review =
            Review { id: ReviewId(number), card: card.clone(), at: Timestamp(9), grade: Grade::Good, took: Elapsed(0) };
        let words = question.map(|question| {
            Entry::Wording(Wording { id: ReviewId(number + 100), card, question: question.to_owned() })
        });
        words.into_iter().chain([Entry::Review(review)]).collect()
    }

    #[track_caller]
    fn check(cards: &[Card], log: &[Entry], expected: &[(&str, Option<&str>)]) {
        let histories = Histories::replay(log, Options::default());
        let found = orphans(cards, log, &histories);
        let got: Vec<(&str, Option<&str>)> = found
            .iter()
            .map(|orphan| (orphan.card.as_str(), orphan.successor.as_ref().map(|(card, _)| card.as_str())))
            .collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn an_edited_card_is_the_successor_of_what_it_was() {
        let log = [
            reviewed(1, "hash1", Some("What is a qourum in a replicated store?")),
            reviewed(2, "hash2", Some("Name the four golden signals.")),
            reviewed(3, "kept", Some("What is a lease?")),
            reviewed(4, "redis/persistence", None),
        ]
        .concat();
        let cards = [
            card("kept", "What is a lease?"),
            card("new1", "What is a quorum in a replicated store?"),
            card("new2", "How does gossip spread?"),
            card("redis/persistence-modes", "How does Redis persist?"),
            card("redis/cluster", "How does Redis shard?"),
        ];
        check(
            &cards,
            &log,
            &[("hash1", Some("new1")), ("hash2", None), ("redis/persistence", Some("redis/persistence-modes"))],
        );
        check(&cards, &[], &[]);
    }

    #[test]
    fn no_card_is_offered_twice() {
        let log =
            [reviewed(1, "a", Some("What is a quorum?")), reviewed(2, "b", Some("What is a quorum not?"))].concat();
        check(&[card("c", "What is a quorum?")], &log, &[("a", Some("c")), ("b", None)]);
    }
}
