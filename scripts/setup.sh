# Sourced by the scripts beside it: functions that install what is missing on a
# Debian machine, and say so. Nothing that is already there is touched.

say() { printf '==> %s\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# need_packages COMMAND=PACKAGE...: installs the Debian package of each missing command.
need_packages() {
  local missing=() pair
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null 2>&1 || missing+=("${pair##*=}")
  done
  [ "${#missing[@]}" -eq 0 ] && return 0
  say "installing Debian packages: ${missing[*]}"
  as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq "${missing[@]}" >&2
}

# need_rust: a cargo that obeys rust-toolchain.toml.
need_rust() {
  [ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
  cargo --version >/dev/null 2>&1 && return 0
  need_packages curl=curl cc=build-essential
  if ! command -v rustup >/dev/null 2>&1; then
    say "installing Rust with rustup"
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal --default-toolchain none >&2
    . "$HOME/.cargo/env"
  fi
  local channel
  channel=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
  say "installing the Rust toolchain $channel"
  rustup toolchain install "$channel" --profile minimal --component rustfmt,clippy >&2
}

# need_tool COMMAND CRATE: a cargo subcommand built from crates.io.
need_tool() {
  command -v "$1" >/dev/null 2>&1 && return 0
  say "building $2 from crates.io (once)"
  cargo install --locked "$2" >&2
}
