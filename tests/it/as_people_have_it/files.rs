//! What a file can be: separators, encodings, workbooks, broken quotes.

use afwd::ingest::FileKind;

use super::{BATTING, list, try_list, with_players};
use crate::support::desk::Desk;

#[test]
fn a_list_is_read_with_any_separator_and_encoding() {
    let rows = [
        ["Rank", "Player", "Team", "Pos", "Age"],
        ["3", "Teodoro Núñez-Abad", "CHC", "CF", "22"],
    ];
    let text = |separator: &str| rows.map(|row| row.join(separator)).join("\r\n") + "\r\n";
    let utf16 = |text: &str, big: bool| {
        let units = text.encode_utf16();
        units
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect::<Vec<u8>>()
    };
    let latin = |text: &str| {
        text.chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
            .collect::<Vec<u8>>()
    };
    let marked = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
    for (what, bytes) in [
        ("commas", text(",").into_bytes()),
        ("semicolons", text(";").into_bytes()),
        ("tabs", text("\t").into_bytes()),
        ("bars", text("|").into_bytes()),
        ("sep", (String::from("sep=;\r\n") + &text(";")).into_bytes()),
        (
            "sep tab",
            (String::from("\"sep=\t\"\r\n") + &text("\t")).into_bytes(),
        ),
        ("a mark", marked(b"\xef\xbb\xbf", text(",").into_bytes())),
        ("UTF-16", marked(b"\xff\xfe", utf16(&text("\t"), false))),
        ("UTF-16 BE", marked(b"\xfe\xff", utf16(&text(","), true))),
        ("UTF-16 without a mark", utf16(&text(","), false)),
        ("Windows-1252", latin(&text(";"))),
        (
            "titles",
            (String::from("My list of 2025,,,,\r\nUpdated today\r\n\r\n") + &text(","))
                .into_bytes(),
        ),
        (
            "empty cells at the end",
            text(",").replace("\r\n", ",,,\r\n").into_bytes(),
        ),
        ("old Mac", text(",").replace("\r\n", "\r").into_bytes()),
    ] {
        let desk = with_players();
        let report = try_list(&desk, &bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(
            (report.added, report.quarantined),
            (1, 0),
            "{what}: {report:?}"
        );
        assert_eq!(desk.grades(700_005)[0].rank, Some(3), "{what}");
        if what == "Windows-1252" {
            assert!(
                report
                    .notes
                    .iter()
                    .any(|note| note.contains("Windows-1252")),
                "{report:?}"
            );
        }
    }
}

#[test]
fn what_is_no_table_is_named_with_what_to_do() {
    let desk = with_players();
    for (bytes, said) in [
        (&b"PK\x03\x04\x14\0list.csv"[..], "unpack"),
        (b"[{\"Rank\": 1}]", "JSON"),
        (
            b"<!DOCTYPE html><html><head><title>Sign in</title>",
            "sign in",
        ),
        (b"%PDF-1.7", "PDF"),
        (
            b"PK\x03\x04\x14\0[Content_Types].xml and nothing",
            "workbook",
        ),
        (b"PAR1\0\0", "Parquet"),
    ] {
        let error = try_list(&desk, bytes).expect_err("no table").to_string();
        assert!(error.contains(said), "{error}");
        let error = desk
            .import(FileKind::Players, bytes)
            .expect_err("no table")
            .to_string();
        assert!(error.contains(said), "{error}");
    }
}

/// An archive of files as they are, as a spreadsheet program would write it.
fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let (mut bytes, mut index) = (Vec::new(), Vec::new());
    let short = |bytes: &mut Vec<u8>, numbers: &[u16]| {
        numbers
            .iter()
            .for_each(|number| bytes.extend(number.to_le_bytes()));
    };
    for (name, text) in files {
        let mut sum = flate2::Crc::new();
        sum.update(text.as_bytes());
        let at = u32::try_from(bytes.len()).expect("small");
        let size = u32::try_from(text.len()).expect("small");
        let name_size = u16::try_from(name.len()).expect("small");
        let mut common = Vec::new();
        short(&mut common, &[20, 0, 0, 0, 0x21]);
        [sum.sum(), size, size]
            .iter()
            .for_each(|number| common.extend(number.to_le_bytes()));
        short(&mut common, &[name_size, 0]);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&common);
        bytes.extend(name.as_bytes());
        bytes.extend(text.as_bytes());
        index.extend(b"PK\x01\x02\x14\0");
        index.extend(&common);
        short(&mut index, &[0, 0, 0, 0, 0]);
        index.extend(at.to_le_bytes());
        index.extend(name.as_bytes());
    }
    let count = u16::try_from(files.len()).expect("few");
    let at = u32::try_from(bytes.len()).expect("small");
    let size = u32::try_from(index.len()).expect("small");
    bytes.extend(index);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    short(&mut bytes, &[count, count]);
    bytes.extend(size.to_le_bytes());
    bytes.extend(at.to_le_bytes());
    short(&mut bytes, &[0]);
    bytes
}

