//! A writer of tar entries that lets anything through.

use std::io::{Read, Write};

use crate::ops::backup::manifest::{MANIFEST, Manifest};
use crate::ops::backup::{BackupError, FileSum, Result};

const BLOCK: usize = 512;

/// One tar entry; what it says of itself need not be so.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    pub(super) kind: u8,
    pub(super) link: Vec<u8>,
    /// The size field as written; the body's size when `None`.
    pub(super) size: Option<[u8; 12]>,
    pub(super) body: Vec<u8>,
    /// Added to the checksum, to spoil it.
    pub(super) spoil: u32,
}

impl Entry {
    pub(super) fn file(name: impl AsRef<[u8]>, body: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.as_ref().to_vec(),
            kind: b'0',
            link: Vec::new(),
            size: None,
            body: body.into(),
            spoil: 0,
        }
    }

    pub(super) fn of_kind(name: impl AsRef<[u8]>, kind: u8, link: &str) -> Self {
        Self {
            kind,
            link: link.as_bytes().to_vec(),
            ..Self::file(name, Vec::new())
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        let mut header = [0_u8; BLOCK];
        put(&mut header, 0, 100, &self.name);
        put(&mut header, 100, 8, b"0000600\0");
        put(&mut header, 108, 8, b"0000000\0");
        put(&mut header, 116, 8, b"0000000\0");
        header[124..136].copy_from_slice(&self.size.unwrap_or(octal(self.body.len() as u64)));
        put(&mut header, 136, 12, b"00000000000\0");
        header[156] = self.kind;
        put(&mut header, 157, 100, &self.link);
        put(&mut header, 257, 8, b"ustar\x0000");
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum::<u32>() + self.spoil;
        put(&mut header, 148, 8, format!("{sum:06o}\0 ").as_bytes());
        out.extend(header);
        out.extend(&self.body);
        out.resize(out.len().next_multiple_of(BLOCK), 0);
    }
}

/// A size field.
pub(super) fn octal(size: u64) -> [u8; 12] {
    let mut field = [0; 12];
    put(&mut field, 0, 12, format!("{size:011o}\0").as_bytes());
    field
}

fn put(header: &mut [u8], at: usize, room: usize, bytes: &[u8]) {
    let length = bytes.len().min(room);
    header[at..at + length].copy_from_slice(&bytes[..length]);
}

/// A good archive, taken apart.
pub(super) struct Good {
    pub(super) manifest: Manifest,
    /// The members after the manifest.
    pub(super) files: Vec<(String, Vec<u8>)>,
}

impl Good {
    pub(super) fn read(archive: &[u8]) -> Result<Self> {
        let failed = |error: std::io::Error| BackupError::damaged("the good archive", "it", error);
        let tar = zstd::decode_all(archive).map_err(failed)?;
        let mut tar = tar::Archive::new(tar.as_slice());
        let mut members = Vec::new();
        for entry in tar.entries().map_err(failed)? {
            let mut entry = entry.map_err(failed)?;
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let mut body = Vec::new();
            entry.read_to_end(&mut body).map_err(failed)?;
            members.push((name, body));
        }
        let (_, manifest) = members.remove(0);
        Ok(Self {
            manifest: Manifest::from_bytes("the good archive", &manifest)?,
            files: members,
        })
    }

    /// The entries of the good archive.
    pub(super) fn entries(&self) -> Vec<Entry> {
        self.entries_with(&self.manifest)
    }

    /// The good files behind another manifest.
    pub(super) fn entries_with(&self, manifest: &Manifest) -> Vec<Entry> {
        let mut entries = vec![Entry::file(MANIFEST, manifest.to_bytes())];
        let files = self.files.iter();
        entries.extend(files.map(|(name, body)| Entry::file(name, body.clone())));
        entries
    }

    /// An archive of `files` with a manifest that fits them.
    pub(super) fn consistent(&self, files: &[(String, Vec<u8>)]) -> Vec<u8> {
        let mut manifest = self.manifest.clone();
        manifest.files = files.iter().map(|(name, body)| sum(name, body)).collect();
        let mut entries = vec![Entry::file(MANIFEST, manifest.to_bytes())];
        entries.extend(
            files
                .iter()
                .map(|(name, body)| Entry::file(name, body.clone())),
        );
        pack(&entries)
    }

    /// The archive of a changed manifest.
    pub(super) fn with_manifest(&self, change: impl FnOnce(&mut Manifest)) -> Vec<u8> {
        let mut manifest = self.manifest.clone();
        change(&mut manifest);
        pack(&self.entries_with(&manifest))
    }

    /// The archive of changed entries.
    pub(super) fn with_entries(&self, change: impl FnOnce(&mut Vec<Entry>)) -> Vec<u8> {
        let mut entries = self.entries();
        change(&mut entries);
        pack(&entries)
    }
}

/// A member's line in a manifest.
pub(super) fn sum(name: &str, body: &[u8]) -> FileSum {
    FileSum {
        name: name.to_owned(),
        bytes: body.len() as u64,
        blake3: blake3::hash(body).to_hex().to_string(),
    }
}

/// The tar of `entries`, with its end.
pub(super) fn tar_of(entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::new();
    for entry in entries {
        entry.write(&mut out);
    }
    out.resize(out.len() + 2 * BLOCK, 0);
    out
}

/// The archive of `entries`.
pub(super) fn pack(entries: &[Entry]) -> Vec<u8> {
    compress(&tar_of(entries))
}

/// zstd as we write it.
pub(super) fn compress(bytes: &[u8]) -> Vec<u8> {
    compress_parts(std::iter::once(bytes))
}

/// zstd of many parts, without having them all in memory.
pub(super) fn compress_parts<'a>(parts: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let write = || {
        let mut encoder = zstd::Encoder::new(Vec::new(), 1)?;
        encoder.include_checksum(true)?;
        for part in parts {
            encoder.write_all(part)?;
        }
        encoder.finish()
    };
    // Writing to memory does not fail.
    write().unwrap_or_default()
}
