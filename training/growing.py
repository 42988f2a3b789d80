"""Grows a forest on impacts, and turns it into the agent's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
import numpy.typing as npt
from attrs import frozen

from edge_agent.detection.features import FEATURES
from edge_agent.detection.forest import Forest
from training.impacts import ImpactTable

if TYPE_CHECKING:
    from collections.abc import Sequence

_FIRST_TREES: Final = 60


class Tree(Protocol):
    """The arrays of one of scikit-learn's trees."""

    node_count: int
    children_left: npt.NDArray[np.int64]
    children_right: npt.NDArray[np.int64]
    feature: npt.NDArray[np.int64]
    threshold: npt.NDArray[np.float64]
    value: npt.NDArray[np.float64]


class Estimator(Protocol):
    """A tree of a forest."""

    tree_: Tree


class Grown(Protocol):
    """A forest as scikit-learn grows it."""

    estimators_: Sequence[Estimator]

    def predict_proba(self, inputs: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """(n, 2) shares of none and of falls."""
        ...


@frozen
class Growth:
    """How a forest is grown.

    Attributes:
        trees: how many.
        leaves: of a tree, at most.
        least: impacts in a leaf, at least.
        seed: of all that is drawn.
    """

    trees: int = 200
    leaves: int = 256
    least: int = 3
    seed: int = 1


@frozen(eq=False)
class Part:
    """Impacts to learn from.

    Attributes:
        impacts: the table.
        weight: of each of its trials.
    """

    impacts: ImpactTable
    weight: float = 1.0


def grow(parts: Sequence[Part], growth: Growth, without: frozenset[str] = frozenset()) -> Grown:
    """Grow a forest twice: which impact of a trial is the fall's is first taken to be the hardest, then the first forest's choice.

    Other impacts of a fall's trial are left out: they may be part of it. All impacts of other trials are none.

    Args:
        parts: what to learn from.
        growth: how.
        without: subjects to leave out.
    """
    first = _fit(parts, [part.impacts.inputs[:, 0].astype(np.float64) for part in parts], growth, without, _FIRST_TREES)
    return _fit(parts, [scores(first, part.impacts) for part in parts], growth, without, growth.trees)


def scores(forest: Grown, impacts: ImpactTable) -> npt.NDArray[np.float64]:
    """(n,) share of falls that the forest gives each impact."""
    if not len(impacts.inputs):
        return np.empty(0)
    return np.asarray(forest.predict_proba(impacts.inputs)[:, 1])


def _fit(
    parts: Sequence[Part],
    ranks: Sequence[npt.NDArray[np.float64]],
    growth: Growth,
    without: frozenset[str],
    trees: int,
) -> Grown:
    from sklearn.ensemble import ExtraTreesClassifier  # noqa: PLC0415  # only growing needs it

    inputs, labels, weights = [], [], []
    for part, rank in zip(parts, ranks, strict=True):
        impacts = part.impacts
        label = _labels(impacts, rank)
        used = (label >= 0) & ~np.isin(impacts.subject, sorted(without))[impacts.trial]
        # A trial of an hour of jogging is not to count more than its hundreds of impacts' root.
        number = np.bincount(impacts.trial, minlength=len(impacts.is_fall))[impacts.trial]
        weight = part.weight * np.where(label == 1, 1.0, 1 / np.sqrt(np.maximum(number, 1)))
        inputs.append(impacts.inputs[used])
        labels.append(label[used])
        weights.append(weight[used])
    label, weight = np.concatenate(labels), np.concatenate(weights)
    for kind in (0, 1):
        weight[label == kind] *= len(label) / 2 / weight[label == kind].sum()
    forest = ExtraTreesClassifier(
        trees,
        max_leaf_nodes=growth.leaves,
        min_samples_leaf=growth.least,
        random_state=growth.seed,
        n_jobs=1,
    )
    fitted: Grown = forest.fit(np.concatenate(inputs), label, sample_weight=weight)
    return fitted


def _labels(impacts: ImpactTable, rank: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """1 for the fall, 0 for none, -1 for what may be part of one."""
    label = np.where(impacts.is_fall[impacts.trial], -1, 0)
    order = np.lexsort((rank, impacts.trial))
    last = np.append(impacts.trial[order][1:] != impacts.trial[order][:-1], True)
    chosen = order[last]
    label[chosen[impacts.is_fall[impacts.trial[chosen]]]] = 1
    return label


def as_forest(grown: Grown) -> Forest:
    """The agent's form of a grown forest."""
    roots, feature, threshold, right, value = [], [], [], [], []
    first = 0
    for estimator in grown.estimators_:
        tree = estimator.tree_
        order = _left_first(tree.children_left, tree.children_right)
        place = np.empty(tree.node_count, dtype=np.int64)
        place[order] = np.arange(tree.node_count)
        leaf = tree.children_left[order] < 0
        roots.append(first)
        feature.append(np.where(leaf, -1, tree.feature[order]))
        threshold.append(np.where(leaf, 0, tree.threshold[order]))
        right.append(first + np.where(leaf, np.arange(tree.node_count), place[tree.children_right[order]]))
        shares = tree.value[order][:, 0]
        value.append(shares[:, 1] / shares.sum(axis=1))
        first += tree.node_count
    return Forest(
        features=FEATURES,
        roots=np.array(roots, dtype=np.int32),
        feature=np.concatenate(feature).astype(np.int16),
        threshold=np.concatenate(threshold).astype(np.float32),
        right=np.concatenate(right).astype(np.int32),
        value=np.concatenate(value).astype(np.float32),
    )


def _left_first(left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> list[int]:
    """Nodes in the order in which a left child follows its parent."""
    order, open_nodes = [], [0]
    while open_nodes:
        node = open_nodes.pop()
        order.append(node)
        if left[node] >= 0:
            open_nodes += [int(right[node]), int(left[node])]
    return order
