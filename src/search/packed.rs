//! Many small texts and lists in two allocations each, and their byte form:
//! little-endian 32-bit numbers, every part preceded by its length.

/// Bytes that are not what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Damaged;

/// Texts one after another.
#[derive(Default)]
pub(super) struct Texts {
    text: String,
    ends: Vec<u32>,
}

impl Texts {
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(number(self.text.len()));
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn get(&self, at: usize) -> &str {
        let (start, end) = span(&self.ends, at, at + 1);
        &self.text[start..end]
    }

    /// Number of leading texts for which `before` holds; texts must be sorted.
    pub(super) fn partition_point(&self, before: impl Fn(&str) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if before(self.get(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    pub(super) fn encode(&self, bytes: &mut Vec<u8>) {
        put_numbers(bytes, &self.ends);
        bytes.extend_from_slice(self.text.as_bytes());
    }

    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<Self, Damaged> {
        let ends = reader.ends()?;
        let length = ends.last().map_or(0, |&end| end as usize);
        let text = std::str::from_utf8(reader.take(length)?).map_err(|_| Damaged)?;
        if ends.iter().any(|&end| !text.is_char_boundary(end as usize)) {
            return Err(Damaged);
        }
        let text = text.to_owned();
        Ok(Self { text, ends })
    }
}

/// Lists of numbers one after another.
#[derive(Default)]
pub(super) struct Lists {
    values: Vec<u32>,
    ends: Vec<u32>,
}

impl Lists {
    /// Adds a value to the list being written.
    pub(super) fn extend_last(&mut self, value: u32) {
        self.values.push(value);
    }

    /// Ends the list being written.
    pub(super) fn close(&mut self) {
        self.ends.push(number(self.values.len()));
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn get(&self, at: usize) -> &[u32] {
        self.get_range(at, at + 1)
    }

    /// The lists from `start` up to `end` as one.
    pub(super) fn get_range(&self, start: usize, end: usize) -> &[u32] {
        let (start, end) = span(&self.ends, start, end);
        &self.values[start..end]
    }

    pub(super) fn all_below(&self, limit: usize) -> bool {
        self.values.iter().all(|&value| (value as usize) < limit)
    }

    pub(super) fn encode(&self, bytes: &mut Vec<u8>) {
        put_numbers(bytes, &self.ends);
        put_numbers(bytes, &self.values);
    }

    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<Self, Damaged> {
        let ends = reader.ends()?;
        let values = reader.numbers()?;
        if ends.last().map_or(0, |&end| end as usize) != values.len() {
            return Err(Damaged);
        }
        Ok(Self { values, ends })
    }
}

/// Appends `numbers`, their count first.
pub(super) fn put_numbers(bytes: &mut Vec<u8>, numbers: &[u32]) {
    bytes.extend_from_slice(&number(numbers.len()).to_le_bytes());
    bytes.extend(numbers.iter().flat_map(|n| n.to_le_bytes()));
}

/// Reads what was put, part by part.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Damaged> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Damaged)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn numbers(&mut self) -> Result<Vec<u32>, Damaged> {
        let (count, rest) = self.rest.split_first_chunk::<4>().ok_or(Damaged)?;
        self.rest = rest;
        let length = (u32::from_le_bytes(*count) as usize).checked_mul(4);
        let (numbers, _) = self.take(length.ok_or(Damaged)?)?.as_chunks::<4>();
        Ok(numbers.iter().map(|n| u32::from_le_bytes(*n)).collect())
    }

    /// Numbers that never fall, as ends of parts do.
    fn ends(&mut self) -> Result<Vec<u32>, Damaged> {
        let ends = self.numbers()?;
        if ends.is_sorted() {
            Ok(ends)
        } else {
            Err(Damaged)
        }
    }
}

fn span(ends: &[u32], first: usize, end: usize) -> (usize, usize) {
    let until = |at: usize| if at == 0 { 0 } else { ends[at - 1] as usize };
    (until(first), until(end))
}

/// A roster holds far fewer than four billion bytes of text.
fn number(length: usize) -> u32 {
    u32::try_from(length).expect("a roster holds less than 4 GiB")
}
