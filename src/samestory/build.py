"""The build: from raw articles to an aligned corpus. It reads as a sentence travels."""

from __future__ import annotations

import os
from collections.abc import Collection as AnyCollection
from collections.abc import Sequence
from pathlib import Path

import msgspec
from threadpoolctl import threadpool_limits

from samestory import argos, cross_encoder, looks, manifest, monotone, scorer
from samestory.align import align
from samestory.collection import Collection
from samestory.config import DEFAULTS, Config
from samestory.encode import encode
from samestory.encoders import DIRECT, ENGLISH, encoder, warn_of_unfitted
from samestory.errors import NothingUsable, SamestoryError, UsageError
from samestory.files import Folder
from samestory.free import FreeOrder
from samestory.groups import groups
from samestory.ingest import documents, find, fingerprint, ingest
from samestory.judge import SharedFacts
from samestory.manifest import MANIFEST, Counts, Manifest, Models
from samestory.neighbours import candidates
from samestory.pairing import Pairing
from samestory.progress import Quiet, Reporter
from samestory.readers import readers
from samestory.records import Refuse, Rejection
from samestory.split import signature as splitter_signature
from samestory.split import split
from samestory.store import Store, default_cache
from samestory.stories import explained, stories
from samestory.translate import translate
from samestory.write import Result, write, write_rejected

_BLAS_THREADS = 1  # products of a few dozen sentences: more threads wait for one another longer than they work


class Report(msgspec.Struct, frozen=True):
    """What a build did: its counts, the seconds of each stage, and whether there was nothing new to do."""

    counts: Counts
    seconds: dict[str, float]
    up_to_date: bool


def build(
    seeds: Sequence[Path | str] | Path | str,
    corpus: Path | str,
    aligned: Path | str,
    *,
    config: Config = DEFAULTS,
    cache: Path | str | None = None,
    argos_packages: Sequence[Path] = (),
    reporter: Reporter | None = None,
    fresh: bool = False,
) -> Report:
    """Build `corpus` and `aligned` from `seeds` and return what was made.

    Where the folders already hold the result of the same seeds, settings, models and code, nothing is
    done, unless `fresh`. Raises UsageError for a seed or setting that makes no sense, NothingUsable
    where no article could be read, ModelError for a model that is missing or damaged.
    """
    reporter = reporter or Quiet()
    seeds = [seeds] if isinstance(seeds, str | Path) else seeds
    corpus, aligned = Path(corpus), Path(aligned)
    _check_folders(seeds, corpus, aligned)
    tools = _Tools(config, argos_packages)
    config = tools.config
    rejected: list[Rejection] = []

    with reporter.stage("check") as stage:
        fingerprint_ = fingerprint(seeds)
        before = manifest.read(aligned)
        if before is not None and not fresh and _is_done(before, tools, fingerprint_, corpus, aligned):
            stage.note = "nothing is new"
            return Report(before.counts, reporter.seconds, up_to_date=True)
        stage.note = "there is work to do"

    with Store(Path(cache) if cache is not None else default_cache()) as store:
        with reporter.stage("ingest") as stage:
            articles = list(ingest(documents(seeds, rejected.append), rejected.append, config.langs))
            stage.note = f"{len(articles)} articles, {len(rejected)} rejected"
        if not articles:
            raise _nothing_usable(seeds, aligned, rejected)

        with reporter.stage("split") as stage:
            articles = list(split(articles))
            stage.note = f"{sum(len(a.sentences) for a in articles)} sentences"

        with reporter.stage("translate") as stage:
            articles = list(translate(articles, tools.packages, store, config.translation, stage.progress))
            english = sum(s.mt is not None for a in articles for s in a.sentences)
            stage.note = f"{english} sentences to English, {store.new_translations} translated now"

        with reporter.stage("encode") as stage:
            encoded = list(encode(articles, tools.direct, tools.english, store, stage.progress))
            stage.note = f"{sum(len(e.direct) for e in encoded)} content sentences"

        collection = Collection(encoded)
        with reporter.stage("stories") as stage, threadpool_limits(_BLAS_THREADS):
            judge = tools.judge(collection)
            found = list(stories(encoded, judge, candidates, stage.progress))
            reasons = list(explained(encoded, judge, found, candidates)) if config.explain else None
            stage.note = f"{len(found)} {'story' if len(found) == 1 else 'stories'}"

        with reporter.stage("align") as stage, threadpool_limits(_BLAS_THREADS):
            pairing = tools.pairing(collection, store, rejected.append)
            pairs = list(align(found, {e.article.id: e for e in encoded}, pairing, stage.progress))
            joined = list(groups(pairs))
            stage.note = f"{len(pairs)} pairs of score {config.threshold:g} or more, {len(joined)} groups"

    with reporter.stage("write") as stage:
        result = Result(articles, found, pairs, joined, rejected, reasons)
        models = tools.models({article.lang for article in articles})
        try:
            record = write(result, corpus, aligned, config, models, fingerprint_)
        except OSError as error:
            raise SamestoryError(f"{error.filename or aligned} cannot be written: {error.strerror}") from error
        stage.note = f"{len(record.corpus) + len(record.aligned) + 1} files"
    return Report(record.counts, reporter.seconds, up_to_date=False)


