"""Training the cross-encoder, on a CPU or CUDA: what it learns is kept as the difference from the published model."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn import functional
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from cross.examples import LABELS, Example
from samestory.cross_encoder import trained_weights

_LONGEST = 192  # tokens of both texts, in training
_SORTED = 50  # batches whose texts are sorted by length, so that few of them are filled up much
_WARM_UP = 0.1  # share of the steps
_WEIGHT_DECAY = 0.01
_CLIP = 1.0  # norm of the gradient
_LEVELS = 127  # of int8

Network = Any  # a transformers model
Tokens = tuple[list[int], list[int]]


class Stage(NamedTuple):
    """Passes over the examples, examples a step, and the greatest learning rate."""

    epochs: int
    batch: int
    rate: float


class Trainer:
    """Trains copies of the model in the folder `base`."""

    def __init__(self, base: Path, device: str) -> None:
        self._base = base
        self._device = torch.device(device)
        self._tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
        torch.manual_seed(0)
        self._published = AutoModelForSequenceClassification.from_pretrained(
            base, num_labels=len(LABELS), local_files_only=True, dtype=torch.float32
        )

    def network(self) -> Network:
        """Return the published model with a new head; its embeddings stay as they are."""
        model = copy.deepcopy(self._published).to(self._device)
        model.base_model.embeddings.requires_grad_(False)
        return model

    def resumed(self, weights: Path) -> Network:
        """Return the model of the weights in a file that was written by `save`."""
        model = self.network()
        model.load_state_dict(trained_weights(self._base, weights))
        return model

    def vectors(self, texts: Sequence[str]) -> torch.Tensor:
        """Return the vectors of n texts by the published model, shape (n, d): the means of its token vectors."""
        model = self.network().base_model.eval()
        parts = []
        for start in range(0, len(texts), 256):
            batch = self._tokenizer(
                list(texts[start : start + 256]), padding=True, truncation=True, max_length=128, return_tensors="pt"
            ).to(self._device)
            with torch.inference_mode(), self._half():
                tokens = model(**batch).last_hidden_state.float()
            mask = batch["attention_mask"].unsqueeze(-1)
            parts.append(functional.normalize((tokens * mask).sum(1) / mask.sum(1)))
        return torch.cat(parts)

    def train(self, model: Network, examples: Sequence[Example], stage: Stage, seed: int = 0) -> None:
        """Train `model` on `examples`; either text may come first."""
        torch.manual_seed(seed)
        rng = np.random.default_rng(seed)
        both = [self._tokens([(e.a, e.b) for e in examples]), self._tokens([(e.b, e.a) for e in examples])]
        truth, weight = (torch.tensor([e[n] for e in examples], dtype=torch.float32) for n in (2, 3))
        lengths = np.array([len(ids) for ids, _ in both[0]])
        steps = stage.epochs * -(-len(examples) // stage.batch)
        parameters = [p for p in model.parameters() if p.requires_grad]
        optimiser = torch.optim.AdamW(parameters, lr=stage.rate, weight_decay=_WEIGHT_DECAY)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda n: min(1.0, (n + 1) / (_WARM_UP * steps)) * max(0.0, 1.0 - n / steps)
        )
        model.train()
        for epoch in range(stage.epochs):
            losses = []
            for rows in _batches(lengths, stage.batch, rng):
                turned = rng.random(len(rows)) < 0.5
                batch = self._padded([both[int(t)][n] for n, t in zip(rows, turned, strict=True)])
                with self._half():
                    told = model(**batch).logits.float()
                loss = functional.binary_cross_entropy_with_logits(
                    told, truth[rows].to(self._device), weight[rows].to(self._device), reduction="sum"
                ) / len(rows)
                loss.backward()  # type: ignore[no-untyped-call]
                torch.nn.utils.clip_grad_norm_(parameters, _CLIP)
                optimiser.step()
                schedule.step()
                optimiser.zero_grad()
                losses.append(loss.detach())
            print(f"  pass {epoch + 1} of {stage.epochs}: loss {torch.stack(losses).mean().item():.4f}", flush=True)
        model.eval()

    def save(self, model: Network, path: Path) -> None:
        """Write what `model` has learnt: the differences of its matrices in int8 with a scale a row, others whole."""
        published = self._published.state_dict()
        kept: dict[str, torch.Tensor] = {}
        for name, tensor in model.state_dict().items():
            if "embeddings" in name:
                continue
            head = name.startswith("classifier")
            difference = tensor.cpu() if head else tensor.cpu() - published[name]
            if difference.dim() == 2 and not head:
                scale = difference.abs().amax(1, keepdim=True).clamp_min(1e-12) / _LEVELS
                kept[f"{name}.scale"] = scale
                difference = (difference / scale).round().to(torch.int8)
            kept[name] = difference.contiguous()
        beside = path.with_suffix(".part")
        save_file(kept, beside)
        beside.chmod(0o644)
        beside.replace(path)

    def _tokens(self, texts: Sequence[tuple[str, str]]) -> list[Tokens]:
        told = self._tokenizer(
            [a for a, _ in texts], [b for _, b in texts], truncation="longest_first", max_length=_LONGEST
        )
        return list(zip(told["input_ids"], told["token_type_ids"], strict=True))

    def _padded(self, rows: Sequence[Tokens]) -> dict[str, torch.Tensor]:
        width = max(len(ids) for ids, _ in rows)
        filled = np.zeros((3, len(rows), width), dtype=np.int64)
        for n, (ids, types) in enumerate(rows):
            filled[0, n, : len(ids)], filled[1, n, : len(ids)], filled[2, n, : len(ids)] = ids, types, 1
        names = "input_ids", "token_type_ids", "attention_mask"
        return {name: torch.from_numpy(part).to(self._device) for name, part in zip(names, filled, strict=True)}

    def _half(self) -> torch.autocast:
        """Return half precision on CUDA; a CPU is slower with it."""
        return torch.autocast(self._device.type, torch.bfloat16, enabled=self._device.type == "cuda")


def mean(a: Network, b: Network) -> Network:
    """Return `b` with the mean of the weights of both.

    Trained further, a network keeps more so of what it knew of other text (Wortsman et al. 2022, Robust fine-tuning of
    zero-shot models, https://arxiv.org/abs/2109.01903).
    """
    other = a.state_dict()
    b.load_state_dict(
        {name: (w + other[name]) / 2 if w.is_floating_point() else w for name, w in b.state_dict().items()}
    )
    return b


def nearest(a: torch.Tensor, b: torch.Tensor, count: int) -> list[list[int]]:
    """Return for each row of `a` the rows of `b` that are nearest, but for that of the same place; (n, d) both."""
    found = []
    for start in range(0, len(a), 1024):
        similarity = a[start : start + 1024] @ b.T
        own = torch.arange(len(similarity), device=a.device)
        similarity[own, own + start] = -1.0
        found += similarity.topk(count, 1).indices.tolist()
    return found


def _batches(
    lengths: np.ndarray[tuple[int], np.dtype[np.int64]], size: int, rng: np.random.Generator
) -> Iterator[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Yield all rows once, in random batches of rows of about one length."""
    order = rng.permutation(len(lengths))
    batches = []
    for start in range(0, len(order), size * _SORTED):
        part = order[start : start + size * _SORTED]
        part = part[np.argsort(lengths[part], kind="stable")]
        batches += [part[k : k + size] for k in range(0, len(part), size)]
    for n in rng.permutation(len(batches)):
        yield batches[n]
