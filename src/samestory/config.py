"""The settings of a build: one record, one set of defaults."""

from __future__ import annotations

import msgspec

from samestory import encoders
from samestory.errors import UsageError
from samestory.translate import Options


class Config(msgspec.Struct, frozen=True):
    """Everything that decides what a build writes, but for its articles and its models.

    `langs` are the languages to keep (ISO 639-1), None for all. `min_score` is the least probability
    of a pair. An encoder is named as in `samestory.encoders.encoder`.
    """

    langs: tuple[str, ...] | None = None
    min_score: float = 0.35
    direct_encoder: str = encoders.DIRECT
    english_encoder: str = encoders.ENGLISH
    translation: Options = Options()

    def __post_init__(self) -> None:
        """Raise UsageError for a setting that makes no sense."""
        if not 0.0 <= self.min_score <= 1.0:
            raise UsageError(f"min_score is {self.min_score}: a probability is from 0 to 1")
        if isinstance(self.langs, str):
            raise UsageError(f"langs is {self.langs!r}: give a tuple of codes, such as ('fr', 'id')")


DEFAULTS = Config()
