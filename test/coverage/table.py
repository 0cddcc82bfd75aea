"""Prints the coverage that test/coverage/check has measured and the floors, and exits with 1 if a floor is missed."""

import json
import sys
from pathlib import Path

import tomllib

ROOT = Path(__file__).parents[2]


def read(path: str):
    return json.loads((ROOT / path).read_text())


def typescript() -> dict[str, float]:
    total = read(".cache/coverage/typescript/coverage-summary.json")["total"]
    return {kind: total[kind]["pct"] for kind in ("lines", "branches")}


def python() -> dict[str, float]:
    totals = read(".cache/coverage/training.json")["totals"]
    return {"lines": totals["percent_statements_covered"], "branches": totals["percent_branches_covered"]}


def main() -> int:
    floors = tomllib.loads((ROOT / "training/pyproject.toml").read_text())["tool"]["coverage"]["floors"]
    sides = {"TypeScript": (typescript(), read(".c8rc.json")), "Python": (python(), floors)}
    low = 0
    print(f"{'':12}{'':10}{'covered':>9}{'floor':>9}")
    for side, (measured, floor) in sides.items():
        for kind, covered in measured.items():
            is_low = covered < floor[kind]
            low += is_low
            print(f"{side:12}{kind:10}{covered:>8.2f}%{floor[kind]:>8}%{'  too low' if is_low else ''}")
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
