"""How likely a translation model holds an English text to be the translation of another text.

The model is not asked to translate: it reads both and tells the probability of each English token, given those before
it. Two sentences that say the same in other words are likelier than two on one subject, as a translation model scores
paraphrases well (Thompson and Post 2020, https://aclanthology.org/2020.emnlp-main.8) and tells parallel sentences
from others (Junczys-Dowmunt 2018, https://aclanthology.org/W18-6478).
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np

from samestory.answers import Texts, Values, answers
from samestory.argos import Package
from samestory.store import Store
from samestory.translator import DEFAULTS, Options, Translator

# Of int8 products, as translation has them, the batch and the kind of processor change the second digit.
_COMPUTE_TYPE = "float32"
_IN_MEMORY = 4  # models at a time


class Likelihood:
    """The translation models of some languages, asked for the likelihood of English; each is loaded when it is needed.

    What was told is kept in the `store`. Raises ModelError where a package is damaged.
    """

    def __init__(self, packages: Mapping[str, Package], store: Store, options: Options = DEFAULTS) -> None:
        self._packages = packages
        self._store = store
        self._options = msgspec.structs.replace(options, compute_type=_COMPUTE_TYPE)
        self._key = f"likelihood, {_COMPUTE_TYPE}, {options.max_source_tokens} tokens"
        self._translators: dict[str, Translator] = {}

    def __call__(self, lang: str, texts: Texts) -> Values:
        """Return the mean natural-log probability per token of the English of each of `texts`, shape (n,).

        A text is in `lang` and stands beside English that may be its translation. NaN where no package translates
        `lang`, or where either is longer than the model takes.
        """
        if lang not in self._packages or not texts:
            return np.full(len(texts), np.nan)

        def ask(missing: Texts) -> Values:
            return np.array(self._translator(lang).log_probabilities(missing))[:, None]

        return answers(self._store, self._packages[lang].sha256, self._key, texts, 1, ask)[:, 0]

    def _translator(self, lang: str) -> Translator:
        translator = self._translators.pop(lang, None) or Translator(self._packages[lang], self._options)
        self._translators[lang] = translator  # the last in use comes last
        if len(self._translators) > _IN_MEMORY:
            del self._translators[next(iter(self._translators))]
        return translator
