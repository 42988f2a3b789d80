"""Measurements of this project against the libraries it stands beside: ``python -m benchmarks [NAME ...] [--json]``.

Every module here with a function ``measure()`` is a benchmark, named as the module; it returns its :class:`~benchmarks.row.Row` list.
Both sides of a ratio are measured in the same run, in turns, so that a machine that slows down slows both.
"""
