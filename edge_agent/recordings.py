"""Accelerometer recordings: SisFall's text files, CSV, and sets of trials in one npz."""

from __future__ import annotations

import csv
import difflib
import math
import re
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from edge_agent.drivers.accelerometer import Acceleration

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHORTEST_S: Final = 0.5
_FEWEST: Final = 16

# SisFall (Sucerquia et al., Sensors 17(1):198, 2017): the first three of nine columns are an ADXL345 at +-16 g and 13
# bits, 200 Hz; the activity in the name tells falls (F) from daily activities (D).
_SISFALL_RATE_HZ: Final = 200.0
_SISFALL_G_PER_COUNT: Final = 1 / 256
_SISFALL_COLUMNS: Final = 9
_SISFALL_NAME: Final = re.compile(r"^([DF]\d\d)_(S[AE]\d\d)_(R\d\d)$")
_SISFALL_LINE: Final = re.compile(r"^\s*-?\d+\s*(,\s*-?\d+\s*){8};?\s*$")

_CSV_HEADER: Final = ["t", "x", "y", "z"]
_SET_KEYS: Final = frozenset({"acc_d", "acc_scale", "off", "subject", "activity", "trial", "is_fall", "fs", "position"})


class RecordingError(Exception):
    """A recording can't be used: which, what is wrong with it, and what to do."""


@frozen(eq=False)
class Recording:
    """One trial of a recording.

    Attributes:
        acc: (n, 3) float32, g.
        rate_hz: samples a second; the mean rate where the times are irregular.
        times: (n,) float64, seconds since the first sample, increasing; None where the samples are equally spaced.
        subject: who wore the sensor, an identifier of the set; empty if unknown, as are the two that follow.
        activity: what was done, an identifier of the set.
        trial: which repetition.
        is_fall: whether a fall is in it; None if unknown.
        position: where the sensor was worn; empty if unknown.
        source: the file, and the trial in it.
    """

    acc: Acceleration
    rate_hz: float
    times: npt.NDArray[np.float64] | None = None
    subject: str = ""
    activity: str = ""
    trial: str = ""
    is_fall: bool | None = None
    position: str = ""
    source: str = ""

    @property
    def duration_s(self) -> float:
        """Seconds from the first sample to the last."""
        return float(self.times_s()[-1])

    def times_s(self) -> npt.NDArray[np.float64]:
        """(n,) seconds since the first sample."""
        return self.times if self.times is not None else np.arange(len(self.acc)) / self.rate_hz


def load_recording(spec: str) -> Recording:
    """Load what ``spec`` names: a SisFall text file, a CSV with the header ``t,x,y,z`` (s, g), or a trial of a set.

    Args:
        spec: ``FILE.txt``, ``FILE.csv`` or ``FILE.npz:SUBJECT/ACTIVITY/TRIAL``.

    Raises:
        RecordingError: the file is missing or no recording, the trial is unknown, or its samples can't be used.
    """
    path, trial = _split(spec)
    if not path.exists():
        raise RecordingError(f"{path}: there is no such file")
    if not path.is_file():
        raise RecordingError(f"{path}: is not a file; name one recording")
    if path.suffix == ".npz":
        return _from_set(path, trial)
    if trial is not None:
        raise RecordingError(f"{spec}: only a set of trials (.npz) takes :SUBJECT/ACTIVITY/TRIAL")
    return _from_text(path)


def load_set(path: Path | str) -> Iterator[Recording]:
    """Every trial of an npz set in its order, from one read of the file.

    Raises:
        RecordingError: the file is missing or no set. A trial whose samples can't be used raises when it is reached;
            the next ones still follow.
    """
    trials = _Set(Path(path))
    return map(trials.recording, range(len(trials)))


def _split(spec: str) -> tuple[Path, str | None]:
    file, colon, trial = spec.rpartition(":")
    if colon and file.endswith(".npz"):
        return Path(file), trial
    return Path(spec), None


