"""Runs a stage: steps, averaged weights, a log, and a state that can be left and taken up at any moment."""

from __future__ import annotations

import argparse
import copy
import datetime
import json
import math
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from caption import Caption
from data import Material
from distil import Distil
from evaluation import dev_embedded, dev_recall
from match import Match
from model import Beit3, Size, checkpoint_weights, of_another_size
from muon import Muon
from packed import Made
from reading import Sample, dev_reading
from tokenizer import take_tokenizer
from vision import Vision
from words import Words

STAGES = {"words": Words, "vision": Vision, "distil": Distil, "match": Match, "caption": Caption}
WARM_UP = 100
LOG_EVERY = 20
SAVE_EVERY_SECONDS = 300
#: The part of a cool-down in which pictures are seen whole, as they will be when the model is used.
WHOLE = 0.25
#: How much of the averaged weights a step keeps.
AVERAGE = 0.995
#: Steps after which the speed is measured, and until when, where a stage has so many minutes and not so many steps.
MEASURED = (20, 60)
#: What of its time it learns; evaluations and whole pictures at the end have the rest.
PLANNED = 0.85
#: The part of those steps in which the rate falls.
COOLING = 0.5
#: Pictures a step and peak rates on a GPU; a CPU has those of the stages.
LARGE = {"vision": (1024, 2e-3), "caption": (512, 1.5e-3)}


def written(path: Path, state: dict[str, Any]) -> None:
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    os.replace(partial, path)


def newest(work: Path) -> Path | None:
    """The state of the last stage that was begun."""
    states = [work / f"{name}.pt" for name in STAGES if (work / f"{name}.pt").exists()]
    return max(states, key=lambda path: path.stat().st_mtime) if states else None


def rate_at(step: int, begun: int, steps: int, cooldown: int) -> float:
    """Up, level, and down in the last ``cooldown`` steps: a training on the level can be prolonged for as long as one likes."""
    up = min(1.0, (step - begun + 1) / WARM_UP)
    left = (steps - step) / cooldown if cooldown else 1.0
    return up * min(1.0, left)


def material_of(options: argparse.Namespace, device: torch.device) -> Material:
    if options.start is not None:
        take_tokenizer(options.work, options.start)
    return Material(options.work, options.shared, device, options.seed, made=Made(options.image, options.views))


