"""How likely a translation model holds an English text to be the translation of another text.

The model is not asked to translate: it reads both and tells the probability of each English token, given those before
it. Two sentences that say the same in other words are likelier than two on one subject, as a translation model scores
paraphrases well (Thompson and Post 2020, https://aclanthology.org/2020.emnlp-main.8) and tells parallel sentences
from others (Junczys-Dowmunt 2018, https://aclanthology.org/W18-6478).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from samestory.argos import Package
from samestory.store import Store
from samestory.translator import DEFAULTS, Options, Translator

# Of int8 products, as translation has them, the batch and the kind of processor change the second digit.
_COMPUTE_TYPE = "float32"
_DIGITS = 3  # those of float32 that neither changes
_CHUNK = 256  # texts: what a killed build loses at most
_IN_MEMORY = 4  # models at a time

Values = npt.NDArray[np.float64]


class Likelihood:
    """The translation models of some languages, asked for the likelihood of English; each is loaded when it is needed.

    What was told is kept in the `store`. Raises ModelError where a package is damaged.
    """

    def __init__(self, packages: Mapping[str, Package], store: Store, options: Options = DEFAULTS) -> None:
        self._packages = packages
        self._store = store
        self._options = msgspec.structs.replace(options, compute_type=_COMPUTE_TYPE)
        self._key = f"likelihood, {_COMPUTE_TYPE}, {options.max_source_tokens} tokens, {_DIGITS} digits"
        self._translators: dict[str, Translator] = {}

    def __call__(self, lang: str, texts: Sequence[tuple[str, str]]) -> Values:
        """Return the mean natural-log probability per token of the English of each of `texts`, shape (n,).

        A text is in `lang` and stands beside English that may be its translation. NaN where no package translates
        `lang`, or where either is longer than the model takes.
        """
        if lang not in self._packages or not texts:
            return np.full(len(texts), np.nan)
        model = self._packages[lang].sha256
        known = self._store.likelihoods(model, self._key, texts)
        ordered = sorted(set(texts), key=lambda both: (len(both[1]), both))
        for start in range(0, len(ordered), _CHUNK):  # of all, so that a run after a kill makes the same batches
            missing = [both for both in ordered[start : start + _CHUNK] if both not in known]
            if missing:
                means = self._translator(lang).log_probabilities(missing)
                told = {both: round(mean, _DIGITS) for both, mean in zip(missing, means, strict=True)}
                self._store.add_likelihoods(model, self._key, told)
                known |= told
        return np.array([known[both] for both in texts])

    def _translator(self, lang: str) -> Translator:
        translator = self._translators.pop(lang, None) or Translator(self._packages[lang], self._options)
        self._translators[lang] = translator  # the last in use comes last
        if len(self._translators) > _IN_MEMORY:
            del self._translators[next(iter(self._translators))]
        return translator
