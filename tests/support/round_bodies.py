"""Rounds over checkpoints of their own, and what is done in them, for a sandbox with the demo data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from people_bodies import Json, create, made

from sekur_sdk.sandbox.store import schema

if TYPE_CHECKING:
    import httpx

    from sekur_sdk.sandbox.store.database import Store

PLACE: Json = {"lat": 48.9072, "lon": 2.3831, "radius_m": 25}
NEAR, FAR = {"lat": 48.90725, "lon": 2.3831}, {"lat": 48.9172, "lon": 2.3831}


def walk(
    api: httpx.Client, number: int = 3, *, round_: Json | None = None, **template: object
) -> tuple[Json, list[str]]:
    """A planned round over new checkpoints, and their tags."""
    tags = [f"04:{datetime.now(UTC).timestamp()}:{index}" for index in range(number)]
    places = [create(api, "/checkpoints", tag=tag)["id"] for tag in tags]
    made_ = create(api, "/round-templates", checkpoint_ids=places, **template)
    return create(api, "/rounds", template_id=made_["id"], **{"employee_id": "emp_demo"} | (round_ or {})), tags


uids = iter(range(10**6))


def scanned(tag: str | None = None, **changes: object) -> Json:
    body: Json = {"uid": f"uid-{next(uids)}", "method": "nfc"}
    return body | ({} if tag is None else {"tag": tag}) | changes


def scan(api: httpx.Client, round_: Json, tag: str | None = None, **changes: object) -> Json:
    return made(api.post(f"/rounds/{round_['id']}/scan", json=scanned(tag, **changes)))


def act(api: httpx.Client, round_: Json, action: str, **body: object) -> Json:
    return made(api.post(f"/rounds/{round_['id']}/{action}", json=body))


def now(api: httpx.Client, round_: Json) -> Json:
    return made(api.get(f"/rounds/{round_['id']}"))


def told(store: Store, prefix: str = "round.") -> list[str]:
    with store.read() as connection:
        types = connection.execute(sa.select(schema.event.c.type).order_by(schema.event.c.id)).scalars()
        return [type_.removeprefix(prefix) for type_ in types if type_.startswith(prefix)]
