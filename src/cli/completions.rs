//! `afwd completions`.

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// The shell
    shell: clap_complete::Shell,
}

pub(super) fn run(mut command: clap::Command, args: &Args) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "afwd", &mut script);
    Ok(std::io::Write::write_all(&mut std::io::stdout(), &script)?)
}