class _Set:
    """A set of trials in one npz; each axis is delta-coded over all trials in a row."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            # Opened here: numpy leaves a file open that it can't read.
            with path.open("rb") as file, np.load(file) as arrays:
                missing = sorted(_SET_KEYS - set(arrays.files))
                if missing:
                    raise RecordingError(f"{path}: is no set of trials, it lacks {', '.join(missing)}")
                self._counts = np.cumsum(arrays["acc_d"], axis=1, dtype=np.int16).T
                self._scale = arrays["acc_scale"].astype(np.float32)
                self._offsets = arrays["off"]
                self._steps_ms = arrays["t_ms"] if "t_ms" in arrays.files else None
                self._rates = arrays["fs"]
                self._is_fall = arrays["is_fall"]
                self._positions = [str(position) for position in arrays["position"]]
                self.names = [
                    "/".join(name)
                    for name in zip(*(map(str, arrays[key]) for key in ("subject", "activity", "trial")), strict=True)
                ]
        except FileNotFoundError as error:
            raise RecordingError(f"{path}: there is no such file") from error
        except (OSError, EOFError, ValueError, TypeError, zipfile.BadZipFile, zlib.error) as error:
            raise RecordingError(f"{path}: is no set of trials: {error}") from error
        self._check_shapes()

    def _check_shapes(self) -> None:
        ends = np.asarray(self._offsets)
        per_trial = (self._rates, self._is_fall, self._positions, self.names)
        if (
            self._counts.shape[1:] != (3,)
            or self._scale.shape != (3,)
            or ends.ndim != 1
            or not len(ends)
            or ends[0] != 0
            or ends[-1] != len(self._counts)
            or bool(np.any(np.diff(ends) < 0))
            or any(len(values) != len(ends) - 1 for values in per_trial)
            or (self._steps_ms is not None and len(self._steps_ms) != len(self._counts))
        ):
            raise RecordingError(f"{self.path}: is no set of trials: its arrays do not fit each other")

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def recording(self, index: int) -> Recording:
        span = slice(int(self._offsets[index]), int(self._offsets[index + 1]))
        subject, activity, trial = self.names[index].split("/")
        source = f"{self.path}:{self.names[index]}"
        acc = self._counts[span] * self._scale
        rate_hz = float(self._rates[index])
        times = None
        if self._steps_ms is not None:
            stamps = np.cumsum(self._steps_ms[span].astype(np.int64))
            # Telephones hand over bursts of samples with one and the same time: then only the mean rate is known.
            if bool(np.all(np.diff(stamps) > 0)):
                times = (stamps - stamps[0]) / 1000.0
        _check(acc, times, rate_hz, source)
        return Recording(
            acc=acc,
            rate_hz=rate_hz,
            times=times,
            subject=subject,
            activity=activity,
            trial=trial,
            is_fall=bool(self._is_fall[index]),
            position=self._positions[index],
            source=source,
        )


def _from_set(path: Path, trial: str | None) -> Recording:
    trials = _Set(path)
    example = trials.names[0] if trials.names else "SUBJECT/ACTIVITY/TRIAL"
    if trial is None:
        raise RecordingError(f"{path}: holds {len(trials)} trials; name one, like {path}:{example}")
    if trial not in trials.names:
        near = difflib.get_close_matches(trial, trials.names, n=3, cutoff=0.5) or [example]
        raise RecordingError(f"{path}: has no trial {trial}; near it are {', '.join(near)}")
    return trials.recording(trials.names.index(trial))


def _from_text(path: Path) -> Recording:
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except UnicodeDecodeError as error:
        raise RecordingError(f"{path}: {_NO_RECORDING}") from error
    except OSError as error:
        raise RecordingError(f"{path}: can't be read: {error.strerror}") from error
    first = next((line for line in lines if line.strip()), "")
    if [cell.strip().lower() for cell in first.split(",")] == _CSV_HEADER:
        return _from_csv(path, lines)
    if _SISFALL_LINE.match(first):
        return _from_sisfall(path, lines)
    raise RecordingError(f"{path}: {_NO_RECORDING}")


_NO_RECORDING: Final = (
    "is no recording; a SisFall file has nine integers a line, ended by a semicolon, a CSV has the header t,x,y,z "
    "(seconds, g), a set of trials ends in .npz"
)


def _from_sisfall(path: Path, lines: list[str]) -> Recording:
    counts = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if not _SISFALL_LINE.match(line):
            raise RecordingError(f"{path}, line {number}: expected {_SISFALL_COLUMNS} integers ended by a semicolon")
        counts.append([int(cell) for cell in line.strip().rstrip(";").split(",")[:3]])
    acc = (np.array(counts, dtype=np.float64) * _SISFALL_G_PER_COUNT).astype(np.float32)
    _check(acc, None, _SISFALL_RATE_HZ, str(path))
    name = _SISFALL_NAME.match(path.stem)
    activity, subject, trial = name.groups() if name else ("", "", "")
    return Recording(
        acc=acc,
        rate_hz=_SISFALL_RATE_HZ,
        subject=subject,
        activity=activity,
        trial=trial,
        is_fall=activity.startswith("F") if name else None,
        position="waist",
        source=str(path),
    )


def _from_csv(path: Path, lines: list[str]) -> Recording:
    rows: list[list[float]] = []
    for number, cells in enumerate(csv.reader(lines), start=1):
        if not cells or [cell.strip().lower() for cell in cells] == _CSV_HEADER:
            continue
        try:
            row = [float(cell) for cell in cells]
        except ValueError as error:
            raise RecordingError(f"{path}, line {number}: expected four numbers, t,x,y,z: {error}") from error
        if len(row) != len(_CSV_HEADER):
            raise RecordingError(f"{path}, line {number}: expected four numbers, t,x,y,z, found {len(row)}")
        if not all(map(math.isfinite, row)):
            raise RecordingError(f"{path}, line {number}: a value is not finite")
        if rows and row[0] <= rows[-1][0]:
            raise RecordingError(f"{path}, line {number}: the time {row[0]} does not come after {rows[-1][0]}")
        rows.append(row)
    if len(rows) < _FEWEST:
        raise RecordingError(f"{path}: {len(rows)} samples are too few; {_FEWEST} and {_SHORTEST_S} s are the least")
    table = np.array(rows)
    times = table[:, 0] - table[0, 0]
    rate_hz = (len(times) - 1) / float(times[-1])
    acc = table[:, 1:].astype(np.float32)
    _check(acc, times, rate_hz, str(path))
    return Recording(acc=acc, rate_hz=rate_hz, times=times, source=str(path))


def _check(acc: Acceleration, times: npt.NDArray[np.float64] | None, rate_hz: float, source: str) -> None:
    if not (math.isfinite(rate_hz) and rate_hz > 0):
        raise RecordingError(f"{source}: its rate is {rate_hz} Hz")
    duration = len(acc) / rate_hz if times is None else float(times[-1]) if len(times) else 0.0
    if len(acc) < _FEWEST or duration < _SHORTEST_S:
        raise RecordingError(
            f"{source}: {len(acc)} samples over {duration:.2f} s are too few; {_FEWEST} and {_SHORTEST_S} s are the least"
        )
    if not bool(np.isfinite(acc).all()):
        raise RecordingError(f"{source}: a value is not finite")
