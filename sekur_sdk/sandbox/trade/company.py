"""The organisation, its clients, their sites, the posts there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs
import sqlalchemy as sa

from sekur_sdk.models.clients import Client, ClientStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.models.organisation import Organisation
from sekur_sdk.models.sites import Post, PostStatus, Site, SiteStatus
from sekur_sdk.rules.cnaps import NumberKind, parse_number
from sekur_sdk.rules.company_numbers import siren_is_valid, siret_is_valid
from sekur_sdk.sandbox.inputs.body import fields_of
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store.records import clients, organisations, posts, sites
from sekur_sdk.sandbox.trade.references import named
from sekur_sdk.sandbox.trade.steps import Life, refuse_ended, step
from sekur_sdk.sandbox.trade.typed import typed

if TYPE_CHECKING:
    from sekur_sdk.sandbox.inputs.company import (
        ClientCreate,
        ClientUpdate,
        OrganisationUpdate,
        PostCreate,
        PostUpdate,
        SiteCreate,
        SiteUpdate,
    )
    from sekur_sdk.sandbox.store.writer import Transaction

CLIENT_LIFE: Life[ClientStatus] = {
    ClientStatus.PROSPECT: {"activate": ClientStatus.ACTIVE, "close": ClientStatus.CLOSED},
    ClientStatus.ACTIVE: {"close": ClientStatus.CLOSED},
    ClientStatus.CLOSED: {"reopen": ClientStatus.ACTIVE},
}
SITE_LIFE: Life[SiteStatus] = {
    SiteStatus.PROSPECT: {"activate": SiteStatus.ACTIVE, "close": SiteStatus.CLOSED},
    SiteStatus.ACTIVE: {"close": SiteStatus.CLOSED},
    SiteStatus.CLOSED: {"reopen": SiteStatus.ACTIVE},
}
POST_LIFE: Life[PostStatus] = {
    PostStatus.ACTIVE: {"archive": PostStatus.ARCHIVED},
    PostStatus.ARCHIVED: {"restore": PostStatus.ACTIVE},
}


def update_organisation(tx: Transaction, organisation: Organisation, data: OrganisationUpdate) -> Organisation:
    """The organisation with the sent fields changed."""
    changes = data.changes()
    if not changes:
        return organisation
    wanted = attrs.evolve(organisation, **typed(Organisation, changes))
    _check_numbers(wanted.siren, wanted.siret)
    if "authorisation_number" in changes:
        try:
            number = parse_number(wanted.authorisation_number)
        except ValueError as error:
            raise rule_broken("$.authorisation_number", str(error)) from error
        if number.kind != NumberKind.AUTHORISATION:
            raise rule_broken("$.authorisation_number", "An authorisation's number begins with AUT")
    changed = organisations.update(tx, organisation, **typed(Organisation, changes))
    tx.record(EventType.ORGANISATION_UPDATED, changed)
    return changed


def create_client(tx: Transaction, data: ClientCreate) -> Client:
    """A new client."""
    _check_client(tx, data.siren, data.siret)
    client = clients.create(tx, **typed(Client, fields_of(data)))
    tx.record(EventType.CLIENT_CREATED, client)
    return client


def update_client(tx: Transaction, client: Client, data: ClientUpdate) -> Client:
    """The client with the sent fields changed; its sites show its new name."""
    refuse_ended(CLIENT_LIFE, "client", client)
    changes = typed(Client, data.changes())
    if not changes:
        return client
    wanted = attrs.evolve(client, **changes)
    _check_client(tx, wanted.siren, wanted.siret, besides=client.id)
    if wanted.name != client.name:
        for site in sites.all(tx.connection, sites.table.c.client_id == client.id):
            _change_site(tx, site, customer_name=wanted.name)
    return _change_client(tx, client, **changes)


def step_client(tx: Transaction, client: Client, action: str) -> Client:
    """The client after a step; one with a site in service can't be closed."""
    status = step(CLIENT_LIFE, "client", client, action)
    table = sites.table
    if action == "close" and sites.first(
        tx.connection, table.c.client_id == client.id, table.c.status == SiteStatus.ACTIVE
    ):
        raise RefusalError(409, "The client has active sites: close them first.", allowed=(), current=client)
    return _change_client(tx, client, status=status)


def create_site(tx: Transaction, data: SiteCreate) -> Site:
    """A new site."""
    fields = fields_of(data)
    customer = _customer(tx, data.client_id, data.customer_name)
    if customer is None:
        raise rule_broken("$.customer_name", "A site has a client_id or a customer_name")
    site = sites.create(tx, **typed(Site, fields | {"customer_name": customer}))
    _check_site(site)
    tx.record(EventType.SITE_CREATED, site)
    return site


def update_site(tx: Transaction, site: Site, data: SiteUpdate) -> Site:
    """The site with the sent fields changed."""
    refuse_ended(SITE_LIFE, "site", site)
    changes = typed(Site, data.changes())
    if not changes:
        return site
    if "client_id" in changes or "customer_name" in changes:
        wanted = attrs.evolve(site, **changes)
        sent = wanted.customer_name if "customer_name" in changes else None
        changes["customer_name"] = _customer(tx, wanted.client_id, sent) or site.customer_name
    wanted = attrs.evolve(site, **changes)
    _check_site(wanted)
    if wanted.client_id != site.client_id:
        table = sites.table
        tx.connection.execute(sa.update(table).where(table.c.id == site.id).values(client_since=tx.now))
    return _change_site(tx, site, **changes)


