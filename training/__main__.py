"""Train, measure and write: the forests and thresholds that the agent uses, the report and the operating curves."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from edge_agent.recordings import RecordingError
from training.plan import Tables
from training.publishing import publish
from training.study import Study

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Exit 0 when all was written, 2 when a set of recordings is missing."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--weights", type=Path, default=ROOT / "edge_agent" / "detection" / "weights", metavar="FOLDER")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs" / "detection", metavar="FOLDER")
    options = parser.parse_args()
    began = time.perf_counter()

    def log(line: str) -> None:
        sys.stderr.write(f"{time.perf_counter() - began:6.0f} s  {line}\n")

    try:
        study = Study(Tables(log), log)
        rule, first, final = study.rule(), study.first(), study.final()
    except RecordingError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    publish(rule, first, final, weights=options.weights, docs=options.docs)
    log(f"written to {options.weights} and {options.docs}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
