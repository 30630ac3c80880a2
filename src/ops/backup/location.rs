//! How people name the place of a backup.

use std::path::{Path, PathBuf};

use super::{BackupError, Result};

/// The place of a backup, or of many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// `-`: standard output.
    Stream,
    /// A file or directory.
    Path(PathBuf),
    /// `s3://BUCKET/KEY`; a key that is empty or ends in `/` is a directory.
    S3 {
        /// Name of the bucket.
        bucket: String,
        /// Rest of the address, without a slash in front.
        key: String,
    },
}

impl Location {
    /// Reads what a person wrote.
    ///
    /// # Errors
    /// When it is an address of a kind that is not supported.
    pub fn parse(text: &str) -> Result<Self> {
        if text == "-" {
            return Ok(Self::Stream);
        }
        if let Some(rest) = text.strip_prefix("s3://") {
            let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
            if bucket.is_empty() {
                return Err(BackupError::Place(format!(
                    "{text} names no bucket: write s3://BUCKET/PREFIX/"
                )));
            }
            return Ok(Self::S3 {
                bucket: bucket.to_owned(),
                key: key.to_owned(),
            });
        }
        match text.split_once("://") {
            Some((scheme, _)) => Err(BackupError::Place(format!(
                "{scheme}:// is not supported: use s3://BUCKET/KEY, or download the file and give its path"
            ))),
            None => Ok(Self::Path(Path::new(text).to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Location;

    #[test]
    fn places_are_told_apart() {
        let s3 = |bucket: &str, key: &str| Location::S3 {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        };
        let parsed = |text| Location::parse(text).expect("a place");
        assert_eq!(parsed("-"), Location::Stream);
        assert_eq!(parsed("a/b.tar.zst"), Location::Path("a/b.tar.zst".into()));
        assert_eq!(parsed("s3://b/p/x"), s3("b", "p/x"));
        assert_eq!(parsed("s3://b"), s3("b", ""));
        for refused in ["s3://", "s3:///x", "https://example.org/x", "ftp://x/y"] {
            assert!(Location::parse(refused).is_err(), "{refused}");
        }
    }
}
