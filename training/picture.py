"""The operating curves as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.figure import Figure

from training.measuring import curve
from training.study import DECIDES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from training.measuring import Scored
    from training.study import Result


def operating_curves(named: Mapping[str, Scored], result: Result, file: Path) -> None:
    """Draw hits against false alarms for all thresholds, and mark the one in use; sets without falls are left out."""
    # The same figures give the same bytes.
    mpl.rcParams["svg.hashsalt"] = "operating curves"
    mpl.rcParams["svg.fonttype"] = "none"
    figure = Figure(figsize=(7, 5), layout="constrained")
    axes = figure.subplots()
    for name, scored in named.items():
        if not scored.is_fall.any():
            continue
        threshold = result.thresholds[DECIDES[scored.name]]
        rates = scored.rates(threshold)
        (line,) = axes.step(*curve(scored), where="post", label=f"{name}, threshold {threshold:.3f}")
        axes.plot(100 - rates.specificity, rates.sensitivity, "o", color=line.get_color())
    axes.set(xlim=(-0.1, 8), ylim=(88, 100.2), xlabel="false alarms, % of other trials", ylabel="falls found, %")
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right")
    axes.set_title("First configuration, on people it does not know")
    figure.savefig(file, metadata={"Date": None})
