# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
"""Turns the time-stamped messages of v2v and virt-v2v into one table of phases. See bench/conversion."""

import re
import statistics
import sys

# A phase is everything from the first of its messages on, up to the next phase's.
PHASES = [
    ("set up the source", ("Setting up the source",)),
    ("start the appliance", ("Opening the source",)),
    ("check file systems, inspect", ("Checking filesystem integrity before", "Inspecting the source")),
    ("convert", ("Converting ",)),
    ("trim, check, close", ("Mapping filesystem data",)),
    ("copy", ("Setting up the destination", "Copying disk")),
    ("metadata", ("Creating output metadata", "end")),
]


def phase_of(text):
    for number, (_, prefixes) in enumerate(PHASES):
        if text.startswith(prefixes):
            return number
    return None


def seconds(log):
    """Seconds per phase, and in all."""
    with open(log, encoding="utf-8", errors="replace") as file:
        stamps = [
            (float(match[1]), match[2])
            for match in (re.match(r"\[\s*([0-9.]+)\] (.*)", line) for line in file)
            if match
        ]
    total = stamps[-1][0]
    result = [0.0] * len(PHASES)
    current = 0
    for (start, text), (end, _) in zip(stamps, stamps[1:]):
        number = phase_of(text)
        current = max(current, number) if number is not None else current
        result[current] += end - start
    return result + [total]


def medians(directory, tool, runs):
    columns = zip(*(seconds(f"{directory}/{tool}.{run}") for run in range(1, runs + 1)))
    return [statistics.median(column) for column in columns]


def main():
    directory, runs = sys.argv[1], int(sys.argv[2])
    ours, theirs = (medians(directory, tool, runs) for tool in ("v2v", "virt-v2v"))
    print("| phase | v2v, s | virt-v2v, s | ratio |\n|---|---|---|---|")
    for label, mine, peer in zip([name for name, _ in PHASES] + ["**whole**"], ours, theirs):
        ratio = f"{mine / peer:.2f}" if peer >= 0.5 else ""
        print(f"| {label} | {mine:.1f} | {peer:.1f} | {ratio} |")


main()
