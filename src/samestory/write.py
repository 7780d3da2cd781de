"""Write: the corpus, the alignment, and what tells of them; the manifest last."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from samestory import __version__, manifest, rows
from samestory.card import card
from samestory.config import Config
from samestory.files import Folder, pretty
from samestory.manifest import MANIFEST, Counts, Manifest, Models
from samestory.records import Article, Explanation, Group, Pair, Rejection, Story
from samestory.report import report

# What builds write, whole or in part: one that was killed left files that no manifest names.
_PART = r"\..+\.part"
_CORPUS_FILE = re.compile(rf"[a-z]{{2,3}}\.jsonl|{_PART}")
_ALIGNED_FILE = re.compile(rf"[a-z]{{2,3}}-[a-z]{{2,3}}\.jsonl|explained\.jsonl|{_PART}")


class Result(msgspec.Struct, frozen=True):
    """Everything the stages made."""

    articles: Sequence[Article]
    stories: Sequence[Story]
    pairs: Sequence[Pair]
    groups: Sequence[Group]
    rejected: Sequence[Rejection]
    explained: Sequence[Explanation] | None = None

    def counts(self) -> Counts:
        """Return what there is of each."""
        sentences: Counter[str] = Counter()
        flagged: Counter[str] = Counter()
        for article in self.articles:
            sentences[article.lang] += len(article.sentences)
            flagged.update(flag for s in article.sentences if s.mt is not None for flag in s.mt.flags)
        return Counts(
            articles=_sorted(Counter(article.lang for article in self.articles)),
            sentences=_sorted(sentences),
            translated=sum(s.mt is not None for a in self.articles for s in a.sentences),
            flagged_sentences=sum(s.mt is not None and bool(s.mt.flags) for a in self.articles for s in a.sentences),
            flagged=_sorted(flagged),
            stories=len(self.stories),
            pairs=_sorted(Counter("-".join(pair.languages) for pair in self.pairs)),
            groups=len(self.groups),
            rejected=_sorted(Counter(rejection.reason for rejection in self.rejected)),
        )


def write(result: Result, corpus: Path, aligned: Path, config: Config, models: Models, seeds: str) -> Manifest:
    """Write the folders `corpus` and `aligned` and return their manifest; remove the files of earlier builds.

    `seeds` is the fingerprint of the seeds.
    """
    signature = manifest.signature(config, models)
    corpus_folder, aligned_folder = Folder(corpus), Folder(aligned)
    _write_corpus(corpus_folder, result.articles)
    _write_aligned(aligned_folder, result, signature)
    corpus_folder.remove_others(_CORPUS_FILE)
    aligned_folder.remove_others(_ALIGNED_FILE)
    record = Manifest(
        samestory=__version__,
        signature=signature,
        key=manifest.key(config, models, seeds),
        settings=manifest.settings(config),
        models=models,
        seeds=seeds,
        counts=result.counts(),
        corpus=dict(corpus_folder.hashes),
        aligned=dict(aligned_folder.hashes),
    )
    aligned_folder.write(MANIFEST, pretty(record))
    return record


def write_rejected(folder: Folder, rejected: Iterable[Rejection]) -> None:
    """Write rejected.jsonl, in order of path."""
    ordered = sorted(rejected, key=lambda r: (r.path, r.stage, r.reason))
    folder.write_rows("rejected.jsonl", map(rows.rejection_row, ordered))


def _write_corpus(folder: Folder, articles: Sequence[Article]) -> None:
    for lang in sorted({article.lang for article in articles}):
        folder.write_rows(f"{lang}.jsonl", (rows.article_row(a) for a in articles if a.lang == lang))


def _write_aligned(folder: Folder, result: Result, signature: str) -> None:
    articles = {article.id: article for article in result.articles}
    stories = [rows.story_row(story, articles) for story in result.stories]
    pairs = [rows.pair_row(pair, articles) for pair in result.pairs]
    counts = result.counts()
    folder.write_rows("stories.jsonl", stories)
    folder.write_rows("groups.jsonl", (rows.group_row(group, articles) for group in result.groups))
    for name in counts.pairs:
        folder.write_rows(f"{name}.jsonl", (row for row in pairs if "-".join(row["translation"]) == name))
    write_rejected(folder, result.rejected)
    if result.explained is not None:
        folder.write_rows("explained.jsonl", (rows.explanation_row(e, articles) for e in result.explained))
    folder.write("report.html", report(stories, pairs, [rows.rejection_row(r) for r in result.rejected], signature))
    folder.write("README.md", card(counts.pairs, folder.hashes, sorted(counts.articles), len(stories), signature))


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))
