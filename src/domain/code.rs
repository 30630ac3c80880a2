//! Short codes of clubs, leagues and organisations, held in place.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A short code as its source publishes it (league `AAA E`, club `GRN`,
/// organisation `NYM`): up to eight bytes, held inline.
///
/// Stat lines are read by the hundred thousand, so a code is `Copy` and owns
/// no allocation. The empty code means *unknown*.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Code([u8; 8]);

impl Code {
    /// The code, or `None` when `text` is longer than eight bytes.
    pub fn new(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let mut code = [0; 8];
        code.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(Self(code))
    }

    /// The text of the code; empty when unknown.
    pub fn as_str(&self) -> &str {
        let length = self.0.iter().position(|&b| b == 0).unwrap_or(8);
        // `new` copies whole strings, so the bytes are valid UTF-8.
        std::str::from_utf8(&self.0[..length]).unwrap_or_default()
    }

    /// True when the source gave no code.
    pub fn is_unknown(&self) -> bool {
        self.0[0] == 0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::new(&text).ok_or_else(|| serde::de::Error::custom("a code has at most 8 bytes"))
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn holds_up_to_eight_bytes() {
        assert_eq!(Code::new("AAA E").expect("short").as_str(), "AAA E");
        assert_eq!(Code::new("12345678").expect("eight").as_str(), "12345678");
        assert!(Code::new("123456789").is_none());
        assert!(Code::default().is_unknown());
    }
}
