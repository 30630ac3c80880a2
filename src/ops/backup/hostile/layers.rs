//! Damage to the layers around the members: tar's end, zstd, age.

use std::sync::Arc;

use super::case::Case;
use super::forge::{Good, compress, compress_parts, tar_of};

/// How many places an archive is cut off at, or has a bit flipped at.
const PLACES: usize = 40;

pub(super) fn cases(good: &Arc<Good>, plain: &[u8], sealed: &[u8]) -> Vec<Case> {
    let mut cases = broken(plain, "the archive");
    cases.extend(broken(sealed, "the sealed archive"));
    cases.extend(cut_tars(good));
    cases.extend(no_archives());
    cases.extend(overlong(good, plain));
    cases.extend(ill_sealed(sealed));
    cases
}

fn broken(archive: &[u8], what: &str) -> Vec<Case> {
    let archive: Arc<[u8]> = archive.into();
    let mut cases = Vec::new();
    for n in 0..PLACES {
        let (cut, flipped) = (Arc::clone(&archive), Arc::clone(&archive));
        // The ends are where mistakes hide: half of the cuts are there.
        let at = match n % 2 {
            0 => n * archive.len() / PLACES,
            _ => archive.len() - 1 - n.pow(2).min(archive.len() - 1),
        };
        cases.push(Case::refused(
            format!("{what} cut off at {at}"),
            move || cut[..at].to_vec(),
        ));
        let at = n * archive.len() / PLACES;
        cases.push(Case::damage(
            format!("{what} with a flipped bit at {at}"),
            move || {
                let mut bytes = flipped.to_vec();
                bytes[at] ^= 1 << (n % 8);
                bytes
            },
        ));
    }
    cases
}

/// Whole zstd frames of tars that are not whole.
fn cut_tars(good: &Arc<Good>) -> Vec<Case> {
    let length = tar_of(&good.entries()).len();
    let body = length - 1024;
    [
        1,
        100,
        511,
        512,
        513,
        1024,
        4096,
        body / 2,
        body - 513,
        body - 512,
        body - 1,
    ]
    .into_iter()
    .map(|at| {
        let good = Arc::clone(good);
        Case::refused(format!("a tar cut off at {at}"), move || {
            compress(&tar_of(&good.entries())[..at])
        })
    })
    .collect()
}

fn no_archives() -> Vec<Case> {
    // A frame that wants a window of two gigabytes.
    let window = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00];
    let files: [(&str, Vec<u8>); 10] = [
        ("an empty file", Vec::new()),
        ("a file of one byte", vec![0x28]),
        ("a text file", b"hello".to_vec()),
        ("a gzip file", vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
        ("a zip file", b"PK\x03\x04".to_vec()),
        ("a megabyte of zeros", vec![0; 1 << 20]),
        ("a zstd frame with a huge window", window.to_vec()),
        ("a zstd mark and nothing", window[..4].to_vec()),
        ("an empty zstd frame", compress(b"")),
        ("zstd of text", compress(b"hello")),
    ];
    let cases = files
        .into_iter()
        .map(|(what, bytes)| Case::refused(what, move || bytes.clone()));
    cases.collect()
}

/// Archives that go on after their end.
fn overlong(good: &Arc<Good>, plain: &[u8]) -> Vec<Case> {
    let plain: Arc<[u8]> = plain.into();
    let (garbage, twice, zeros, bomb) = (
        Arc::clone(&plain),
        Arc::clone(&plain),
        Arc::clone(good),
        Arc::clone(good),
    );
    vec![
        Case::refused("garbage after the end", move || {
            [&garbage[..], b"garbage"].concat()
        }),
        Case::refused("the archive twice", move || {
            [&twice[..], &twice[..]].concat()
        }),
        Case::refused("zeros after the end of the tar", move || {
            let mut tar = tar_of(&zeros.entries());
            tar.resize(tar.len() + (1 << 20), 0);
            compress(&tar)
        }),
        Case::refused("a gigabyte of zeros after the end", move || {
            let tar = tar_of(&bomb.entries());
            let block = vec![0; 1 << 20];
            let zeros = std::iter::repeat_n(block.as_slice(), 1 << 10);
            compress_parts(std::iter::once(tar.as_slice()).chain(zeros))
        }),
    ]
}

fn ill_sealed(sealed: &[u8]) -> Vec<Case> {
    let sealed: Arc<[u8]> = sealed.into();
    let end = sealed
        .windows(5)
        .position(|window| window == b"\n--- ")
        .map_or(0, |at| at + 5);
    let (mac, longer, chunks) = (
        Arc::clone(&sealed),
        Arc::clone(&sealed),
        Arc::clone(&sealed),
    );
    vec![
        Case::refused("a wrong MAC of the header", move || {
            let mut bytes = mac.to_vec();
            bytes[end] = if bytes[end] == b'A' { b'B' } else { b'A' };
            bytes
        }),
        Case::refused("garbage after the sealed end", move || {
            [&longer[..], &[0; 100]].concat()
        }),
        Case::refused("a sealed archive without its last chunk's tag", move || {
            chunks[..chunks.len() - 16].to_vec()
        }),
        Case::refused("an age mark and nothing", || {
            b"age-encryption.org/v1\n".to_vec()
        }),
        Case::refused("an age header without end", || {
            let mut bytes = b"age-encryption.org/v1\n".to_vec();
            bytes.extend(b"-> X25519 aaaa\n".repeat(200_000));
            bytes
        }),
        Case::refused("an age header that asks for a year of work", || {
            b"age-encryption.org/v1\n-> scrypt bm90IGEgc2FsdCByZWFsbA 40\n\
              ZmFrZSBib2R5IG9mIGEgZmlsZSBrZXkgdGhhdCBpcyBub25l\n\
              --- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n0123456789abcdef"
                .to_vec()
        }),
        Case::refused("a newer age format", || {
            b"age-encryption.org/v9\n-> x y\n--- AAAA\nxxxxxxxxxxxxxxxxxxxx".to_vec()
        }),
    ]
}
