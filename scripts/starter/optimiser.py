"""Muon for the matrices (Jordan et al. 2024, scaled as by Liu et al. 2025), AdamW for everything else.

Weights of one shape are kept in one stack, so that an update is a few large operations. The network
computes with a copy of them, in half precision where the device is made for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from starter.batches import PAD

_MOMENTUM = 0.95
_DECAY = 0.02
_POLYNOMIAL = (3.4445, -4.7750, 2.0315)  # Jordan et al. 2024: turns all singular values towards 1


class Stack:
    """Weights of one shape, (count, *shape): the exact ones, those the network computes with, and gradients."""

    def __init__(self, named: Mapping[str, torch.nn.Parameter], dtype: torch.dtype) -> None:
        self.names = list(named)
        self.exact = torch.stack([weight.data for weight in named.values()]).float()
        self.used = self.exact.to(dtype, copy=True)
        self.grads, self.momentum = torch.zeros_like(self.used), torch.zeros_like(self.exact)
        for n, weight in enumerate(named.values()):
            weight.data, weight.grad = self.used[n], self.grads[n]

    def update(self, rate: float) -> None:
        """Take one step of Muon: along the orthogonal momentum; it moves a weight by about `rate` / 5."""
        grads = self.grads.float()
        self.momentum.lerp_(grads, 1 - _MOMENTUM)
        step = _orthogonal(grads.lerp_(self.momentum, _MOMENTUM))
        size = 0.2 * max(self.exact.shape[1:]) ** 0.5
        self.exact.mul_(1 - rate * _DECAY).add_(step, alpha=-rate * size)
        self.used.copy_(self.exact)


class Optimiser:
    """Holds all weights of `network`, whose parameters are views of it, of type `dtype`, from then on."""

    def __init__(self, network: Any, dtype: torch.dtype) -> None:
        by_shape: dict[torch.Size, dict[str, torch.nn.Parameter]] = {}
        shared = network.model.shared.weight
        for name, weight in network.named_parameters():
            if not weight.requires_grad:
                weight.data = weight.data.to(dtype)
            elif weight is not shared:
                by_shape.setdefault(weight.shape, {})[name] = weight
        self._shared = Stack({"model.shared.weight": shared}, dtype)
        self.matrices = [Stack(named, dtype) for shape, named in by_shape.items() if len(shape) == 2]
        self.others = [Stack(named, dtype) for shape, named in by_shape.items() if len(shape) == 1]
        self.others.append(self._shared)
        exact = [stack.exact for stack in self.others]
        self._adam = torch.optim.AdamW(exact, betas=(0.9, 0.98), eps=1e-9, weight_decay=0.0)

    def zero(self) -> None:
        """Forget the gradients."""
        for stack in (*self.matrices, *self.others):
            stack.grads.zero_()

    def update(self, rate: float) -> None:
        """Take one step."""
        self._shared.grads[0, PAD] = 0.0  # stays the zero vector the decoder starts from
        for stack in self.matrices:
            stack.update(rate)
        for stack in self.others:
            stack.exact.grad = stack.grads.float()
        self._adam.param_groups[0]["lr"] = rate
        self._adam.step()
        for stack in self.others:
            stack.used.copy_(stack.exact)

    def weights(self) -> dict[str, torch.Tensor]:
        """Return the exact weights by name."""
        stacks = (*self.matrices, *self.others)
        return {name: weight.clone() for stack in stacks for name, weight in zip(stack.names, stack.exact, strict=True)}

    def state_dict(self) -> dict[str, Any]:
        """Return what a killed training needs to go on."""
        kept = [(stack.exact, stack.momentum) for stack in (*self.matrices, *self.others)]
        return {"stacks": kept, "adam": self._adam.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take up what `state_dict` returned."""
        for stack, (exact, momentum) in zip((*self.matrices, *self.others), state["stacks"], strict=True):
            stack.exact.copy_(exact)
            stack.momentum.copy_(momentum)
            stack.used.copy_(exact)
        self._adam.load_state_dict(state["adam"])


def _orthogonal(matrices: torch.Tensor) -> torch.Tensor:
    """Bring all singular values of matrices, (count, rows, columns), near 1 by five Newton-Schulz steps."""
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.mT if tall else matrices
    x = x.bfloat16() if x.is_cuda else x
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    a, b, c = _POLYNOMIAL
    for _ in range(5):
        square = x @ x.mT
        x = a * x + (b * square + c * square @ square) @ x
    turned: torch.Tensor = x.mT if tall else x
    return turned.float()
