//! Cards from elsewhere into the user's own decks: Anki's text, and Markdown decks.
//!
//! A card that is known by its id is updated where it stands; one that is the same already is left alone, so that what was exported can be imported
//! without a trace; the rest is added.

use std::collections::BTreeMap;

use super::card_text::{self, CardText, fallback_id};
use super::decks::{Collection, OwnDeck, REWRITTEN, file_stem};
use crate::cards::{Card, CardId, CardKind, Deck, anki};
use crate::source::Span;

/// A card from elsewhere, and the deck that it named.
#[derive(Clone, Debug, PartialEq)]
pub struct Incoming {
    /// Name of its deck.
    pub deck: String,
    /// The card.
    pub card: CardText,
}

/// What an import changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The decks that are to be written: name of the file without its ending, and its whole new text.
    pub decks: BTreeMap<String, String>,
    /// Cards that are new.
    pub added: usize,
    /// Cards whose words change.
    pub changed: usize,
    /// Cards that are as they were.
    pub unchanged: usize,
    /// What is not taken in, a sentence each.
    pub problems: Vec<String>,
}

/// The cards of Anki's text; what can't be a card is a problem. `usual` names the deck of notes that name none.
pub fn from_anki(text: &str, usual: &str) -> (Vec<Incoming>, Vec<String>) {
    let import = anki::read(text);
    let mut problems = import.problems;
    let mut incoming = Vec::new();
    for (note, number) in import.notes.into_iter().zip(1..) {
        let markdown = |field: &String| if import.html { anki::markdown(field) } else { anki::plain_markdown(field) };
        let deck = note.deck.strip_prefix(&format!("{}::", anki::PARENT)).unwrap_or(&note.deck);
        let deck = if deck.is_empty() { usual } else { deck };
        let mut fields = note.fields.iter().map(markdown);
        let question = fields.next().unwrap_or_default();
        let answer = fields.filter(|field| !field.is_empty()).collect::<Vec<_>>().join("\n\n");
        let tags = note.tags;
        let cards = match clozes(&question) {
            Some(sentence) => gaps(&note.guid, &sentence),
            None if question.is_empty() || answer.is_empty() => {
                problems.push(format!("note {number} has no question or no answer"));
                continue;
            }
            None => {
                let id = if note.guid.is_empty() { fallback_id(&question) } else { note.guid.clone() };
                let (kind, siblings, span) = (CardKind::Recall, None, Span::at(0));
                vec![CardText { id, kind, question, answer, tags: Vec::new(), siblings, span }]
            }
        };
        let with_tags = cards.into_iter().map(|card| CardText { tags: tags.clone(), ..card });
        incoming.extend(with_tags.map(|card| Incoming { deck: deck.to_owned(), card }));
    }
    (incoming, problems)
}

/// The cards of a Markdown deck, each with the deck's tags. A sentence with several gaps stays one question a gap.
pub fn of_deck(deck: &OwnDeck) -> Vec<CardText> {
    let tagged = |card: &CardText| CardText {
        tags: deck.tags.iter().chain(&card.tags).cloned().collect(),
        siblings: None,
        ..card.clone()
    };
    deck.cards.iter().map(tagged).collect()
}

/// A sentence with Anki's gaps, `{{c1::gap::hint}}`, as one with ours; `None` where there is none.
fn clozes(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find("{{c") {
        let inside = &rest[at + 3..];
        let digits = inside.len() - inside.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let gap = inside[digits..].strip_prefix("::").and_then(|inside| inside.find("}}").map(|end| &inside[..end]));
        if let Some(gap) = gap.filter(|_| digits > 0) {
            let hidden = gap.split("::").next().unwrap_or_default();
            out.push_str(&format!("{}[{hidden}]", &rest[..at]));
            rest = &rest[at + 3 + digits + 2 + gap.len() + 2..];
            found = true;
        } else {
            out.push_str(&rest[..at + 3]);
            rest = inside;
        }
    }
    out.push_str(rest);
    found.then_some(out)
}

/// The cards of a sentence with gaps.
fn gaps(guid: &str, sentence: &str) -> Vec<CardText> {
    let id = if guid.is_empty() { String::new() } else { format!("id: {guid}\n") };
    let line = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    card_text::read(&format!("{id}C: {line}")).0
}

/// What taking `incoming` into `known` changes.
pub fn plan(known: &Collection, incoming: &[Incoming]) -> Plan {
    let mut plan = Plan::default();
    for Incoming { deck, card } in incoming {
        let id = CardId(card.id.clone());
        match known.card(&id) {
            Some(there) if same(there, card) => plan.unchanged += 1,
            Some(there) if there.kind == CardKind::Cloze && there.siblings.is_some() => {
                plan.problems.push(format!("'{id}' is a gap of a sentence: change the sentence in its deck"));
            }
            Some(there) => {
                let stem = known.deck_of(&id).map_or(REWRITTEN, |deck| deck.stem.as_str());
                let card = CardText { kind: of_old(&there.kind), ..card.clone() };
                put(known, &mut plan.decks, stem, &card);
                plan.changed += 1;
            }
            None => {
                put(known, &mut plan.decks, &stem_for(known, deck), card);
                plan.added += 1;
            }
        }
    }
    plan
}

