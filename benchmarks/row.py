"""One line of a benchmark's result."""

from __future__ import annotations

import attrs


@attrs.frozen
class Row:
    """What was measured, the reference, in ``unit``, and the highest ratio that is accepted; a peer's row has no bar.

    With ``at_least`` more is better, and the bar is the lowest ratio.
    """

    name: str
    ours: float
    reference: float
    bar: float | None
    unit: str = "ms"
    at_least: bool = attrs.field(default=False, kw_only=True)

    @property
    def ratio(self) -> float:
        """Ours over the reference."""
        return self.ours / self.reference

    @property
    def ok(self) -> bool:
        """Whether the ratio keeps to the bar."""
        if self.bar is None:
            return True
        return self.ratio >= self.bar if self.at_least else self.ratio <= self.bar

    def as_dict(self) -> dict[str, str | float | bool | None]:
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
