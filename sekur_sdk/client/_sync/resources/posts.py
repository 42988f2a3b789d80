# Made from client/_async by tools/generate_sync.py: change it there.
"""What guards do at sites (postes)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._sync.shell import Resource
from sekur_sdk.client.operations import posts

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._sync.pager import Pager
    from sekur_sdk.client.fields import Step
    from sekur_sdk.client.operations.posts import NewPost, PostChange, PostFilters
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.sites import Post


class Posts(Resource):
    """What guards do at sites (postes)."""

    def list(self, **given: Unpack[PostFilters]) -> Pager[Post]:
        """All that meet the filters."""
        return self._list(posts.list_all, given)

    def get(self, post_id: str, **options: Unpack[CallOptions]) -> Post:
        """One by its id."""
        return self._shell.call(posts.get(post_id), options)

    def create(self, **given: Unpack[NewPost]) -> Post:
        """A new post, which takes an `activity` of the card ("guarding") and all of `qualifications`."""
        return self._call(posts.create, given)

    def update(self, post_id: str, **given: Unpack[PostChange]) -> Post:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return self._call(posts.update, given, post_id)

    def archive(self, post_id: str, **given: Unpack[Step]) -> Post:
        """Counted no more."""
        return self._call(posts.archive, given, post_id)

    def restore(self, post_id: str, **given: Unpack[Step]) -> Post:
        """Counted again."""
        return self._call(posts.restore, given, post_id)
