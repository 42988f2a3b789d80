"""Client access: a client's people and their tokens, what is shared with them, and what that lets them see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from sekur_sdk.models.access import ApiToken, NewApiToken, TokenStatus
from sekur_sdk.models.billing import InvoiceStatus
from sekur_sdk.models.clients import ClientStatus
from sekur_sdk.models.documents import SubjectKind
from sekur_sdk.models.events import EventType
from sekur_sdk.models.portal import ClientUser, ClientUserStatus, Share, ShareKind, ShareStatus
from sekur_sdk.sandbox.access import Caller, digest, new_token
from sekur_sdk.sandbox.inputs.body import fields_of
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store.records import (
    client_tokens,
    client_users,
    clients,
    documents,
    invoices,
    logbook_entries,
    shares,
    sites,
)
from sekur_sdk.sandbox.trade.accounts import DEFAULT_DAYS, MAX_DAYS, TOKEN_LIFE
from sekur_sdk.sandbox.trade.steps import Life, refuse_ended, step
from sekur_sdk.sandbox.trade.typed import typed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekur_sdk.sandbox.inputs.portal import ClientTokenCreate, ClientUserCreate, ClientUserUpdate, ShareCreate
    from sekur_sdk.sandbox.store.writer import Transaction

_MODULES = {
    ShareKind.SHIFTS: "planning",
    ShareKind.ROUNDS: "rounds",
    ShareKind.LOGBOOK_ENTRY: "logbook",
    ShareKind.INVOICE: "billing",
    ShareKind.REPORT: "documents",
}
NEVER_ISSUED = (InvoiceStatus.DRAFT, InvoiceStatus.DISCARDED)
USER_LIFE: Life[ClientUserStatus] = {
    ClientUserStatus.ACTIVE: {"suspend": ClientUserStatus.SUSPENDED, "close": ClientUserStatus.CLOSED},
    ClientUserStatus.SUSPENDED: {"reinstate": ClientUserStatus.ACTIVE, "close": ClientUserStatus.CLOSED},
    ClientUserStatus.CLOSED: {},
}
SHARE_LIFE: Life[ShareStatus] = {
    ShareStatus.ACTIVE: {"withdraw": ShareStatus.WITHDRAWN},
    ShareStatus.WITHDRAWN: {},
}


def create_client_user(tx: Transaction, data: ClientUserCreate) -> ClientUser:
    """A person of a client."""
    client = clients.find(tx.connection, data.client_id)
    if client is None or client.status == ClientStatus.CLOSED:
        raise rule_broken("$.client_id", "There is no such client that is not closed")
    _check_user(tx, client.id, data.email, data.site_ids)
    fields = fields_of(data) | {"site_ids": tuple(dict.fromkeys(data.site_ids))}
    user = client_users.create(tx, **fields, status=ClientUserStatus.ACTIVE)
    tx.record(EventType.CLIENT_USER_CREATED, user)
    return user


def update_client_user(tx: Transaction, user: ClientUser, data: ClientUserUpdate) -> ClientUser:
    """The person with the sent fields changed."""
    refuse_ended(USER_LIFE, "client user", user)
    changes = typed(ClientUser, data.changes())
    if not changes:
        return user
    wanted = attrs.evolve(user, **changes)
    _check_user(tx, user.client_id, wanted.email, wanted.site_ids, besides=user.id)
    return _change_user(tx, user, **changes | {"site_ids": tuple(dict.fromkeys(wanted.site_ids))})


def step_client_user(tx: Transaction, user: ClientUser, action: str) -> ClientUser:
    """The person after a step; tokens of a closed one are revoked, those of a suspended one rest."""
    status = step(USER_LIFE, "client user", user, action)
    if action == "close":
        table = client_tokens.table
        for token in client_tokens.all(tx.connection, table.c.user_id == user.id, table.c.status == TokenStatus.ACTIVE):
            _change_token(tx, token, status=TokenStatus.REVOKED, revoked_at=tx.now)
    return _change_user(tx, user, status=status)


def create_client_token(tx: Transaction, data: ClientTokenCreate) -> NewApiToken:
    """A new token of a client's person with its secret, of which the hash alone is kept."""
    expires_at = data.expires_at or tx.now + DEFAULT_DAYS
    if not tx.now < expires_at <= tx.now + MAX_DAYS:
        raise rule_broken("$.expires_at", f"A token expires in the future, within {MAX_DAYS.days} days")
    user = client_users.find(tx.connection, data.user_id)
    if user is None or user.status != ClientUserStatus.ACTIVE:
        raise rule_broken("$.user_id", "There is no such active client user")
    secret = new_token()
    token = client_tokens.create(
        tx,
        internal={"sha256": digest(secret)},
        name=data.name,
        user_id=user.id,
        scopes=(),
        expires_at=expires_at,
        status=TokenStatus.ACTIVE,
    )
    tx.record(EventType.TOKEN_CREATED, token)
    return NewApiToken(**attrs.asdict(token, recurse=False), secret=secret)


def revoke_client_token(tx: Transaction, token: ApiToken) -> ApiToken:
    """The token, refused from now on."""
    status = step(TOKEN_LIFE, "token", token, "revoke")
    return _change_token(tx, token, status=status, revoked_at=tx.now)


def expire_client_tokens(tx: Transaction) -> None:
    """Note of each token past its time that it has expired; it was refused from that time on anyway."""
    table = client_tokens.table
    for token in client_tokens.all(tx.connection, table.c.status == TokenStatus.ACTIVE, table.c.expires_at <= tx.now):
        _change_token(tx, token, status=TokenStatus.EXPIRED)


