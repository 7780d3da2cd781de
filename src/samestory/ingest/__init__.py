"""Read raw articles: find files, decode them, name their language, mark page furniture, drop copies."""

from samestory.ingest.document import Document
from samestory.ingest.sources import documents, find, fingerprint
from samestory.ingest.stage import ingest

__all__ = ["Document", "documents", "find", "fingerprint", "ingest"]
