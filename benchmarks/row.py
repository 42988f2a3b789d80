"""One line of a benchmark's result."""

from __future__ import annotations

import attrs


@attrs.frozen
class Row:
    """What ours took, what the reference took, in ``unit``, and the highest ratio that is accepted."""

    name: str
    ours: float
    reference: float
    bar: float
    unit: str = "ms"

    @property
    def ratio(self) -> float:
        """Ours over the reference."""
        return self.ours / self.reference

    @property
    def ok(self) -> bool:
        """Whether the ratio is at or below the bar."""
        return self.ratio <= self.bar

    def as_dict(self) -> dict[str, str | float | bool]:
        """Return the row as JSON wants it."""
        return {
            "name": self.name,
            "ours": round(self.ours, 4),
            "reference": round(self.reference, 4),
            "unit": self.unit,
            "ratio": round(self.ratio, 4),
            "bar": self.bar,
            "ok": self.ok,
        }
