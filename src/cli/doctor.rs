//! `afwd doctor`.

use crate::app::doctor::{Diagnosis, Doctor, Report};
use crate::cli::global::Global;
use crate::cli::output::{self, line};
use crate::cli::serve;
use crate::config::Settings;
use crate::config::accounts::AccountKeySettings;
use crate::config::backups::BackupSettings;
use crate::config::objects::StorageSettings;
use crate::config::operator::OperatorSettings;
use crate::domain::Severity;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Do what is safe: clear leftovers away, make the search index again
    #[arg(long)]
    fix: bool,
    #[command(flatten)]
    backups: BackupSettings,
    #[command(flatten)]
    storage: StorageSettings,
    #[command(flatten)]
    operator: OperatorSettings,
    #[command(flatten)]
    keys: AccountKeySettings,
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
    let doctor = Doctor {
        data: &global.data,
        clock: &*clock,
        backups: args.backups.scheduled(None, &args.storage)?,
        unknown_settings: settings.unknown(serve::variables()).into_keys().collect(),
        admin_token: args.operator.admin_token.clone(),
        account_keys: args.keys.account_keys.clone(),
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
        open.filter(|finding| finding.severity == Some(severity))
            .count()
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

fn mark(finding: &Diagnosis) -> &'static str {
    match finding.severity {
        _ if finding.fixed => "fixed",
        None => "ok",
        Some(Severity::Critical) => "CRITICAL",
        Some(severity) => severity.as_str(),
    }
}
