"""Makes the sets out of what their publishers offer for download: ``python -m training.conversion sisfall FOLDER OUT.npz``.

SisFall: the text files (Sucerquia et al., Sensors 17(1):198, 2017), with their readme's ADXL345. UMAFall: the CSV files (Casilari et
al., figshare 4214283), one position each. WISDM-51: ``raw/phone/accel`` (Weiss et al., UCI repository, 507), the telephone in the trouser pocket.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from edge_agent.recordings import RecordingError, load_recording

if TYPE_CHECKING:
    from collections.abc import Iterator

_GRAVITY: Final = 9.80665
_UMAFALL_NAME: Final = re.compile(r"^UMAFall_Subject_(\d+)_(ADL|Fall)_(.+)_(\d+)_\d{4}-\d\d-\d\d")
_UMAFALL_SENSOR: Final = re.compile(r"^%\s*[^;]*;\s*(\d+)\s*;\s*(\w+)\s*;")
_ACCELEROMETER: Final = 0
_WISDM: Final = {
    "A": "walking",
    "B": "jogging",
    "C": "stairs",
    "D": "sitting",
    "E": "standing",
    "F": "typing",
    "G": "teeth",
    "H": "soup",
    "I": "chips",
    "J": "pasta",
    "K": "drinking",
    "L": "sandwich",
    "M": "kicking",
    "O": "catch",
    "P": "dribbling",
    "Q": "writing",
    "R": "clapping",
    "S": "folding",
}


@frozen(eq=False)
class Original:
    """A trial as it was published.

    Attributes:
        acc: (n, 3) g.
        times_ms: (n,) since the first sample; None where equally spaced.
        rate_hz: samples a second, the mean where there are times.
        name: subject, activity, trial.
        is_fall: whether a fall is in it.
        position: where the sensor was worn.
    """

    acc: npt.NDArray[np.float64]
    times_ms: npt.NDArray[np.int64] | None
    rate_hz: float
    name: tuple[str, str, str]
    is_fall: bool
    position: str


def sisfall(folder: Path) -> Iterator[Original]:
    """Every text file of SisFall."""
    for file in sorted(folder.rglob("*_S[AE]*_R*.txt")):
        found = load_recording(str(file))
        name = (found.subject, found.activity, found.trial)
        yield Original(found.acc.astype(np.float64), None, found.rate_hz, name, bool(found.is_fall), "waist")


def umafall(folder: Path, position: str) -> Iterator[Original]:
    """Every CSV file of UMAFall that has a sensor at this position: waist, chest or rightpocket."""
    for file in sorted(folder.rglob("UMAFall_Subject_*.csv")):
        told = _UMAFALL_NAME.match(file.name)
        if told is None:
            continue
        subject, kind, activity, trial = told.groups()
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        sensors = {each[2].lower(): int(each[1]) for each in map(_UMAFALL_SENSOR.match, lines) if each is not None}
        rows = [[float(cell) for cell in line.split(";")[:7]] for line in lines if line[:1].isdigit()]
        table = np.array([row for row in rows if row[5:7] == [_ACCELEROMETER, sensors.get(position, -1)]])
        if len(table) < 2:
            continue
        table = table[np.argsort(table[:, 0], kind="stable")]
        times = (table[:, 0] - table[0, 0]).astype(np.int64)
        rate_hz = 1000 * (len(times) - 1) / max(float(times[-1]), 1.0)
        yield Original(table[:, 2:5], times, rate_hz, (f"S{subject}", activity, trial), kind == "Fall", position)


def wisdm(folder: Path) -> Iterator[Original]:
    """Every subject's file of the telephone's accelerometer, a trial an activity."""
    for file in sorted(folder.rglob("data_*_accel_phone.txt")):
        rows: dict[str, list[list[float]]] = {}
        for line in file.read_text(encoding="ascii").splitlines():
            cells = line.rstrip(";").split(",")
            if len(cells) == 6 and cells[1] in _WISDM:
                rows.setdefault(cells[1], []).append([float(cell) for cell in cells[2:]])
        subject = file.stem.split("_")[1]
        for letter, several in sorted(rows.items()):
            table = np.array(several)
            times = ((table[:, 0] - table[0, 0]) / 1e6).astype(np.int64)
            if len(times) < 2 or times[-1] <= 0:
                continue
            rate_hz = 1000 * (len(times) - 1) / float(times[-1])
            yield Original(table[:, 1:] / _GRAVITY, times, rate_hz, (subject, _WISDM[letter], "1"), False, "pocket")


def write(originals: Iterator[Original], file: Path, scale_g: float) -> int:
    """Write a set that `edge_agent.recordings` reads, in counts of ``scale_g``; how many trials it has.

    Raises:
        RecordingError: there are none.
    """
    trials = list(originals)
    if not trials:
        raise RecordingError(f"{file}: not written, no trial was found")
    counts = np.concatenate([np.round(each.acc / scale_g).astype(np.int16) for each in trials]).T
    arrays = {
        "acc_d": np.diff(counts, axis=1, prepend=np.zeros((3, 1), np.int16)).astype(np.int16),
        "acc_scale": np.full(3, scale_g),
        "off": np.cumsum([0, *(len(each.acc) for each in trials)]),
        "subject": np.array([each.name[0] for each in trials]),
        "activity": np.array([each.name[1] for each in trials]),
        "trial": np.array([each.name[2] for each in trials]),
        "is_fall": np.array([each.is_fall for each in trials]),
        "fs": np.array([each.rate_hz for each in trials]),
        "position": np.array([each.position for each in trials]),
    }
    if all(each.times_ms is not None for each in trials):
        steps = [np.diff(each.times_ms, prepend=0) for each in trials if each.times_ms is not None]
        arrays["t_ms"] = np.concatenate(steps).astype(np.int32)
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # the stub takes its keywords for its own options
    return len(trials)


def main() -> int:
    """Exit 0 when the set was written, 2 when the folder holds none."""
    parser = argparse.ArgumentParser(prog="python -m training.conversion", description=__doc__)
    parser.add_argument("set", choices=["sisfall", "umafall_waist", "umafall_chest", "umafall_rightpocket", "wisdm"])
    parser.add_argument("folder", type=Path, help="the files as they were downloaded and unpacked")
    parser.add_argument("out", type=Path, help="the npz to write")
    options = parser.parse_args()
    try:
        if options.set == "sisfall":
            count = write(sisfall(options.folder), options.out, 1 / 256)
        elif options.set == "wisdm":
            count = write(wisdm(options.folder), options.out, 1 / 2000)
        else:
            count = write(umafall(options.folder, options.set.removeprefix("umafall_")), options.out, 1 / 2000)
    except (RecordingError, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{options.out}: {count} trials\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
