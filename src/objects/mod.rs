//! A prefix of a bucket in S3-compatible object storage: the only module that names
//! `object_store`.
//!
//! An object has its name only when all of it arrived; it is read back and
//! compared before it counts. Calls wait for the network: not for async threads.

mod error;

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path as Key;
use object_store::{
    BackoffConfig, ClientOptions, Error, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig,
};
use tokio::runtime::{Builder, Runtime};

pub use error::ObjectsError;

use crate::secret::Secret;

/// Bytes asked for or sent in one request.
const CHUNK: u64 = 8 << 20;
const TIMEOUT: Duration = Duration::from_secs(60);

/// Result of an operation on object storage.
pub type Result<T> = std::result::Result<T, ObjectsError>;

/// How to reach object storage.
#[derive(Clone, Debug, Default)]
pub struct S3Config {
    /// Address of the service; Amazon's when there is none.
    pub endpoint: Option<String>,
    /// Region; `us-east-1` when there is none.
    pub region: Option<String>,
    /// Name of the key.
    pub access_key_id: Option<Secret>,
    /// Its secret.
    pub secret_access_key: Option<Secret>,
}

/// A prefix of a bucket.
pub struct Bucket {
    store: AmazonS3,
    runtime: Runtime,
    bucket: String,
    prefix: String,
}

/// An object of a bucket.
pub struct Object {
    /// Its name below the prefix.
    pub name: String,
    /// Its size.
    pub bytes: u64,
}

