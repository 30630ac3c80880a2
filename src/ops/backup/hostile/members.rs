//! Members that would lead elsewhere, or are no files, or are not listed.

use std::sync::Arc;

use super::case::Case;
use super::forge::{Entry, Good, octal, pack, sum};
use crate::ops::backup::manifest::MANIFEST;
use crate::store;

/// Names that lead out of the directory, or that some system reads as such.
const NAMES: [&str; 40] = [
    "../evil",
    "../../evil",
    "../../../../../../../../../../tmp/afwd-evil",
    "/tmp/afwd-evil",
    "//tmp/afwd-evil",
    "/etc/passwd",
    "./../evil",
    "models/../../evil",
    "models/../evil",
    "models/x/../../../evil",
    "models/..",
    "models/../afwd.redb",
    "..",
    ".",
    "./",
    "/",
    "",
    "models",
    "models/",
    "models//evil",
    "models/x/y/z",
    "models/x/",
    "models/.hidden/evil",
    "models/x/.evil",
    "C:\\evil",
    "C:/evil",
    "\\\\host\\share\\evil",
    "..\\evil",
    "models\\x\\evil",
    "models/x\\..\\..\\evil/y",
    "evil\0/hidden",
    "models/x/evil\0.md",
    "AFWD.REDB",
    "afwd.redb/evil",
    "afwd.redb ",
    "search/meta.json",
    "restore-intent.json",
    "previous-20260101T000000Z-0000/afwd.redb",
    "models/x/\u{202e}evil",
    "~/evil",
];

/// Kinds of entries that are not plain files.
const KINDS: [(u8, &str); 16] = [
    (b'1', "a hard link"),
    (b'2', "a symbolic link"),
    (b'3', "a character device"),
    (b'4', "a block device"),
    (b'5', "a directory"),
    (b'6', "a pipe"),
    (b'7', "a contiguous file"),
    (b'x', "a PAX header"),
    (b'g', "a global PAX header"),
    (b'L', "a long name"),
    (b'K', "a long link"),
    (b'S', "a sparse file"),
    (b'V', "a volume label"),
    (b'M', "a continuation"),
    (b'N', "an old long name"),
    (b'D', "a directory dump"),
];

pub(super) fn cases(good: &Arc<Good>) -> Vec<Case> {
    let mut cases = Vec::new();
    for name in NAMES {
        cases.extend(misnamed(good, name));
    }
    for (kind, what) in KINDS {
        cases.extend(miskinded(good, kind, what));
    }
    cases.extend(extended(good));
    cases.extend(missized(good));
    cases.extend(misplaced(good));
    cases
}

fn misnamed(good: &Arc<Good>, name: &'static str) -> [Case; 3] {
    let (listed, instead, after) = (Arc::clone(good), Arc::clone(good), Arc::clone(good));
    [
        Case::refused(format!("a listed member {name:?}"), move || {
            let mut files = listed.files.clone();
            files.push((name.to_owned(), b"evil".to_vec()));
            listed.consistent(&files)
        }),
        Case::refused(format!("{name:?} instead of the store"), move || {
            instead.with_entries(|entries| entries[1].name = name.as_bytes().to_vec())
        }),
        Case::refused(format!("an unlisted member {name:?}"), move || {
            after.with_entries(|entries| entries.push(Entry::file(name, "evil")))
        }),
    ]
}

fn miskinded(good: &Arc<Good>, kind: u8, what: &str) -> [Case; 3] {
    let (instead, before, manifest) = (Arc::clone(good), Arc::clone(good), Arc::clone(good));
    [
        Case::refused(format!("{what} instead of the store"), move || {
            instead.with_entries(|entries| {
                entries[1] = Entry::of_kind(store::FILE, kind, "/etc/passwd");
            })
        }),
        Case::refused(format!("{what} before the store"), move || {
            before.with_entries(|entries| {
                entries.insert(1, Entry::of_kind(store::FILE, kind, "../evil"));
            })
        }),
        Case::refused(format!("{what} instead of the manifest"), move || {
            manifest.with_entries(|entries| entries[0].kind = kind)
        }),
    ]
}

