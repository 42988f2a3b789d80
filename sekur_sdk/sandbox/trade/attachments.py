"""Attachments: what each belongs to, who may read it, and the end of those that are erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from sekur_sdk.sandbox.access import lacks
from sekur_sdk.sandbox.idempotency import replace_answers
from sekur_sdk.sandbox.problems import not_found, rule_broken
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.files import folder_of
from sekur_sdk.sandbox.store.records import attachments

if TYPE_CHECKING:
    from sekur_sdk.models.attachments import Attachment
    from sekur_sdk.sandbox.access import Caller
    from sekur_sdk.sandbox.store.database import Store
    from sekur_sdk.sandbox.store.writer import Transaction

OWNERS = {"log": "logbook", "doc": "documents", "scn": "rounds"}
"""What an attachment can belong to, by the prefix of the owner's id, and the module whose scope lets one read it then."""

READ_SCOPES: tuple[str, ...] = tuple(f"{module}:read" for module in OWNERS.values())
UPLOAD_SCOPES: tuple[str, ...] = tuple(f"{module}:write" for module in OWNERS.values())


def readable(connection: sa.Connection, id_: str, caller: Caller) -> Attachment:
    """The attachment, for one who may read what it belongs to; for its uploader alone while that is nothing.

    Raises:
        RefusalError: 404, also for somebody else's that belongs to nothing yet; 403 without the owner's scope.
    """
    attachment = attachments.find(connection, id_)
    if attachment is None:
        raise not_found("attachment")
    if attachment.owner_id is None:
        if not _may_take(connection, id_, caller):
            raise not_found("attachment")
        return attachment
    scope = f"{OWNERS[attachment.owner_id.partition('_')[0]]}:read"
    if not caller.may(scope):
        raise lacks((scope,))
    return attachment


def bind(tx: Transaction, id_: str, path: str, *, owner_id: str, caller: Caller) -> Attachment:
    """The attachment, from now on of this owner; `path` is where the body names it.

    Raises:
        RefusalError: 422, there is none that the caller may give away, or it belongs to something already.
    """
    attachment = attachments.find(tx.connection, id_)
    if attachment is None or (attachment.owner_id is None and not _may_take(tx.connection, id_, caller)):
        raise rule_broken(path, "There is no such attachment")
    if attachment.erased_at is not None:
        raise rule_broken(path, "The attachment was erased")
    if attachment.owner_id is not None:
        raise rule_broken(path, "The attachment belongs to something else already")
    table = schema.attachment
    tx.connection.execute(sa.update(table).where(table.c.id == id_).values(owner_id=owner_id))
    return attrs.evolve(attachment, owner_id=owner_id)


def erase(tx: Transaction, *owner_ids: str) -> None:
    """Erase what is known of the owners' attachments; their files are gone after `remove_erased`."""
    table = schema.attachment
    for attachment in attachments.all(tx.connection, table.c.owner_id.in_(owner_ids), table.c.erased_at.is_(None)):
        erased = attrs.evolve(attachment, name="", erased_at=tx.now)
        gone = {"name": erased.name, "erased_at": erased.erased_at, "to_remove": True}
        tx.connection.execute(sa.update(table).where(table.c.id == attachment.id).values(gone))
        replace_answers(tx, erased)


def remove_erased(store: Store) -> None:
    """Remove the files of erased attachments, but those whose content is another attachment's too."""
    table = schema.attachment
    with store.read() as connection:
        if connection.execute(sa.select(table.c.id).where(table.c.to_remove).limit(1)).first() is None:
            return
    folder = folder_of(store.path)

    def remove(tx: Transaction) -> None:
        # on the writer's thread: an upload puts its file in place there too
        for row in tx.connection.execute(sa.select(table.c.id, table.c.sha256).where(table.c.to_remove)).all():
            others = sa.select(table.c.id).where(table.c.sha256 == row.sha256, table.c.erased_at.is_(None)).limit(1)
            if tx.connection.execute(others).first() is None:
                (folder / row.sha256).unlink(missing_ok=True)
            tx.connection.execute(sa.update(table).where(table.c.id == row.id).values(to_remove=False))

    store.write(remove)


def _may_take(connection: sa.Connection, id_: str, caller: Caller) -> bool:
    table = schema.attachment
    uploader = connection.execute(sa.select(table.c.uploaded_by).where(table.c.id == id_)).scalar_one()
    if uploader is None:
        # from before uploaders were noted, when all were the logbook's
        return caller.may("logbook:read")
    return bool(uploader == caller.id)
