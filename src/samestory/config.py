"""The settings of a build: one record, one set of defaults."""

from __future__ import annotations

from typing import get_args

import msgspec

from samestory import encoders
from samestory.align import Order
from samestory.errors import UsageError
from samestory.translator import Options


class Config(msgspec.Struct, frozen=True):
    """Everything that decides what a build writes, but for its articles and its models.

    `langs` are the languages to keep (ISO 639-1), None for all. `min_score` is the least probability of a
    pair; None takes the least score above which the share of right pairs was `precision` on gold
    (`samestory.scorer.Calibration`). `order` and `keep_divergent` are those of `samestory.pairing.Pairing`;
    with `explain` the reasons for every judgement on two articles are written too. An encoder is named as in
    `samestory.encoders.encoder`.
    """

    langs: tuple[str, ...] | None = None
    min_score: float | None = None
    precision: float = 0.9
    order: Order = "auto"
    keep_divergent: bool = False
    explain: bool = False
    direct_encoder: str = encoders.DIRECT
    english_encoder: str = encoders.ENGLISH
    translation: Options = Options()

    def __post_init__(self) -> None:
        """Raise UsageError for a setting that makes no sense."""
        for name in ("min_score", "precision"):
            value = getattr(self, name)
            if value is not None and not 0.0 <= value <= 1.0:
                raise UsageError(f"{name} is {value}: a probability is from 0 to 1")
        if self.order not in get_args(Order):
            raise UsageError(f"order is {self.order!r}: it is one of {', '.join(get_args(Order))}")
        if isinstance(self.langs, str):
            raise UsageError(f"langs is {self.langs!r}: give a tuple of codes, such as ('fr', 'id')")

    @property
    def threshold(self) -> float:
        """The least probability of a pair, once it is known; raises ValueError before."""
        if self.min_score is None:
            raise ValueError("min_score is not known yet: a build takes it from the calibration")
        return self.min_score


DEFAULTS = Config()
