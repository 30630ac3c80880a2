//! Text of other encodings, and cells that hold markup.

use std::borrow::Cow;

use super::format::ByteOrder;

/// UTF-16 as text; what is no character is replaced.
pub(super) fn utf16(bytes: &[u8], order: ByteOrder) -> String {
    let unit = |pair: &[u8]| match (order, pair) {
        (ByteOrder::Little, &[low, high]) => u16::from_le_bytes([low, high]),
        (ByteOrder::Big, &[high, low]) => u16::from_be_bytes([high, low]),
        _ => 0xfffd,
    };
    let units = bytes.chunks(2).map(unit);
    let text: String = char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    text.strip_prefix('\u{feff}')
        .map(str::to_owned)
        .unwrap_or(text)
}

/// The characters of Windows-1252 from 0x80 to 0x9f; a space where there is none.
const UPPER: [char; 32] = [
    '€', ' ', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', ' ', 'Ž', ' ', ' ', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', ' ', 'ž', 'Ÿ',
];

/// Bytes read as Windows-1252; `None` where one stands for nothing there.
pub(in crate::ingest) fn latin(bytes: &[u8]) -> Option<String> {
    bytes
        .iter()
        .map(|&byte| match byte {
            0x80..=0x9f => Some(UPPER[usize::from(byte - 0x80)]).filter(|&c| c != ' '),
            _ => Some(char::from(byte)),
        })
        .collect()
}

/// The named characters from 0xa0 to 0xff.
const LATIN: [&str; 96] = [
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf",
    "laquo", "not", "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro",
    "para", "middot", "cedil", "sup1", "ordm", "raquo", "frac14", "frac12", "frac34", "iquest",
    "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave", "Eacute",
    "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute",
    "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute",
    "THORN", "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil",
    "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde",
    "ograve", "oacute", "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave", "uacute", "ucirc",
    "uuml", "yacute", "thorn", "yuml",
];

const NAMED: [(&str, char); 16] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("rsquo", '’'),
    ("lsquo", '‘'),
    ("rdquo", '”'),
    ("ldquo", '“'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("uarr", '↑'),
    ("darr", '↓'),
    ("scaron", 'š'),
    ("zcaron", 'ž'),
];

/// A cell as it is read on a page: without tags, entities as characters, and without
/// the characters that nobody sees.
pub(in crate::ingest) fn plain(text: &str) -> Cow<'_, str> {
    if let Some(mended) = mended(text) {
        return Cow::Owned(plain(&mended).into_owned());
    }
    let hidden = |c: char| {
        matches!(
            c,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
        )
    };
    if !text.contains(['<', '&', '\u{a0}']) && !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let bare = without_tags(text);
    let mut read = String::with_capacity(bare.len());
    let mut rest = bare.as_str();
    while let Some(at) = rest.find('&') {
        read.push_str(&rest[..at]);
        rest = &rest[at..];
        match entity(rest) {
            Some((c, length)) => {
                read.push(c);
                rest = &rest[length..];
            }
            None => {
                read.push('&');
                rest = &rest[1..];
            }
        }
    }
    read.push_str(rest);
    read.retain(|c| !hidden(c));
    Cow::Owned(read.replace('\u{a0}', " "))
}

/// Text that was UTF-8, was read as Windows-1252 and written as UTF-8 again
/// (`JosÃ©`), as it was meant; `None` for any other.
fn mended(text: &str) -> Option<String> {
    if !text.contains(['Ã', 'Â', 'Å', 'â']) {
        return None;
    }
    let byte = |c: char| match u8::try_from(u32::from(c)) {
        Ok(byte) => Some(byte),
        Err(_) => {
            let at = UPPER.iter().position(|upper| *upper == c)?;
            u8::try_from(at).ok().map(|at| 0x80 + at)
        }
    };
    let bytes: Option<Vec<u8>> = text.chars().map(byte).collect();
    String::from_utf8(bytes?)
        .ok()
        .filter(|mended| mended != text)
}

/// The text without tags: `<a href="...">Ana</a>` is `Ana`; `<1` is no tag.
fn without_tags(text: &str) -> String {
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        read.push_str(before);
        let opens =
            tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        match tag.find('>').filter(|_| opens) {
            Some(end) => {
                if tag[..end]
                    .get(..3)
                    .is_some_and(|name| name.eq_ignore_ascii_case("<br"))
                {
                    read.push(' ');
                }
                rest = &tag[end + 1..];
            }
            None => {
                read.push('<');
                rest = &tag[1..];
            }
        }
    }
    read.push_str(rest);
    read
}

/// The character an entity at the beginning of `text` stands for, and its length.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|b| b == b';')?;
    let name = text.get(1..end)?;
    let c = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        char::from_u32(code).filter(|c| !c.is_control())?
    } else if let Some(at) = LATIN.iter().position(|known| *known == name) {
        char::from_u32(0xa0 + u32::try_from(at).ok()?)?
    } else {
        NAMED.iter().find(|(known, _)| *known == name)?.1
    };
    Some((c, end + 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{ByteOrder, latin, plain, utf16};

    #[test]
    fn cells_are_read_as_on_a_page() {
        for (text, expected) in [
            ("<a href=\"p?id=1&x=2\">Ana Gram</a>", "Ana Gram"),
            ("Al G&#39;bra", "Al G'bra"),
            ("Al G&rsquo;bra", "Al G’bra"),
            ("Jos&eacute; Pe&ntilde;a", "José Peña"),
            ("Jos&#233; &#x50;", "José P"),
            ("A&amp;M", "A&M"),
            ("Texas A&M", "Texas A&M"),
            ("<1", "<1"),
            ("a < b", "a < b"),
            ("Ana<br/>Gram", "Ana Gram"),
            ("Ana\u{a0}Gram\u{200b}", "Ana Gram"),
            ("&bogus; &", "&bogus; &"),
            ("JosÃ© PeÃ±a", "José Peña"),
            ("Ãngel", "Ãngel"),
            ("Dâ€™Arcy Ã©", "D’Arcy é"),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
    }

    #[test]
    fn other_encodings_are_read() {
        assert_eq!(latin(b"Jos\xe9 \x92"), Some("José ’".to_owned()));
        assert_eq!(latin(b"\x81"), None);
        assert_eq!(utf16(b"\xff\xfeJ\0\xe9\0", ByteOrder::Little), "Jé");
        assert_eq!(utf16(b"\xfe\xff\0J\0\xe9", ByteOrder::Big), "Jé");
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in any::<String>(), bytes in any::<Vec<u8>>()) {
            let _ = (plain(&text), latin(&bytes), utf16(&bytes, ByteOrder::Big));
            let _ = plain(&format!("<{text}>&{text};"));
        }
    }
}
