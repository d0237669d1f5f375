use proptest::prelude::*;

use super::*;
use crate::cards::{CardKind, Deck};

const NOW: Timestamp = Timestamp(20_000 * 86_400_000);

fn cards(count: usize) -> Vec<Card> {
    let card = |at: usize| Card {
        id: CardId::new("item", &at.to_string()),
        kind: CardKind::Recall,
        deck: Deck::Concepts,
        question: format!("question {at}"),
        answer: "a".into(),
        tags: Vec::new(),
        level: None,
        siblings: None,
    };
    (0..count).map(card).collect()
}

fn start(cards: &[Card], log: Vec<Entry>, mode: Mode, now: Timestamp) -> Session {
    Session::start(cards, log, &Options::default(), Limits::default(), Scope::default(), mode, now)
}

fn shown(session: &Session) -> Option<&str> {
    session.current().map(|card| card.question.as_str())
}

#[test]
fn an_evening_goes_through_the_cards_and_their_steps() {
    let mut session = start(&cards(2), Vec::new(), Mode::Due, NOW);
    assert_eq!(session.waiting(), Waiting { new: 2, learning: 0, reviews: 0 });
    let mut now = NOW;
    let mut seen = Vec::new();
    while let Some(card) = session.current() {
        seen.push(card.question.clone());
        now = now + Elapsed::seconds(10);
        let entries = session.grade(Grade::Good, Elapsed::seconds(8), now);
        assert_eq!(entries.len(), if seen.len() <= 2 { 2 } else { 1 }, "its words once, then the grade");
    }
    assert_eq!(seen, ["question 0", "question 1", "question 0", "question 1"]);
    let summary = session.summary(now);
    assert_eq!((summary.answers, summary.cards, summary.again), (4, 2, Some(0.0)));
    assert_eq!((summary.retention, summary.took), (None, Elapsed::seconds(32)));
    assert!(matches!(summary.next, Some((Due::On(_), _))), "{summary:?}");
}

#[test]
fn the_card_that_is_shown_stays_until_it_is_answered() {
    let mut session = start(&cards(2), Vec::new(), Mode::Due, NOW);
    session.grade(Grade::Again, Elapsed(0), NOW);
    assert_eq!(shown(&session), Some("question 1"));
    session.look(NOW + Elapsed::minutes(5));
    assert_eq!(shown(&session), Some("question 1"), "though a step has come due");
    session.grade(Grade::Good, Elapsed(0), NOW + Elapsed::minutes(5));
    assert_eq!(shown(&session), Some("question 0"));
}

#[test]
fn undo_goes_back_to_the_first_answer_also_from_the_end() {
    let mut session = start(&cards(2), Vec::new(), Mode::Due, NOW);
    session.grade(Grade::Easy, Elapsed(0), NOW);
    session.grade(Grade::Easy, Elapsed(0), NOW);
    assert_eq!(shown(&session), None);
    assert_eq!(session.undo(NOW).unwrap().len(), 1);
    assert_eq!(shown(&session), Some("question 1"));
    session.undo(NOW).unwrap();
    assert_eq!((shown(&session), session.waiting().new), (Some("question 0"), 2));
    assert_eq!(session.undo(NOW), None);
    assert!(session.histories().iter().next().is_none());
}

#[test]
fn a_cram_leaves_the_schedule_alone_and_repeats_what_is_forgotten() {
    let log = start_log(&cards(3));
    let mut session = start(&cards(3), log.clone(), Mode::Cram, NOW);
    let before: Vec<_> = session.histories().iter().map(|(id, history)| (id.clone(), history.clone())).collect();
    assert_eq!(session.choices(NOW), None);
    let first = shown(&session).unwrap().to_owned();
    assert_eq!(session.grade(Grade::Again, Elapsed(0), NOW), []);
    assert_eq!(session.waiting().total(), 3);
    session.grade(Grade::Good, Elapsed(0), NOW);
    assert_eq!(session.undo(NOW), Some(Vec::new()));
    session.grade(Grade::Good, Elapsed(0), NOW);
    session.grade(Grade::Good, Elapsed(0), NOW);
    assert_eq!(shown(&session), Some(first.as_str()));
    session.grade(Grade::Good, Elapsed(0), NOW);
    assert_eq!(shown(&session), None);
    let after: Vec<_> = session.histories().iter().map(|(id, history)| (id.clone(), history.clone())).collect();
    assert_eq!(before, after);
    assert_eq!(session.log(), log);
}

#[test]
fn a_cram_is_cut_into_sittings() {
    let limits = Limits { session: 2, ..Limits::default() };
    let options = Options::default();
    let mut session = Session::start(&cards(3), Vec::new(), &options, limits, Scope::default(), Mode::Cram, NOW);
    assert_eq!((session.waiting().total(), session.later()), (2, 1));
    session.go_on(NOW);
    assert_eq!(session.waiting().total(), 2, "the sitting isn't over");
    session.grade(Grade::Good, Elapsed(0), NOW);
    session.grade(Grade::Good, Elapsed(0), NOW);
    assert_eq!(shown(&session), None);
    session.go_on(NOW);
    assert_eq!((shown(&session), session.later()), (Some("question 2"), 0));
}

