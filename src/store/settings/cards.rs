//! `[cards]` of the settings: how cards are scheduled, and the weights that were fitted to the user's own log.

use toml::{Table, Value};

use crate::cards::{Limits, Options, Weights};

/// What the user has chosen; `None` is the program's own choice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CardSettings {
    /// Probability of recall at which a card comes back, 0.7 to 0.99: `retention = 0.9`.
    pub retention: Option<f32>,
    /// New cards a day: `new = 20`.
    pub new: Option<usize>,
    /// Reviews a day: `reviews = 200`.
    pub reviews: Option<usize>,
    /// Cards a session: `session = 40`.
    pub session: Option<usize>,
    /// Weights of the model: `weights = [...]`, 21 numbers.
    pub weights: Option<Weights>,
}

impl CardSettings {
    /// The options that they make, for a person so many minutes east of UTC.
    pub fn options(&self, utc_offset_minutes: i32) -> Options {
        let usual = Options::default();
        Options {
            desired_retention: self.retention.unwrap_or(usual.desired_retention),
            weights: self.weights.clone().unwrap_or_default(),
            utc_offset_minutes,
            ..usual
        }
    }

    /// The limits that they make.
    pub fn limits(&self) -> Limits {
        let usual = Limits::default();
        Limits {
            new: self.new.unwrap_or(usual.new),
            reviews: self.reviews.unwrap_or(usual.reviews),
            session: self.session.unwrap_or(usual.session),
        }
    }
}

/// The greatest count that is taken for one.
const MOST: i64 = 9_999;

pub(super) fn read(table: &Table, warnings: &mut Vec<String>) -> CardSettings {
    let mut settings = CardSettings::default();
    for (key, value) in table {
        let understood = match key.as_str() {
            "retention" => retention(value).map(|retention| settings.retention = Some(retention)),
            "new" => count(value).map(|count| settings.new = Some(count)),
            "reviews" => count(value).map(|count| settings.reviews = Some(count)),
            "session" => count(value).filter(|count| *count > 0).map(|count| settings.session = Some(count)),
            "weights" => weights(value).map(|weights| settings.weights = Some(weights)),
            _ => {
                let known = "retention, new, reviews, session, weights";
                warnings.push(format!("unknown setting 'cards.{key}'; known are {known}"));
                continue;
            }
        };
        if understood.is_none() {
            let expected = match key.as_str() {
                "retention" => "a number from 0.7 to 0.99",
                "weights" => "21 numbers that the model accepts",
                _ => "a whole number up to 9999",
            };
            warnings.push(format!("cards.{key} = {value}: expected {expected}"));
        }
    }
    settings
}

fn number(value: &Value) -> Option<f32> {
    value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64)).map(|number| number as f32)
}

fn retention(value: &Value) -> Option<f32> {
    number(value).filter(|share| (0.7..=0.99).contains(share))
}

fn count(value: &Value) -> Option<usize> {
    value.as_integer().filter(|count| (0..=MOST).contains(count)).and_then(|count| usize::try_from(count).ok())
}

fn weights(value: &Value) -> Option<Weights> {
    let numbers: Option<Vec<f32>> = value.as_array()?.iter().map(number).collect();
    Weights::new(&numbers?)
}

/// `table` with these settings; what it has beside them stays.
pub(super) fn write(mut table: Table, settings: &CardSettings) -> Table {
    let counts = [("new", settings.new), ("reviews", settings.reviews), ("session", settings.session)];
    let counts = counts.map(|(key, count)| (key, count.map(|count| Value::Integer(count as i64))));
    let weights = settings.weights.as_ref();
    let weights = weights.map(|weights| Value::Array(weights.values().iter().map(|weight| float(*weight)).collect()));
    for (key, value) in counts.into_iter().chain([("retention", settings.retention.map(float)), ("weights", weights)]) {
        match value {
            Some(value) => _ = table.insert(key.to_owned(), value),
            None => _ = table.remove(key),
        }
    }
    table
}

/// The shortest number that is read as this one again.
fn float(number: f32) -> Value {
    Value::Float(number.to_string().parse().unwrap_or_else(|_| f64::from(number)))
}

#[cfg(test)]
mod tests {
    use super::super::{Settings, read as read_settings, write as write_settings};
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_strangers_stay() {
        let cards = CardSettings {
            retention: Some(0.85),
            new: Some(5),
            reviews: Some(0),
            session: None,
            weights: Some(Weights::default()),
        };
        let settings = Settings { cards: cards.clone(), ..Settings::default() };
        let text =
            write_settings("theme = \"dark\"\n[cards]\nsession = 9\nfuture = 1\n[keys]\n\"a.b\" = \"x\"\n", &settings);
        assert!(text.contains("retention = 0.85\n") && text.contains("future = 1"), "{text}");
        let (read, warnings) = read_settings(&text);
        assert_eq!((read.cards, warnings.len()), (cards.clone(), 1));
        assert_eq!(cards.options(60).desired_retention, 0.85);
        assert_eq!(cards.limits(), Limits { new: 5, reviews: 0, ..Limits::default() });
    }

    #[track_caller]
    fn check_warning(text: &str, expected: &str) {
        let (read, warnings) = read_settings(&format!("[cards]\n{text}\n"));
        assert_eq!((read, warnings), (Settings::default(), vec![expected.to_owned()]));
    }

    #[test]
    fn what_means_nothing_is_warned_of() {
        check_warning("retention = 1.5", "cards.retention = 1.5: expected a number from 0.7 to 0.99");
        check_warning("session = 0", "cards.session = 0: expected a whole number up to 9999");
        check_warning("new = -1", "cards.new = -1: expected a whole number up to 9999");
        check_warning("weights = [1, 2]", "cards.weights = [1, 2]: expected 21 numbers that the model accepts");
        check_warning("x = 1", "unknown setting 'cards.x'; known are retention, new, reviews, session, weights");
    }
}