def create_share(tx: Transaction, data: ShareCreate, caller: Caller) -> Share:
    """Show something to the client that it is about.

    Raises:
        RefusalError: 422, the caller may not read it itself, it can't be shown or is about no client; 409, it is shown already.
    """
    kind = ShareKind(data.kind)
    if not caller.may(f"{_MODULES[kind]}:read"):
        # who shares may make a client's token too, and would read there what it may not read here
        raise rule_broken("$.kind", f"What the token may not read can't be shared: it lacks {_MODULES[kind]}:read")
    site_id, client_id = _about(tx.connection, kind, data.subject_id)
    site = None if site_id is None else sites.find(tx.connection, site_id)
    if client_id is None and site is not None:
        client_id = site.client_id
    if site is not None and site.client_id != client_id:
        # billed to one client, at what is another's site by now: it is the first one's own
        site_id = None
    if client_id is None:
        raise rule_broken("$.subject_id", "It is about no client")
    table = shares.table
    same = (table.c.kind == kind, table.c.subject_id == data.subject_id, table.c.status == ShareStatus.ACTIVE)
    shown = shares.first(tx.connection, *same, table.c.client_id == client_id)
    if shown is not None:
        raise RefusalError(409, "It is shared already.", allowed=SHARE_LIFE[shown.status], current=shown)
    made = shares.create(
        tx, kind=kind, subject_id=data.subject_id, client_id=client_id, site_id=site_id, status=ShareStatus.ACTIVE
    )
    tx.record(EventType.SHARE_CREATED, made)
    return made


def withdraw_share(tx: Transaction, share: Share) -> Share:
    """The share, which shows nothing any more."""
    changed = shares.update(tx, share, status=step(SHARE_LIFE, "share", share, "withdraw"))
    tx.record(EventType.SHARE_UPDATED, changed)
    return changed


@attrs.frozen
class View:
    """What a client's person may look at: the sites, and whether these are all of the client's."""

    client_id: str
    site_ids: tuple[str, ...]
    is_whole: bool

    def shared(self, kind: ShareKind, subject: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        """That the thing with the id `subject` is shared with the client, and about a site of this view."""
        table = shares.table
        of_site = table.c.site_id.in_(self.site_ids)
        return sa.exists().where(
            table.c.kind == kind,
            table.c.subject_id == subject,
            table.c.client_id == self.client_id,
            table.c.status == ShareStatus.ACTIVE,
            sa.or_(of_site, table.c.site_id.is_(None)) if self.is_whole else of_site,
        )


def view_of(connection: sa.Connection, caller: Caller) -> View:
    """What the caller, a client's person, may look at.

    Raises:
        RefusalError: 403, the person or the client has no access any more.
    """
    user = None if caller.client_user_id is None else client_users.find(connection, caller.client_user_id)
    client = None if user is None else clients.find(connection, user.client_id)
    if user is None or client is None or client.status == ClientStatus.CLOSED:
        raise RefusalError(403, "The client has no access any more.")
    own = [site.id for site in sites.all(connection, sites.table.c.client_id == client.id)]
    chosen = tuple(id_ for id_ in own if not user.site_ids or id_ in user.site_ids)
    return View(client.id, chosen, is_whole=not user.site_ids)


def _about(connection: sa.Connection, kind: ShareKind, subject_id: str) -> tuple[str | None, str | None]:
    """The site and the client that a thing to be shared is about, as far as it says them itself."""
    if kind in (ShareKind.SHIFTS, ShareKind.ROUNDS) and sites.find(connection, subject_id) is not None:
        return subject_id, None
    if kind is ShareKind.LOGBOOK_ENTRY and (entry := logbook_entries.find(connection, subject_id)) is not None:
        return entry.site_id, None
    if kind is ShareKind.INVOICE and (invoice := invoices.find(connection, subject_id)) is not None:
        if invoice.status in NEVER_ISSUED:
            raise rule_broken("$.subject_id", "A draft is not shown to a client")
        return invoice.site_id, invoice.client_id
    if kind is ShareKind.REPORT and (document := documents.find(connection, subject_id)) is not None:
        if document.subject_kind == SubjectKind.SITE:
            return document.subject_id, None
        if document.subject_kind == SubjectKind.CLIENT:
            return None, document.subject_id
        raise rule_broken("$.subject_id", "A document about a client or a site: others are not shown to clients")
    raise rule_broken("$.subject_id", "There is no such thing to share")


def _check_user(tx: Transaction, client_id: str, email: str, site_ids: Sequence[str], *, besides: str = "") -> None:
    table = client_users.table
    same = (
        sa.func.lower(table.c.email) == email.lower(),
        table.c.status != ClientUserStatus.CLOSED,
        table.c.id != besides,
    )
    if client_users.first(tx.connection, *same) is not None:
        raise rule_broken("$.email", "Another client user has this address")
    for place, id_ in enumerate(site_ids):
        site = sites.find(tx.connection, id_)
        if site is None or site.client_id != client_id:
            raise rule_broken(f"$.site_ids[{place}]", "The client has no such site")


def _change_user(tx: Transaction, user: ClientUser, **changes: object) -> ClientUser:
    changed = client_users.update(tx, user, **changes)
    tx.access_changed = True
    tx.record(EventType.CLIENT_USER_UPDATED, changed)
    return changed


def _change_token(tx: Transaction, token: ApiToken, **changes: object) -> ApiToken:
    changed = client_tokens.update(tx, token, **changes)
    tx.access_changed = True
    tx.record(EventType.TOKEN_UPDATED, changed)
    return changed