def _nothing_usable(seeds: Sequence[Path | str], aligned: Path, rejected: Sequence[Rejection]) -> NothingUsable:
    """Write why no article could be used and return the error that says so."""
    (aligned / MANIFEST).unlink(missing_ok=True)  # what lies there is no longer what the seeds give
    write_rejected(Folder(aligned), rejected)
    if not rejected:
        return NothingUsable(f"no file to read in {', '.join(map(str, seeds))}: put articles there")
    return NothingUsable(f"no article could be used: {aligned / 'rejected.jsonl'} says why of each file")


class _Tools:
    """The models a build may use. None is loaded before it is needed."""

    def __init__(self, config: Config, argos_packages: Sequence[Path]) -> None:
        threads = config.translation.threads or os.cpu_count() or 1
        self._scorers = scorer.load()
        if config.min_score is None:
            least = self._scorers.calibration.threshold(config.precision)
            config = msgspec.structs.replace(config, min_score=least)
        self.config = config
        self.packages = argos.find_packages(argos_packages)
        self.direct = encoder(config.direct_encoder, threads)
        self.english = encoder(config.english_encoder, threads)
        warn_of_unfitted(config.direct_encoder, DIRECT)
        warn_of_unfitted(config.english_encoder, ENGLISH)

    def judge(self, collection: Collection) -> SharedFacts:
        """Return the judge of stories."""
        return SharedFacts(collection, scorer.load_trees(), scorer.load_story_trees())

    def pairing(self, collection: Collection, store: Store, refuse: Refuse) -> Pairing:
        """Return the aligner of the articles of a story."""
        least = self.config.threshold
        read = readers(self.packages, store, self.config.translation)
        return Pairing(
            collection,
            FreeOrder(collection, looks.load(read), self._scorers.calibration, least),
            monotone.load(),
            least,
            order=self.config.order,
            keep_divergent=self.config.keep_divergent,
            refuse=refuse,
        )

    def models(self, languages: AnyCollection[str]) -> Models:
        """Return the names of what a build of articles in `languages` uses."""
        packages = {lang: package for lang, package in self.packages.items() if lang in languages}
        return Models(
            direct=self.direct.signature,
            english=self.english.signature,
            scorer=scorer.signature(),
            cross=cross_encoder.signature(),
            monotone=monotone.signature(),
            splitters={lang: splitter_signature(lang) for lang in sorted(languages)},
            packages={lang: package.signature for lang, package in sorted(packages.items())},
        )


def _is_done(before: Manifest, tools: _Tools, seeds: str, corpus: Path, aligned: Path) -> bool:
    """Whether `before` is the result of the same seeds, settings, models and code, and its files are unchanged."""
    models = tools.models(before.counts.articles.keys())
    same = before.key == manifest.key(tools.config, models, seeds)
    return same and Folder(corpus).holds(before.corpus) and Folder(aligned).holds(before.aligned)


def _check_folders(seeds: Sequence[Path | str], corpus: Path, aligned: Path) -> None:
    """Make the output folders; raise UsageError where they cannot be written or lie among the seeds."""
    if corpus.resolve() == aligned.resolve():
        raise UsageError(f"--corpus and --aligned are both {corpus}: name two folders")
    files = [found.file.resolve() for found in find(seeds)]
    folders = [Path(seed).resolve() for seed in seeds if Path(seed).is_dir()]
    for folder in (corpus, aligned):
        here = folder.resolve()
        if any(file.is_relative_to(here) for file in files) or any(here.is_relative_to(seed) for seed in folders):
            raise UsageError(f"{folder} lies among the seeds and would be written to: name another folder")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            writable = os.access(folder, os.W_OK)
        except OSError as error:
            raise UsageError(f"{folder} cannot be made ({error.strerror}): name a folder to write to") from error
        if not writable:
            raise UsageError(f"{folder} cannot be written: name another folder")