/// Tar's extensions, with bodies that change the entry after them.
fn extended(good: &Arc<Good>) -> Vec<Case> {
    let tricks: [(&str, u8, Vec<u8>); 8] = [
        ("a PAX path", b'x', b"20 path=../../evil\n".to_vec()),
        ("a PAX size", b'x', b"20 size=99999999999\n".to_vec()),
        ("a PAX size of nothing", b'x', b"9 size=0\n".to_vec()),
        ("a PAX link", b'x', b"25 linkpath=/etc/passwd\n".to_vec()),
        ("a global PAX path", b'g', b"20 path=../../evil\n".to_vec()),
        ("PAX without end", b'x', b"999999999999 path=x".to_vec()),
        ("a long name", b'L', b"../../evil\0".to_vec()),
        ("a huge PAX header", b'x', vec![b'9'; 3 << 20]),
    ];
    let mut cases = Vec::new();
    for (what, kind, body) in tricks {
        for place in [0, 1] {
            let (good, body) = (Arc::clone(good), body.clone());
            cases.push(Case::refused(format!("{what} at {place}"), move || {
                good.with_entries(|entries| {
                    let mut entry = Entry::file("PaxHeaders/x", body.clone());
                    entry.kind = kind;
                    entries.insert(place, entry);
                })
            }));
        }
    }
    cases
}

/// Size fields and checksums that lie.
fn missized(good: &Arc<Good>) -> Vec<Case> {
    let mut huge = [0xff; 12];
    huge[0] = 0x80;
    let fields = [
        ("no size", octal(0)),
        ("one byte", octal(1)),
        ("eight gigabytes", octal(0o77_777_777_777)),
        ("a size beyond numbers", huge),
        ("a negative size", [0xff; 12]),
        ("a size that is no number", *b"zzzzzzzzzzz\0"),
        ("an empty size", [0; 12]),
        ("a size with a sign", *b"-0000000001\0"),
    ];
    let mut cases = Vec::new();
    for (what, field) in fields {
        for place in [0, 1] {
            let good = Arc::clone(good);
            cases.push(Case::refused(
                format!("{what} for member {place}"),
                move || good.with_entries(|entries| entries[place].size = Some(field)),
            ));
        }
    }
    for place in [0, 1] {
        let good = Arc::clone(good);
        cases.push(Case::refused(
            format!("a wrong checksum of member {place}"),
            move || good.with_entries(|entries| entries[place].spoil = 1),
        ));
    }
    cases
}

/// Members missing, doubled, exchanged, or too many.
fn misplaced(good: &Arc<Good>) -> Vec<Case> {
    type Change = fn(&mut Vec<Entry>);
    let changes: [(&str, Change); 10] = [
        ("no members", |entries| entries.clear()),
        ("no manifest", |entries| drop(entries.remove(0))),
        ("no store", |entries| drop(entries.remove(1))),
        ("nothing but the manifest", |entries| entries.truncate(1)),
        ("the last member missing", |entries| drop(entries.pop())),
        ("the store before the manifest", |entries| {
            entries.swap(0, 1)
        }),
        ("members in another order", |entries| entries[1..].reverse()),
        ("the store twice", |entries| {
            entries.insert(1, entries[1].clone())
        }),
        ("the manifest twice", |entries| {
            entries.insert(1, entries[0].clone())
        }),
        ("contents exchanged", |entries| {
            let store = std::mem::take(&mut entries[1].body);
            entries[1].body = std::mem::replace(&mut entries[2].body, store);
        }),
    ];
    let mut cases: Vec<Case> = changes
        .into_iter()
        .map(|(what, change)| {
            let good = Arc::clone(good);
            Case::refused(what, move || good.with_entries(change))
        })
        .collect();
    let (doubled, clash, many) = (Arc::clone(good), Arc::clone(good), Arc::clone(good));
    cases.push(Case::refused("a listed member twice", move || {
        let mut files = doubled.files.clone();
        files.push(files[files.len() - 1].clone());
        doubled.consistent(&files)
    }));
    cases.push(Case::refused("names that differ in case only", move || {
        let mut files = clash.files.clone();
        let (name, body) = files[files.len() - 1].clone();
        files.push((name.to_uppercase().replace("MODELS/", "models/"), body));
        clash.consistent(&files)
    }));
    cases.push(Case::refused("a hundred thousand members", move || {
        let entry = Entry::file("models/x/y", Vec::new());
        let mut manifest = many.manifest.clone();
        manifest.files.push(sum("models/x/y", b""));
        let mut entries = many.entries_with(&manifest);
        entries.extend(std::iter::repeat_n(entry, 100_000));
        pack(&entries)
    }));
    let named = Arc::clone(good);
    cases.push(Case::refused(
        "a hundred thousand listed members",
        move || {
            named.with_manifest(|manifest| {
                let files = (0..100_000).map(|n| sum(&format!("models/x/{n}"), b""));
                manifest.files.extend(files);
            })
        },
    ));
    cases.push(Case::refused("a manifest without its member's name", {
        let good = Arc::clone(good);
        move || good.with_entries(|entries| entries[0].name = format!("./{MANIFEST}").into())
    }));
    cases
}
