"""How likely a translation model holds an English text to be the translation of another text.

The model is not asked to translate: it reads both and tells the probability of each English token, given those before
it. Two sentences that say the same in other words are likelier than two on one subject, as a translation model scores
paraphrases well (Thompson and Post 2020, https://aclanthology.org/2020.emnlp-main.8) and tells parallel sentences
from others (Junczys-Dowmunt 2018, https://aclanthology.org/W18-6478).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from samestory.argos import Package
from samestory.store import Store
from samestory.translator import DEFAULTS, Options, Translator

_IN_MEMORY = 4  # models at a time
_DIGITS = 3  # what a text is scored beside nudges digits behind

Values = npt.NDArray[np.float64]


class Likelihood:
    """The translation models of some languages, asked for the likelihood of English; each is loaded when it is needed.

    What was told is remembered, and kept in the `store`. Raises ModelError where a package is damaged.
    """

    def __init__(self, packages: Mapping[str, Package], store: Store, options: Options = DEFAULTS) -> None:
        self._packages = packages
        self._store = store
        self._options = options
        self._translators: dict[str, Translator] = {}
        self._known: dict[tuple[str, str, str], float] = {}

    def __call__(self, lang: str, texts: Sequence[tuple[str, str]]) -> Values:
        """Return the mean natural-log probability per token of the English of each of `texts`, shape (n,).

        A text is in `lang` and stands beside English that may be its translation. NaN where no package translates
        `lang`, or where either is longer than the model takes.
        """
        if lang not in self._packages or not texts:
            return np.full(len(texts), np.nan)
        new = {both for both in texts if (lang, *both) not in self._known}
        if new:
            ordered = sorted(new, key=lambda both: (len(both[0]), both))
            told = self._told(lang, ordered).tolist()
            self._known.update(zip(((lang, *both) for both in ordered), told, strict=True))
        return np.array([self._known[lang, *both] for both in texts])

    def _told(self, lang: str, texts: Sequence[tuple[str, str]]) -> Values:
        key = self._packages[lang].sha256, self._options.key(in_pieces=False)
        told = self._store.likelihoods(*key, texts)
        if told is None:
            means = self._translator(lang).log_probabilities(texts)
            told = np.array([np.nan if mean is None else mean for mean in means]).round(_DIGITS)
            self._store.add_likelihoods(*key, texts, told)
        return told

    def _translator(self, lang: str) -> Translator:
        translator = self._translators.pop(lang, None) or Translator(self._packages[lang], self._options)
        self._translators[lang] = translator  # the last in use comes last
        if len(self._translators) > _IN_MEMORY:
            del self._translators[next(iter(self._translators))]
        return translator
