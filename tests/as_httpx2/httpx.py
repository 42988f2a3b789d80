"""Stands for httpx where `make test-httpx2` runs the suite: whoever imports it, tests and their child processes, gets httpx2, the maintained fork."""

from __future__ import annotations

import sys

import httpx2

sys.modules[__name__] = httpx2
