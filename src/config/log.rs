//! Settings of the log, and its start.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::web::LogFormat;

/// What is logged, and how.
#[derive(clap::Args, Debug, Clone)]
#[command(next_help_heading = "Log")]
pub struct LogSettings {
    /// What to log, as `info` or `info,afwd::http=debug`
    #[arg(
        long,
        env = "AFWD_LOG",
        default_value = "info,tantivy=warn",
        value_name = "FILTER"
    )]
    log: String,
    /// How lines of the log look
    #[arg(
        long,
        env = "AFWD_LOG_FORMAT",
        default_value = "text",
        value_name = "FORMAT"
    )]
    log_format: Format,
    /// Log no line for each request
    #[arg(long, env = "AFWD_NO_ACCESS_LOG")]
    no_access_log: bool,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Format {
    /// For people
    Text,
    /// An object a line
    Json,
}

impl LogSettings {
    /// Logs from now on, to stderr.
    ///
    /// # Errors
    /// When the filter can't be read.
    pub fn start(&self) -> anyhow::Result<()> {
        let filter = EnvFilter::try_new(&self.log)?;
        let builder = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_ansi(std::io::stderr().is_terminal())
            .with_writer(std::io::stderr);
        match self.log_format {
            Format::Text => builder.init(),
            Format::Json => builder.json().flatten_event(true).init(),
        }
        Ok(())
    }

    /// How requests are logged; `None` when they are not.
    pub fn access(&self) -> Option<LogFormat> {
        (!self.no_access_log).then_some(match self.log_format {
            Format::Text => LogFormat::Text,
            Format::Json => LogFormat::Json,
        })
    }
}
