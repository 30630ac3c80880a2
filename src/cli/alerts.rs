//! `afwd alerts`.

use crate::app;
use crate::cli::global::Global;
use crate::cli::output;
use crate::config::alerts::AlertSettings;
use crate::config::mail::MailSettings;
use crate::ops::alerts::Message;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand, Debug)]
enum Verb {
    /// Send a test message every way that is set up
    Test(TestArgs),
}

#[derive(clap::Args, Debug)]
struct TestArgs {
    #[command(flatten)]
    alerts: AlertSettings,
    #[command(flatten)]
    mail: MailSettings,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let Verb::Test(args) = &args.verb;
    let clock = global.clock();
    let mailer = args.mail.mailer(args.alerts.alert_mail.as_deref())?;
    let sinks = app::alert_sinks(&args.alerts, mailer.as_ref(), None, &clock)?;
    anyhow::ensure!(
        !sinks.is_empty(),
        "alerts go nowhere yet: set --alert-webhook, or --alert-mail and --smtp-url"
    );
    let mut failed = 0;
    for sink in sinks {
        match sink.send(&Message::test(clock.now())) {
            Ok(()) => output::line!("sent: {}", sink.name())?,
            Err(error) => {
                failed += 1;
                eprintln!("not sent: {}: {error}", sink.name());
            }
        }
    }
    anyhow::ensure!(failed == 0, "not every message could be sent");
    Ok(())
}
