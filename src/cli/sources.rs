use crate::app::sources::{FANGRAPHS_URL, MLB_URL, SourceConfig};
use crate::cli::global::Global;
use crate::cli::output;
use crate::pipeline::daily::MLB;
use crate::store::Opening;

/// What the operator must know before the first call.
const MLB_TERMS: &str = "\
The MLB Stats API (statsapi.mlb.com) is MLB Advanced Media's. Its notice, at
http://gdx.mlb.com/components/copyright.txt, allows individual, non-commercial,
non-bulk use of the data; anything else needs MLB Advanced Media's written
authorisation. afwd reads whole levels every day: whoever turns this on must have
the right to, for example through a licence or a licensed mirror (--mlb-url).";

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand, Debug)]
enum Verb {
    /// Show what is known of each source
    List,
    /// Show the terms of a source
    Terms {
        /// The source: mlb
        #[arg(value_parser = [MLB])]
        source: String,
    },
    /// Accept the terms of a source, once, so that it may be asked
    Accept {
        /// The source: mlb
        #[arg(value_parser = [MLB])]
        source: String,
    },
}

/// Settings of the outside sources, shared by the verbs that ask them.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct SourceArgs {
    /// Address of the MLB Stats API, or of a mirror of it
    #[arg(long, env = "AFWD_MLB_URL", default_value = MLB_URL, value_name = "URL")]
    mlb_url: String,
    /// Requests a second to it
    #[arg(
        long,
        env = "AFWD_MLB_PER_SECOND",
        default_value_t = 1.0,
        value_name = "N"
    )]
    mlb_per_second: f64,
    /// Take answers with fewer clubs than baseball has, as test peers give them
    #[arg(long, env = "AFWD_MLB_SMALL_LEAGUE")]
    mlb_small_league: bool,
    /// Accept the terms of the MLB Stats API (`afwd sources terms mlb`)
    #[arg(long, env = "AFWD_ACCEPT_MLB_TERMS")]
    accept_mlb_terms: bool,
    /// Also ask FanGraphs for its minor-league leaders, as a second opinion; it
    /// may refuse, and its content is its own
    #[arg(long, env = "AFWD_FANGRAPHS")]
    fangraphs: bool,
    /// Address of FanGraphs, or of a stand-in
    #[arg(long, env = "AFWD_FANGRAPHS_URL", default_value = FANGRAPHS_URL, value_name = "URL", hide = true)]
    fangraphs_url: String,
    /// Mail address or URL that names you in the user agent
    #[arg(long, env = "AFWD_CONTACT", default_value = "", value_name = "CONTACT")]
    contact: String,
}

impl SourceArgs {
    /// The settings; `daily` when the chain is to run by itself.
    pub(super) fn config(&self, daily: bool) -> SourceConfig {
        SourceConfig {
            mlb_url: self.mlb_url.clone(),
            mlb_per_second: self.mlb_per_second,
            mlb_small: self.mlb_small_league,
            contact: self.contact.clone(),
            daily,
            mlb_terms: self.accept_mlb_terms,
            fangraphs: self.fangraphs,
            fangraphs_url: self.fangraphs_url.clone(),
            ..SourceConfig::default()
        }
    }
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    match &args.verb {
        Verb::List => list(global),
        Verb::Terms { .. } => Ok(output::line!("{MLB_TERMS}")?),
        Verb::Accept { source } => accept(global, source),
    }
}

fn list(global: &Global) -> anyhow::Result<()> {
    let sources = global.open_store()?.read(|tx| tx.sources())?;
    if global.json {
        let sources: std::collections::BTreeMap<_, _> = sources.into_iter().collect();
        return output::print_json(&sources);
    }
    if sources.is_empty() {
        output::line!("no source was asked yet")?;
    }
    for (name, state) in sources {
        let day = state
            .data_day
            .map_or("no data yet".to_owned(), |day| format!("data of {day}"));
        let terms = if state.terms_accepted.is_some() {
            ", terms accepted"
        } else {
            ""
        };
        let error = if state.error.is_empty() {
            String::new()
        } else {
            format!(", failed: {}", state.error)
        };
        output::line!("{name}: {day}, {} rows{terms}{error}", state.rows)?;
    }
    Ok(())
}

fn accept(global: &Global, source: &str) -> anyhow::Result<()> {
    let store = global.open(Opening::CreateIfAbsent)?;
    let now = global.clock().now();
    store.write(|tx| tx.change_source(source, |state| state.terms_accepted = Some(now)))?;
    eprintln!("{MLB_TERMS}");
    Ok(output::line!(
        "accepted: `afwd refresh` and `afwd serve` may ask {source} now"
    )?)
}
