"""Trains the reader; stops at SIGTERM after a checkpoint and goes on with --resume.

    python -m qa.training.reader.train --sets eval --steps 2000 --output run [--resume]

Rounds of some hundred steps draw public questions and our own news.
"""

import argparse
import logging
import os
import signal
import time
from dataclasses import asdict
from pathlib import Path

import torch

from qa.reader_model import ReaderModel
from qa.training.learning import Learner, add_options, begin, fresh_encoder
from qa.training.reader.groups import Group, even_shares
from qa.training.reader.last_layers import SOLVED, freeze_first_layers, read_on
from qa.training.reader.model import (
    EARLY_LOSS,
    SPAN_LOSS,
    Reader,
    copy_weights,
    group_loss,
    in_bfloat16,
    run,
)
from qa.training.reader.restore import restore
from qa.training.reader.rounds import Position, Rounds

LONGEST_STEP = 60.0
"""Seconds; what a step takes beyond that is a pause."""

HEAD_RATE = 5
"""The new heads learn this many times faster than the encoder."""

log = logging.getLogger("training")


def new_reader() -> Reader:
    """Return a reader with the bundled encoder's float weights."""
    return Reader(fresh_encoder())


class Training:
    """The state that a checkpoint holds, and one step of it."""

    def __init__(self, options: argparse.Namespace) -> None:
        torch.manual_seed(options.seed)
        self.options, self.position = options, Position()
        self.reader = new_reader().train()
        if options.begin_from:
            restore(self.reader, options.begin_from)
        self._compute = self._gradients
        if options.last_layers:
            self._first = ReaderModel(options.begin_from)
            freeze_first_layers(self.reader)
            self._compute = self._last_gradients
        self._computing = self.reader if options.float32 else in_bfloat16(self.reader)
        self._wanted = [p for p in self._computing.parameters() if p.requires_grad]
        self.learner = Learner(
            self.reader,
            options.rate,
            warm_up=options.warm_up,
            threads=options.threads,
            is_fast=lambda name: not name.startswith("encoder."),
            fast_rate=1 if options.begin_from else HEAD_RATE,
        )

    @property
    def progress(self) -> float:
        """Share of the training that is done, by steps or by time, whichever is further."""
        by_steps = self.position.step / self.options.steps
        limit = self.options.minutes
        return max(by_steps, self.position.seconds / 60 / limit) if limit else by_steps

    def step(self, groups: list[Group]) -> tuple[float, float, float, int]:
        """Learn from one batch; return its joint, span and early loss and number of tokens."""
        shares = even_shares(groups, self.options.threads)
        copy_weights(self.reader, to=self._computing)
        results = self.learner.in_threads(self._compute, shares)
        gradients = [result[0] for result in results]
        self.learner.learn(gradients, len(groups), self.position.step, self.progress)
        self.position.step += 1
        self.position.round_step += 1
        joint, inside, early = (
            sum(result[n] for result in results) / len(groups) for n in (1, 2, 3)
        )
        n_tokens = sum(group.n_tokens for group in groups)
        return joint, inside, early, n_tokens

    def _gradients(self, groups: list[Group]) -> tuple[list[torch.Tensor], float, float, float]:
        """Return the gradients of the summed loss, and the summed losses."""
        inputs = [item for group in groups for item in group.inputs]
        logits = iter(run(self._computing, inputs))
        losses = [group_loss([next(logits) for _ in group.inputs], group.gold) for group in groups]
        joint, inside, early = (torch.stack(parts).sum() for parts in zip(*losses, strict=True))
        loss = joint + SPAN_LOSS * inside + EARLY_LOSS * early
        gradients = torch.autograd.grad(loss, self._wanted)
        return (
            [gradient.float() for gradient in gradients],
            joint.item(),
            inside.item(),
            early.item(),
        )

    def _last_gradients(
        self, groups: list[Group]
    ) -> tuple[list[torch.Tensor], float, float, float]:
        """The same with the first layers as they are; their loss is 0."""
        gradients = [torch.zeros_like(p) for p in self.learner.parameters]
        sums = [0.0, 0.0]
        for group in groups:
            begun = self._first.begin(group.inputs)
            joint, inside = read_on(self._computing, begun, group.gold)
            sums = [sums[0] + joint.item(), sums[1] + inside.item()]
            if joint.item() > SOLVED:
                found = torch.autograd.grad(joint + SPAN_LOSS * inside, self._wanted)
                for total, gradient in zip(gradients, found, strict=True):
                    total.add_(gradient)
        return gradients, *sums, 0.0

    def save(self) -> None:
        """Write a checkpoint and delete the oldest ones."""
        self.learner.save(self.options.output, self.position.step, asdict(self.position))

    def resume(self) -> None:
        """Go on from the newest checkpoint.

        Raises:
            FileNotFoundError: If there is none.
        """
        self.position = Position(**self.learner.resume(self.options.output))


def train(options: argparse.Namespace) -> None:
    """Train to the end, or until SIGTERM."""
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopped.append(number))
    training, rounds = Training(options), Rounds(options)
    if options.resume:
        training.resume()
    position, saved = training.position, time.monotonic()
    while training.progress < 1 and not stopped:
        planned = rounds.plan(position)
        seen: list[tuple[float, float, float, int, float]] = []
        while position.round_step < options.round_steps and training.progress < 1 and not stopped:
            since = time.monotonic()
            *losses, n_tokens = training.step(rounds.groups(planned, position))
            seconds = time.monotonic() - since
            position.seconds += min(seconds, LONGEST_STEP)
            seen.append((*losses, n_tokens, seconds))
            if len(seen) == options.log_steps:
                _report(training, seen)
                seen = []
            if time.monotonic() - saved > 60 * options.save_minutes:
                training.save()
                saved = time.monotonic()
        if position.round_step == options.round_steps:
            position.seen = rounds.seen_after
            position.round, position.round_step = position.round + 1, 0
    training.save()
    log.info("stopped" if stopped else "done")


def _report(training: Training, seen: list[tuple[float, float, float, int, float]]) -> None:
    joint, inside, early, tokens, seconds = (sum(column) for column in zip(*seen, strict=True))
    log.info(
        "step %d (%.1f %%) loss %.3f span %.3f early %.3f rate %.2e %.2f s/step %.0f tokens/s",
        training.position.step, 100 * training.progress, joint / len(seen), inside / len(seen),
        early / len(seen), training.learner.optimizer.param_groups[0]["lr"], seconds / len(seen),
        tokens / seconds,
    )  # fmt: skip


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_options(parser, rate=1.2e-4, warm_up=80, log_steps=20)
    parser.add_argument(
        "--begin-from",
        type=Path,
        metavar="FOLDER",
        help="an exported reader to learn on from, instead of the encoder",
    )
    parser.add_argument(
        "--last-layers",
        action="store_true",
        help="leave the first layers as they are in --begin-from, see last_layers.py",
    )
    parser.add_argument("--groups", type=int, default=8, help="questions in a step")
    parser.add_argument("--passages", type=int, default=3, help="passages of a question")
    parser.add_argument("--round-steps", type=int, default=200)
    parser.add_argument(
        "--minutes", type=float, help="end at the latest after so much training (not repeatable)"
    )
    parser.add_argument("--float32", action="store_true", help="do not compute in bfloat16")
    options = parser.parse_args()
    if options.last_layers and not options.begin_from:
        parser.error("--last-layers goes with --begin-from, whose first layers it takes")
    begin(options.output)
    (options.output / "pid").write_text(f"{os.getpid()}\n")
    train(options)


if __name__ == "__main__":
    main()
