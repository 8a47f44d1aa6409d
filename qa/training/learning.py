"""What training the encoder and training the reader share: steps, threads and checkpoints."""

import argparse
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import torch
from transformers import BertModel

from qa.training.build_encoder import float_model
from qa.training.schedule import rate_at

KEPT_CHECKPOINTS = 3
WEIGHT_DECAY = 0.01
LARGEST_GRADIENT = 1.0
"""Gradients longer than that are cut to it."""

Gradients = Sequence[torch.Tensor]
_Share = TypeVar("_Share")
_Result = TypeVar("_Result")

log = logging.getLogger("training")


def fresh_encoder() -> BertModel:
    """Return the encoder with its float weights, ready to be trained on a processor."""
    encoder, _ = float_model()
    # Random numbers for dropout cost as much on a CPU as the rest of the forward pass.
    for module in encoder.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    # Their gradient, mostly zeros, costs a fifth of a step on a CPU.
    encoder.embeddings.word_embeddings.requires_grad_(False)
    return encoder.train()


class Learner:
    """A model with its optimizer; every thread computes gradients of its own share."""

    def __init__(
        self,
        model: torch.nn.Module,
        rate: float,
        *,
        warm_up: int,
        threads: int,
        is_fast: Callable[[str], bool] = lambda _name: False,
        fast_rate: float = 1.0,
    ) -> None:
        """Learn with AdamW, without decay of biases and norms.

        Args:
            model: What learns: its parameters that want a gradient.
            rate: The full learning rate.
            warm_up: Steps of rising rate.
            threads: That compute gradients at once.
            is_fast: Whether the parameter of this name learns `fast_rate` times faster.
            fast_rate: See `is_fast`.
        """
        self.model = model
        self.parameters = [p for p in model.parameters() if p.requires_grad]
        self._warm_up, self._workers = warm_up, ThreadPoolExecutor(threads)
        groups: dict[tuple[bool, bool], list[torch.nn.Parameter]] = {}
        for name, parameter in model.named_parameters():
            if parameter.requires_grad:
                groups.setdefault((is_fast(name), parameter.ndim > 1), []).append(parameter)
        self.optimizer = torch.optim.AdamW(
            [
                {
                    "params": parameters,
                    "lr": rate * (fast_rate if fast else 1),
                    "weight_decay": WEIGHT_DECAY if is_matrix else 0.0,
                }
                for (fast, is_matrix), parameters in groups.items()
            ],
            betas=(0.9, 0.98),
            fused=True,
        )
        self._full_rates = [group["lr"] for group in self.optimizer.param_groups]

    def in_threads(
        self, compute: Callable[[_Share], _Result], shares: Sequence[_Share]
    ) -> list[_Result]:
        """Return what every share gives, in their order."""
        return list(self._workers.map(compute, shares))

    def learn(self, gradients: Sequence[Gradients], n: int, step: int, progress: float) -> None:
        """Take one step.

        Args:
            gradients: Of each share, one a parameter in the order of `parameters`; summed in
                the order of the shares, so that runs can be repeated.
            n: What the sum is divided by.
            step: Steps done.
            progress: Share of the training that is done.
        """
        for parameter, *parts in zip(self.parameters, *gradients, strict=True):
            for other in parts[1:]:
                parts[0].add_(other)
            parameter.grad = parts[0].div_(n)
        torch.nn.utils.clip_grad_norm_(self.parameters, LARGEST_GRADIENT)
        share = rate_at(step, progress, self._warm_up)
        for group, rate in zip(self.optimizer.param_groups, self._full_rates, strict=True):
            group["lr"] = rate * share
        self.optimizer.step()
        self.optimizer.zero_grad()

    def save(self, folder: Path, step: int, position: dict[str, Any]) -> None:
        """Write a checkpoint and delete the oldest ones."""
        path = folder / f"step-{step:06d}.pt"
        torch.save(
            {
                "model": self.model.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "position": position,
            },
            path.with_suffix(".tmp"),
        )
        path.with_suffix(".tmp").rename(path)
        for old in sorted(folder.glob("step-*.pt"))[:-KEPT_CHECKPOINTS]:
            old.unlink()
        log.info("wrote %s", path.name)

    def resume(self, folder: Path) -> dict[str, Any]:
        """Take the newest checkpoint and return its position.

        Raises:
            FileNotFoundError: If there is none.
        """
        paths = sorted(folder.glob("step-*.pt"))
        if not paths:
            raise FileNotFoundError(f"{folder}: no step-*.pt to resume from")
        state: dict[str, Any] = torch.load(paths[-1], weights_only=True)
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        log.info("resumed %s", paths[-1].name)
        position: dict[str, Any] = state["position"]
        return position


def add_options(
    parser: argparse.ArgumentParser, *, rate: float, warm_up: int, log_steps: int
) -> None:
    """Give a command line the options that every training has, with these defaults."""
    parser.add_argument("--sets", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--output", type=Path, required=True, help="for checkpoints")
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--warm-up", type=int, default=warm_up, help="steps of rising rate")
    parser.add_argument("--rate", type=float, default=rate, help="full learning rate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--save-minutes", type=float, default=10)
    parser.add_argument("--log-steps", type=int, default=log_steps)
    parser.add_argument("--resume", action="store_true")


def begin(folder: Path) -> None:
    """Make the folder of a training, log into it, and compute with one thread a worker.

    Threads that wait for each other inside every product lose far more when other programs take
    a core.
    """
    folder.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        filename=folder / "train.log", level=logging.INFO, format="%(asctime)s %(message)s"
    )
    torch.set_num_threads(1)
