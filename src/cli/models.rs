//! `afwd models`: the registry, decisions about it, and drift.

use anyhow::Context;
use clap::Subcommand;

use crate::cli::global::Global;
use crate::cli::output;
use crate::pipeline;
use crate::pipeline::registry::Reason;
use crate::pipeline::versions;
use crate::rankings::models::{
    DecisionView, DriftView, ModelChange, ModelComparison, ModelFigures, ModelView, ModelsView,
};
use crate::store::{OpenError, Store};

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    verb: Verb,
    /// Why, for the log of decisions
    #[arg(long, global = true, default_value = "", value_name = "TEXT")]
    why: String,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// List models: champion, challenger, shipped, damaged; and past decisions
    List,
    /// Show one model: facts, figures, training runs
    Show {
        /// Id of the model
        id: String,
    },
    /// Compare two models on the same closed seasons, by members that never saw the player
    Compare {
        /// Id of the first model
        a: String,
        /// Id of the second model
        b: String,
    },
    /// Make a model champion: it predicts every season it may
    Promote {
        /// Id of the model
        id: String,
    },
    /// Go back to the champion before
    Rollback,
    /// Show a challenger's boards to a share of viewers
    Challenge {
        /// Id of the challenger
        id: String,
        /// Share of viewers who see it, above 0 and at most 1
        #[arg(long)]
        share: f64,
    },
    /// Show the champion to everybody again
    EndChallenge,
    /// Show how far the newest predicted season lies from the training data
    Drift,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let store = open(global)?;
    let change = match &args.verb {
        Verb::List => return list(global, &store),
        Verb::Show { id } => return show(global, &store, id),
        Verb::Compare { a, b } => return compare(global, &store, a, b),
        Verb::Drift => return drift(global, &store),
        Verb::Promote { id } => ModelChange::Promote(id.clone()),
        Verb::Rollback => ModelChange::Rollback,
        Verb::Challenge { id, share } => ModelChange::Challenge(id.clone(), *share),
        Verb::EndChallenge => ModelChange::EndChallenge,
    };
    let reason = Reason {
        by: "command line",
        why: &args.why,
    };
    let clock = global.clock();
    let decision = pipeline::registry::decide(&store, &global.data, &change, reason, &*clock)?;
    let view = versions::decision(&decision);
    if global.json {
        return output::print_json(&view);
    }
    output::line!("{}", sentence(&view))?;
    eprintln!("the next `afwd predict` or `afwd serve` makes the boards of it");
    Ok(())
}

fn open(global: &Global) -> anyhow::Result<Store> {
    global.open_store().map_err(|error| {
        if matches!(error.downcast_ref(), Some(OpenError::AlreadyOpen(_))) {
            return error.context(
                "the store is in use: ask the running server instead, with GET /api/ml/models or \
                 POST /api/ml/models/ID/promote, /api/ml/models/rollback, \
                 /api/ml/models/ID/challenge, /api/ml/models/end-challenge (token in \
                 AFWD_ADMIN_TOKEN)",
            );
        }
        error
    })
}

fn list(global: &Global, store: &Store) -> anyhow::Result<()> {
    let view = versions::models(store, &global.data)?;
    if global.json {
        return output::print_json(&view);
    }
    output::line!(
        "{:<16} {:<20} {:>6} {:>6}  unseen AUC",
        "model",
        "status",
        "until",
        "seed"
    )?;
    for model in &view.models {
        let aucs: Vec<String> = model
            .figures
            .iter()
            .filter(|f| f.on == "unseen players")
            .map(|f| format!("{} {:.4}", f.role, f.auc))
            .collect();
        output::line!(
            "{:<16} {:<20} {:>6} {:>6}  {}",
            model.model,
            model.status.join(", "),
            model.trained_until,
            model.seed,
            aucs.join(", ")
        )?;
    }
    for damaged in &view.damaged {
        output::line!("{:<16} damaged: {}", damaged.directory, damaged.reason)?;
    }
    rest_of_list(&view)
}

fn rest_of_list(view: &ModelsView) -> anyhow::Result<()> {
    if let Some(challenge) = &view.challenge {
        output::line!(
            "\nchallenge by {} for {} % of viewers since {}",
            challenge.model,
            challenge.share * 100.0,
            challenge.since
        )?;
        for arm in &challenge.arms {
            output::line!(
                "  {:<10} {} boards, {} profiles",
                arm.arm,
                arm.views,
                arm.opens
            )?;
        }
    }
    if !view.log.is_empty() {
        output::line!("\ndecisions, newest first")?;
    }
    for decision in &view.log {
        output::line!("{}", sentence(decision))?;
    }
    Ok(())
}

