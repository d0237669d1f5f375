//! What the log shows: plain values for charts, tables and JSON. A fold over the log, like everything that is known of the cards.

mod heat;

pub use heat::{HeatMap, answers_by_day, heat_map};

use std::collections::{BTreeMap, BTreeSet};

use super::{Answer, Card, CardId, Entry, Grade, Histories, History, LONGEST_ANSWER, Options, Stage};
use crate::clock::{Day, Elapsed, Timestamp};

/// Intervals from so many days on are of mature cards, as Anki counts.
const MATURE: u32 = 21;
/// How far the forecast looks, days, today included.
pub const FORECAST_DAYS: usize = 30;
/// The ends of the stability's bins, days; the last bin is open.
pub const STABILITY_BINS: [f32; 9] = [1.0, 3.0, 7.0, 14.0, 30.0, 60.0, 120.0, 240.0, 480.0];

/// Everything that is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// Today.
    pub today: Activity,
    /// All of it.
    pub total: Activity,
    /// How many cards are how far.
    pub counts: Counts,
    /// Cards due today (what is overdue included), tomorrow, and so on.
    pub forecast: Vec<usize>,
    /// Remembered of what was learned, over the last day, week, month, year and all time.
    pub retention: Vec<(Period, Retention)>,
    /// What it should be, 0 to 1.
    pub desired_retention: f64,
    /// Cards by stability: below each of [`STABILITY_BINS`], and the rest.
    pub stability: Vec<usize>,
    /// Cards by difficulty: from 1 to 2, ..., from 9 to 10.
    pub difficulty: Vec<usize>,
    /// Cards by how likely they are remembered now: below a tenth, ..., nine-tenths and more.
    pub retrievability: Vec<usize>,
    /// How often each grade was given.
    pub grades: [usize; 4],
    /// By hour of the day, 0 to 23: answers to learned cards, and how many were remembered.
    pub hours: Vec<Retention>,
    /// By tag, the most reviewed first.
    pub tags: Vec<TagLine>,
    /// The last year, day by day.
    pub heat: HeatMap,
}

/// What was done in some time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Answers.
    pub answers: usize,
    /// Of them, Again.
    pub again: usize,
    /// Cards met for the first time.
    pub new: usize,
    /// Time, each answer counted up to a minute.
    pub took: Elapsed,
}

impl Activity {
    fn add(&mut self, answer: Answer<'_>) {
        self.answers += 1;
        self.again += usize::from(answer.review.grade == Grade::Again);
        self.new += usize::from(answer.before.is_none());
        self.took += answer.review.took.min(LONGEST_ANSWER);
    }

    /// Mean time of an answer; zero without any.
    pub fn mean(&self) -> Elapsed {
        Elapsed(self.took.0 / self.answers.max(1) as u64)
    }
}

/// How many cards are how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Never answered.
    pub new: usize,
    /// In their steps, for the first time or again.
    pub learning: usize,
    /// Reviewed in intervals below three weeks.
    pub young: usize,
    /// In longer ones.
    pub mature: usize,
    /// Set aside; counted nowhere else.
    pub suspended: usize,
    /// Marked as leeches, whatever else they are.
    pub leeches: usize,
}

/// Remembered of asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// Learned cards that were asked for the first time in a day.
    pub asked: usize,
    /// Of them, remembered.
    pub passed: usize,
}

impl Retention {
    /// The share, 0 to 1; `None` where nothing was asked.
    pub fn share(self) -> Option<f64> {
        (self.asked > 0).then(|| self.passed as f64 / self.asked as f64)
    }

    fn add(&mut self, grade: Grade) {
        self.asked += 1;
        self.passed += usize::from(grade != Grade::Again);
    }
}

/// A stretch of time up to today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Today.
    Today,
    /// The last 7 days.
    Week,
    /// The last 30 days.
    Month,
    /// The last 365 days.
    Year,
    /// All time.
    All,
}

impl Period {
    /// From the shortest to the longest.
    pub const ALL: [Self; 5] = [Self::Today, Self::Week, Self::Month, Self::Year, Self::All];

    /// It in a word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
            Self::All => "all",
        }
    }

    fn holds(self, day: Day, today: Day) -> bool {
        let days = match self {
            Self::Today => 1,
            Self::Week => 7,
            Self::Month => 30,
            Self::Year => 365,
            Self::All => return true,
        };
        today.0.saturating_sub(day.0) < days
    }
}

/// What the cards of a tag show.
#[derive(Clone, Debug, PartialEq)]
pub struct TagLine {
    /// The tag.
    pub tag: String,
    /// Cards that have it.
    pub cards: usize,
    /// Of them, answered at least once.
    pub seen: usize,
    /// What was done.
    pub activity: Activity,
    /// Remembered of what was learned.
    pub retention: Retention,
    /// Mean difficulty of what was seen, 1 to 10.
    pub difficulty: f64,
}

