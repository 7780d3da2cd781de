"""The models that read both sides of a candidate bead, as they come with samestory and the packages at hand."""

from __future__ import annotations

import os
from collections.abc import Mapping

from samestory.argos import Package
from samestory.cross_encoder import CrossEncoder, shipped
from samestory.likelihood import Likelihood
from samestory.looks import Readers
from samestory.store import Store
from samestory.translator import DEFAULTS, Options


def readers(packages: Mapping[str, Package], store: Store, options: Options = DEFAULTS) -> Readers:
    """Return the translation models of `packages` and the cross-encoder.

    What they tell is kept in the `store`; of `options` the number of threads and of tokens counts.
    """
    threads = options.threads or os.cpu_count() or 1
    return Readers(Likelihood(packages, store, options), CrossEncoder(store, shipped(), threads))