fn sentence(decision: &DecisionView) -> String {
    let none = "none".to_owned();
    let why = match decision.why.as_str() {
        "" => String::new(),
        why => format!(": {why}"),
    };
    format!(
        "{} {} from {} to {} by {}{why}",
        decision.at,
        decision.action,
        decision.from.as_ref().unwrap_or(&none),
        decision.to.as_ref().unwrap_or(&none),
        decision.by
    )
}

fn show(global: &Global, store: &Store, id: &str) -> anyhow::Result<()> {
    let view = versions::models(store, &global.data)?;
    let damaged = view.damaged.iter().find(|damaged| damaged.directory == id);
    if let Some(damaged) = damaged {
        anyhow::bail!("model {id} is damaged: {}", damaged.reason);
    }
    let model = view.models.iter().find(|model| model.model == id);
    let model = model.with_context(|| {
        format!("there is no model {id}: `afwd models list` shows those there are")
    })?;
    if global.json {
        return output::print_json(model);
    }
    print(model)
}

fn print(model: &ModelView) -> anyhow::Result<()> {
    output::line!("model          {} {}", model.model, model.status.join(", "))?;
    output::line!(
        "trained until  {} with seed {}",
        model.trained_until,
        model.seed
    )?;
    output::line!("program        {}", model.code_version)?;
    output::line!("data           {}", model.data_hash)?;
    output::line!("weights        {}\n", model.weights_hash)?;
    output::line!("{HEAD}")?;
    for figures in &model.figures {
        output::line!("{}", figure_line(figures))?;
    }
    for run in &model.runs {
        output::line!(
            "\nrun {} by {}, done {}, {:.1} s",
            run.run,
            run.started_by,
            run.finished,
            run.seconds
        )?;
        for (name, value) in &run.settings {
            output::line!("  {name} = {value}")?;
        }
    }
    Ok(())
}

const HEAD: &str =
    "figures on               role         n  log loss     AUC   skill     ECE   o/e  bal. acc.";

fn figure_line(f: &ModelFigures) -> String {
    let on = f
        .season
        .map_or(f.on.clone(), |season| format!("{} {season}", f.on));
    format!(
        "{on:<24} {:<8} {:>5}  {:>8.4}  {:.4}  {:>6.3}  {:.4}  {:.2}  {:.3}",
        f.role,
        f.n,
        f.log_loss,
        f.auc,
        f.brier_skill,
        f.ece,
        f.observed_to_expected,
        f.balanced_accuracy
    )
}

fn compare(global: &Global, store: &Store, a: &str, b: &str) -> anyhow::Result<()> {
    let view = versions::compare(store, &global.data, a, b)?;
    if global.json {
        return output::print_json(&view);
    }
    side_by_side(&view)
}

fn side_by_side(view: &ModelComparison) -> anyhow::Result<()> {
    if view.seasons.is_empty() {
        eprintln!("no season's windows have closed yet: there is nothing to compare on");
    }
    output::line!("{:<16} {HEAD}", "model")?;
    for (a, b) in view.a_figures.iter().zip(&view.b_figures) {
        output::line!("{:<16} {}", view.a, figure_line(a))?;
        output::line!("{:<16} {}", view.b, figure_line(b))?;
    }
    if let Some([mean, lower, upper]) = view.log_loss_gap {
        output::line!(
            "\nlog loss of {} minus that of {}: {mean:+.5} (95 % over players: {lower:+.5} to {upper:+.5})",
            view.b,
            view.a
        )?;
    }
    Ok(())
}

fn drift(global: &Global, store: &Store) -> anyhow::Result<()> {
    let view = versions::drift(store)?
        .context("nothing has been predicted yet: run `afwd predict --as-of SEASON` first")?;
    if global.json {
        return output::print_json(&view);
    }
    print_drift(&view)
}

fn print_drift(view: &DriftView) -> anyhow::Result<()> {
    output::line!(
        "drift of {} from the training of {}: {}",
        view.season,
        view.model,
        view.level
    )?;
    for row in &view.calibration {
        output::line!(
            "calibration {} {}: {} succeeded, {:.1} expected: {}",
            row.season,
            row.role,
            row.observed,
            row.expected,
            row.level
        )?;
    }
    output::line!(
        "\n{:<8} {:<28} {:>7}  {:<6} missing then, now",
        "role",
        "feature",
        "PSI",
        "level"
    )?;
    for row in &view.features {
        output::line!(
            "{:<8} {:<28} {:>7.4}  {:<6} {:.1} %, {:.1} %",
            row.role,
            row.feature,
            row.psi,
            row.level,
            row.missing_then * 100.0,
            row.missing_now * 100.0
        )?;
    }
    Ok(())
}
