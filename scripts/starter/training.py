"""Train the network for one stage of the recipe: resume, learn, save, and average the last weights."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch

from starter.batches import Batch, Batches, held_out, loader
from starter.corpora import Pair
from starter.network import load, loss_of, new_network
from starter.optimiser import Optimiser

_SAY = 100  # steps between two lines of the log
_WATCH = 3000  # steps between two looks at held-out text
_SAVE_SECONDS = 600.0  # what a killed training loses at most


class Stage(NamedTuple):
    """One stage: `steps` updates at `rate`, warmed up over `warm` of them, cooled down from `cool` (share) on.

    `kept` sets of weights of its last tenth are averaged (Vaswani et al. 2017). `sampled` is the share of
    the text that is cut into sampled pieces.
    """

    name: str
    steps: int
    rate: float
    warm: int
    cool: float
    kept: int
    sampled: float


class Machine(NamedTuple):
    """What the training runs on: target tokens in a batch, processes that make batches."""

    device: str
    tokens: int
    workers: int


class Trainer:
    """Trains one network, stage after stage, in `folder`."""

    def __init__(self, names: Sequence[str], vocabulary: Path, folder: Path, machine: Machine) -> None:
        self._names, self._vocabulary, self._folder, self._machine = names, vocabulary, folder, machine

    def train(
        self,
        stage: Stage,
        pairs: Sequence[Pair],
        dev: Mapping[str, Sequence[Pair]],
        *,
        start: Path | None = None,
        minutes: float = math.inf,
    ) -> Path:
        """Train one stage and return the file of its averaged weights; a stage that is done is not done again.

        Starts from the weights in `start`, or from random ones. After `minutes` the stage ends as if its
        steps were over: the learning rate follows whichever of the two is further on. `dev` is held-out
        text, to watch. Raises ValueError where the folder holds the stage with other settings.
        """
        done, settings = (self._folder / f"{stage.name}.{what}" for what in ("pt", "settings"))
        if settings.exists() and settings.read_text() != str(stage):
            raise ValueError(f"{self._folder} holds the stage {stage.name} with other settings: name another folder")
        settings.write_text(str(stage))
        if done.exists():
            return done
        torch.manual_seed(1)
        network, machine = new_network(), self._machine
        if start:
            load(start, network)
        run = _Run(stage, network, self._folder, machine.device)
        seed = run.step + 1
        batches = Batches(pairs, self._names, self._vocabulary, machine.tokens, seed=seed, sampled=stage.sampled)
        watched = {lang: held_out(own, self._vocabulary, machine.tokens) for lang, own in dev.items()}
        run.learn(loader(batches, machine.workers), minutes, watched)
        _write(_averaged(run.snapshots), done)
        for snapshot in [*run.snapshots, run.state]:
            snapshot.unlink(missing_ok=True)
        del run, network
        gc.collect()  # the recorded steps hold a device's memory until then
        if machine.device != "cpu":
            torch.cuda.empty_cache()
        return done


class _Run:
    """A stage under way: the weights, the optimiser, and how far it has come."""

    def __init__(self, stage: Stage, network: Any, folder: Path, device: str) -> None:
        self.stage, self.device = stage, device
        self.folder, self.state = folder, folder / f"{stage.name}.state.pt"
        self.step, self.seconds = 0, 0.0
        self.network = network.to(device)
        self.optimiser = Optimiser(network, torch.bfloat16 if device != "cpu" else torch.float32)
        self.gradients = _Replayed(self._gradients) if device != "cpu" else self._gradients
        if self.state.exists():
            saved = torch.load(self.state, map_location=device, weights_only=True)
            self.optimiser.load_state_dict(saved["optimiser"])
            self.step, self.seconds = saved["step"], saved["seconds"]
            for late in self.snapshots:
                if _step_of(late) > self.step:
                    late.unlink()  # of the training that was killed: this one comes by other weights
            print(f"{stage.name}: goes on from step {self.step}", flush=True)

    @property
    def snapshots(self) -> list[Path]:
        """The files of the weights to average, the oldest first."""
        found = self.folder.glob(f"{self.stage.name}.at-*.pt")
        return sorted(found, key=_step_of)

    def learn(self, batches: Iterator[Batch], minutes: float, dev: Mapping[str, Sequence[Batch]]) -> None:
        self.network.train()
        began = time.monotonic() - self.seconds
        kept = len(self.snapshots)
        losses = words = torch.zeros((), device=self.device)
        said = saved = time.monotonic()
        while (progress := max(self.step / self.stage.steps, self.seconds / 60 / minutes)) < 1:
            loss, count = self.gradients(next(batches))
            self.optimiser.update(self.stage.rate * _share_of_rate(self.step, self.stage, progress))
            losses, words = losses + loss, words + count
            self.step += 1
            if self.step % _SAY == 0:
                each, seconds = float(losses / words), time.monotonic() - said
                speed = f"{float(words) / seconds:.0f} tokens/s"
                print(f"{self.stage.name} {progress:.1%} step {self.step} loss {each:.3f} {speed}", flush=True)
                losses = words = torch.zeros((), device=self.device)
                said = time.monotonic()
            self.seconds = time.monotonic() - began
            # Evenly over the last tenth; the last of all comes at the end.
            if kept < self.stage.kept - 1 and progress >= 0.9 + 0.1 * kept / (self.stage.kept - 1):
                kept += 1
                self._save_snapshot()
            if time.monotonic() - saved >= _SAVE_SECONDS:
                self._save_state()
                saved = time.monotonic()
            if self.step % _WATCH == 0:
                self.tell(dev)
        self._save_snapshot()
        self.tell(dev)

    def tell(self, dev: Mapping[str, Sequence[Batch]]) -> None:
        """Print the loss (nats a token) on held-out text."""
        self.network.eval()
        for name, batches in dev.items():
            total = count = 0.0
            for batch in batches:
                with torch.inference_mode():
                    loss, words = loss_of(self.network, self._moved(batch), smoothing=0.0)
                total, count = total + float(loss), count + float(words)
            print(f"{self.stage.name} step {self.step}: dev loss {name} {total / count:.4f}", flush=True)
        self.network.train()

    def _gradients(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        self.optimiser.zero()
        loss, count = loss_of(self.network, self._moved(batch))
        (loss / count).backward()  # type: ignore[no-untyped-call]
        return loss.detach(), count

    def _moved(self, batch: Batch) -> Batch:
        return Batch(*(part.to(self.device, torch.long) for part in batch))

    def _save_snapshot(self) -> None:
        _write(self.optimiser.weights(), self.folder / f"{self.stage.name}.at-{self.step}.pt")

    def _save_state(self) -> None:
        _write({"optimiser": self.optimiser.state_dict(), "step": self.step, "seconds": self.seconds}, self.state)


class _Replayed:
    """Records what `function` does on a CUDA device once for every shape of batch, and replays it.

    A step is hundreds of small operations: to start them one by one takes longer than to compute them.
    """

    def __init__(self, function: Any) -> None:
        self._function = function
        self._recorded: dict[torch.Size, tuple[Any, Batch, Any]] = {}
        self._pool = torch.cuda.graph_pool_handle()

    def __call__(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        shape = batch.source.shape
        if shape not in self._recorded:
            self._recorded[shape] = self._record(batch)
        graph, read, result = self._recorded[shape]
        for to, part in zip(read, batch, strict=True):
            to.copy_(part)
        graph.replay()
        loss, count = result
        return loss.clone(), count.clone()

    def _record(self, batch: Batch) -> tuple[Any, Batch, Any]:
        read = Batch(*(part.cuda().long() for part in batch))
        aside = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(2):
                self._function(read)
        torch.cuda.current_stream().wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=self._pool, capture_error_mode="thread_local"):
            result = self._function(read)
        return graph, read, result


def _step_of(snapshot: Path) -> int:
    return int(snapshot.stem.rpartition("-")[2])


def _share_of_rate(step: int, stage: Stage, progress: float) -> float:
    """Up in a line, level, and down in a line to nothing (Hägele et al. 2024)."""
    return max(min((step + 1) / stage.warm, 1.0, (1 - progress) / max(1 - stage.cool, 1e-9)), 0.01)


def _averaged(files: Sequence[Path]) -> dict[str, torch.Tensor]:
    total: dict[str, torch.Tensor] = {}
    for file in files:
        for name, weight in torch.load(file, map_location="cpu", weights_only=True).items():
            total[name] = total.get(name, 0.0) + weight.float() / len(files)
    return total


def _write(content: Any, path: Path) -> None:
    """Write at once or not at all."""
    partial = path.with_suffix(".partial")
    torch.save(content, partial)
    partial.replace(path)
