"""A forest of decision trees, evaluated in numpy; ``weights/README.md`` tells the file format."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from attrs import frozen

VERSION: Final = 1
_ARRAYS: Final = ("roots", "feature", "threshold", "right", "value")


class ForestError(ValueError):
    """A file of weights can't be used: what is wrong with it."""


@frozen(eq=False)
class Forest:
    """Trees in one row of nodes: a node's left child is the next node, a leaf has feature -1.

    Attributes:
        features: names of the inputs, in their order.
        roots: (t,) int32, first node of each tree.
        feature: (n,) int16, which input a node asks; -1 for a leaf.
        threshold: (n,) float32, up to which it goes left.
        right: (n,) int32, the right child; a leaf's is itself.
        value: (n,) float32, share of falls among the training's impacts at a node.
    """

    features: tuple[str, ...]
    roots: npt.NDArray[np.int32]
    feature: npt.NDArray[np.int16]
    threshold: npt.NDArray[np.float32]
    right: npt.NDArray[np.int32]
    value: npt.NDArray[np.float32]

    @classmethod
    def read(cls, data: bytes, sha256: str) -> Self:
        """Read a file of weights.

        Args:
            data: the file.
            sha256: what its checksum has to be, in hexadecimal.

        Raises:
            ForestError: the checksum, the version or the arrays are not what they have to be.
        """
        found = hashlib.sha256(data).hexdigest()
        if found != sha256:
            raise ForestError(f"its SHA-256 is {found}, expected {sha256}: install the package anew")
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                version = int(arrays["version"])
                if version != VERSION:
                    raise ForestError(f"its format is version {version}, this program reads version {VERSION}")
                names = tuple(str(name) for name in arrays["features"])
                return cls(names, *(arrays[name] for name in _ARRAYS))
        except (KeyError, EOFError, OSError, ValueError, zipfile.BadZipFile) as error:
            if isinstance(error, ForestError):
                raise
            raise ForestError(f"is no file of weights: {error}") from error

    def __attrs_post_init__(self) -> None:
        """Check that every walk from a root ends at a leaf.

        Raises:
            ForestError: the arrays do not fit each other.
        """
        nodes = np.arange(len(self.feature))
        leaf = self.feature < 0
        if (
            not len(nodes)
            or any(len(array) != len(nodes) for array in (self.threshold, self.right, self.value))
            or int(self.feature.max()) >= len(self.features)
            or not leaf[-1]
            or bool(np.any(self.right[leaf] != nodes[leaf]))
            or bool(np.any(self.right[~leaf] <= nodes[~leaf]))
            or int(self.right.max()) >= len(nodes)
            or not len(self.roots)
            or int(self.roots.min()) < 0
            or int(self.roots.max()) >= len(nodes)
        ):
            raise ForestError("its arrays do not fit each other")

    def write(self) -> bytes:
        """Return the file of weights; the same forest gives the same bytes."""
        file = io.BytesIO()
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        np.savez_compressed(file, version=np.int64(VERSION), features=np.array(self.features), **arrays)
        return file.getvalue()

    def score(self, inputs: npt.NDArray[np.float64]) -> float:
        """Mean share of falls at the leaves that one impact comes to, 0 to 1.

        Args:
            inputs: (f,) in the order of ``features``.
        """
        return float(np.mean(self.value[self._walk(inputs.astype(np.float32))[-1]], dtype=np.float64))

    def contributions(self, inputs: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """How much each input moved the score away from what it is with none known, (f,).

        A step from a node to its child moves the share of falls; it is put down to the input that the node asks
        (Saabas, 2014). The sum is the score less the mean share at the roots.
        """
        path = np.stack(self._walk(inputs.astype(np.float32)))
        steps = np.diff(self.value[path].astype(np.float64), axis=0).ravel()
        # A leaf's steps, from itself to itself, are put down to no input.
        asked = self.feature[path[:-1]].ravel() + 1
        return np.bincount(asked, steps, minlength=len(self.features) + 1)[1:] / len(self.roots)

    def _walk(self, inputs: npt.NDArray[np.float32]) -> list[npt.NDArray[np.int32]]:
        """The nodes of all trees, level by level, until all are leaves."""
        node = self.roots
        path = [node]
        while True:
            asked = self.feature[node]
            if int(asked.max()) < 0:
                return path
            # A leaf asks input -1, the last one; its right child is itself, and so has to be its left one.
            goes_right = (inputs[asked] > self.threshold[node]) | (asked < 0)
            node = np.where(goes_right, self.right[node], node + 1).astype(np.int32)
            path.append(node)
