//! Somebody with an account: who he is, what he may do, how he likes his pages.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

/// The opaque name of an account: 128 random bits, never given to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(pub u128);

impl UserId {
    /// Stands where a row is about nobody who has an account.
    pub const NOBODY: Self = Self(0);
}

/// As 32 hexadecimal digits.
impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for UserId {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let digits = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let number = digits
            .then(|| u128::from_str_radix(text, 16).ok())
            .flatten();
        let unknown = || UnknownWord {
            text: text.to_owned(),
            known: "32 hexadecimal digits".to_owned(),
        };
        number.filter(|&id| id != 0).map(Self).ok_or_else(unknown)
    }
}

/// A text that only the keys of the installation open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Number of the key it is sealed under.
    pub key: u32,
    /// Nonce, ciphertext and tag.
    pub bytes: Vec<u8>,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its name in the store.
    pub id: UserId,
    /// Mail address, sealed; it is found by a keyed hash of it.
    pub mail: Sealed,
    /// What the reader calls himself.
    pub name: String,
    /// Whether he runs the site.
    pub role: UserRole,
    /// What he may use.
    pub tier: Tier,
    /// Whether he can sign in.
    pub state: UserState,
    /// Raised by whatever ends all sign-ins; what carries an older one is refused.
    pub epoch: u32,
    /// True once he opened a link that was sent to the address.
    pub mail_verified: bool,
    /// When the account was made.
    pub created: Timestamp,
    /// When he last signed in.
    pub signed_in: Option<Timestamp>,
    /// How he likes his pages.
    pub preferences: Preferences,
}

/// How a reader likes his pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// IANA name of his time zone; empty for the site's.
    pub time_zone: String,
    /// Colours of the pages.
    pub theme: Theme,
    /// Units of heights, weights and speeds.
    pub units: Units,
    /// The league he looks at first; empty when he named none.
    pub league: String,
}

/// A word that is none of those known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not known here: write {known}")]
pub struct UnknownWord {
    text: String,
    known: String,
}

/// Declares an enum whose values are written as words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $value:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$about])* $value),+ }

        impl $name {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$value),+];

            /// Its word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$value => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let known = Self::ALL.iter().find(|value| value.as_str() == text);
                known.copied().ok_or_else(|| $crate::domain::UnknownWord::of(text, &[$($word),+]))
            }
        }
    };
}

pub(super) use words;

impl UnknownWord {
    pub(super) fn of(text: &str, known: &[&str]) -> Self {
        Self {
            text: text.to_owned(),
            known: known.join(" or "),
        }
    }
}

words! {
    /// Whether somebody runs the site.
    UserRole {
        /// He reads.
        Reader = "reader",
        /// He may do what the operator may.
        Operator = "operator",
    }
}

words! {
    /// What somebody may use.
    Tier {
        /// What everybody may.
        Free = "free",
        /// Everything.
        Premium = "premium",
    }
}

words! {
    /// Who has the tier premium where it is not sold.
    #[derive(Default)]
    PremiumFor {
        /// Everybody, also without an account.
        #[default]
        Everybody = "everybody",
        /// Whom the operator grants it.
        Granted = "granted",
    }
}

words! {
    /// Whether somebody can sign in.
    UserState {
        /// He has a link, and has not chosen a password yet.
        Invited = "invited",
        /// He can.
        Active = "active",
        /// The operator said no.
        Disabled = "disabled",
    }
}

words! {
    /// Who may make an account.
    #[derive(Default)]
    Registration {
        /// Everybody.
        Open = "open",
        /// Whom the operator invited.
        #[default]
        Invited = "invited",
        /// Nobody.
        Closed = "closed",
    }
}

words! {
    /// Colours of the pages.
    #[derive(Default)]
    Theme {
        /// As the device has it.
        #[default]
        System = "system",
        /// Warm paper.
        Light = "light",
        /// Cellar dark.
        Dark = "dark",
    }
}

words! {
    /// Units of heights, weights and speeds.
    #[derive(Default)]
    Units {
        /// Feet, pounds, miles.
        #[default]
        Imperial = "imperial",
        /// Metres, kilograms, kilometres.
        Metric = "metric",
    }
}

#[cfg(test)]
mod tests {
    use super::{Tier, UserId, UserRole};

    #[test]
    fn ids_and_words_are_read_back() {
        let id = UserId(0xfeed);
        assert_eq!(id.to_string().parse(), Ok(id));
        for wrong in [
            "",
            "feed",
            &"0".repeat(32),
            &"+".repeat(32),
            &"g".repeat(32),
        ] {
            assert!(wrong.parse::<UserId>().is_err(), "{wrong}");
        }
        for role in UserRole::ALL {
            assert_eq!(role.to_string().parse(), Ok(*role));
        }
        let said = "gold".parse::<Tier>().expect_err("no tier").to_string();
        assert!(
            said.contains("gold") && said.contains("free or premium"),
            "{said}"
        );
    }
}