def step_site(tx: Transaction, site: Site, action: str) -> Site:
    """The site after a step; one of a closed client can't be in service."""
    status = step(SITE_LIFE, "site", site, action)
    client = clients.find(tx.connection, site.client_id) if site.client_id is not None else None
    if status == SiteStatus.ACTIVE and client is not None and client.status == ClientStatus.CLOSED:
        raise RefusalError(409, "The site's client is closed: reopen it first.", allowed=(), current=site)
    return _change_site(tx, site, status=status)


def create_post(tx: Transaction, data: PostCreate) -> Post:
    """A new post at a site that is not closed."""
    named(tx.connection, sites, data.site_id, "$.site_id", "site")
    site = sites.find(tx.connection, data.site_id)
    if site is not None and site.status == SiteStatus.CLOSED:
        raise rule_broken("$.site_id", "The site is closed")
    _check_post(tx, data.site_id, data.name)
    post = posts.create(tx, **typed(Post, fields_of(data)), status=PostStatus.ACTIVE)
    tx.record(EventType.POST_CREATED, post)
    return post


def update_post(tx: Transaction, post: Post, data: PostUpdate) -> Post:
    """The post with the sent fields changed."""
    refuse_ended(POST_LIFE, "post", post)
    changes = typed(Post, data.changes())
    if not changes:
        return post
    wanted = attrs.evolve(post, **changes)
    _check_post(tx, wanted.site_id, wanted.name, besides=post.id)
    return _change_post(tx, post, **changes)


def step_post(tx: Transaction, post: Post, action: str) -> Post:
    """The post after a step; a name taken meanwhile can't be restored."""
    status = step(POST_LIFE, "post", post, action)
    if status == PostStatus.ACTIVE and _post_taken(tx, post.site_id, post.name, post.id):
        raise RefusalError(409, "Another post of the site has its name by now.", allowed=(), current=post)
    return _change_post(tx, post, status=status)


def _change_client(tx: Transaction, client: Client, **changes: object) -> Client:
    changed = clients.update(tx, client, **changes)
    tx.record(EventType.CLIENT_UPDATED, changed)
    return changed


def _change_site(tx: Transaction, site: Site, **changes: object) -> Site:
    changed = sites.update(tx, site, **changes)
    tx.record(EventType.SITE_UPDATED, changed)
    return changed


def _change_post(tx: Transaction, post: Post, **changes: object) -> Post:
    changed = posts.update(tx, post, **changes)
    tx.record(EventType.POST_UPDATED, changed)
    return changed


def _check_client(tx: Transaction, siren: str | None, siret: str | None, *, besides: str = "") -> None:
    _check_numbers(siren, siret)
    table = clients.table
    same = (table.c.siret == siret) if siret is not None else (table.c.siren == siren) & table.c.siret.is_(None)
    if (siren or siret) and clients.first(tx.connection, same, table.c.id != besides) is not None:
        raise rule_broken("$.siret" if siret else "$.siren", "Another client has this number")


def _check_numbers(siren: str | None, siret: str | None) -> None:
    if siren is not None and not siren_is_valid(siren):
        raise rule_broken("$.siren", "Not a SIREN: its key is wrong")
    if siret is not None and not siret_is_valid(siret):
        raise rule_broken("$.siret", "Not a SIRET: its key is wrong")
    if siren is not None and siret is not None and not siret.startswith(siren):
        raise rule_broken("$.siret", "A SIRET begins with its company's SIREN")


def _customer(tx: Transaction, client_id: str | None, sent: str | None) -> str | None:
    """The customer's name at a site: its client's, or what was sent for one without a client."""
    if client_id is None:
        return sent
    client = clients.find(tx.connection, client_id)
    if client is None:
        raise rule_broken("$.client_id", "There is no such client")
    if client.status == ClientStatus.CLOSED:
        raise rule_broken("$.client_id", "The client is closed")
    if sent not in (None, client.name):
        raise rule_broken("$.customer_name", "A site with a client_id has its client's name")
    return client.name


def _check_site(site: Site) -> None:
    if (site.lat is None) != (site.lon is None):
        raise rule_broken("$.lat", "A latitude and a longitude come together")
    try:
        ZoneInfo(site.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise rule_broken("$.time_zone", "Not a time zone of the IANA database, like Europe/Paris") from error


def _check_post(tx: Transaction, site_id: str, name: str, *, besides: str = "") -> None:
    if _post_taken(tx, site_id, name, besides):
        raise rule_broken("$.name", "Another post of the site has this name")


def _post_taken(tx: Transaction, site_id: str, name: str, besides: str) -> bool:
    table = posts.table
    same = (table.c.site_id == site_id, table.c.name == name, table.c.status == PostStatus.ACTIVE)
    return posts.first(tx.connection, *same, table.c.id != besides) is not None
