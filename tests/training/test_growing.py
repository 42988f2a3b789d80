"""A grown forest in the agent's form.

scikit-learn is no dependency of the tests: the stand-in below has the arrays that its trees have, in an order of nodes that
best-first growth gives.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from edge_agent.detection.features import FEATURES
from training.growing import as_forest


def grown():
    tree = SimpleNamespace(
        node_count=5,
        # node 0 asks input 3; its children 1 and 2 were made together, and 2's children 3 and 4 after them
        children_left=np.array([1, -1, 3, -1, -1]),
        children_right=np.array([2, -1, 4, -1, -1]),
        feature=np.array([3, -2, 0, -2, -2]),
        threshold=np.array([1.5, -2, 0.5, -2, -2]),
        value=np.array([[[0.5, 0.5]], [[0.9, 0.1]], [[0.3, 0.7]], [[0.6, 0.4]], [[0.0, 1.0]]]),
    )
    return SimpleNamespace(estimators_=[SimpleNamespace(tree_=tree)] * 2)


@pytest.mark.parametrize(("third", "zeroth", "share"), [(1.5, 9.0, 0.1), (1.6, 0.5, 0.4), (1.6, 0.6, 1.0)])
def test_the_agents_forest_decides_as_the_grown_one(third, zeroth, share):
    inputs = np.zeros(len(FEATURES))
    inputs[[3, 0]] = third, zeroth
    assert as_forest(grown()).score(inputs) == pytest.approx(share)
