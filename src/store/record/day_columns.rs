//! Columns of whole numbers as bytes: what differs from an earlier day, in few bits.
//!
//! Players are keyed by role and id. A column holds a number per key. Written beside
//! the columns of an earlier day, only the keys that came and went and the differences
//! of the numbers are stored, each in one to five bytes; zstd squeezes the rest, since
//! most differences are zero and the others small.

/// Role and id.
pub(super) type Key = (u8, u32);

/// Rounds and effort of the compression: a day is written once.
const LEVEL: i32 = 12;
/// Bytes that columns may unpack to at most, so that damage can't ask for all memory.
const MOST: u64 = 64 << 20;

/// Numbers per key, column by column.
pub(super) type Columns = Vec<Vec<i32>>;

/// Who is on the board, and what became of the keys of the day before.
#[derive(Debug)]
pub(super) struct Keys {
    /// Keys in order.
    pub(super) now: Vec<Key>,
    /// Where each was before; `None` for those who are new.
    before: Vec<Option<usize>>,
}

impl Keys {
    /// The keys of a day beside those of an earlier one, both in order.
    pub(super) fn beside(now: Vec<Key>, before: &[Key]) -> Self {
        let before = now.iter().map(|key| before.binary_search(key).ok());
        Self {
            before: before.collect(),
            now,
        }
    }

    /// Appends who went and who came.
    pub(super) fn write(&self, before: &[Key], out: &mut Vec<u8>) {
        let gone: Vec<usize> = (0..before.len())
            .filter(|&place| self.now.binary_search(&before[place]).is_err())
            .collect();
        write(out, gone.len() as u64);
        let mut last = 0;
        for place in gone {
            write(out, (place - last) as u64);
            last = place;
        }
        let came = self.now.iter().zip(&self.before);
        let came: Vec<u64> = came
            .filter(|(_, before)| before.is_none())
            .map(|(key, _)| number_of(*key))
            .collect();
        write(out, came.len() as u64);
        let mut last = 0;
        for key in came {
            write(out, key - last);
            last = key;
        }
    }

    /// Reads what [`Self::write`] wrote beside the same keys.
    pub(super) fn read(bytes: &mut &[u8], before: &[Key]) -> Result<Self, String> {
        let mut gone = std::collections::HashSet::new();
        let mut place = 0;
        for _ in 0..count(bytes)? {
            place += read(bytes)? as usize;
            gone.insert(place);
        }
        let kept = before.iter().enumerate();
        let mut now: Vec<Key> = kept
            .filter(|(place, _)| !gone.contains(place))
            .map(|(_, key)| *key)
            .collect();
        let mut last = 0_u64;
        for _ in 0..count(bytes)? {
            last = last
                .checked_add(read(bytes)?)
                .ok_or("a key is out of range")?;
            now.push(key_of(last)?);
        }
        now.sort_unstable();
        Ok(Self::beside(now, before))
    }

    /// Appends the columns as differences from those of the day before.
    pub(super) fn write_columns(&self, now: &Columns, before: &Columns, out: &mut Vec<u8>) {
        for (at, column) in now.iter().enumerate() {
            for (number, place) in column.iter().zip(&self.before) {
                let was = place.map_or(0, |place| before[at][place]);
                write(out, zigzag(number.wrapping_sub(was)).into());
            }
        }
    }

    /// Reads so many columns beside those of the day before.
    pub(super) fn read_columns(
        &self,
        bytes: &mut &[u8],
        width: usize,
        before: &Columns,
    ) -> Result<Columns, String> {
        let mut columns = Columns::with_capacity(width);
        for at in 0..width {
            let mut column = Vec::with_capacity(self.before.len());
            for place in &self.before {
                let was = match place {
                    Some(place) => *before
                        .get(at)
                        .and_then(|column| column.get(*place))
                        .ok_or("the day before has no such column")?,
                    None => 0,
                };
                let difference = u32::try_from(read(bytes)?).map_err(|_| TOO_LARGE)?;
                column.push(was.wrapping_add(unzigzag(difference)));
            }
            columns.push(column);
        }
        Ok(columns)
    }
}

/// Appends a short list of growing numbers.
pub(super) fn write_growing(out: &mut Vec<u8>, numbers: &[u32]) {
    write(out, numbers.len() as u64);
    let mut last = 0;
    for &number in numbers {
        write(out, u64::from(number - last));
        last = number;
    }
}

/// Reads what [`write_growing`] wrote.
pub(super) fn read_growing(bytes: &mut &[u8]) -> Result<Vec<u32>, String> {
    let mut last = 0_u32;
    (0..count(bytes)?)
        .map(|_| {
            let step = u32::try_from(read(bytes)?).map_err(|_| TOO_LARGE)?;
            last = last.checked_add(step).ok_or(TOO_LARGE)?;
            Ok(last)
        })
        .collect()
}

