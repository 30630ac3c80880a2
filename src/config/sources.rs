//! Settings of the outside sources, made from their list.

use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches, value_parser};

use crate::ingest::sources::{ALL, Asked, DataSource};

/// The outside sources as the operator set them.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Sources")]
pub struct SourceSettings {
    /// What was chosen of each source.
    #[command(flatten)]
    pub chosen: ChosenSources,
    /// Take answers with fewer clubs than baseball has, as test peers give them
    #[arg(long, env = "AFWD_MLB_SMALL_LEAGUE")]
    pub mlb_small_league: bool,
    /// Mail address or URL that names you in the user agent
    #[arg(long, env = "AFWD_CONTACT", default_value = "", value_name = "CONTACT")]
    pub contact: String,
    /// True when the daily chain runs by itself.
    #[arg(skip = true)]
    pub daily: bool,
    /// Longest time for an attempt to ask.
    #[arg(skip = Duration::from_secs(60))]
    pub timeout: Duration,
    /// First pause before asking again after a failure.
    #[arg(skip = Duration::from_millis(500))]
    pub pause: Duration,
}

/// What the operator chose of one source.
#[derive(Clone, Debug, PartialEq)]
pub struct ChosenSource {
    /// The source.
    pub source: &'static DataSource,
    /// Scheme, host and port, of its own or of a mirror, without a slash at the end.
    pub url: String,
    /// Requests a second.
    pub per_second: f64,
    /// True when the settings turn it on: accept its terms, or ask for it.
    pub on: bool,
}

/// A choice for every source, in the order of the list.
#[derive(Clone, Debug)]
pub struct ChosenSources(Vec<ChosenSource>);

impl SourceSettings {
    /// Every source, in order.
    pub fn chosen(&self) -> &[ChosenSource] {
        &self.chosen.0
    }

    /// What was chosen of `source`.
    pub fn of(&self, source: &'static DataSource) -> &ChosenSource {
        let chosen = self.chosen().iter().find(|chosen| chosen.source == source);
        // The list has all of them.
        chosen.unwrap_or(&self.chosen.0[0])
    }

    /// With another choice for `source`.
    pub fn with(
        mut self,
        source: &'static DataSource,
        choose: impl FnOnce(&mut ChosenSource),
    ) -> Self {
        let chosen = self.chosen.0.iter_mut();
        if let Some(chosen) = chosen.into_iter().find(|chosen| chosen.source == source) {
            choose(chosen);
        }
        self
    }
}

impl Default for SourceSettings {
    fn default() -> Self {
        Self {
            chosen: ChosenSources(ALL.map(ChosenSource::untouched).to_vec()),
            mlb_small_league: false,
            contact: String::new(),
            daily: true,
            timeout: Duration::from_secs(60),
            pause: Duration::from_millis(500),
        }
    }
}

impl ChosenSource {
    fn untouched(source: &'static DataSource) -> Self {
        Self {
            source,
            url: source.address.to_owned(),
            per_second: source.per_second,
            on: false,
        }
    }

    /// True when the operator named another address than the source's own, so that it
    /// may be a private one.
    pub fn is_elsewhere(&self) -> bool {
        self.url != self.source.address
    }
}

/// Names of the settings of a source.
struct Names {
    url: String,
    per_second: String,
    on: String,
}

impl Names {
    fn of(source: &DataSource) -> Self {
        let name = source.name;
        Self {
            url: format!("{name}-url"),
            per_second: format!("{name}-per-second"),
            on: match source.asked {
                Asked::OnceAccepted(_) => format!("accept-{name}-terms"),
                Asked::WhenTurnedOn(_) => name.to_owned(),
            },
        }
    }
}

fn setting(name: String) -> Arg {
    let variable = format!("AFWD_{}", name.replace('-', "_").to_uppercase());
    Arg::new(name.clone()).long(name).env(variable)
}

fn settings(source: &'static DataSource) -> Vec<Arg> {
    let (names, title) = (Names::of(source), source.title);
    let url = setting(names.url)
        .help(format!("Address of the {title}, or of a mirror"))
        .default_value(source.address)
        .value_name("URL");
    let per_second = setting(names.per_second)
        .help("Requests a second to it")
        .default_value(source.per_second.to_string())
        .value_parser(value_parser!(f64))
        .value_name("N");
    let on = setting(names.on)
        .action(ArgAction::SetTrue)
        .help(match source.asked {
            Asked::OnceAccepted(_) => format!(
                "Accept the terms of the {title} (`afwd sources terms {}`)",
                source.name
            ),
            Asked::WhenTurnedOn(help) => help.to_owned(),
        });
    let paced = source.paced_by_operator.then_some(per_second);
    [Some(url), paced, Some(on)].into_iter().flatten().collect()
}

impl clap::Args for ChosenSources {
    fn augment_args(command: Command) -> Command {
        command.args(ALL.into_iter().flat_map(settings))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for ChosenSources {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let chosen = ALL.map(|source| {
            let names = Names::of(source);
            let untouched = ChosenSource::untouched(source);
            let url = matches.get_one::<String>(&names.url);
            let url = url.map(|url| url.trim_end_matches('/').to_owned());
            let paced = source.paced_by_operator;
            let pace = paced.then(|| matches.get_one::<f64>(&names.per_second).copied());
            ChosenSource {
                source,
                url: url.unwrap_or(untouched.url),
                per_second: pace.flatten().unwrap_or(untouched.per_second),
                on: matches.get_flag(&names.on),
            }
        });
        Ok(Self(chosen.to_vec()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clap::{Args, Command, FromArgMatches};

    use super::SourceSettings;
    use crate::ingest::sources::{FANGRAPHS, MLB};

    fn read(arguments: &[&str]) -> SourceSettings {
        let command = SourceSettings::augment_args(Command::new("afwd"));
        let matches = command.get_matches_from([&["afwd"], arguments].concat());
        SourceSettings::from_arg_matches(&matches).expect("settings")
    }

    #[test]
    fn untouched_sources_are_off_and_at_their_own_address() {
        let settings = read(&[]);
        assert_eq!(settings.chosen(), SourceSettings::default().chosen());
        assert!(settings.chosen().iter().all(|c| !c.on && !c.is_elsewhere()));
        assert!(settings.daily);
    }

    #[test]
    fn each_source_has_settings_of_its_own() {
        let settings = read(&[
            "--mlb-url",
            "http://127.0.0.1:9/",
            "--mlb-per-second",
            "1000",
            "--accept-mlb-terms",
            "--fangraphs",
        ]);
        let mlb = settings.of(&MLB);
        assert_eq!((&*mlb.url, mlb.per_second), ("http://127.0.0.1:9", 1000.0));
        assert!(mlb.on && mlb.is_elsewhere());
        let fangraphs = settings.of(&FANGRAPHS);
        assert!(fangraphs.on && !fangraphs.is_elsewhere());
    }
}
