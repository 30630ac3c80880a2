//! A configuration file that names every setting, made from the command line's list.

use std::fmt::Write;

use clap::{Arg, Command};

use super::file::NOT_IN_FILES;

const HEAD: &str = "\
# Settings of `afwd serve`, each with its default; made by `afwd config sample`. Put
# this file into the data directory, or name it with --config, and take the `#` off
# what you change. `[backup] dir` is the same as `backup-dir`. A flag or AFWD_X beats
# this file; `afwd config show` tells what holds.
";

/// Longest line of a comment.
const WIDTH: usize = 86;

/// The sample for `command`.
pub fn sample(command: &Command) -> String {
    let mut text = HEAD.to_owned();
    let mut heading = "";
    for arg in command.get_arguments().filter(|arg| is_setting(arg)) {
        let its = arg.get_help_heading().unwrap_or_default();
        if its != heading {
            heading = its;
            // Writing to a text can't fail.
            let _ = write!(text, "\n# -- {heading}\n");
        }
        text.push('\n');
        for line in comment(arg) {
            let _ = writeln!(text, "# {line}");
        }
        let name = arg.get_long().unwrap_or_default();
        let _ = writeln!(text, "# {name} = {}", value(arg));
    }
    text
}

fn is_setting(arg: &Arg) -> bool {
    let named = arg.get_long().zip(arg.get_env());
    // The file was found by the data directory.
    named.is_some_and(|(name, _)| name != "data" && !NOT_IN_FILES.contains(&name))
}

fn comment(arg: &Arg) -> Vec<String> {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let variable = arg.get_env().map(|name| name.to_string_lossy());
    let secret = variable.filter(|_| arg.is_hide_env_values_set());
    let secret = secret.map_or_else(String::new, |variable| {
        format!("; a secret: better in a file that {variable}_FILE names")
    });
    let mut lines = vec![String::new()];
    for word in format!("{help}{secret}").split_whitespace() {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if line.is_empty() {
            line.push_str(word);
        } else if line.len() + word.len() < WIDTH {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// The default as TOML; what stands for a value where there is none.
fn value(arg: &Arg) -> String {
    if !arg.get_action().takes_values() {
        return "false".to_owned();
    }
    let default = arg.get_default_values().first();
    let text = match (default, arg.get_value_names()) {
        (Some(default), _) => default.to_string_lossy().into_owned(),
        (None, Some([name, ..])) => name.to_string(),
        _ => String::new(),
    };
    match text.parse::<f64>() {
        Ok(_) => text,
        Err(_) => format!("{text:?}"),
    }
}
