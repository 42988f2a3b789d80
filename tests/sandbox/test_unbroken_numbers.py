"""Numbers stay unbroken though sixteen issue at once and the server is killed in between: a process of its own, over HTTP, on a file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.services

MAIN = [sys.executable, "-c", "import sys; from sekur_sdk.cli import main; sys.exit(main())"]
TOKEN = "unbroken-0123456789"
ISSUERS, INVOICES, KILLS = 16, 160, 3
LINE = {"kind": "flat", "description": "Forfait", "quantity": "1", "unit_price": "100"}
BODY = {"client_id": "clt_grand_large", "title": "Essai", "lines": [LINE]}


@contextmanager
def served(database: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A sandbox on the file, and its address; killed at the end whatever happens."""
    process = subprocess.Popen(
        [*MAIN, "sandbox", "serve", "--database", str(database), "--port", "0", "--broker", "none"],
        env=os.environ | {"SEKUR_SANDBOX_TOKEN": TOKEN, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"Sandbox\s+(http://\S+)", line):
                yield process, found[1]
                break
        else:
            raise AssertionError("the sandbox did not start")
    finally:
        process.kill()
        process.communicate()


def issue_all(base: str, drafts: list[str], *, at: int, then: threading.Event) -> list[dict[str, Any]]:
    """What sixteen issuers are answered; the event is set once so many are."""
    answered: list[dict[str, Any]] = []
    lock = threading.Lock()
    left = iter(drafts)

    def work() -> None:
        with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30) as client:
            while True:
                with lock:
                    id_ = next(left, None)
                if id_ is None:
                    return
                try:
                    # the key makes sure that one issued just before the kill is not refused after it
                    answer = client.post(f"/invoices/{id_}/issue", headers={"Idempotency-Key": f"issue-{id_}"})
                except httpx.TransportError:
                    return  # killed
                assert answer.status_code == 200, answer.text
                with lock:
                    answered.append(answer.json())
                    if len(answered) == at:
                        then.set()

    with ThreadPoolExecutor(ISSUERS) as pool:
        for worker in [pool.submit(work) for _ in range(ISSUERS)]:
            worker.result()
    then.set()
    return answered


def everything(base: str, path: str) -> list[dict[str, Any]]:
    with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30) as client:
        items, cursor = [], ""
        while cursor is not None:
            page = client.get(f"{path}?limit=200{cursor and f'&cursor={cursor}'}").raise_for_status().json()
            items += page["items"]
            cursor = page["next_cursor"]
        return items


def test_sixteen_issuers_and_kills_in_between_leave_no_gap_no_double_and_no_answer_unkept(tmp_path: Path) -> None:
    database = tmp_path / "sandbox.sqlite3"
    with served(database) as (_, base), httpx.Client(base_url=base, timeout=30) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        drafts = [client.post("/invoices", json=BODY).raise_for_status().json()["id"] for _ in range(INVOICES)]
    promised: dict[str, dict[str, Any]] = {}
    killed_amidst = 0
    for _ in range(KILLS):
        with served(database) as (process, base):
            waiting = [invoice["id"] for invoice in everything(base, "/invoices") if invoice["status"] == "draft"]
            due = threading.Event()
            with ThreadPoolExecutor(1) as pool:
                issuing = pool.submit(issue_all, base, waiting, at=INVOICES // (KILLS + 2), then=due)
                assert due.wait(60)
                process.kill()
                answered = issuing.result(60)
        promised |= {invoice["id"]: invoice for invoice in answered}
        killed_amidst += len(answered) < len(waiting)
    assert killed_amidst == KILLS, "each kill came while some were not issued yet"
    with served(database) as (_, base):
        waiting = [invoice["id"] for invoice in everything(base, "/invoices") if invoice["status"] == "draft"]
        promised |= {invoice["id"]: invoice for invoice in issue_all(base, waiting, at=0, then=threading.Event())}
        kept = {invoice["id"]: invoice for invoice in everything(base, "/invoices")}
    assert kept.keys() == set(drafts)
    for id_, invoice in promised.items():
        assert kept[id_] == invoice, "what a caller was answered is what is kept"
    # a year's turn while the test ran starts another sequence
    by_year = Counter(invoice["number"][3:7] for invoice in kept.values())
    expected = [f"FA-{year}-{n:06d}" for year, count in by_year.items() for n in range(1, count + 1)]
    assert sorted(invoice["number"] for invoice in kept.values()) == sorted(expected)
    in_order = sorted(kept.values(), key=lambda invoice: invoice["number"])
    assert [invoice["issued_on"] for invoice in in_order] == sorted(invoice["issued_on"] for invoice in in_order)
    assert [invoice["updated_at"] for invoice in in_order] == sorted(invoice["updated_at"] for invoice in in_order)
