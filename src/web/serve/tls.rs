//! TLS 1.3 with the operator's own certificate, which may change while we serve.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, RwLock};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig, version};
use tokio_util::sync::CancellationToken;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Why a certificate can't be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file can't be read.
    #[error("can't read {path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("{path} is no PEM file with {wanted}: {cause}")]
    Pem {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        wanted: &'static str,
        /// Why not.
        cause: pem::Error,
    },
    /// Certificate and key can't be used, or not together.
    #[error("the certificate and its key can't be used: {0}")]
    Pair(#[from] rustls::Error),
}

/// A certificate and its key, followed as their files change.
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    seen: Mutex<blake3::Hash>,
    current: RwLock<Arc<ServerConfig>>,
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// When they can't be read or don't belong together.
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let files = Files::read(certificate, key)?;
        Ok(Self {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            seen: Mutex::new(files.hash()),
            current: RwLock::new(Arc::new(files.config(certificate, key)?)),
        })
    }

    /// Reads the files again; true when they have changed. Handshakes under way go on
    /// with what they began with, and a pair that can't be used changes nothing.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn reload(&self) -> Result<bool, TlsError> {
        let files = Files::read(&self.certificate, &self.key)?;
        let mut seen = self.seen.lock();
        let hash = files.hash();
        if *seen == hash {
            return Ok(false);
        }
        // Said once of each state of the files.
        *seen = hash;
        let config = Arc::new(files.config(&self.certificate, &self.key)?);
        *self.current.write() = config;
        Ok(true)
    }

    /// Follows the files until `stop`.
    pub async fn follow(self: Arc<Self>, stop: CancellationToken) {
        let rest = || tokio::time::timeout(LOOK_EVERY, stop.cancelled());
        while rest().await.is_err() {
            let tls = Arc::clone(&self);
            match tokio::task::spawn_blocking(move || tls.reload()).await {
                Ok(Ok(true)) => tracing::info!("the new certificate is used"),
                Ok(Ok(false)) => {}
                Ok(Err(error)) => tracing::warn!("the old certificate is kept: {error}"),
                Err(error) => tracing::error!(%error, "the certificate was not looked at"),
            }
        }
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let current = self.current.read();
        TlsAcceptor::from(Arc::clone(&current))
    }
}

struct Files {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl Files {
    fn read(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let read = |path: &Path| {
            std::fs::read(path).map_err(|cause| TlsError::File {
                path: path.to_owned(),
                cause,
            })
        };
        Ok(Self {
            certificate: read(certificate)?,
            key: read(key)?,
        })
    }

    fn hash(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(blake3::hash(&self.certificate).as_bytes());
        hasher.update(blake3::hash(&self.key).as_bytes());
        hasher.finalize()
    }

    fn config(&self, certificate: &Path, key: &Path) -> Result<ServerConfig, TlsError> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&self.certificate)
            .collect::<Result<_, _>>()
            .map_err(not_pem(certificate, "certificates"))?;
        let key = PrivateKeyDer::from_pem_slice(&self.key)
            .map_err(not_pem(key, "a private key without a passphrase"))?;
        let provider = Arc::new(default_provider());
        // The list is given at run time, since other users of rustls in this program
        // compile older versions in.
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&version::TLS13])?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

fn not_pem(path: &Path, wanted: &'static str) -> impl FnOnce(pem::Error) -> TlsError {
    let path = path.to_owned();
    move |cause| TlsError::Pem {
        path,
        wanted,
        cause,
    }
}