/// Appends a text with its length.
pub(super) fn write_text(out: &mut Vec<u8>, text: &str) {
    write(out, text.len() as u64);
    out.extend(text.as_bytes());
}

/// Reads what [`write_text`] wrote.
pub(super) fn read_text<'a>(bytes: &mut &'a [u8]) -> Result<&'a str, String> {
    let length = count(bytes)?;
    let (text, rest) = bytes.split_at_checked(length).ok_or(ENDS)?;
    *bytes = rest;
    std::str::from_utf8(text).map_err(|error| error.to_string())
}

/// Compresses, with the length before.
pub(super) fn pack(raw: &[u8]) -> Result<Vec<u8>, String> {
    let mut packed = Vec::new();
    write(&mut packed, raw.len() as u64);
    packed.extend(zstd::bulk::compress(raw, LEVEL).map_err(|error| error.to_string())?);
    Ok(packed)
}

/// What [`pack`] packed.
pub(super) fn unpack(mut packed: &[u8]) -> Result<Vec<u8>, String> {
    let length = read(&mut packed)?;
    if length > MOST {
        return Err(format!("{length} bytes are too many for a day"));
    }
    let raw = zstd::bulk::decompress(packed, length as usize).map_err(|error| error.to_string())?;
    if raw.len() as u64 != length {
        return Err(ENDS.to_owned());
    }
    Ok(raw)
}

const ENDS: &str = "a day's columns end too early";
const TOO_LARGE: &str = "a number is too large";

fn number_of((role, id): Key) -> u64 {
    u64::from(role) << 32 | u64::from(id)
}

fn key_of(number: u64) -> Result<Key, String> {
    let role = u8::try_from(number >> 32).map_err(|_| "a key is out of range")?;
    Ok((role, number as u32))
}

fn zigzag(number: i32) -> u32 {
    ((number << 1) ^ (number >> 31)) as u32
}

fn unzigzag(number: u32) -> i32 {
    (number >> 1) as i32 ^ -((number & 1) as i32)
}

/// Appends a number in LEB128: seven bits a byte, the lowest first.
pub(super) fn write(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Reads what [`write()`] wrote.
pub(super) fn read(bytes: &mut &[u8]) -> Result<u64, String> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first().ok_or(ENDS)?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(TOO_LARGE.to_owned())
}

/// A number of things that follow: each needs a byte at least.
fn count(bytes: &mut &[u8]) -> Result<usize, String> {
    let number = read(bytes)?;
    if number > bytes.len() as u64 {
        return Err(ENDS.to_owned());
    }
    Ok(number as usize)
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::any;
    use proptest::{prop_assert_eq, proptest};

    use super::{Columns, Key, Keys, pack, read, unpack, unzigzag, write, zigzag};

    fn table(rows: &std::collections::BTreeMap<Key, [i32; 2]>) -> (Vec<Key>, Columns) {
        let columns = (0..2).map(|at| rows.values().map(|row| row[at]).collect());
        (rows.keys().copied().collect(), columns.collect())
    }

    proptest! {
        #[test]
        fn any_day_is_read_back_beside_any_other(
            before in btree_map((0_u8..2, 0_u32..60), any::<[i32; 2]>(), 0..40),
            now in btree_map((0_u8..2, 0_u32..60), any::<[i32; 2]>(), 0..40),
        ) {
            let ((old_keys, old), (new_keys, new)) = (table(&before), table(&now));
            let keys = Keys::beside(new_keys.clone(), &old_keys);
            let mut bytes = Vec::new();
            keys.write(&old_keys, &mut bytes);
            keys.write_columns(&new, &old, &mut bytes);
            let packed = pack(&bytes).expect("packs");
            let raw = unpack(&packed).expect("unpacks");
            let mut rest = raw.as_slice();
            let keys = Keys::read(&mut rest, &old_keys).expect("keys");
            let columns = keys.read_columns(&mut rest, 2, &old).expect("columns");
            prop_assert_eq!((keys.now, columns, rest.len()), (new_keys, new, 0));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..80)) {
            let _ = unpack(&bytes);
            let before = [(0, 1), (0, 7), (1, 7)];
            if let Ok(keys) = Keys::read(&mut bytes.as_slice(), &before) {
                let _ = keys.read_columns(&mut bytes.as_slice(), 2, &vec![vec![1, 2, 3]; 2]);
            }
        }

        #[test]
        fn numbers_survive(number: u64, signed: i32) {
            let mut bytes = Vec::new();
            write(&mut bytes, number);
            prop_assert_eq!(read(&mut bytes.as_slice()), Ok(number));
            prop_assert_eq!(unzigzag(zigzag(signed)), signed);
        }
    }
}
