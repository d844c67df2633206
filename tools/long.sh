#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The long forms of ./test --long, sourced by it. Each ends with one line in doc/ledger.csv: what
# was run, how much of it, and how it came out, failures too.

# record COMMAND AMOUNT UNIT OUTCOME
record() { python3 tools/ledger.py --add "$@"; }

# Runs ctest in a build folder and records the number of tests: run_ctest NAME FOLDER ARGUMENT...
run_ctest() {
    local form=$1 folder=$2 status=0 count log
    shift 2
    log=build/logs/long-$form.log
    mkdir -p build/logs
    ctest --test-dir "$folder" --output-on-failure --no-tests=error -j "$jobs" "$@" \
        "${ctest_arguments[@]}" 2>&1 | tee "$log" || status=$?
    count=$(sed -n 's/.*tests passed, [0-9]* tests failed out of \([0-9]*\)$/\1/p' "$log")
    if [ "$status" = 0 ]; then record "$form" "${count:-0}" tests passed
    else record "$form" "${count:-0}" tests failed; fi
    return "$status"
}

long_tests() {
    build_tests
    say "running every test with its full count"
    ENTENTE_LONG=1 run_ctest tests build/release
}

long_room() {
    build_tests
    say "running the tests of room $1 with their full count"
    ENTENTE_LONG=1 run_ctest "$1" build/release -L "^$1\$"
}

# Everything but the checks of the source, the simulation, which has one thread, and
# dw2_real_data_test.py: that opens a register of 155,000 rows more than twenty times, each under
# ThreadSanitizer 45 s of a core, on the threads that the openings and imports of dw5_kill_test.py
# meet as well; and of its kills five are enough, for what is verified after each grows.
long_tsan() {
    packages build test
    configure tsan ENTENTE_TESTS=ON
    say "building build/tsan (all of it, with ThreadSanitizer)"
    cmake --build build/tsan
    say "running the tests under ThreadSanitizer"
    TSAN_OPTIONS=halt_on_error=1 ENTENTE_KILLS=5 run_ctest tsan build/tsan -LE '^(tidy|sim)$' \
        -E 'dw2_real_data_test'
}

# The names of the libFuzzer targets, from the files that define them.
fuzz_targets() { find src -name '*_fuzz.cc' -printf '%f\n' | sed 's/\.cc$//' | sort; }

# long_fuzz TARGET...: each for $seconds. What it finds new is kept in build/fuzz-corpus; a crash
# goes to build/fuzz-crash, and into testdata/corpus with the fix.
long_fuzz() {
    local target log runs status worst=0
    [ $# -gt 0 ] || die "there is no *_fuzz.cc below src"
    packages build long
    configure fuzz
    say "building build/fuzz (libFuzzer with AddressSanitizer and UBSan)"
    cmake --build build/fuzz --target "$@"
    mkdir -p build/logs build/fuzz-crash
    for target in "$@"; do
        say "fuzzing $target for $seconds s (its words: build/logs/$target.log)"
        log=build/logs/$target.log
        status=0
        mkdir -p "build/fuzz-corpus/$target"
        "build/fuzz/$target" -max_total_time="$seconds" -max_len=70000 -timeout=10 \
            -rss_limit_mb=4096 -print_final_stats=1 "-artifact_prefix=build/fuzz-crash/$target-" \
            "build/fuzz-corpus/$target" "testdata/corpus/$target" >"$log" 2>&1 || status=$?
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
        if [ "$status" = 0 ]; then
            record "$target" "${runs:-0}" executions clean
        else
            record "$target" "${runs:-0}" executions crashed
            tail -n 40 "$log"
            say "$target failed; the input is in build/fuzz-crash/$target-*"
            worst=1
        fi
    done
    return "$worst"
}

long_clang_tidy() {
    local files status=0
    packages build test long
    configure release ENTENTE_TESTS=ON
    mapfile -t files < <(find src -name '*.cc' | sort)
    say "clang-tidy over ${#files[@]} files"
    mkdir -p build/logs
    printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$jobs" clang-tidy-14 -p build/release \
        --quiet --warnings-as-errors='*' --extra-arg=-Wno-unknown-warning-option \
        2>build/logs/clang-tidy.err || status=$?
    if [ "$status" = 0 ]; then record clang-tidy "${#files[@]}" files clean
    else record clang-tidy "${#files[@]}" files warnings; fi
    return "$status"
}

long_format() {
    local files status=0
    packages build long
    mapfile -t files < <(find src tools bench -name '*.cc' -o -name '*.h' | sort)
    say "clang-format over ${#files[@]} files"
    clang-format-14 --dry-run --Werror "${files[@]}" || status=$?
    if [ "$status" = 0 ]; then record format "${#files[@]}" files clean
    else record format "${#files[@]}" files differ; fi
    return "$status"
}

# long_forms NAME: the one that is named, or all; all run, and the exit status tells of any failure.
long_forms() {
    local form failed=()
    case $1 in
        tests) long_tests ;;
        tsan) long_tsan ;;
        fuzz) mapfile -t targets < <(fuzz_targets); long_fuzz "${targets[@]}" ;;
        clang-tidy) long_clang_tidy ;;
        format) long_format ;;
        *_fuzz)
            [ -n "$(find src -name "$1.cc")" ] ||
                die "there is no fuzz target $1; there are: $(fuzz_targets | tr '\n' ' ')"
            long_fuzz "$1" ;;
        "")
            for form in tests tsan fuzz clang-tidy format; do
                # A form of its own process: under `if` the shell would not stop at errors within.
                "$root/test" --long "$form" --seconds "$seconds" || failed+=("$form")
            done
            [ ${#failed[@]} = 0 ] || die "failed: ${failed[*]}"
            say "every long form passed" ;;
        *)
            [ -d "src/$1" ] || die "'$1' is no long form and no room; ./test --help lists them"
            long_room "$1" ;;
    esac
}
