//! Time as plain values. Nobody below the shell reads a clock: `now` is always an argument.

use std::fmt;
use std::ops::{Add, AddAssign};

use chrono::{DateTime, Datelike, Days, NaiveDate, SecondsFormat, Utc};

/// A moment: milliseconds since the Unix epoch, UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// How long ago `earlier` was; zero if it was not earlier (clocks are set back).
    pub fn since(self, earlier: Self) -> Elapsed {
        Elapsed(self.0.saturating_sub(earlier.0).max(0).unsigned_abs())
    }

    /// The moment in RFC 3339 with milliseconds and `Z`: `2026-03-01T18:30:00.000Z`.
    pub fn to_rfc3339(self) -> String {
        self.date_time().to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    /// Reads what [`Timestamp::to_rfc3339`] wrote, or any RFC 3339 moment.
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|moment| Self(moment.timestamp_millis()))
    }

    /// The moment in the wording of [`chrono::format::strftime`], in UTC.
    pub fn format(self, format: &str) -> String {
        self.date_time().format(format).to_string()
    }

    /// The day in UTC shifted by `offset_minutes` east of it.
    pub fn day(self, offset_minutes: i32) -> Day {
        Day((self.0 + i64::from(offset_minutes) * 60_000).div_euclid(86_400_000) as i32)
    }

    fn date_time(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }
}

impl Add<Elapsed> for Timestamp {
    type Output = Self;
    fn add(self, elapsed: Elapsed) -> Self {
        Self(self.0.saturating_add_unsigned(elapsed.0))
    }
}

/// A calendar day: days since 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(pub i32);

impl Day {
    /// The day as `2026-03-01`.
    pub fn to_iso(self) -> String {
        self.date().format("%Y-%m-%d").to_string()
    }

    /// Day of the week, Monday is 0.
    pub fn weekday(self) -> u32 {
        self.date().weekday().num_days_from_monday()
    }

    fn date(self) -> NaiveDate {
        let epoch = NaiveDate::default();
        let days = Days::new(u64::from(self.0.unsigned_abs()));
        let date = if self.0 < 0 { epoch.checked_sub_days(days) } else { epoch.checked_add_days(days) };
        date.unwrap_or(epoch)
    }
}

/// A length of time in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Elapsed(pub u64);

impl Elapsed {
    /// `minutes` minutes.
    pub const fn minutes(minutes: u64) -> Self {
        Self(minutes * 60_000)
    }

    /// `seconds` seconds.
    pub const fn seconds(seconds: u64) -> Self {
        Self(seconds * 1_000)
    }

    /// Whole seconds, rounded down.
    pub const fn as_seconds(self) -> u64 {
        self.0 / 1_000
    }

    /// The difference, or zero if `other` is longer.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Add for Elapsed {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Elapsed {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl fmt::Display for Elapsed {
    /// `04:05`, or `1:04:05` from one hour on.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.as_seconds();
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        if hours > 0 { write!(f, "{hours}:{minutes:02}:{seconds:02}") } else { write!(f, "{minutes:02}:{seconds:02}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_survive_the_trip_through_text() {
        let moment = Timestamp(1_772_389_800_123);
        assert_eq!(moment.to_rfc3339(), "2026-03-01T18:30:00.123Z");
        assert_eq!(Timestamp::from_rfc3339(&moment.to_rfc3339()), Some(moment));
        assert_eq!(moment.day(0).to_iso(), "2026-03-01");
        assert_eq!(moment.day(6 * 60).to_iso(), "2026-03-02");
        assert_eq!(moment.day(0).weekday(), 6);
    }

    #[test]
    fn a_clock_set_back_never_gives_negative_time() {
        assert_eq!(Timestamp(5).since(Timestamp(9)), Elapsed(0));
        assert_eq!(Elapsed::minutes(64).to_string(), "1:04:00");
        assert_eq!(Elapsed::seconds(245).to_string(), "04:05");
    }
}