/// What `log` shows of `cards`.
pub fn statistics(cards: &[Card], log: &[Entry], options: &Options, now: Timestamp) -> Statistics {
    let today = options.day(now);
    let by_id: BTreeMap<&CardId, &Card> = cards.iter().map(|card| (&card.id, card)).collect();
    let mut sums = Sums { hours: vec![Retention::default(); 24], ..Sums::default() };
    let histories = Histories::replay_with(log, options.clone(), |answer| {
        let tags = by_id.get(answer.card).map_or(&[][..], |card| &card.tags);
        sums.add(answer, tags, options, today);
    });
    let living: Vec<(&Card, &History)> = cards
        .iter()
        .filter(|card| !histories.is_suspended(&card.id))
        .filter_map(|card| Some((card, histories.get(&card.id)?)))
        .collect();
    let now_likely = |history: &History| history.retrievability(options, now);
    Statistics {
        today: sums.today,
        total: sums.total,
        counts: counts(cards, &histories),
        forecast: forecast(&living, options, today),
        retention: Period::ALL.into_iter().zip(sums.retention).collect(),
        desired_retention: f64::from(options.desired_retention),
        stability: bins(STABILITY_BINS.len() + 1, &living, |history| {
            STABILITY_BINS.iter().take_while(|end| history.memory.stability >= **end).count()
        }),
        difficulty: bins(9, &living, |history| (history.memory.difficulty - 1.0).max(0.0) as usize),
        retrievability: bins(10, &living, |history| (now_likely(history) * 10.0).max(0.0) as usize),
        grades: sums.grades,
        hours: sums.hours,
        tags: tags(cards, &histories, sums.tags),
        heat: heat_map(&sums.days, today),
    }
}

#[derive(Default)]
struct Sums {
    today: Activity,
    total: Activity,
    retention: [Retention; 5],
    grades: [usize; 4],
    hours: Vec<Retention>,
    days: BTreeMap<Day, usize>,
    tags: BTreeMap<String, (Activity, Retention)>,
}

impl Sums {
    fn add(&mut self, answer: Answer<'_>, tags: &[String], options: &Options, today: Day) {
        let (review, day) = (answer.review, options.day(answer.review.at));
        // True retention asks what a night or more did to what had been learned.
        let learned = answer.before.filter(|before| matches!(before.stage, Stage::Review(_)));
        let asked = learned.is_some_and(|before| options.day(before.last) < day);
        self.total.add(answer);
        if day == today {
            self.today.add(answer);
        }
        self.grades[usize::from(review.grade.number()) - 1] += 1;
        *self.days.entry(day).or_default() += 1;
        if asked {
            for (period, retention) in Period::ALL.into_iter().zip(&mut self.retention) {
                if period.holds(day, today) {
                    retention.add(review.grade);
                }
            }
            let hour = (review.at.0 + i64::from(options.utc_offset_minutes) * 60_000).div_euclid(3_600_000);
            self.hours[hour.rem_euclid(24) as usize].add(review.grade);
        }
        for tag in tags.iter().collect::<BTreeSet<_>>() {
            if !self.tags.contains_key(tag) {
                self.tags.insert(tag.clone(), Default::default());
            }
            if let Some((activity, retention)) = self.tags.get_mut(tag) {
                activity.add(answer);
                if asked {
                    retention.add(review.grade);
                }
            }
        }
    }
}

fn counts(cards: &[Card], histories: &Histories) -> Counts {
    let mut counts = Counts::default();
    for card in cards {
        let history = histories.get(&card.id);
        counts.leeches += usize::from(history.is_some_and(|history| history.leech));
        let count = match history.map(|history| history.stage) {
            _ if histories.is_suspended(&card.id) => &mut counts.suspended,
            None => &mut counts.new,
            Some(Stage::Learning(_) | Stage::Relearning(_)) => &mut counts.learning,
            Some(Stage::Review(days)) if days < MATURE => &mut counts.young,
            Some(Stage::Review(_)) => &mut counts.mature,
        };
        *count += 1;
    }
    counts
}

fn forecast(living: &[(&Card, &History)], options: &Options, today: Day) -> Vec<usize> {
    let mut days = vec![0; FORECAST_DAYS];
    for (_, history) in living {
        let ahead = history.due_day(options).0.saturating_sub(today.0).max(0) as usize;
        if let Some(day) = days.get_mut(ahead) {
            *day += 1;
        }
    }
    days
}

fn bins(count: usize, living: &[(&Card, &History)], bin: impl Fn(&History) -> usize) -> Vec<usize> {
    let mut bins = vec![0; count];
    for (_, history) in living {
        bins[bin(history).min(count - 1)] += 1;
    }
    bins
}

