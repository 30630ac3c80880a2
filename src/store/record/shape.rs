//! What every record has in common: a version, and a value it stands for.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::domain::{Code, ProspectId, Season, UserId};
use crate::store::codec;

/// The shape of a table's rows.
pub(in crate::store) trait Record: Serialize + DeserializeOwned {
    /// Version of the shape that is written.
    const VERSION: u8 = 1;

    /// Whose row it is, where the record says so.
    fn owner(&self) -> Option<UserId> {
        None
    }

    /// Reads the body of a row that was written with an earlier version.
    ///
    /// # Errors
    /// When the version is none of this record's, or the body not what it wrote.
    fn of_earlier(version: u8, _body: &[u8]) -> Result<Self, String> {
        Err(codec::unknown_version(version))
    }

    /// The row.
    ///
    /// # Errors
    /// When the record can't be encoded.
    fn encode(&self) -> Result<Vec<u8>, String> {
        codec::seal(Self::VERSION, self)
    }

    /// The record of a row.
    ///
    /// # Errors
    /// When a byte is not what was written, bytes are left over, or the version is
    /// unknown.
    fn decode(row: &[u8]) -> Result<Self, String> {
        match codec::open(row)? {
            (version, body) if version == Self::VERSION => codec::read_body(body),
            (version, body) => Self::of_earlier(version, body),
        }
    }
}

/// A single number or text, whose shape can't change.
macro_rules! plain {
    ($($type:ty),+) => { $(impl Record for $type {})+ };
}

plain!((), u32, u64, String, Vec<u8>, Timestamp);

/// A row whose type only its owner knows, envelope and all; here only its checksum
/// is checked. What its owner can't read is made again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct Opaque(pub(in crate::store) Vec<u8>);

impl Record for Opaque {
    fn encode(&self) -> Result<Vec<u8>, String> {
        Ok(self.0.clone())
    }

    fn decode(row: &[u8]) -> Result<Self, String> {
        codec::open(row)?;
        Ok(Self(row.to_vec()))
    }
}

/// The stored form of a `T`. It is a trait of ours since `From` can't be had for
/// options and lists of others.
pub(in crate::store) trait Form<T>: Sized {
    /// The form of a value.
    fn of(value: &T) -> Self;
    /// The value of a form.
    fn value(self) -> T;
}

/// Declares a record with the fields of a value: one that gains a field does not
/// compile until the record has said whether it is stored.
macro_rules! record {
    ($(#[$doc:meta])* $record:ident of $value:ident { $($field:ident: $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        pub(in crate::store) struct $record {
            $(pub(in crate::store) $field: $type),+
        }

        impl $crate::store::record::shape::Form<$value> for $record {
            fn of(value: &$value) -> Self {
                Self { $($field: $crate::store::record::shape::Form::of(&value.$field)),+ }
            }

            fn value(self) -> $value {
                $value { $($field: $crate::store::record::shape::Form::value(self.$field)),+ }
            }
        }
    };
}

pub(in crate::store) use record;

/// Values that are their own form.
macro_rules! as_they_are {
    ($($type:ty),+) => {
        $(impl Form<$type> for $type {
            fn of(value: &$type) -> Self {
                <$type as Clone>::clone(value)
            }

            fn value(self) -> $type {
                self
            }
        })+
    };
}

// Dates and times are stored as their text (`2026-12-31`, `2026-12-31T04:00:00Z`) and
// codes as theirs, where a record says so; most dates are days.
as_they_are!(
    bool, u8, u16, u32, u64, u128, f32, f64, String, Code, Date, Timestamp
);

impl<T, F: Form<T>> Form<Option<T>> for Option<F> {
    fn of(value: &Option<T>) -> Self {
        value.as_ref().map(F::of)
    }

    fn value(self) -> Option<T> {
        self.map(F::value)
    }
}

impl<T, F: Form<T>> Form<Vec<T>> for Vec<F> {
    fn of(value: &Vec<T>) -> Self {
        value.iter().map(F::of).collect()
    }

    fn value(self) -> Vec<T> {
        self.into_iter().map(F::value).collect()
    }
}

impl<T, U, F: Form<T>, G: Form<U>> Form<(T, U)> for (F, G) {
    fn of(value: &(T, U)) -> Self {
        (F::of(&value.0), G::of(&value.1))
    }

    fn value(self) -> (T, U) {
        (self.0.value(), self.1.value())
    }
}

impl<T, F: Form<T>, const N: usize> Form<[T; N]> for [F; N] {
    fn of(value: &[T; N]) -> Self {
        value.each_ref().map(F::of)
    }

    fn value(self) -> [T; N] {
        self.map(F::value)
    }
}

/// In single precision.
impl Form<f64> for f32 {
    fn of(value: &f64) -> Self {
        *value as f32
    }

    fn value(self) -> f64 {
        self.into()
    }
}

impl Form<ProspectId> for u32 {
    fn of(value: &ProspectId) -> Self {
        value.0
    }

    fn value(self) -> ProspectId {
        ProspectId(self)
    }
}

impl Form<UserId> for u128 {
    fn of(value: &UserId) -> Self {
        value.0
    }

    fn value(self) -> UserId {
        UserId(self)
    }
}

impl Form<Season> for u16 {
    fn of(value: &Season) -> Self {
        value.0
    }

    fn value(self) -> Season {
        Season(self)
    }
}

/// Days since 1970-01-01.
pub(in crate::store) type Day = i32;

impl Form<Date> for Day {
    fn of(value: &Date) -> Self {
        day(*value)
    }

    fn value(self) -> Date {
        date(self)
    }
}

/// The day number of a date.
pub(in crate::store) fn day(date: Date) -> Day {
    let epoch = jiff::civil::date(1970, 1, 1);
    // Dates of years -9999 to 9999 differ by less than eight million days.
    epoch.until(date).map_or(0, |span| span.get_days())
}

/// The date of a day number.
pub(in crate::store) fn date(day: Day) -> Date {
    jiff::civil::date(1970, 1, 1)
        .saturating_add(jiff::Span::new().days(day.clamp(-2_000_000, 2_000_000)))
}

#[cfg(test)]
mod tests {
    use super::{date, day};

    #[test]
    fn days_and_dates_agree() {
        for (y, m, d) in [
            (1970, 1, 1),
            (1969, 12, 31),
            (2000, 2, 29),
            (2026, 11, 22),
            (1890, 5, 4),
        ] {
            let given = jiff::civil::date(y, m, d);
            assert_eq!(date(day(given)), given);
        }
        assert_eq!(day(jiff::civil::date(1970, 1, 2)), 1);
    }
}