impl Bucket {
    /// The prefix `prefix` (empty, or with a slash at its end) of `bucket`.
    ///
    /// # Errors
    /// When a setting is missing or malformed. Nothing is asked yet.
    pub fn new(config: &S3Config, bucket: &str, prefix: &str) -> Result<Self> {
        let refused = |reason: String| ObjectsError::Storage {
            address: format!("s3://{bucket}/"),
            reason,
        };
        let given = |value: &Option<Secret>, setting: &str| {
            let value = value.as_ref().map(|value| value.expose().to_owned());
            value.ok_or_else(|| refused(format!("{setting} is not set (nor {setting}_FILE)")))
        };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(bucket)
            .with_region(config.region.as_deref().unwrap_or("us-east-1"))
            .with_access_key_id(given(&config.access_key_id, "AFWD_S3_ACCESS_KEY_ID")?)
            .with_secret_access_key(given(
                &config.secret_access_key,
                "AFWD_S3_SECRET_ACCESS_KEY",
            )?)
            .with_client_options(ClientOptions::new().with_timeout(TIMEOUT))
            .with_retry(retry());
        if let Some(endpoint) = &config.endpoint {
            builder = builder
                .with_endpoint(endpoint)
                .with_allow_http(endpoint.starts_with("http://"));
        }
        Ok(Self {
            store: builder
                .build()
                .map_err(|error| refused(error.to_string()))?,
            runtime: Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|error| refused(error.to_string()))?,
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        })
    }

    /// The address of the object `name`.
    pub fn address(&self, name: &str) -> String {
        format!("s3://{}/{}{name}", self.bucket, self.prefix)
    }

    /// Refuses when there is an object `name`.
    ///
    /// # Errors
    /// [`ObjectsError::Exists`] then; otherwise when the storage does not answer.
    pub fn refuse_existing(&self, name: &str) -> Result<()> {
        match self.runtime.block_on(self.store.head(&self.key(name))) {
            Ok(_) => Err(ObjectsError::Exists(self.address(name))),
            Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.failed(name, &error)),
        }
    }

    /// Puts the file at `path` there as `name`, and reads it back.
    ///
    /// # Errors
    /// When it did not arrive as it was sent; then it is deleted.
    pub fn put(&self, name: &str, path: &Path) -> Result<()> {
        let sent = self.send(name, path)?;
        let kept = self.hash(name)?;
        if sent == kept {
            return Ok(());
        }
        self.delete(name)?;
        Err(ObjectsError::Storage {
            address: self.address(name),
            reason: "what came back is not what was sent; it was deleted, try again".to_owned(),
        })
    }

    /// Gets the object `name` into a new file at `path`.
    ///
    /// # Errors
    /// When it is not there, or can't be written.
    pub fn get(&self, name: &str, path: &Path) -> Result<()> {
        let at = ObjectsError::at(path);
        let mut file = File::create_new(path).map_err(&at)?;
        self.each_chunk(name, u64::MAX, &mut |bytes| {
            file.write_all(bytes).map_err(&at)
        })?;
        file.sync_all().map_err(&at)
    }

    /// At most the first `bytes` of the object `name`.
    ///
    /// # Errors
    /// When it is not there.
    pub fn head(&self, name: &str, bytes: u64) -> Result<Vec<u8>> {
        let mut head = Vec::new();
        self.each_chunk(name, bytes, &mut |chunk| {
            head.extend_from_slice(chunk);
            Ok(())
        })?;
        Ok(head)
    }

    /// The objects whose names begin with the prefix and hold no further slash.
    ///
    /// # Errors
    /// When the bucket can't be listed.
    pub fn list(&self) -> Result<Vec<Object>> {
        let prefix = Key::from(self.prefix.as_str());
        let listing = self.store.list_with_delimiter(Some(&prefix));
        let listed = self.runtime.block_on(listing);
        let objects = listed.map_err(|error| self.failed("", &error))?.objects;
        Ok(objects
            .into_iter()
            .filter_map(|object| {
                Some(Object {
                    name: object.location.filename()?.to_owned(),
                    bytes: object.size,
                })
            })
            .collect())
    }

    /// Deletes the object `name`.
    ///
    /// # Errors
    /// When the storage refuses.
    pub fn delete(&self, name: &str) -> Result<()> {
        let deleted = self.runtime.block_on(self.store.delete(&self.key(name)));
        deleted.map_err(|error| self.failed(name, &error))
    }

    /// Sends the file in parts; gives its size and BLAKE3.
    fn send(&self, name: &str, path: &Path) -> Result<(u64, String)> {
        let at = ObjectsError::at(path);
        let mut file = File::open(path).map_err(&at)?;
        let failed = |error: Error| self.failed(name, &error);
        let key = self.key(name);
        let started = self.runtime.block_on(self.store.put_multipart(&key));
        let mut upload = started.map_err(failed)?;
        let mut hasher = blake3::Hasher::new();
        let mut sent = 0;
        loop {
            let mut chunk = Vec::new();
            Read::take(&mut file, CHUNK)
                .read_to_end(&mut chunk)
                .map_err(&at)?;
            if chunk.is_empty() && sent > 0 {
                break;
            }
            sent += chunk.len() as u64;
            hasher.update(&chunk);
            let part = upload.put_part(PutPayload::from(chunk));
            if let Err(error) = self.runtime.block_on(part) {
                // The error that stopped us is the one to report.
                let _ = self.runtime.block_on(upload.abort());
                return Err(failed(error));
            }
        }
        self.runtime.block_on(upload.complete()).map_err(failed)?;
        Ok((sent, hasher.finalize().to_hex().to_string()))
    }

    fn hash(&self, name: &str) -> Result<(u64, String)> {
        let mut hasher = blake3::Hasher::new();
        let mut bytes = 0;
        self.each_chunk(name, u64::MAX, &mut |chunk| {
            bytes += chunk.len() as u64;
            hasher.update(chunk);
            Ok(())
        })?;
        Ok((bytes, hasher.finalize().to_hex().to_string()))
    }

    /// Calls `f` with the first `limit` bytes of the object, piece by piece.
    fn each_chunk(
        &self,
        name: &str,
        limit: u64,
        f: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        let end = self.size(name)?.min(limit);
        let key = self.key(name);
        let mut from = 0;
        while from < end {
            let range = from..(from + CHUNK).min(end);
            let got = self.runtime.block_on(self.store.get_range(&key, range));
            let chunk = got.map_err(|error| self.failed(name, &error))?;
            f(&chunk)?;
            from += CHUNK;
        }
        Ok(())
    }

    /// Size of the object `name`, in bytes.
    ///
    /// # Errors
    /// When it is not there.
    pub fn size(&self, name: &str) -> Result<u64> {
        let head = self.runtime.block_on(self.store.head(&self.key(name)));
        Ok(head.map_err(|error| self.failed(name, &error))?.size)
    }

    fn key(&self, name: &str) -> Key {
        Key::from(format!("{}{name}", self.prefix))
    }

    fn failed(&self, name: &str, error: &Error) -> ObjectsError {
        let text = error.to_string();
        let reason = match error {
            Error::NotFound { .. } => "there is no such object".to_owned(),
            _ if is_refusal(error, &text) => {
                "the storage refused the key: check AFWD_S3_ACCESS_KEY_ID, AFWD_S3_SECRET_ACCESS_KEY, and what the key may do with this bucket".to_owned()
            }
            _ => format!("{text}; check AFWD_S3_ENDPOINT and the network"),
        };
        ObjectsError::Storage {
            address: self.address(name),
            reason,
        }
    }
}

fn is_refusal(error: &Error, text: &str) -> bool {
    let code = [
        "SignatureDoesNotMatch",
        "InvalidAccessKeyId",
        "NotSignedUp",
        "AccessDenied",
    ]
    .iter()
    .any(|code| text.contains(code));
    code || matches!(
        error,
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. }
    )
}

/// A backup can wait, but an operator at the keyboard should not wait for minutes.
fn retry() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig::default(),
        max_retries: 4,
        retry_timeout: Duration::from_secs(60),
    }
}
