//! Room on the disk that writes leave free.
//!
//! A database that meets a full disk has to be opened again, and other programs
//! meet the full disk too. So a write is refused before it begins while there is
//! less room than the reserve.

use super::reopen::Opener;
use crate::store::error::StoreError;

/// Room that is kept free however small the store is.
const LEAST_BYTES: u64 = 64 << 20;
/// Share of the store's file that is kept free: one in so many bytes.
const SHARE: u64 = 20;

/// How much room is kept free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserve {
    /// 64 MiB, or a twentieth of the store's file where that is more.
    Usual,
    /// So many bytes; 0 writes to the last byte.
    Bytes(u64),
}

impl Reserve {
    /// Refuses when there is less room than this. A disk that does not tell how
    /// much room it has does not keep anybody from writing.
    pub(in crate::store) fn check(self, opener: &Opener) -> Result<(), StoreError> {
        let reserve = self.bytes(opener);
        match opener.disk.free(&opener.path) {
            Ok(free) if free < reserve => Err(StoreError::Full { free, reserve }),
            _ => Ok(()),
        }
    }

    /// `error` as callers are told it: a full disk when that is what it was.
    pub(in crate::store) fn explain(self, error: StoreError, opener: &Opener) -> StoreError {
        if !error.is_full() {
            return error.outward();
        }
        StoreError::Full {
            free: opener.disk.free(&opener.path).unwrap_or(0),
            reserve: self.bytes(opener),
        }
    }

    /// Room that is kept free beside a file of `length` bytes.
    pub fn of(self, length: u64) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Usual => LEAST_BYTES.max(length / SHARE),
        }
    }

    fn bytes(self, opener: &Opener) -> u64 {
        self.of(std::fs::metadata(&opener.path).map_or(0, |meta| meta.len()))
    }
}
