//! Number columns stored as raw little-endian bytes: a board of a million
//! numbers is decoded with one copy instead of a million visitor calls.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! packed {
    ($(#[$doc:meta])* $name:ident, $number:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub(in crate::rankings) struct $name(pub(in crate::rankings) Vec<$number>);

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let bytes: Vec<u8> = self.0.iter().flat_map(|n| n.to_le_bytes()).collect();
                serializer.serialize_bytes(&bytes)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                const WIDTH: usize = size_of::<$number>();
                let bytes = deserializer.deserialize_byte_buf(Bytes)?;
                let (numbers, rest) = bytes.as_chunks::<WIDTH>();
                if !rest.is_empty() {
                    return Err(D::Error::custom("a packed column ends inside a number"));
                }
                Ok(Self(numbers.iter().map(|b| <$number>::from_le_bytes(*b)).collect()))
            }
        }
    };
}

packed!(
    /// A column of `f32`; NaN is a missing value.
    Floats, f32
);
packed!(
    /// A column of `u16`.
    Shorts, u16
);

struct Bytes;

impl<'de> Visitor<'de> for Bytes {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bytes of a packed column")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
        Ok(bytes)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<u8>, A::Error> {
        let mut bytes = Vec::with_capacity(seq.size_hint().unwrap_or(0));
        while let Some(byte) = seq.next_element()? {
            bytes.push(byte);
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::{Floats, Shorts};

    #[test]
    fn columns_survive_encoding() {
        let text = serde_json::to_string(&Floats(vec![0.5, -1.25])).expect("encodes");
        let back: Floats = serde_json::from_str(&text).expect("decodes");
        assert_eq!(back.0, [0.5, -1.25]);
        assert!(serde_json::from_str::<Shorts>("[1,2,3]").is_err());
    }
}
