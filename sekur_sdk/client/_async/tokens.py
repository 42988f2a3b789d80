"""Where the token of a call comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sekur_sdk.client._async import seam
from sekur_sdk.client.forking import remember
from sekur_sdk.client.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from sekur_sdk.client.operations.service import Grant

_MARGIN_S = 60.0
"""A token is renewed this long before it expires, or at half its life if that is shorter."""


class AsyncTokens(Protocol):
    """Gives the token to send."""

    can_renew: bool

    async def token(self, refused: Secret | None, within: float) -> Secret:
        """A token to send, never the one that the server has just `refused`; `within` seconds."""
        ...


class AsyncStaticToken:
    """One token for good."""

    can_renew = False

    def __init__(self, token: Secret) -> None:
        self._token = token

    async def token(self, refused: Secret | None, within: float) -> Secret:  # noqa: ARG002  # it has no other
        """The token."""
        return self._token


class AsyncClientCredentials:
    """Tokens by OAuth2 client credentials, renewed before they expire; calls made at once share one renewal."""

    can_renew = True

    def __init__(
        self,
        client_id: str,
        client_secret: Secret,
        scopes: Sequence[str],
        fetch: Callable[[str, Secret, Sequence[str], float], Awaitable[Grant]],
    ) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._scopes = tuple(scopes)
        self._fetch = fetch
        self._token: Secret | None = None
        self._renew_at = 0.0
        self.after_fork()
        remember(self)

    def after_fork(self) -> None:
        """A renewal that was under way is the parent's."""
        self._lock = seam.make_lock()

    async def token(self, refused: Secret | None, within: float) -> Secret:
        """A token that is still good for a while."""
        token = self._good_token(refused)
        if token is not None:
            return token
        async with self._lock:
            token = self._good_token(refused)
            if token is not None:
                return token
            asked_at = seam.monotonic()
            grant = await self._fetch(self._client_id, self._client_secret, self._scopes, within)
            token = self._token = Secret(grant.access_token)
            self._renew_at = asked_at + max(grant.expires_in - _MARGIN_S, grant.expires_in / 2)
            return token

    def _good_token(self, refused: Secret | None) -> Secret | None:
        is_good = self._token != refused and seam.monotonic() < self._renew_at
        return self._token if is_good else None
