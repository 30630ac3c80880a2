//! A fake MLB Stats API to run the product against by hand.
//!
//! `cargo run --example afwd-upstream -- --port 9090 --seed 1 --seasons 2005..2026
//! --today 2026-07-01`, then `MLB_BASE_URL=http://127.0.0.1:9090`. See
//! `tests/it/support/upstream/mod.rs` for what `/control` can change meanwhile.

#[path = "../tests/it/support/upstream/mod.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod upstream;

use std::str::FromStr;

use clap::Parser;
use jiff::civil::Date;

use upstream::{Config, Fault, Upstream};

/// Serves a simulated league in the shapes of the MLB Stats API.
#[derive(Parser)]
struct Arguments {
    /// Port on 127.0.0.1.
    #[arg(long, default_value_t = 9090)]
    port: u16,
    /// The same seed gives the same league.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// First and last season.
    #[arg(long, default_value = "2005..2026")]
    seasons: Seasons,
    /// Players over all seasons; 20000 is about the size of the real minors.
    #[arg(long, default_value_t = 6000)]
    players: usize,
    /// Most rows of a page.
    #[arg(long, default_value_t = 1000)]
    page: usize,
    /// The day up to which has been played.
    #[arg(long, default_value = "2026-07-01")]
    today: Date,
    /// Fail this way from the start.
    #[arg(long)]
    fault: Option<Fault>,
}

#[derive(Clone, Copy)]
struct Seasons(u16, u16);

impl FromStr for Seasons {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let years = text.split_once("..").and_then(|(first, last)| {
            Some(Self(
                first.parse().ok()?,
                last.trim_start_matches('=').parse().ok()?,
            ))
        });
        years.ok_or_else(|| format!("`{text}` is not a range of years such as 2005..2026"))
    }
}

fn main() {
    let arguments = Arguments::parse();
    let upstream = Upstream::start(Config {
        port: arguments.port,
        seed: arguments.seed,
        seasons: (arguments.seasons.0, arguments.seasons.1),
        players: arguments.players,
        page: arguments.page,
        today: arguments.today,
    });
    if let Some(fault) = arguments.fault {
        upstream.set_fault(fault);
    }
    eprintln!("listening on {}", upstream.base_url);
    loop {
        std::thread::park();
    }
}
