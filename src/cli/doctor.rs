use jiff::SignedDuration;

use crate::app::doctor::{BackupPlan, Doctor, Finding, Report, Severity};
use crate::cli::archives::S3Args;
use crate::cli::global::Global;
use crate::cli::output::{self, line};
use crate::cli::serve;
use crate::config::Settings;
use crate::ops::backup::Location;
use crate::secret::Secret;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Do what is safe: clear leftovers away, make the search index again
    #[arg(long)]
    fix: bool,
    /// Where backups are made by themselves: a directory or s3://BUCKET/PREFIX/
    #[arg(long, env = "AFWD_BACKUP_DIR", value_name = "DIR|URL")]
    backup_dir: Option<String>,
    /// Time from one backup to the next
    #[arg(
        long,
        env = "AFWD_BACKUP_EVERY",
        default_value = "24h",
        value_name = "TIME"
    )]
    backup_every: SignedDuration,
    /// Token of the operator, whose length is looked at
    #[arg(
        long,
        env = "AFWD_ADMIN_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    admin_token: Option<Secret>,
    #[command(flatten)]
    s3: S3Args,
}

/// Findings that somebody has to do something about. They have been printed.
#[derive(Debug, thiserror::Error)]
#[error(
    "{critical} critical and {warnings} other findings need attention: see above for what to run"
)]
pub(super) struct Unwell {
    critical: usize,
    warnings: usize,
}

pub(super) fn run(global: &Global, settings: &Settings, args: &Args) -> anyhow::Result<()> {
    let clock = global.clock();
    let backups = args.backup_dir.as_deref().map(|dir| {
        anyhow::Ok(BackupPlan {
            place: Location::parse(dir)?,
            s3: args.s3.config()?,
            every: args.backup_every,
        })
    });
    let doctor = Doctor {
        data: &global.data,
        clock: &*clock,
        backups: backups.transpose()?,
        unknown_settings: settings.unknown(serve::variables()).into_keys().collect(),
        admin_token: args.admin_token.clone(),
        fix: args.fix,
    };
    let report = doctor.examine();
    if global.json {
        output::print_json(&report)?;
    } else {
        print(&report)?;
    }
    verdict(&report)
}

fn verdict(report: &Report) -> anyhow::Result<()> {
    let open = |severity| {
        let open = report.findings.iter().filter(|finding| finding.is_open());
        open.filter(|finding| finding.severity == severity).count()
    };
    let unwell = Unwell {
        critical: open(Severity::Critical),
        warnings: open(Severity::Warning),
    };
    match report.healthy {
        true => Ok(()),
        false => Err(unwell.into()),
    }
}

fn print(report: &Report) -> anyhow::Result<()> {
    for finding in &report.findings {
        line!(
            "{:<8} {:<13} {}",
            mark(finding),
            finding.check,
            finding.what
        )?;
        if !finding.run.is_empty() {
            line!("{:<22} -> {}", "", finding.run)?;
        }
    }
    Ok(())
}

fn mark(finding: &Finding) -> &'static str {
    match finding.severity {
        _ if finding.fixed => "fixed",
        Severity::Fine => "ok",
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Critical => "CRITICAL",
    }
}
