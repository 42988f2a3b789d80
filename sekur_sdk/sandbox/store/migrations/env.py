"""Alembic's entry: runs the migrations on the connection that the store hands over."""

from __future__ import annotations

from alembic import context

from sekur_sdk.sandbox.store import (
    billing_tables,
    outside_tables,
    pay_tables,
    people_tables,
    planning_tables,
    round_tables,
    safety_tables,
)
from sekur_sdk.sandbox.store.schema import metadata

# their tables are of the same metadata once loaded
assert people_tables.client.metadata is metadata
assert round_tables.scan.metadata is metadata
assert billing_tables.contract.metadata is metadata
assert pay_tables.subscription.metadata is metadata
assert planning_tables.absence.metadata is metadata
assert safety_tables.secret.metadata is metadata
assert outside_tables.webhook.metadata is metadata
# SQLite can't alter most things in place: render_as_batch copies the table instead
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
