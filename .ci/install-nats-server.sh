#!/usr/bin/env bash
# Puts nats-server into .ci/cache/nats-server for the tests of @lossflow/jetstream: Debian's package, of the
# suite trixie whatever suite this machine is of (older ones are too old), unpacked and not installed. The mirror is the
# one that this machine's own apt sources name. Prints where the server is.
set -euo pipefail
cd "$(dirname "$0")/.."

target=$PWD/.ci/cache/nats-server
server=$target/usr/sbin/nats-server
if [ ! -x "$server" ]; then
  mkdir -p "$target/lists/partial" "$target/archives/partial"
  sources=(/etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources)
  mirror=$({ cat "${sources[@]}" 2>/dev/null || true; } | grep -oE "[a-z]+://[^ ]+/debian/?( |\$)" | head -n 1)
  [ -n "$mirror" ] || { echo "No Debian mirror stands in the apt sources of this machine." >&2; exit 1; }
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror% } trixie main" >"$target/sources.list"
  options=(
    -o "Dir::Etc::sourcelist=$target/sources.list" -o "Dir::Etc::sourceparts=-"
    -o "Dir::State::lists=$target/lists" -o "Dir::Cache::archives=$target/archives" -o "APT::Sandbox::User=root"
  )
  (
    cd "$target"
    apt-get "${options[@]}" update -qq
    apt-get "${options[@]}" download -qq nats-server
    dpkg -x nats-server_*.deb .
    rm -rf lists archives nats-server_*.deb
  ) >&2
fi
"$server" --version >&2
echo "$server"
