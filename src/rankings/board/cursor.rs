//! The opaque token that continues a list after its last row. It holds the sort
//! key and id of that row, so rows that come or go never shift a page.

use super::query::Key;
use crate::domain::{ProspectId, Season};
use crate::rankings::error::RankingsError;
use crate::secret::{hex, unhex};

/// Where a list continues.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::rankings) struct Cursor {
    pub(in crate::rankings) id: ProspectId,
    key: OwnedKey,
}

#[derive(Clone, Debug, PartialEq)]
enum OwnedKey {
    Number(f64),
    Text(String),
}

const GARBAGE: RankingsError = RankingsError::Cursor("is not one this server gave out");
const FOREIGN: RankingsError =
    RankingsError::Cursor("belongs to a list with another season, filter or order");

impl Cursor {
    pub(in crate::rankings) fn new(key: Key<'_>, id: ProspectId) -> Self {
        let key = match key {
            Key::Number(number) => OwnedKey::Number(number),
            Key::Text(text) => OwnedKey::Text(text.to_owned()),
        };
        Self { id, key }
    }

    pub(in crate::rankings) fn key(&self) -> Key<'_> {
        match &self.key {
            OwnedKey::Number(number) => Key::Number(*number),
            OwnedKey::Text(text) => Key::Text(text),
        }
    }

    /// The token of this place in `list` of `season`.
    pub(in crate::rankings) fn write(&self, season: Season, list: &str) -> String {
        let mut bytes = list_tag(season, list).to_vec();
        bytes.extend(self.id.0.to_le_bytes());
        match &self.key {
            OwnedKey::Number(number) => {
                bytes.push(0);
                bytes.extend(number.to_bits().to_le_bytes());
            }
            OwnedKey::Text(text) => {
                bytes.push(1);
                bytes.extend(text.as_bytes());
            }
        }
        bytes.extend(checksum(&bytes));
        hex(&bytes)
    }

    /// Reads a token back; it must be ours and of the same list.
    pub(in crate::rankings) fn read(
        text: &str,
        season: Season,
        list: &str,
    ) -> Result<Self, RankingsError> {
        let bytes = unhex(text).ok_or(GARBAGE)?;
        let (body, sum) = bytes.split_last_chunk::<4>().ok_or(GARBAGE)?;
        if checksum(body) != *sum {
            return Err(GARBAGE);
        }
        let (tag, rest) = body.split_first_chunk::<8>().ok_or(GARBAGE)?;
        if *tag != list_tag(season, list) {
            return Err(FOREIGN);
        }
        let (id, rest) = rest.split_first_chunk::<4>().ok_or(GARBAGE)?;
        let key = read_key(rest).ok_or(GARBAGE)?;
        Ok(Self {
            id: ProspectId(u32::from_le_bytes(*id)),
            key,
        })
    }
}

fn read_key(bytes: &[u8]) -> Option<OwnedKey> {
    match bytes.split_first()? {
        (0, number) => {
            let bits = u64::from_le_bytes(number.try_into().ok()?);
            Some(OwnedKey::Number(f64::from_bits(bits)))
        }
        (1, text) => Some(OwnedKey::Text(std::str::from_utf8(text).ok()?.to_owned())),
        _ => None,
    }
}

fn list_tag(season: Season, list: &str) -> [u8; 8] {
    first_bytes(blake3::hash(format!("{season} {list}").as_bytes()))
}

fn checksum(bytes: &[u8]) -> [u8; 4] {
    first_bytes(blake3::hash(bytes))
}

fn first_bytes<const N: usize>(hash: blake3::Hash) -> [u8; N] {
    std::array::from_fn(|i| hash.as_bytes()[i])
}
