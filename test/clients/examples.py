"""Runs the programs of examples/clients against a running Sepal, and checks what they print.

python examples.py http://127.0.0.1:3000 iris
"""

import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

PROGRAMS = Path(__file__).parents[2] / "examples" / "clients"
FLOWERS, CUSTOMERS = "['setosa', 'versicolor']\n", "['leaves', 'stays']\n"
# The expected output of each program, by the model that it calls.
EXPECTED = {
    "iris": {path.name: FLOWERS for path in PROGRAMS.glob("*.py") if path.name != "frame_with_gaps.py"},
    "churn": {"frame_with_gaps.py": CUSTOMERS},
}


def main(url: str, model: str) -> int:
    failed = 0
    for name, expected in sorted(EXPECTED[model].items()):
        code = (PROGRAMS / name).read_text().replace("127.0.0.1:3000", urlsplit(url).netloc)
        result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        passed = result.returncode == 0 and result.stdout == expected
        print(f"{'passed' if passed else 'FAILED'} examples/clients/{name}")
        if not passed:
            print(f"it printed {result.stdout!r}, expected {expected!r}\n{result.stderr}")
        failed += not passed
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
