# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the stories of several parties have in common; sourced by them, with PARTIES set. They take
# --keep DIR and words of their own (left in `modes`); registers lie in $work, which goes with them
# unless it is kept. Needs only the program: build/release/entente, or what ENTENTE names.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
entente=${ENTENTE:-$here/build/release/entente}
keep=
modes=
while [ $# -gt 0 ]; do
    case $1 in
        --keep) keep=$(mkdir -p "$2" && cd "$2" && pwd); shift ;;
        network | files) modes="$modes $1" ;;
        *) sed -n '3,/^[^#]/s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift
done
work=${keep:-$(mktemp -d)}
nodes=()
declare -A served
deaf=

finish() {
    for node in "${nodes[@]}"; do kill "$node" 2>/dev/null || true; done
    for node in "${nodes[@]}"; do wait "$node" 2>/dev/null || true; done
    nodes=()
    if [ "${1:-}" = last ] && [ -z "$keep" ]; then rm -rf "$work"; fi
}
trap 'finish last' EXIT

title() { printf '\n== %s\n' "$*"; }
say() { printf '   %s\n' "$*"; }

# Shows a command and runs it; its output is indented below it.
run() {
    printf '\n$ entente %s\n' "$*"
    "$entente" "$@" | sed 's/^/  /'
}

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# check_is PARTY STATUS: what a check of the plan comes to now.
check_is() {
    local status=0
    "$entente" check plan.geojson --data "$1" >"$1.answer" 2>&1 || status=$?
    [ "$status" = "$2" ]
}

# has VERB-OUTPUT-PATTERN COMMAND...: whether the command's output holds the pattern.
has() {
    local pattern=$1 out
    shift
    out=$("$entente" "$@" 2>&1) && grep -Eq -- "$pattern" <<<"$out"
}

# Asks again until it holds; between, the parties exchange.
await() {
    local what=$1 tries
    shift
    for ((tries = 0; tries < 120; ++tries)); do
        if "$@"; then return; fi
        exchange
    done
    fail "this never came: $what"
}

# The nodes do it by themselves; files-only stories say it otherwise.
exchange() { sleep 0.5; }

# So many ports on which nothing listens now, below those that the system gives to others.
free_ports() {
    local port=$((20000 + RANDOM % 12000)) found=()
    while [ ${#found[@]} -lt "$1" ]; do
        port=$((port + 1))
        if ! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then found+=("$port"); fi
    done
    echo "${found[@]}"
}

serve() {
    "$entente" serve --data "$1" --listen 127.0.0.1:0 >"$1.served" 2>&1 &
    nodes+=($!)
    served[$1]=$!
}

# A charter of them all. In the field the delay is an hour and a beat a minute; here nobody should
# have to wait. CHARTER_EDIT: what sed does to it besides.
agree() {
    title "They agree on a charter"
    local ports port=0 party
    read -ra ports <<<"$(free_ports "$(wc -w <<<"$PARTIES")")"
    run charter new --name moscow --exercise --out charter.toml
    sed -i 's/^reduce_delay_s = .*/reduce_delay_s = 10/; s/^beat_every_s = .*/beat_every_s = 1/' \
        charter.toml
    if [ -n "${CHARTER_EDIT:-}" ]; then sed -i "$CHARTER_EDIT" charter.toml; fi
    for party in $PARTIES; do
        run init --data "$party" --party "$party" --name "EXERCISE $party" --charter charter.toml \
            --officers 1 --address "https://127.0.0.1:${ports[port]}"
        echo 'poll_every_s = 0.5' >"$party/entente.toml"
        port=$((port + 1))
    done
    local cards=()
    for party in $PARTIES; do cards+=("$party/card.toml"); done
    run charter add charter.toml "${cards[@]}"
    for party in $PARTIES; do run charter sign charter.toml --data "$party"; done
    for party in $PARTIES; do run charter adopt charter.toml --data "$party"; done
    run charter verify charter.toml
}

# Each serves its node.
serve_all() {
    local party
    for party in $PARTIES; do serve "$party"; done
    for party in $PARTIES; do
        if ! (await "a node for $party" test -S "$party/node.sock"); then
            fail "it said: $(cat "$party.served")"
        fi
    done
}

# The newest record of the output of a verb.
id_of() { grep -Eo '\b[a-z2-7]{16}\b' "$1" | head -1; }
