//! What parts the columns of a text.

/// What is tried, the usual one first.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Records looked at.
const RECORDS: usize = 40;

/// The separator of a text, and how many of its first bytes only say so (`sep=;`).
pub(super) fn of(head: &[u8]) -> (u8, usize) {
    let line = head
        .split(|&b| b == b'\n' || b == b'\r')
        .next()
        .unwrap_or_default();
    let bare: Vec<u8> = line
        .iter()
        .copied()
        .filter(|b| !matches!(b, b'"' | b' '))
        .collect();
    if let [s, e, p, b'=', separator] = bare[..]
        && [s, e, p].eq_ignore_ascii_case(b"sep")
    {
        return (separator, line.len());
    }
    let best = SEPARATORS
        .into_iter()
        .enumerate()
        .max_by_key(|&(at, separator)| (fit(head, separator), SEPARATORS.len() - at));
    (best.map_or(b',', |(_, separator)| separator), 0)
}

/// How many records have the same number of fields, and that number: title lines and
/// commas inside of numbers differ from record to record.
fn fit(head: &[u8], separator: u8) -> (usize, usize) {
    // A quote that is never closed makes one record of the rest.
    let quoted = widths(head, separator, true);
    if quoted.0 > 1 {
        quoted
    } else {
        quoted.max(widths(head, separator, false))
    }
}

fn widths(head: &[u8], separator: u8, quoting: bool) -> (usize, usize) {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .quoting(quoting)
        .delimiter(separator)
        .from_reader(head);
    let mut widths = std::collections::BTreeMap::new();
    for record in reader.byte_records().take(RECORDS).flatten() {
        if record.len() > 1 {
            *widths.entry(record.len()).or_insert(0usize) += 1;
        }
    }
    let best = widths
        .into_iter()
        .max_by_key(|&(width, count)| (count, width));
    best.map_or((0, 0), |(width, count)| (count, width))
}

/// What the operator is told of it.
pub(super) fn note(separator: u8) -> Option<String> {
    let name = match separator {
        b',' => return None,
        b';' => "semicolons",
        b'\t' => "tabs",
        b'|' => "vertical bars",
        _ => {
            return Some(format!(
                "read with `{}` between columns",
                char::from(separator)
            ));
        }
    };
    Some(format!("read with {name} between columns"))
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn the_separator_is_found() {
        for (text, expected) in [
            ("Rank,Name\n1,Ana\n", b','),
            ("Rank;Name;Age\n1;Ana;21,5\n2;Al;22,2\n", b';'),
            ("Rank\tName\n1\tGram, Ana\n", b'\t'),
            ("Rank|Name\n1|Ana\n", b'|'),
            ("My list\nof 2025\nRank;Name\n1;Ana\n2;Al", b';'),
            ("Name,Pos\n\"Ana; Gram\",RHP;SP\nAl,SS;2B\n", b','),
            ("Name\nAna\n", b','),
            ("Rank;Name\n1;\"Ana\n2;Al\n3;Bo\n", b';'),
            ("", b','),
        ] {
            assert_eq!(of(text.as_bytes()), (expected, 0), "{text}");
        }
        assert_eq!(of(b"sep=;\r\nRank;Name\r\n"), (b';', 5));
        assert_eq!(of(b"\"SEP=\t\"\nRank\tName\n"), (b'\t', 7));
    }
}
