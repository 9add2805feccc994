"""A bound on uploaded files: what is beyond it is read off the wire and dropped, so that a page can say so."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

LARGEST_UPLOAD_BYTES = 64 * 1024 * 1024
_TOO_LARGE = "aftermile.upload_too_large"


class BoundedUpload(FileUploadHandler):
    """Stands before Django's own handlers and counts what all files of a request bring."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        """Begin to count one request's files."""
        super().__init__(request)
        self._seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002
        """Let a piece pass to the next handler.

        :raises StopUpload: it is too much.
        """
        self._seen += len(raw_data)
        if self._seen > LARGEST_UPLOAD_BYTES:
            if self.request is not None:
                self.request.META[_TOO_LARGE] = "1"
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> Any:  # noqa: ARG002
        """Leave the file to the next handler."""
        return None


def is_too_large(request: HttpRequest) -> bool:
    """Tell whether files of this request were dropped because of their size."""
    return _TOO_LARGE in request.META