class Run:
    def __init__(self, name: str, options: argparse.Namespace, device: torch.device, material: Material | None = None) -> None:
        self.name, self.options, self.device = name, options, device
        self.work: Path = options.work
        self.path = self.work / f"{name}.pt"
        material = material or material_of(options, device)
        self.steps, self.cooldown = options.steps, options.cooldown
        size = Size(options.width, options.layers, options.heads, options.image, vocabulary=material.tokenizer.vocabulary)
        torch.manual_seed(options.seed)
        self.model = Beit3(size).to(device)
        self.stage = STAGES[name](self.model, material)
        if options.sight_stays:
            self.stage.sight_stays = True
            for parameter in self.model.sight():
                parameter.requires_grad_(False)
        self.average = copy.deepcopy(self.model).eval().requires_grad_(False)
        self.optimizers = self._optimizers()
        self.step = self.begun = 0
        self._begin()
        if options.compiled:
            for layer in self.model.beit3.encoder.layers:
                layer.compile(dynamic=True)
        self.deadline = time.time() + 60 * options.minutes if options.minutes else None
        self.stopped = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def _stop(self, *_: object) -> None:
        self.stopped = True

    def _optimizers(self) -> list[torch.optim.Optimizer]:
        """Matrices between layers are Muon's; embeddings, norms, biases and heads are AdamW's."""
        hidden: list[nn.Parameter] = []
        heads: list[nn.Parameter] = []
        free: list[nn.Parameter] = []
        for name, parameter in [*self.model.named_parameters(), *self.stage.extra.named_parameters()]:
            if not parameter.requires_grad:
                continue
            if parameter.dim() < 2 or "embed" in name or "token" in name:
                free.append(parameter)
            else:
                (hidden if ".layers." in name else heads).append(parameter)
        decay, rate = self.stage.decay, self.stage.rate
        groups = [{"params": heads, "weight_decay": decay}, {"params": free, "weight_decay": 0.0}]
        return [
            Muon(hidden, lr=rate, weight_decay=decay),
            torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), foreach=True),
        ]

    def _begin(self) -> None:
        """This stage's own state, or the last stage's weights, or a checkpoint, or nothing."""
        if self.path.exists():
            return self._resume()
        before = newest(self.work)
        if self.options.start is not None:
            weights = of_another_size(checkpoint_weights(self.options.start, self.device), self.model.size.grid)
            missing = self.model.load_state_dict(weights, strict=False)
            print(f"begin: {self.options.start.name} has no {', '.join(missing.missing_keys) or 'gaps'}", flush=True)
            self.stage.begin()
        elif before is not None:
            state = torch.load(before, map_location=self.device, weights_only=False)
            self.model.load_state_dict(state["average"])
            self.stage.extra.load_state_dict(state["extra"])
        self.stage.add()
        self.average.load_state_dict(self.model.state_dict())

    def _resume(self) -> None:
        state = torch.load(self.path, map_location=self.device, weights_only=False)
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.stage.extra.load_state_dict(state["extra"])
        self.stage.queue = state["queue"]
        for optimizer, kept in zip(self.optimizers, state["optimizers"]):
            optimizer.load_state_dict(kept)
        self.step, self.begun = state["step"], state["begun"]

    def save(self) -> None:
        written(
            self.path,
            {
                "step": self.step,
                "begun": self.begun,
                "size": vars(self.model.size),
                "model": self.model.state_dict(),
                "average": self.average.state_dict(),
                "extra": self.stage.extra.state_dict(),
                "queue": self.stage.queue,
                "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            },
        )

    def log(self, **entry: Any) -> None:
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
        line = json.dumps({"time": now, "stage": self.name, "step": self.step, **entry})
        print(line, flush=True)
        with open(self.work / "log.jsonl", "a", encoding="utf8") as file:
            file.write(line + "\n")

    def one_step(self, size: int, peak: float, batch: Any = None) -> dict[str, Tensor]:
        """``batch``: the step's, where it has been put together before."""
        cooldown, steps = self.cooldown, self.steps or math.inf
        rate = peak * rate_at(self.step, self.begun, steps, cooldown)
        for group in [group for optimizer in self.optimizers for group in optimizer.param_groups]:
            group["lr"] = rate
        # Dropped paths and patches depend on the step alone.
        torch.manual_seed(self.options.seed * 1_000_003 + self.step)
        self.stage.at = self.step
        batch = batch or self.stage.batch(self.step, size)
        with torch.autocast(self.device.type, torch.bfloat16):
            losses = self.stage.losses(batch, whole=cooldown > 0 and self.step >= steps - cooldown * WHOLE)
        total = self.stage.total(losses)
        self.model.zero_grad(set_to_none=True)
        self.stage.extra.zero_grad(set_to_none=True)
        total.backward()
        norm = nn.utils.clip_grad_norm_(self.model.parameters(), 2.0)
        for optimizer in self.optimizers:
            optimizer.step()
        self.step += 1
        kept = min(AVERAGE, (1 + self.step - self.begun) / (10 + self.step - self.begun))
        with torch.no_grad():
            averaged = list(self.average.parameters())
            torch._foreach_mul_(averaged, kept)
            torch._foreach_add_(averaged, list(self.model.parameters()), alpha=1 - kept)
        return {**{name: loss.detach() for name, loss in losses.items()}, "gradient": norm.detach()}

    def evaluate(self) -> None:
        stage = self.stage
        dev = dev_embedded(self.average, stage.material)
        if dev is None:
            return
        self.log(dev=dev_recall(dev, stage.towers.targets))
        if self.name == "caption":
            # A CPU has no time to read among candidates.
            sample = Sample(every=1, candidates=32) if self.device.type == "cuda" else Sample(every=10, candidates=0)
            self.log(reading=dev_reading(self.average, stage.material, dev, sample))

    def planned(self, seconds: float) -> None:
        """How many steps fit into the minutes that are left, when so many have taken ``seconds`` each."""
        left = self.deadline - time.time()
        self.steps = self.step + max(1, int(left * PLANNED / seconds))
        self.cooldown = int(COOLING * (self.steps - self.begun))
        self.log(steps=self.steps, cooldown=self.cooldown, seconds_a_step=round(seconds, 4))

    def go(self) -> None:
        options = self.options
        usual = (self.stage.batch_size, self.stage.rate)
        size, peak = LARGE.get(self.name, usual) if self.device.type == "cuda" else usual
        size, peak = options.batch or size, options.rate or peak
        sums: dict[str, Tensor] = {}
        counted = 0
        began = saved = measured = time.time()
        if self.step == 0:
            self.evaluate()
        # While a GPU learns from one batch, the next is put together.
        pool = ThreadPoolExecutor(1)
        ahead = pool.submit(self.stage.batch, self.step, size)
        while not self.done():
            batch = ahead.result()
            ahead = pool.submit(self.stage.batch, self.step + 1, size)
            for name, value in self.one_step(size, peak, batch).items():
                sums[name] = sums.get(name, torch.zeros((), device=self.device)) + value
            counted += 1
            taken = self.step - self.begun
            if self.steps is None and taken in MEASURED:
                self._finish_steps()
                if taken == MEASURED[1]:
                    self.planned((time.time() - measured) / (MEASURED[1] - MEASURED[0]))
                measured = time.time()
            if self.step % LOG_EVERY == 0:
                means = {name: round(value.item() / counted, 4) for name, value in sums.items()}
                if not all(math.isfinite(value) for value in means.values()):
                    raise SystemExit(f"The losses are no numbers any more at step {self.step}: {means}")
                speed = round(size * counted / (time.time() - began), 1)
                self.log(losses=means, rate=self.optimizers[0].param_groups[0]["lr"], pictures_a_second=speed)
                sums, counted, began = {}, 0, time.time()
            if self.step % options.evaluate_every == 0:
                self.evaluate()
                began = time.time()
            if time.time() - saved > SAVE_EVERY_SECONDS:
                self.save()
                saved = time.time()
        pool.shutdown()
        self.save()
        finished = self.steps is not None and self.step >= self.steps
        if finished and self.step % options.evaluate_every:
            self.evaluate()
        self.log(saved=str(self.path), finished=finished)

    def _finish_steps(self) -> None:
        if self.device.type == "cuda":
            torch.cuda.synchronize()

    def done(self) -> bool:
        late = self.deadline is not None and time.time() > self.deadline
        return late or self.stopped or due(self.options.stop_at) or (self.steps is not None and self.step >= self.steps)


def due(stop_at: str | None) -> bool:
    """``stop_at`` is a time of today, UTC; a run started in the evening may stop after midnight."""
    if stop_at is None:
        return False
    hours, minutes = (int(part) for part in stop_at.split(":"))
    now = datetime.datetime.now(datetime.timezone.utc)
    late = (now.hour - hours) * 60 + now.minute - minutes
    return 0 <= late % (24 * 60) < 12 * 60


def run_stage(name: str, options: argparse.Namespace, device: torch.device) -> None:
    Run(name, options, device).go()
