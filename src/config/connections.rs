//! Settings of how connections are served.

use std::path::PathBuf;
use std::sync::Arc;

use crate::web::{Limits, ListenAddress, Networks, Serving, Tls, affordable_connections};

/// Connections that are open at once, where the system allows as many files.
const CONNECTIONS: usize = 16_384;

/// Where the server listens.
#[derive(clap::Args, Debug, Clone)]
pub struct ListenSettings {
    /// Where to listen.
    // Brackets and addresses of sites are links to rustdoc: such help stands here.
    #[arg(
        long,
        help = "Address to listen on: 127.0.0.1:8080, [::1]:8080, localhost:8080, :8080 for every \
                address of this machine, or unix:/run/afwd.sock; port 0 takes a free one",
        env = "AFWD_LISTEN",
        default_value = "127.0.0.1:8080",
        value_name = "ADDR"
    )]
    pub listen: ListenAddress,
    /// Certificate chain in PEM; serves HTTPS, TLS 1.3 only. Followed as it changes
    #[arg(long, env = "AFWD_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
}

/// How connections are served.
#[derive(clap::Args, Debug, Clone)]
#[command(next_help_heading = "Connections")]
pub struct ConnectionSettings {
    /// Private key of the certificate in PEM
    #[arg(long, env = "AFWD_TLS_KEY", value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// Also listen here for plain HTTP, and send everybody to HTTPS
    #[arg(long, env = "AFWD_HTTPS_REDIRECT", value_name = "ADDR")]
    pub https_redirect: Option<ListenAddress>,
    /// Open connections at most [default: 16384, or what the limit of open files allows]
    #[arg(long, env = "AFWD_MAX_CONNECTIONS", value_name = "N")]
    max_connections: Option<usize>,
    /// Open connections of one address at most; 0 for any number
    #[arg(
        long,
        env = "AFWD_CONNECTIONS_PER_IP",
        default_value_t = 100,
        value_name = "N"
    )]
    connections_per_ip: usize,
    /// Networks of reverse proxies, which may open any number, or `none`
    #[arg(
        long,
        env = "AFWD_TRUSTED_PROXIES",
        default_value = "127.0.0.0/8,::1/128",
        value_name = "NETWORKS"
    )]
    trusted_proxies: Networks,
}

impl ConnectionSettings {
    /// How connections to `listen` are served.
    ///
    /// # Errors
    /// When the certificate or its key can't be used, or one is missing.
    pub fn serving(&self, listen: &ListenSettings) -> anyhow::Result<Serving> {
        let affordable = affordable_connections();
        let wanted = self.max_connections.unwrap_or(CONNECTIONS);
        if self.max_connections.is_some() && wanted > affordable {
            tracing::warn!("the limit of open files allows {affordable} connections, not {wanted}");
        }
        let tls = match (&listen.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => Some(Arc::new(Tls::load(certificate, key)?)),
            (None, None) => None,
            _ => anyhow::bail!("--tls-cert and --tls-key are given together or not at all"),
        };
        anyhow::ensure!(
            tls.is_some() || self.https_redirect.is_none(),
            "--https-redirect needs --tls-cert and --tls-key"
        );
        Ok(Serving {
            limits: Limits {
                connections: wanted.min(affordable),
                per_address: self.connections_per_ip,
                trusted: self.trusted_proxies.clone(),
                ..Limits::default()
            },
            tls,
            connections: Arc::default(),
        })
    }
}