#[test]
fn a_buried_card_stays_away_for_the_session() {
    let mut session = start(&cards(2), Vec::new(), Mode::Due, NOW);
    session.bury(NOW);
    assert_eq!((shown(&session), session.waiting().total()), (Some("question 1"), 1));
    session.bury(NOW);
    session.bury(NOW);
    assert_eq!((shown(&session), session.log().len(), session.answered()), (None, 0, 0));
    assert_eq!(session.undo(NOW), Some(Vec::new()));
    assert_eq!((shown(&session), session.waiting().total()), (Some("question 1"), 1));
}

#[test]
fn a_suspended_card_stays_away_until_it_is_taken_up_again() {
    let mut session = start(&cards(2), Vec::new(), Mode::Due, NOW);
    let entries = session.suspend(NOW);
    assert!(matches!(entries.as_slice(), [Entry::Suspension(Suspension { suspended: true, .. })]), "{entries:?}");
    assert_eq!((shown(&session), session.waiting().total(), session.answered()), (Some("question 1"), 1, 0));
    let later = start(&cards(2), session.log().to_vec(), Mode::Due, NOW);
    assert_eq!((shown(&later), later.waiting().total()), (Some("question 1"), 1));
    let undo = session.undo(NOW).unwrap();
    assert_eq!((undo.len(), shown(&session), session.waiting().total()), (1, Some("question 0"), 2));
    session.unwritten(&undo);
    assert_eq!((shown(&session), session.waiting().total()), (Some("question 1"), 1), "the undo is not on the disk");
    session.undo(NOW).unwrap();
    let again = session.suspend(NOW);
    session.unwritten(&again);
    assert_eq!((shown(&session), session.waiting().total()), (Some("question 0"), 2), "nor is the suspension");
    let mut cram = start(&cards(2), Vec::new(), Mode::Cram, NOW);
    assert_eq!((cram.suspend(NOW), cram.waiting().total()), (Vec::new(), 1));
}

/// A log in which each card was learned.
fn start_log(cards: &[Card]) -> Vec<Entry> {
    let mut session = start(cards, Vec::new(), Mode::Due, Timestamp(NOW.0 - 90 * 86_400_000));
    while session.current().is_some() {
        session.grade(Grade::Easy, Elapsed::seconds(5), Timestamp(NOW.0 - 90 * 86_400_000));
    }
    session.log().to_vec()
}

#[test]
fn true_retention_counts_the_first_answer_of_the_day_to_a_learned_card() {
    let mut session = start(&cards(2), start_log(&cards(2)), Mode::Due, NOW);
    assert_eq!(session.waiting().reviews, 2);
    session.grade(Grade::Again, Elapsed(0), NOW);
    session.grade(Grade::Good, Elapsed(0), NOW);
    session.grade(Grade::Good, Elapsed(0), NOW + Elapsed::minutes(11));
    let summary = session.summary(NOW);
    assert_eq!((summary.retention, summary.again), (Some(0.5), Some(1.0 / 3.0)));
}

#[test]
fn what_could_not_be_written_never_happened() {
    let mut session = start(&cards(1), Vec::new(), Mode::Due, NOW);
    let entries = session.grade(Grade::Good, Elapsed(0), NOW);
    session.unwritten(&entries);
    assert_eq!((shown(&session), session.log().len(), session.answered()), (Some("question 0"), 0, 0));
    let again = session.grade(Grade::Good, Elapsed(0), NOW);
    assert_eq!(again.len(), 2, "its words are to be written again");
    let undo = session.undo(NOW).unwrap();
    let before = session.histories().clone();
    session.unwritten(&undo);
    assert_eq!((session.answered(), session.log().len()), (1, 2), "the answer stands, as on the disk");
    assert_eq!(session.undo(NOW).map(|entries| entries.len()), Some(1));
    assert_eq!(format!("{before:?}"), format!("{:?}", session.histories()));
}

#[test]
fn a_leech_is_told_by_the_answer_that_makes_it_one() {
    let cards = cards(1);
    let mut log = start_log(&cards);
    let mut now = NOW;
    for lapse in 1..=8 {
        let mut session = start(&cards, log, Mode::Due, now);
        session.grade(Grade::Again, Elapsed(0), now);
        assert_eq!(session.new_leech().is_some(), lapse == 8, "lapse {lapse}");
        now = now + Elapsed::minutes(11);
        session.look(now);
        session.grade(Grade::Good, Elapsed(0), now);
        log = session.log().to_vec();
        now = now + Elapsed::minutes(60 * 24 * 100);
    }
}

proptest! {
    /// Whatever is answered and taken back, the log alone tells the same.
    #[test]
    fn a_session_is_what_its_log_says(moves in prop::collection::vec(0..8_u8, 0..40)) {
        let cards = cards(4);
        let mut session = start(&cards, start_log(&cards[..2]), Mode::Due, NOW);
        let mut now = NOW;
        for step in moves {
            now = now + Elapsed::seconds(40);
            session.look(now);
            match Grade::from_number(step) {
                Some(grade) => _ = session.grade(grade, Elapsed::seconds(3), now),
                None if step == 5 => _ = session.suspend(now),
                None if step == 6 => session.bury(now),
                None => _ = session.undo(now),
            }
        }
        let replayed = Histories::replay(session.log(), Options::default());
        prop_assert_eq!(format!("{:?}", session.histories()), format!("{replayed:?}"));
        let mut ids: Vec<ReviewId> = session.log().iter().map(Entry::id).collect();
        ids.dedup();
        prop_assert_eq!(ids.len(), session.log().len(), "every entry has an id of its own");
    }
}
