"""The teacher's view of every view: MobileNetV2's pooled features, class probabilities, and two maps of dense features.

All are stored in uint8 steps of the teacher's own scales (the mean of four for the finer map); learners standardise them
anyway.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy
import torch
import torch.nn.functional as F

from shards import folders, write_array
from tflite import ADD, AVERAGE_POOL, CONV, SOFTMAX, QuantisedNetwork

SIDE = 224
# A few at a time stay in the processor's cache; a GPU wants many.
BATCH = {"cpu": 4, "cuda": 256}


def teacher_file(shared: Path) -> Path:
    return shared / "teacher" / "mobilenet_v2_1.0_224_quant.tflite"


def resized(pixels: torch.Tensor, side: int) -> torch.Tensor:
    """float [N, 3, h, w] in 0…255 → whole numbers there, [N, 3, side, side]: a picture as the encoder prepares it."""
    seen = F.interpolate(pixels, (side, side), mode="bicubic", align_corners=False, antialias=True)
    return seen.round_().clamp_(0, 255)


class Teacher:
    def __init__(self, path: Path, device: torch.device) -> None:
        self.network = QuantisedNetwork(path, device)
        self.device = device
        find = self.network.find
        self.outputs = {
            "pooled": find(AVERAGE_POOL, 1280),
            "classes": find(SOFTMAX, 1001),
            "dense": find(CONV, 320),
            "middle": find(ADD, 96),
        }

    def see(self, pixels: torch.Tensor) -> dict[str, torch.Tensor]:
        """uint8 [N, S, S, 3] → the target columns of a shard, on the device."""
        x = resized(pixels.to(self.device).permute(0, 3, 1, 2).float(), SIDE)
        seen = self.network.run(x.permute(0, 2, 3, 1), tuple(self.outputs.values()))
        return {name: self._bytes(name, seen[number]) for name, number in self.outputs.items()}

    def locally(self, dense: torch.Tensor) -> torch.Tensor:
        """What would be pooled, cell by cell, from the stored dense map: uint8 [N, 7, 7, 320] → steps [N, 7, 7, 1280]."""
        network = self.network
        last = next(step for step in network.steps if network.tensors[step.output].shape[-1] == 1280)
        values = dense.to(self.device).float() - network.tensors[last.inputs[0]].zero
        return F.linear(values, last.weight[:, :, 0, 0].float(), last.bias.float()).round_().clamp_(0, 255)

    def _bytes(self, name: str, values: torch.Tensor) -> torch.Tensor:
        if name == "classes":
            steps = values * 255
        else:
            tensor = self.network.tensors[self.outputs[name]]
            steps = values / tensor.scale + tensor.zero
            if name == "middle":
                steps = F.avg_pool2d(steps, 2)
            steps = steps.flatten(1) if name == "pooled" else steps.permute(0, 2, 3, 1)
        return steps.round().clamp(0, 255).to(torch.uint8)


def teach(work: Path, path: Path, device: torch.device) -> None:
    """Adds the target columns to every shard that lacks them."""
    teacher = Teacher(path, device)
    for folder in folders(work):
        if (folder / "middle.npy").exists():
            continue
        began = time.time()
        pixels = numpy.load(folder / "pixels.npy")
        batch = BATCH[device.type]
        parts = [teacher.see(torch.from_numpy(pixels[i : i + batch])) for i in range(0, len(pixels), batch)]
        for name in teacher.outputs:
            write_array(folder / f"{name}.npy", torch.cat([part[name] for part in parts]).cpu().numpy())
        print(f"teacher: {folder.name}, {1000 * (time.time() - began) / len(pixels):.1f} ms a view", flush=True)
