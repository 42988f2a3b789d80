# Made from client/_async by tools/generate_sync.py: change it there.
"""Stored files with what they are and how long they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._sync.download import download
from sekur_sdk.client._sync.shell import Resource
from sekur_sdk.client.operations import documents

if TYPE_CHECKING:
    import os
    from typing import BinaryIO, Unpack

    from sekur_sdk.client._sync.pager import Pager
    from sekur_sdk.client.content import Progress
    from sekur_sdk.client.fields import Step
    from sekur_sdk.client.operations.documents import DocumentChange, DocumentFilters, NewDocument
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.documents import Document


class Documents(Resource):
    """Stored files with what they are and how long they are kept."""

    def list(self, **given: Unpack[DocumentFilters]) -> Pager[Document]:
        """All that meet the filters."""
        return self._list(documents.list_all, given)

    def get(self, document_id: str, **options: Unpack[CallOptions]) -> Document:
        """One by its id."""
        return self._shell.call(documents.get(document_id), options)

    def create(self, **given: Unpack[NewDocument]) -> Document:
        """A new document over an uploaded attachment, about `subject_id`, of the kind `subject_kind`."""
        return self._call(documents.create, given)

    def update(self, document_id: str, **given: Unpack[DocumentChange]) -> Document:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return self._call(documents.update, given, document_id)

    def archive(self, document_id: str, **given: Unpack[Step]) -> Document:
        """Counted no more."""
        return self._call(documents.archive, given, document_id)

    def restore(self, document_id: str, **given: Unpack[Step]) -> Document:
        """Counted again."""
        return self._call(documents.restore, given, document_id)

    def download(
        self,
        document_id: str,
        to: str | os.PathLike[str] | BinaryIO,
        *,
        progress: Progress | None = None,
        **options: Unpack[CallOptions],
    ) -> Document:
        """Writes a document's content to the path `to`, or into an open binary file, as `attachments.download` does.

        Raises:
            ChecksumError: what came is not what the server has.
        """
        document = self.get(document_id, **options)
        call = self._shell.read_options({"deadline": None, **options})
        download(self._shell, document, documents.content, to, progress, call)
        return document