fn tags(cards: &[Card], histories: &Histories, mut done: BTreeMap<String, (Activity, Retention)>) -> Vec<TagLine> {
    let mut sums: BTreeMap<&String, (usize, usize, f64)> = BTreeMap::new();
    for card in cards {
        for tag in card.tags.iter().collect::<BTreeSet<_>>() {
            let (count, seen, difficulty) = sums.entry(tag).or_default();
            *count += 1;
            if let Some(history) = histories.get(&card.id) {
                *seen += 1;
                *difficulty += f64::from(history.memory.difficulty);
            }
        }
    }
    let line = |(tag, (cards, seen, difficulty)): (&String, (usize, usize, f64))| {
        let (activity, retention) = done.remove(tag).unwrap_or_default();
        TagLine { tag: tag.clone(), cards, seen, activity, retention, difficulty: difficulty / seen.max(1) as f64 }
    };
    let mut lines: Vec<TagLine> = sums.into_iter().map(line).collect();
    lines.sort_by(|a, b| {
        b.activity.answers.cmp(&a.activity.answers).then_with(|| b.cards.cmp(&a.cards)).then_with(|| a.tag.cmp(&b.tag))
    });
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::{CardKind, Deck, Review, ReviewId};

    const DAY: i64 = 86_400_000;

    fn card(id: &str, tags: &[&str]) -> Card {
        Card {
            id: CardId(id.to_owned()),
            kind: CardKind::Recall,
            deck: Deck::Concepts,
            question: id.into(),
            answer: "a".into(),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            level: None,
            siblings: None,
        }
    }

    fn log(reviews: &[(&str, i64, Grade)]) -> Vec<Entry> {
        let review = |(id, (card, day, grade)): (u64, &(&str, i64, Grade))| {
            // At noon.
            let at = Timestamp(day * DAY + DAY / 2 + id as i64);
            let (id, card) = (ReviewId(id), CardId((*card).to_owned()));
            Entry::Review(Review { id, card, at, grade: *grade, took: Elapsed::seconds(90) })
        };
        (1..).zip(reviews).map(review).collect()
    }

    #[test]
    fn the_figures_are_those_of_the_log() {
        let cards = [card("a", &["x", "y"]), card("b", &["x"]), card("c", &[])];
        let log = log(&[
            ("a", 100, Grade::Easy),
            ("b", 100, Grade::Easy),
            ("a", 109, Grade::Good),
            ("b", 109, Grade::Again),
            ("b", 109, Grade::Good),
            ("gone", 109, Grade::Good),
        ]);
        let options = Options { fuzz: false, ..Options::default() };
        let shown = statistics(&cards, &log, &options, Timestamp(109 * DAY + DAY * 3 / 4));
        assert_eq!(shown.today, Activity { answers: 4, again: 1, new: 1, took: Elapsed::seconds(240) });
        assert_eq!((shown.total.answers, shown.total.mean()), (6, Elapsed::seconds(60)));
        assert_eq!(shown.counts, Counts { new: 1, young: 1, mature: 1, ..Counts::default() });
        assert_eq!(shown.grades, [1, 0, 3, 2]);
        assert_eq!(shown.retention[0], (Period::Today, Retention { asked: 2, passed: 1 }));
        assert_eq!(shown.hours[12].asked, 2);
        assert_eq!(shown.forecast.iter().sum::<usize>(), 1, "one is due within a month: {:?}", shown.forecast);
        assert_eq!(shown.stability.iter().sum::<usize>(), 2);
        assert_eq!(shown.difficulty.iter().sum::<usize>(), 2);
        assert_eq!(shown.retrievability[9], 2, "both were answered today");
        let tag = |name: &str| shown.tags.iter().find(|line| line.tag == name).unwrap();
        assert_eq!((tag("x").cards, tag("x").seen, tag("x").activity.answers), (2, 2, 5));
        assert_eq!(tag("y").retention, Retention { asked: 1, passed: 1 });
        assert_eq!(shown.tags[0].tag, "x");
        assert_eq!(shown.heat.greatest(), 4);
    }

    #[test]
    fn nothing_is_divided_by_nothing() {
        let shown = statistics(&[], &[], &Options::default(), Timestamp(0));
        assert_eq!((shown.total.mean(), shown.retention[4].1.share()), (Elapsed(0), None));
        assert_eq!(shown.forecast, vec![0; FORECAST_DAYS]);
    }

    #[test]
    fn what_is_overdue_is_due_today() {
        let log = log(&[("a", 1, Grade::Easy)]);
        let shown = statistics(&[card("a", &[])], &log, &Options::default(), Timestamp(500 * DAY));
        assert_eq!(shown.forecast[0], 1);
    }
}
