"""A training that was stopped goes on to the very same weights."""

from __future__ import annotations

import argparse
import signal
import tempfile
import unittest
from pathlib import Path

import torch

from noise import make_material
from stages import STAGES, Run

def options(work: Path, steps: int) -> argparse.Namespace:
    return argparse.Namespace(
        work=work,
        shared=work,
        start=None,
        steps=steps,
        cooldown=2,
        minutes=None,
        views=2,
        compiled=False,
        rate=None,
        batch=4,
        stop_at=None,
        evaluate_every=1000,
        sight_stays=False,
        width=64,
        layers=2,
        heads=1,
        image=32,
        seed=3,
    )


class Stages(unittest.TestCase):
    def run_stage(self, name: str, work: Path, steps: int) -> Run:
        run = Run(name, options(work, steps), torch.device("cpu"))
        run.go()
        return run

    def test_a_training_goes_on_as_if_it_had_never_stopped(self) -> None:
        for name in STAGES:
            with self.subTest(name), tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
                make_material(Path(one))
                make_material(Path(two))
                whole = self.run_stage(name, Path(one), 4)
                # The cool-down is counted from the end, so both are told the same end.
                halted = Run(name, options(Path(two), 4), torch.device("cpu"))
                for _ in range(2):
                    halted.one_step(4, halted.stage.rate)
                halted.save()
                resumed = self.run_stage(name, Path(two), 4)
                self.assertEqual(resumed.step, 4)
                for key, value in whole.model.state_dict().items():
                    self.assertTrue(torch.equal(value, resumed.model.state_dict()[key]), key)

    def test_a_signal_stops_it_after_the_step(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            make_material(Path(folder))
            run = Run("distil", options(Path(folder), 1000), torch.device("cpu"))
            signal.raise_signal(signal.SIGTERM)
            run.go()
            self.assertEqual(run.step, 0)
            self.assertTrue((Path(folder) / "distil.pt").exists())
