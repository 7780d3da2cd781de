"""What the readers hand on: the bytes of one article, and the one way to refuse them."""

from __future__ import annotations

from typing import Literal

import msgspec

from samestory.records import Rejection

MAX_BYTES = 5_000_000
"""The most bytes one article may have, mark-up and all. News is far below it; a dump of a whole site is above."""

MAX_TEXT = 100_000
"""The most characters its text may have, some 800 sentences: the aligner weighs each with each of another's."""


class Document(msgspec.Struct, frozen=True):
    """The bytes of one article as they were found: a file, a line of JSON, or the payload of a WARC record.

    `path` is `Article.path`. `url` and `charset` are what an HTTP header said, where there was one.
    """

    path: str
    data: bytes
    kind: Literal["text", "html", "json"]
    url: str | None = None
    charset: str | None = None


class UnfitError(Exception):
    """Bytes or text no article can be made of. `reason` is a short code, `detail` a line with the cure."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail

    def at(self, path: str) -> Rejection:
        """Return the rejection of what stands at `path`."""
        return Rejection(stage="ingest", path=path, reason=self.reason, detail=self.detail)


def too_large(noun: str) -> UnfitError:
    """Return the refusal of a `noun` of more than MAX_BYTES."""
    return UnfitError("too-large", f"{noun} is larger than {MAX_BYTES:,} bytes: split it into one file per article")
