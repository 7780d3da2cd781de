"""Machine-translate every sentence to English: offline, through Argos packages, each sentence once.

The sentences of all articles of a language are translated together, without repetition and in order
of length, in chunks. What is in the cache is not translated again, and where all of it is there no
model is taken into memory.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from samestory.argos import Package
from samestory.mt_flags import flags
from samestory.records import Article, Mt, Progress, Sentence
from samestory.store import Store, Translation
from samestory.translator import DEFAULTS, Options, Translator

log = logging.getLogger(__name__)

_ENGLISH = "en"
_CHUNK = 256  # sentences: some batches' worth, so that a killed build loses little


def translate(
    articles: Iterable[Article],
    packages: Mapping[str, Package],
    store: Store,
    options: Options = DEFAULTS,
    progress: Progress = lambda *_: None,
) -> Iterator[Article]:
    """Fill in `english` and `mt` of every sentence, of every role, and yield the articles in their order.

    `packages` holds a package to English by language (`samestory.argos.find_packages`). English articles,
    and sentences without a letter or digit, are their own English, with `mt` null. Where a language has no
    package its `english` stays null, and one warning names the cure. Where the model returns nothing
    `english` is null and flagged mt-empty.

    `mt.model` is the package's signature. `mt.score` is the mean natural-log probability of the English
    tokens, end mark included: 0 is certain, lower is worse. `mt.flags` are those of `samestory.mt_flags`, and
    mt-split where a sentence too long for the model was translated in pieces.

    All articles are read before the first is yielded. Raises ModelError where a package is damaged.
    """
    articles = list(articles)
    wanted = _sentences_by_language(articles)
    for lang in sorted(wanted.keys() - packages.keys()):
        _warn_missing(lang, len(wanted.pop(lang)))
    done, total = 0, sum(map(len, wanted.values()))
    for lang, sentences in sorted(wanted.items()):
        for count in _fill(store, packages[lang], options, sentences):
            done += count
            progress(done, total)
    for article in articles:
        yield _with_english(article, packages.get(article.lang), store, options)


def _sentences_by_language(articles: Iterable[Article]) -> dict[str, list[str]]:
    """The sentences that need a model: each once, the shortest first."""
    texts: dict[str, set[str]] = {}
    for article in articles:
        if article.lang != _ENGLISH:
            texts.setdefault(article.lang, set()).update(s.text for s in article.sentences if _has_words(s.text))
    return {lang: sorted(unique, key=lambda text: (len(text), text)) for lang, unique in texts.items() if unique}


def _warn_missing(lang: str, count: int) -> None:
    log.warning(
        "no package translates %s: %d different sentences stay without English "
        "(cure: samestory models install %s, or --argos-packages DIR where you have one)",
        lang,
        count,
        lang,
    )


def _fill(store: Store, package: Package, options: Options, sentences: Sequence[str]) -> Iterator[int]:
    """Translate the sentences the store lacks, chunk by chunk; yield the number of sentences in each.

    The neighbours a sentence is batched with can nudge the last digit of its score. Chunks are cut from
    all sentences, not from the missing ones, and each part is stored at once: so a build that is killed
    and run again batches what is left exactly as if it had never stopped, and writes the same bytes.
    """
    model = None
    for start in range(0, len(sentences), _CHUNK):
        chunk = sentences[start : start + _CHUNK]
        known = _stored(store, package, options, chunk)
        missing = [sentence for sentence in chunk if sentence not in known]
        if missing:
            model = model or Translator(package, options)
            pieces = {sentence: model.pieces(sentence) for sentence in missing}
            for in_pieces in (False, True):
                part = {sentence: cut for sentence, cut in pieces.items() if (len(cut) > 1) is in_pieces}
                store.add_translations(package.sha256, options.key(in_pieces=in_pieces), model.translate(part))
        yield len(chunk)


class _Stored(NamedTuple):
    translation: Translation
    in_pieces: bool


def _stored(store: Store, package: Package, options: Options, sentences: Sequence[str]) -> dict[str, _Stored]:
    whole = store.translations(package.sha256, options.key(in_pieces=False), sentences)
    rest = [sentence for sentence in sentences if sentence not in whole]
    joined = store.translations(package.sha256, options.key(in_pieces=True), rest)
    return {
        **{sentence: _Stored(translation, in_pieces=False) for sentence, translation in whole.items()},
        **{sentence: _Stored(translation, in_pieces=True) for sentence, translation in joined.items()},
    }


def _with_english(article: Article, package: Package | None, store: Store, options: Options) -> Article:
    if article.lang == _ENGLISH:
        sentences = [_as_it_is(sentence) for sentence in article.sentences]
    elif package is None:
        sentences = [s if _has_words(s.text) else _as_it_is(s) for s in article.sentences]
    else:
        stored = _stored(store, package, options, [s.text for s in article.sentences if _has_words(s.text)])
        sentences = [
            _translated(s, stored[s.text], package.signature) if s.text in stored else _as_it_is(s)
            for s in article.sentences
        ]
    return msgspec.structs.replace(article, sentences=tuple(sentences))


def _has_words(text: str) -> bool:
    """Whether there is anything to translate: models make something up of a rule or a row of stars."""
    return any(map(str.isalnum, text))


def _as_it_is(sentence: Sentence) -> Sentence:
    return msgspec.structs.replace(sentence, english=sentence.text, mt=None)


def _translated(sentence: Sentence, stored: _Stored, signature: str) -> Sentence:
    (english, score), in_pieces = stored
    found = flags(sentence.text, english) + (("mt-split",) if in_pieces else ())
    rounded = round(score, 3) + 0.0  # no -0.0
    mt = Mt(signature, rounded if english else None, found)
    return msgspec.structs.replace(sentence, english=english or None, mt=mt)