#[test]
fn a_workbook_is_read_as_its_first_filled_sheet() {
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let cell = |at: &str, text: &str| {
        if text.parse::<f64>().is_ok() {
            format!("<c r=\"{at}\"><v>{text}</v></c>")
        } else {
            format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        }
    };
    let row = |number: u32, cells: [&str; 5]| {
        let cells: String = ["A", "B", "C", "D", "E"]
            .iter()
            .zip(cells)
            .map(|(column, text)| cell(&format!("{column}{number}"), text))
            .collect();
        format!("<row r=\"{number}\">{cells}</row>")
    };
    let sheet = format!(
        "<worksheet xmlns=\"{main}\"><sheetData>{}{}{}</sheetData></worksheet>",
        row(2, ["My list", "of", "the", "year", "2025"]),
        row(3, ["Rank", "Player", "Team", "Pos", "Age"]),
        row(4, ["12", "Teodoro Núñez-Abad", "CHC", "CF", "22.5"]),
    );
    let workbook = archive(&[
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        ),
        (
            "_rels/.rels",
            &format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{kind}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{kind}\"><sheets><sheet name=\"Top\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            &format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{kind}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", &sheet),
    ]);
    let desk = with_players();
    let report = list(&desk, &workbook);
    assert_eq!(report.added, 1, "{report:?}");
    assert_eq!(desk.grades(700_005)[0].rank, Some(12));
    assert!(
        report.notes.iter().any(|note| note.contains("“Top”")),
        "{report:?}"
    );
}

#[test]
fn a_cell_is_read_as_on_a_page() {
    let desk = with_players();
    let report = list(
        &desk,
        "Rank,Name,Team,Pos,Age\n\
         1,\"<a href=\"\"https://example.org/p?id=1&x=2\"\">Orrin Vexley</a>\",\"<b>PIT</b>\",SS,21\n\
         2,D.J. O&#39;Farrow,LAA,3B,22\n\
         3,Teodoro N&uacute;&ntilde;ez-Abad,CHC,CF,22\n\
         4,Casimir&nbsp;Blunt,TBR,RHP,22\n",
    );
    assert_eq!((report.added, report.unmatched), (4, 0), "{report:?}");
}

#[test]
fn a_quote_that_is_never_closed_swallows_no_row() {
    let row = |id: u32, name: &str| {
        format!(
            "2025,AA,EAS,,HFD,COL,{id},{name},LF,,60,240,216,54,11,1,6,22,48,2,4,1,,,2025-09-20\n"
        )
    };
    let rows = |names: [&str; 4]| -> String {
        (710_001..)
            .zip(names)
            .map(|(id, name)| row(id, name))
            .collect()
    };
    for (names, added) in [
        (["\"Wim Oster", "Ab Oster", "Cy Oster", "Di Oster"], 4),
        (["Wim Oster", "Ab Oster", "\"Cy Oster", "Di Oster"], 4),
        (["Wim Oster", "Ab Oster", "Cy Oster", "\"Di Oster"], 4),
        (["\"Wim Oster", "Ab Oster", "\"Cy Oster\"", "Di Oster"], 4),
        (["\"Wim Oster", "\"Ab Oster", "\"Cy Oster", "\"Di Oster"], 4),
        // With a comma in it, its own line has a cell too many.
        (["\"Oster, Wim", "Ab Oster", "Cy Oster", "Di Oster"], 3),
        (["\"Oster, Wim", "\"Oster, Ab\"", "Cy Oster", "Di Oster"], 3),
    ] {
        let desk = Desk::new();
        let report = desk
            .import(FileKind::MilbHitting, BATTING.to_owned() + &rows(names))
            .expect("an import");
        let landed = (report.rows, report.added, report.quarantined);
        assert_eq!(landed, (4, added, 4 - added), "{names:?}: {report:?}");
        let line = 2 + names
            .iter()
            .position(|name| name.starts_with('"') && !name.ends_with('"'))
            .expect("one");
        let said = report.notes.iter().find(|note| note.contains("not closed"));
        // A quote on the last line swallows nothing.
        if line < 5 {
            let note = said.unwrap_or_else(|| panic!("{names:?}: {report:?}"));
            assert!(note.starts_with(&format!("line {line}")), "{note}");
        }
    }
    // Above the header, in it, in a list, with any separator.
    for text in [
        "\"The 2025 list\nRank,Name,PlayerId\n1,Orrin Vexley,sa700001\n2,Casimir Blunt,sa700002\n",
        "\"Rank,Name,PlayerId\n1,Orrin Vexley,sa700001\n2,Casimir Blunt,sa700002\n",
        "Rank;Name;PlayerId\n1;\"Orrin Vexley;sa700001\n2;Casimir Blunt;sa700002\n",
        "Rank\tName\tPlayerId\r\n1\t\"Orrin Vexley\tsa700001\r\n2\tCasimir Blunt\tsa700002\r\n",
    ] {
        let report = list(&with_players(), text);
        assert_eq!((report.rows, report.added), (2, 2), "{text}: {report:?}");
    }
    // What is said over several lines is one cell.
    let report = list(
        &with_players(),
        "Rank,Name,PlayerId,Notes\n1,Orrin Vexley,sa700001,\"Big arm.\nNeeds reps, health, luck\n2,x,y,z\"\n2,Casimir Blunt,sa700002,\n",
    );
    assert_eq!((report.rows, report.added), (2, 2), "{report:?}");
    assert!(
        report.notes.iter().all(|note| !note.contains("quote")),
        "{report:?}"
    );
}
