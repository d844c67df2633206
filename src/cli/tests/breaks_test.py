#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The rules that the simulation breaks on purpose (src/base/breaks.h) are not in the program: no
source asks for them but those of sim_test, and the words of the file that would answer are in
sim_test and not in entente."""
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WORDS = b"entente/sim/breaks: no such rule"


def main():
    program = Path(os.environ["ENTENTE"])
    simulation = program.with_name("sim_test")
    if WORDS in program.read_bytes():
        sys.exit(f"{program} can break rules")
    # Otherwise the search above would find nothing whatever is in the program.
    if WORDS not in simulation.read_bytes():
        sys.exit(f"{simulation} cannot break rules, or its words have changed")

    # Who is compiled with the switch is written in one place; sim/breaks.cc, which answers, is
    # also compiled without it, for the benchmarks that use the room.
    places = {path.relative_to(ROOT).as_posix()
              for folder in ("src", "cmake", "tools", "bench")
              for path in (ROOT / folder).rglob("*")
              if path.is_file() and b"ENTENTE_SIM_BREAKS" in path.read_bytes()}
    places |= {"CMakeLists.txt"} if "ENTENTE_SIM_BREAKS" in (ROOT / "CMakeLists.txt").read_text() \
        else set()
    allowed = {"src/base/breaks.h", "src/sim/breaks.cc", "cmake/sim.cmake",
               "src/cli/tests/breaks_test.py"}
    if places != allowed:
        sys.exit(f"ENTENTE_SIM_BREAKS stands in {sorted(places ^ allowed)}")

    # Each source that asks is compiled once more for the simulation; else its rule never breaks.
    asks = {path.relative_to(ROOT).as_posix() for path in (ROOT / "src").rglob("*.cc")
            if re.search(r"\bbroken\(Break::", path.read_text()) and "src/sim/" not in str(path)}
    listed = set(re.findall(r"src/\w+/\w+\.cc", (ROOT / "cmake/sim.cmake").read_text()))
    listed = {path for path in listed if not path.startswith("src/sim/")}
    if asks != listed:
        sys.exit(f"cmake/sim.cmake compiles {sorted(listed)}, but {sorted(asks)} ask")


if __name__ == "__main__":
    main()