/// A card stays a choice; a figure with other words is no figure any more.
fn of_old(kind: &CardKind) -> CardKind {
    if *kind == CardKind::Choice { CardKind::Choice } else { CardKind::Recall }
}

/// The file for new cards of a deck: the user's own of that name; never one whose name would pass for the bank's.
fn stem_for(known: &Collection, deck: &str) -> String {
    if let Some(own) = known.decks.iter().find(|own| own.name == deck || own.stem == deck) {
        return own.stem.clone();
    }
    let stem = file_stem(deck);
    let shipped = Deck::SHIPPED.iter().any(|shipped| shipped.name() == stem);
    if shipped && stem != super::decks::MISSES { format!("my-{stem}") } else { stem }
}

fn put(known: &Collection, decks: &mut BTreeMap<String, String>, stem: &str, card: &CardText) {
    let text = decks
        .entry(stem.to_owned())
        .or_insert_with(|| known.deck(stem).map(|deck| deck.file.text.to_string()).unwrap_or_default());
    *text = card_text::put(text, card);
}

/// Whether a card says what is there already: as HTML, so that another way of writing the same Markdown is no change.
fn same(there: &Card, card: &CardText) -> bool {
    anki::html(&there.question) == anki::html(&card.question) && anki::html(&there.answer) == anki::html(&card.answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::decks::collection;
    use crate::content::{Bank, Files, TextFile};

    fn known(decks: &[(&str, &str)]) -> Collection {
        let bank = Bank::new(Files::embedded(Vec::new()));
        let files: Vec<TextFile> =
            decks.iter().map(|(stem, text)| TextFile { path: format!("d/{stem}.md"), text: (*text).into() }).collect();
        collection(&bank, &files).0
    }

    #[test]
    fn what_was_exported_comes_back_without_a_trace() {
        let known =
            known(&[("mine", "id: one\nQ: 1 < 2?\nA: `yes`\n\nC: [x] and [y]\n\nChoose: a or b?\nA: b,\nbecause.\n")]);
        let text = anki::export(&known.cards);
        let (incoming, problems) = from_anki(&text, "imported");
        let plan = plan(&known, &incoming);
        assert_eq!((problems, &plan.problems), (Vec::new(), &Vec::new()));
        assert_eq!((plan.added, plan.changed, plan.unchanged), (0, 0, known.cards.len()), "{:?}", plan.decks);
    }

    #[test]
    fn what_was_changed_elsewhere_is_changed_where_it_stands() {
        let known = known(&[("mine", "# Mine\n\nid: one\nQ: 1?\nA: 2\n\nNotes.\n")]);
        let bank_card = known.cards[0].id.clone();
        let text = format!(
            "#separator:tab\n#html:true\n#guid column:1\none\t1?\t<b>3</b>\n{bank_card}\tmine?\tyes\nnew\tq\ta\n"
        );
        let (incoming, _) = from_anki(&text, "Other Deck");
        let plan = plan(&known, &incoming);
        assert_eq!((plan.added, plan.changed, plan.unchanged), (1, 2, 0));
        assert!(plan.decks["mine"].starts_with("# Mine\n\nid: one\nQ: 1?\nA: **3**"), "{}", plan.decks["mine"]);
        assert_eq!(plan.decks["rewritten"], format!("id: {bank_card}\nQ: mine?\nA: yes\n"));
        assert_eq!(plan.decks["other-deck"], "id: new\nQ: q\nA: a\n");
    }

    #[test]
    fn gaps_of_anki_are_gaps() {
        let (incoming, problems) = from_anki(
            "#html:false\n#separator:Pipe\n#guid column:1\ng|A {{c1::quorum::size}} is {{c2::n/2+1}}.|extra\n",
            "d",
        );
        assert_eq!(problems, Vec::<String>::new());
        let got: Vec<(&str, &str)> =
            incoming.iter().map(|card| (card.card.id.as_str(), card.card.question.as_str())).collect();
        assert_eq!(got, [("g", "A **[...]** is n/2+1."), ("g-2", "A quorum is **[...]**.")]);
        assert_eq!(from_anki("a\t\n", "d").1, ["note 1 has no question or no answer"]);
    }

    #[test]
    fn no_file_passes_for_a_deck_that_ships() {
        assert_eq!(stem_for(&known(&[]), "questions"), "my-questions");
        assert_eq!(stem_for(&known(&[("x", "---\nname = \"Nice\"\n---\n")]), "Nice"), "x");
    }
}
