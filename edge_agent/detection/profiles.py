"""Where the sensor is worn decides by which forest and from which score on an impact is a fall."""

from __future__ import annotations

import enum
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Final, Self

from attrs import frozen

from edge_agent.detection.features import FEATURES
from edge_agent.detection.forest import Forest, ForestError

WEIGHTS: Final = Path(__file__).parent / "weights"
_VERSION: Final = 1


class Position(enum.StrEnum):
    """Where the sensor is worn."""

    WAIST = "waist"
    CHEST = "chest"
    """On the breast, or hanging from the neck on a lanyard."""
    POCKET = "pocket"
    """In a trouser pocket: sitting down turns the thigh."""


class ProfileError(Exception):
    """The files of a profile can't be used: which, and what is wrong with it."""


@frozen(eq=False)
class Profile:
    """What decides at one position.

    Attributes:
        position: where the sensor is worn.
        forest: what scores an impact.
        threshold: the score from which on it is a fall, above 0 and below 1.
        sha256: of all that the decision depends on: weights, threshold, names of the inputs, version.
    """

    position: Position
    forest: Forest
    threshold: float
    sha256: str

    @classmethod
    def load(cls, position: Position, folder: Path = WEIGHTS) -> Self:
        """Read the profile of a position.

        Raises:
            ProfileError: a file is missing or is not what it has to be.
        """
        file = folder / "profiles.json"
        try:
            told = json.loads(file.read_text(encoding="utf-8"))
            if told["version"] != _VERSION:
                raise ProfileError(f"{file}: is version {told['version']}, this program reads version {_VERSION}")
            profile = told["profiles"][position.value]
            threshold, sha256 = float(profile["threshold"]), str(profile["sha256"])
            weights = folder / str(profile["forest"])
            forest = Forest.read(weights.read_bytes(), sha256)
        except ForestError as error:
            raise ProfileError(f"{folder}, {position.value}: {error}") from error
        except OSError as error:
            raise ProfileError(f"{error.filename}: can't be read: {error.strerror}") from error
        except (KeyError, TypeError, ValueError) as error:
            raise ProfileError(f"{file}: is no table of profiles: {error!r}") from error
        if forest.features != FEATURES:
            raise ProfileError(f"{weights}: was trained on other inputs than this program computes")
        if not 0 < threshold < 1:
            raise ProfileError(f"{file}: the threshold of {position.value} has to be between 0 and 1")
        return cls(position, forest, threshold, _identity(position, threshold, sha256))


@cache
def profile_of(position: Position) -> Profile:
    """The profile of a position that this program came with; read once.

    Raises:
        ProfileError: a file is missing or is not what it has to be.
    """
    return Profile.load(position)


def _identity(position: Position, threshold: float, sha256: str) -> str:
    told = {"version": _VERSION, "position": position.value, "threshold": threshold, "forest": sha256}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
