//! What a file is, told by its first bytes.

/// What is to be done with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Rows of text.
    Text,
    /// The same in UTF-16.
    Utf16(ByteOrder),
    /// A spreadsheet.
    Workbook,
    /// None of it; the sentence says what it is and what to do.
    Other(String),
}

/// Which byte of a UTF-16 unit comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByteOrder {
    /// The lower.
    Little,
    /// The upper.
    Big,
}

/// First bytes, what they are the beginning of, and what to do.
const SIGNATURES: [(&[u8], &str, &str); 14] = [
    (b"%PDF", "a PDF document", COPY),
    (b"PAR1", "a Parquet file", SAVE),
    (b"ARROW1", "an Arrow file", SAVE),
    (b"FEA1", "a Feather file", SAVE),
    (b"RDX2", "an R data file", R),
    (b"RDX3", "an R data file", R),
    (b"X\n\0\0\0", "an R data file", R),
    (b"SQLite format 3", "an SQLite database", SAVE),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", UNPACK),
    (b"Rar!", "a RAR archive", UNPACK),
    (b"BZh", "compressed by bzip2", DECOMPRESS),
    (b"\xfd7zXZ", "compressed by xz", DECOMPRESS),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd", DECOMPRESS),
    (b"\x89PNG", "a picture", COPY),
];

const COPY: &str = "copy the table into a spreadsheet and save it as CSV";
const SAVE: &str = "write it as CSV, for example with pandas' `to_csv`";
const R: &str = "write it as CSV with `write.csv`";
const UNPACK: &str = "unpack it and import the files in it";
const DECOMPRESS: &str = "decompress it first, or compress it by gzip, which is read as it is";

/// What a file with these first bytes is.
pub(super) fn of(head: &[u8]) -> Format {
    if let Some((_, what, todo)) = SIGNATURES.iter().find(|(sign, ..)| head.starts_with(sign)) {
        return Format::Other(format!("it is {what}: {todo}"));
    }
    if head.starts_with(b"PK\x03\x04") {
        return archive(head);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0") {
        return Format::Workbook;
    }
    if let Some(order) = utf16(head) {
        return Format::Utf16(order);
    }
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('<') && !text.starts_with("<a ") {
        return Format::Other(markup(text));
    }
    let json = |open: char, next: &[char]| {
        text.strip_prefix(open)
            .is_some_and(|rest| rest.trim_start().starts_with(next))
    };
    if json('{', &['"', '}']) || json('[', &['{', '[', ']', '"']) {
        let todo = "import the CSV the source offers, or turn the rows into CSV with a header";
        return Format::Other(format!("it is JSON: {todo}"));
    }
    if head.iter().take(4096).any(|&b| b == 0) {
        return Format::Other("it is no text: save it as CSV in UTF-8".to_owned());
    }
    Format::Text
}

/// A ZIP archive, which spreadsheets are too.
fn archive(head: &[u8]) -> Format {
    let has = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
    if has(b"[Content_Types].xml") || has(b"xl/") || has(b"application/vnd.oasis.opendocument") {
        Format::Workbook
    } else if has(b"Index/") || has(b".iwa") {
        Format::Other("it is a Numbers document: export it as CSV".to_owned())
    } else {
        Format::Other(format!("it is a ZIP archive: {UNPACK}"))
    }
}

/// UTF-16 by its mark, or by every other byte being zero, as in Latin text.
fn utf16(head: &[u8]) -> Option<ByteOrder> {
    match head {
        [0xff, 0xfe, ..] => return Some(ByteOrder::Little),
        [0xfe, 0xff, ..] => return Some(ByteOrder::Big),
        _ => {}
    }
    let start = &head[..head.len().min(512)];
    let zeroes = |parity: usize| {
        start
            .iter()
            .skip(parity)
            .step_by(2)
            .filter(|&&b| b == 0)
            .count()
    };
    let (even, odd, half) = (zeroes(0), zeroes(1), start.len() / 2);
    if half < 4 {
        None
    } else if odd * 4 > half * 3 && even == 0 {
        Some(ByteOrder::Little)
    } else if even * 4 > half * 3 && odd == 0 {
        Some(ByteOrder::Big)
    } else {
        None
    }
}

fn markup(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let is_page = ["<!doctype html", "<html", "<head", "<body", "<title"]
        .iter()
        .any(|tag| lower.contains(tag));
    if !is_page {
        return if lower.contains("<table") {
            "it is a table in HTML: open it in a spreadsheet and save it as CSV".to_owned()
        } else {
            "it is XML: save the table as CSV".to_owned()
        };
    }
    let title = lower.find("<title").and_then(|at| {
        let rest = &text.get(at..)?;
        let (_, rest) = rest.split_once('>')?;
        let (title, _) = rest.split_once('<')?;
        let title: String = title.split_whitespace().collect::<Vec<_>>().join(" ");
        let title: String = title
            .replace(char::is_control, " ")
            .chars()
            .take(60)
            .collect();
        (!title.is_empty()).then_some(title)
    });
    let named = title.map_or(String::new(), |title| format!(" (“{title}”)"));
    format!(
        "it is a web page{named}, not the file: sign in on the site, use its export or download \
         button, and import what that saves"
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{ByteOrder, Format, of};

    #[test]
    fn what_is_no_table_is_named() {
        for (bytes, expected) in [
            (&b"PK\x03\x04....list.csv"[..], "ZIP archive"),
            (b"PK\x03\x04..Index/Document.iwa", "Numbers"),
            (b"%PDF-1.7", "PDF"),
            (b"[{\"name\": 1}]", "JSON"),
            (b"{ \"data\": [] }", "JSON"),
            (
                b"\xef\xbb\xbf  <!DOCTYPE html><title>Sign in</title>",
                "Sign in",
            ),
            (b"<table><tr>", "table in HTML"),
            (b"PAR1", "Parquet"),
            (b"a,b\n\0\0\0\0\0", "no text"),
        ] {
            let Format::Other(reason) = of(bytes) else {
                panic!("{expected}");
            };
            assert!(reason.contains(expected), "{reason}");
        }
        assert_eq!(of(b"PK\x03\x04..[Content_Types].xml"), Format::Workbook);
        assert_eq!(of(b"\xff\xfea\0"), Format::Utf16(ByteOrder::Little));
        assert_eq!(of(b"\0R\0a\0n\0k\0,\0N"), Format::Utf16(ByteOrder::Big));
        for text in [
            "",
            "Rank,Name\n",
            "[Rank],Name\n",
            "{Rank},Name",
            "<a href=x>Name</a>,b",
        ] {
            assert_eq!(of(text.as_bytes()), Format::Text, "{text}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in any::<Vec<u8>>(), tail in any::<String>()) {
            let _ = (of(&bytes), of(tail.as_bytes()), of(format!("<html><title{tail}").as_bytes()));
        }
    }
}
