#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What ./run and ./test share: saying what is done, installing what is missing, configuring once.
# To be sourced; or run as `tools/steps.sh GROUP...` to install the groups of tools/packages.txt.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
cd -- "$root"
export LC_ALL=C.UTF-8

say() { printf '==> %s\n' "$*"; }
die() {
    printf '\nstopped: %s\n' "$*" >&2
    exit 1
}

# as_root COMMAND...: directly as root, otherwise through sudo.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Shows apt's long output as a short one: a running line on a terminal, a few lines elsewhere.
apt_progress() {
    local terminal=0
    [ -t 1 ] && terminal=1
    awk -v terminal="$terminal" '
        /newly installed|^Need to get|additional disk space/ { print "    " $0; fflush(); next }
        /^(Get:|Unpacking |Setting up )/ {
            n++
            if (terminal) printf "\r    %-90.90s", $0
            else if (n % 50 == 0) print "    " $0
            fflush()
        }
        END { if (terminal && n) printf "\r%-94s\r", "" }'
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        -o Dpkg::Use-Pty=0 "$@" 2>&1 | tee -a build/logs/apt.log | apt_progress
}

# packages GROUP...: installs what is missing of these groups of tools/packages.txt.
packages() {
    local group package status missing=()
    while read -r group package _; do
        [[ " $* " == *" $group "* ]] || continue
        status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=none
        [ "$status" = installed ] || missing+=("$package")
    done < <(grep -v '^#' tools/packages.txt)
    if [ ${#missing[@]} = 0 ]; then
        say "Debian packages for: $* (all there)"
        return
    fi
    say "Debian packages for: $* (installing ${missing[*]})"
    command -v apt-get >/dev/null || die "no apt-get here, so this cannot install:
    ${missing[*]}
Install the like of these by hand and run this again. Debian 12 is what is tested."
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || die "neither root nor sudo is here.
Let an administrator run
    apt-get install --no-install-recommends ${missing[*]}
and run this again."
    mkdir -p build/logs
    # The lists are fetched only if they do not know a package, or name versions that are gone.
    local known
    known=$(apt-cache policy "${missing[@]}" 2>/dev/null | grep -c 'Candidate: [0-9]') || true
    if [ "$known" != ${#missing[@]} ]; then
        say "fetching Debian's package lists"
        as_root apt-get update -q >>build/logs/apt.log 2>&1 ||
            die "apt-get update failed; is the network there? (build/logs/apt.log says more)"
    elif apt_install "${missing[@]}"; then
        return
    else
        say "again, with fresh package lists"
        as_root apt-get update -q >>build/logs/apt.log 2>&1 ||
            die "apt-get update failed; is the network there? (build/logs/apt.log says more)"
    fi
    apt_install "${missing[@]}" ||
        die "apt-get install failed; the end of build/logs/apt.log:
$(tail -n 5 build/logs/apt.log)"
}

# configure PRESET [NAME=VALUE...]: runs CMake only if the folder is new or holds other values.
# (Ninja itself runs CMake again when a CMake file has changed.)
configure() {
    local preset=$1 setting options=() stale=
    shift
    [ -f "build/$preset/build.ninja" ] || stale=yes
    for setting in "$@"; do
        options+=("-D$setting")
        grep -q "^${setting%%=*}:[A-Z]*=${setting#*=}\$" "build/$preset/CMakeCache.txt" \
            2>/dev/null || stale=yes
    done
    [ -n "$stale" ] || return 0
    say "configuring build/$preset"
    mkdir -p build/logs
    cmake --preset "$preset" "${options[@]}" >"build/logs/configure-$preset.log" 2>&1 ||
        die "cmake failed; the end of build/logs/configure-$preset.log:
$(tail -n 20 "build/logs/configure-$preset.log")"
}

# What the page is made of, as one hash.
page_hash() {
    find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' \
        -not -path 'web/tests/*' -not -path 'web/.*' -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
}

# page: makes build/page.pack, the page as one file that the node is built with. node and npm are
# those on PATH; Debian's are installed only where there are none. Nothing is done twice.
page() {
    local hash
    command -v node >/dev/null && command -v npm >/dev/null || packages page
    hash=$(page_hash)
    if [ -s build/page.pack ] && [ "$(cat build/page.made-of 2>/dev/null)" = "$hash" ]; then
        return
    fi
    mkdir -p build/logs
    if ! cmp -s web/package-lock.json web/node_modules/.package-lock.made-of; then
        say "npm packages of the page (node $(node --version))"
        (cd web && npm ci --no-audit --no-fund) >build/logs/npm.log 2>&1 ||
            die "npm ci failed; is the registry there? The end of build/logs/npm.log:
$(tail -n 5 build/logs/npm.log)"
        cp web/package-lock.json web/node_modules/.package-lock.made-of
    fi
    say "building the page (web/, about a minute)"
    (cd web && npm run build) >build/logs/page.log 2>&1 ||
        die "the page's build failed; the end of build/logs/page.log:
$(tail -n 20 build/logs/page.log)"
    printf '%s\n' "$hash" >build/page.made-of
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    [ $# -gt 0 ] || die "name a group: build, test, long or bench"
    packages "$@"
fi
