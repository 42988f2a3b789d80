"""What is open to all: whether the sandbox answers, and tokens."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

import attrs
from litestar import Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.params import URLEncodedBody

from sekur_sdk.sandbox.problems import RefusalError, declared
from sekur_sdk.sandbox.release import RELEASE

if TYPE_CHECKING:
    from sekur_sdk.sandbox.access import Access


@attrs.frozen(kw_only=True)
class Health:
    """That the sandbox answers, and its release."""

    status: str
    version: str


@attrs.frozen(kw_only=True)
class TokenAnswer:
    """An access token (RFC 6749, section 5.1)."""

    access_token: str = attrs.field(repr=False)
    token_type: str
    expires_in: int
    scope: str


@get("/health", sync_to_thread=False, operation_id="get_health", security=[{}])
def get_health() -> Health:
    """Whether the sandbox answers."""
    return Health(status="ok", version=RELEASE)


@post("/oauth/token", status_code=200, operation_id="create_token", security=[{}], responses=declared(400, 401))
async def create_token(request: Request[Any, Any, Any], data: URLEncodedBody[dict[str, str]]) -> Response[TokenAnswer]:
    """An access token by client credentials (RFC 6749, section 4.4)."""
    if data.get("grant_type") != "client_credentials":
        raise RefusalError(400, "The grant_type is client_credentials.")
    client_id, secret = _credentials(request.headers.get("authorization"), data)
    wanted = tuple(data.get("scope", "").split())
    access: Access = request.app.state.access
    token = await sync_to_thread(access.issue, client_id, secret, wanted)
    return Response(
        TokenAnswer(
            access_token=token.text,
            token_type="bearer",  # noqa: S106  # the kind of the token, not one
            expires_in=token.expires_in,
            scope=" ".join(token.scopes),  # the kind of the token, not one
        ),
        headers={"Cache-Control": "no-store"},
    )


def _credentials(authorization: str | None, form: dict[str, str]) -> tuple[str, str]:
    kind, _, encoded = (authorization or "").partition(" ")
    if kind.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise RefusalError(400, "The Authorization header is not HTTP Basic.") from error
        return client_id, secret
    return form.get("client_id", ""), form.get("client_secret", "")
