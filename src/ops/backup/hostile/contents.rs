//! Manifests that lie, and stores that are not what they seem.

use std::sync::Arc;

use super::case::Case;
use super::forge::{Good, sum};
use crate::ops::backup::manifest::Manifest;
use crate::store::TableSum;

/// Pages of the store are damaged at this many places, with a manifest that fits.
const DAMAGES: usize = 24;

pub(super) fn cases(good: &Arc<Good>) -> Vec<Case> {
    let mut cases = lies(good);
    cases.extend(texts(good));
    cases.extend(stores(good));
    cases
}

fn lies(good: &Arc<Good>) -> Vec<Case> {
    type Lie = fn(&mut Manifest);
    let lies: [(&str, Lie); 22] = [
        ("a newer format", |m| m.format += 1),
        ("the newest format", |m| m.format = u32::MAX),
        ("a newer schema", |m| m.identity.schema += 1),
        ("an older schema", |m| m.identity.schema = 0),
        ("another program", |m| "other".clone_into(&mut m.program)),
        ("another instance", |m| {
            "0000000000000000".clone_into(&mut m.identity.instance)
        }),
        ("other changes", |m| m.identity.changes += 1),
        ("no files", |m| m.files.clear()),
        ("no store", |m| drop(m.files.remove(0))),
        ("no models", |m| m.files.truncate(1)),
        ("files in another order", |m| m.files.reverse()),
        ("a smaller store", |m| m.files[0].bytes -= 1),
        ("a larger store", |m| m.files[0].bytes += 1),
        ("an enormous store", |m| m.files[0].bytes = 1 << 50),
        ("sizes beyond numbers", |m| m.files[0].bytes = u64::MAX),
        ("another hash of the store", |m| {
            m.files[0].blake3 = "0".repeat(64)
        }),
        ("no hash of the store", |m| m.files[0].blake3.clear()),
        ("another hash of a model", |m| {
            m.files[1].blake3 = "f".repeat(64)
        }),
        ("a table with other rows", |m| m.tables[0].rows += 1),
        ("a table with another hash", |m| {
            m.tables[0].hash = "0".repeat(64)
        }),
        ("a table that is not there", |m| {
            m.tables.push(TableSum {
                name: "evil".to_owned(),
                rows: 0,
                hash: String::new(),
            })
        }),
        ("two thousand tables", |m| {
            let table = m.tables[0].clone();
            m.tables.extend(std::iter::repeat_n(table, 2_000));
        }),
    ];
    let cases = lies.into_iter().map(|(what, lie)| {
        let good = Arc::clone(good);
        Case::refused(format!("a manifest with {what}"), move || {
            good.with_manifest(lie)
        })
    });
    cases.collect()
}

/// Manifests that are not even that.
fn texts(good: &Arc<Good>) -> Vec<Case> {
    let deep = "[".repeat(100_000);
    let texts = [
        ("nothing", Vec::new()),
        ("null", b"null".to_vec()),
        ("an empty object", b"{}".to_vec()),
        ("text", b"afwd.redb".to_vec()),
        ("half of it", good.manifest.to_bytes()[..200].to_vec()),
        ("brackets without end", deep.into_bytes()),
        ("bytes that are no text", vec![0xff; 4_000]),
        ("two megabytes of spaces", vec![b' '; 2 << 20]),
        (
            "numbers beyond numbers",
            br#"{"program":"afwd","format":1e999,"schema":1}"#.to_vec(),
        ),
        (
            "a negative schema",
            br#"{"program":"afwd","format":1,"schema":-1}"#.to_vec(),
        ),
    ];
    let cases = texts.into_iter().map(|(what, text)| {
        let good = Arc::clone(good);
        Case::refused(format!("{what} for a manifest"), move || {
            good.with_entries(|entries| entries[0].body = text.clone())
        })
    });
    cases.collect()
}

/// Other stores behind manifests that fit them.
fn stores(good: &Arc<Good>) -> Vec<Case> {
    let (_, store) = &good.files[0];
    let size = store.len();
    let whole = [
        ("an empty store", Vec::new()),
        ("a store that is text", b"not a database".to_vec()),
        ("a store of zeros", vec![0; size]),
        ("a store that is only its mark", b"redb".to_vec()),
        ("half a store", store[..size / 2].to_vec()),
        ("a store without its first byte", store[1..].to_vec()),
        ("sixty-four megabytes of zeros", vec![0; 64 << 20]),
    ];
    let mut cases: Vec<Case> = whole
        .into_iter()
        .map(|(what, store)| {
            let good = Arc::clone(good);
            Case::refused(what, move || with_store(&good, store.clone()))
        })
        .collect();
    for n in 0..DAMAGES {
        let (zeroed, flipped) = (Arc::clone(good), Arc::clone(good));
        let at = n * size / DAMAGES;
        cases.push(Case::damage(format!("a zeroed page at {at}"), move || {
            let mut store = zeroed.files[0].1.clone();
            let end = (at + 4096).min(store.len());
            store[at..end].fill(0);
            with_store(&zeroed, store)
        }));
        let at = (n * 7919 + 13) % size;
        cases.push(Case::damage(format!("a flipped bit at {at}"), move || {
            let mut store = flipped.files[0].1.clone();
            store[at] ^= 1 << (n % 8);
            with_store(&flipped, store)
        }));
    }
    cases
}

/// The good archive with another store, and the manifest that fits its bytes but
/// still tells of the good tables.
fn with_store(good: &Good, store: Vec<u8>) -> Vec<u8> {
    let mut files = good.files.clone();
    debug_assert_eq!(sum(&files[0].0, &files[0].1), good.manifest.files[0]);
    files[0].1 = store;
    good.consistent(&files)
}
