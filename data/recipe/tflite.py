"""Runs a small quantised TensorFlow Lite network in PyTorch, for want of a TF Lite that could be installed everywhere.

Two halves: a reader for the FlatBuffer (only the tables that are needed; a table is found through its vtable, as in the FlatBuffers
documentation), and an interpreter for the operators that MobileNetV2 has. Activations are kept as whole numbers around their
zero point, in float32: sums of products of bytes stay below 2^24 and are therefore exact, and each layer's output is
rounded and clamped as TF Lite does. What differs is the last bit of TF Lite's fixed-point multiplication: a value in a few
hundred lands one step away.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy
import torch
import torch.nn.functional as F

ADD, AVERAGE_POOL, CONV, DEPTHWISE, RESHAPE, SOFTMAX = 0, 1, 3, 4, 22, 25
SAME = 0
DTYPES = {0: numpy.float32, 2: numpy.int32, 3: numpy.uint8}


class Table:
    """A FlatBuffers table: fields by number, each absent or at an offset."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at
        self.vtable = at - struct.unpack_from("<i", data, at)[0]

    def _field(self, number: int) -> int | None:
        size = struct.unpack_from("<H", self.data, self.vtable)[0]
        place = 4 + 2 * number
        offset = struct.unpack_from("<H", self.data, self.vtable + place)[0] if place < size else 0
        return self.at + offset if offset else None

    def scalar(self, number: int, form: str, default: int = 0) -> int:
        at = self._field(number)
        return default if at is None else struct.unpack_from(f"<{form}", self.data, at)[0]

    def _vector(self, number: int) -> tuple[int, int]:
        at = self._field(number)
        if at is None:
            return 0, 0
        start = at + struct.unpack_from("<I", self.data, at)[0]
        return start + 4, struct.unpack_from("<I", self.data, start)[0]

    def values(self, number: int, form: str) -> list[int]:
        start, length = self._vector(number)
        return list(struct.unpack_from(f"<{length}{form}", self.data, start)) if length else []

    def raw(self, number: int) -> bytes:
        start, length = self._vector(number)
        return self.data[start : start + length]

    def table(self, number: int) -> Table | None:
        at = self._field(number)
        return None if at is None else Table(self.data, at + struct.unpack_from("<I", self.data, at)[0])

    def tables(self, number: int) -> list[Table]:
        start, length = self._vector(number)
        places = [start + 4 * i for i in range(length)]
        return [Table(self.data, at + struct.unpack_from("<I", self.data, at)[0]) for at in places]


@dataclass
class Tensor:
    shape: tuple[int, ...]
    scale: float
    zero: int
    values: numpy.ndarray | None


@dataclass
class Step:
    """An operator, and its weights scaled so that it yields the output's own whole numbers."""

    code: int
    inputs: list[int]
    output: int
    options: Table | None
    weight: torch.Tensor | None = None
    bias: torch.Tensor | None = None


class QuantisedNetwork:
    """``run`` maps uint8 pixels [N, S, S, 3] to every activation by tensor number, as real numbers, NCHW."""

    def __init__(self, path: Path, device: torch.device) -> None:
        data = path.read_bytes()
        model = Table(data, struct.unpack_from("<I", data, 0)[0])
        graph = model.tables(2)[0]
        buffers = model.tables(4)
        codes = [max(code.scalar(0, "b"), code.scalar(3, "i")) for code in model.tables(1)]
        self.device = device
        # Bytes are whole in half precision, too, and their sums are taken in single: what differs is a rounding now and then.
        self.dtype = torch.float16 if device.type == "cuda" else torch.float32
        self.tensors = [self._tensor(table, buffers) for table in graph.tables(0)]
        self.input = graph.values(1, "i")[0]
        self.steps = [
            Step(codes[op.scalar(0, "I")], op.values(1, "i"), op.values(2, "i")[0], op.table(4))
            for op in graph.tables(3)
        ]
        for step in self.steps:
            if step.code in (CONV, DEPTHWISE):
                self._fold(step)

    @staticmethod
    def _tensor(table: Table, buffers: list[Table]) -> Tensor:
        quantisation = table.table(4)
        scales = quantisation.values(2, "f") if quantisation else []
        zeros = quantisation.values(3, "q") if quantisation else []
        shape = tuple(table.values(0, "i"))
        raw = buffers[table.scalar(2, "I")].raw(0)
        values = numpy.frombuffer(raw, DTYPES[table.scalar(1, "b")]).reshape(shape) if raw else None
        return Tensor(shape, scales[0] if scales else 1.0, zeros[0] if zeros else 0, values)

    def _fold(self, step: Step) -> None:
        given, weight, bias = (self.tensors[number] for number in step.inputs)
        scale = given.scale * weight.scale / self.tensors[step.output].scale
        assert weight.values is not None and bias.values is not None
        kernel = torch.from_numpy(weight.values.astype(numpy.float32) - weight.zero) * scale
        # TF Lite: [out, h, w, in], and [1, h, w, channels] where each channel is filtered alone.
        step.weight = kernel.permute(0, 3, 1, 2) if step.code == CONV else kernel.permute(3, 0, 1, 2)
        step.weight = step.weight.contiguous(memory_format=torch.channels_last).to(self.device, self.dtype)
        step.bias = (torch.from_numpy(bias.values.astype(numpy.float32)) * scale).to(self.device, self.dtype)

    def _clamped(self, values: torch.Tensor, number: int) -> torch.Tensor:
        zero = self.tensors[number].zero
        return values.round_().clamp_(-zero, 255 - zero)

    def _convolved(self, step: Step, x: torch.Tensor) -> torch.Tensor:
        assert step.weight is not None and step.options is not None
        stride = step.options.scalar(2, "i", 1)
        if step.options.scalar(0, "b") == SAME:
            size, side = step.weight.shape[-1], x.shape[-1]
            total = max((-(-side // stride) - 1) * stride + size - side, 0)
            if total:
                x = F.pad(x, (total // 2, total - total // 2) * 2)
        groups = x.shape[1] if step.code == DEPTHWISE else 1
        return self._clamped(F.conv2d(x, step.weight, step.bias, stride, groups=groups), step.output)

    @torch.no_grad()
    def run(self, pixels: torch.Tensor, wanted: tuple[int, ...]) -> dict[int, torch.Tensor]:
        """Real-valued activations of the wanted tensors."""
        first = self.tensors[self.input]
        x = pixels.permute(0, 3, 1, 2).to(self.device).float().sub_(first.zero).to(self.dtype)
        state = {self.input: x.contiguous(memory_format=torch.channels_last)}
        last_use = {number: i for i, step in enumerate(self.steps) for number in step.inputs}
        for i, step in enumerate(self.steps):
            x = state[step.inputs[0]]
            scale = self.tensors[step.output].scale
            if step.code in (CONV, DEPTHWISE):
                y = self._convolved(step, x)
            elif step.code == ADD:
                a, b = (self.tensors[number].scale / scale for number in step.inputs)
                y = self._clamped(x * a + state[step.inputs[1]] * b, step.output)
            elif step.code == AVERAGE_POOL:
                y = self._clamped(x.mean((2, 3), keepdim=True), step.output)
            elif step.code == RESHAPE:
                y = x.flatten(1)
            elif step.code == SOFTMAX:
                y = torch.softmax(x.float() * self.tensors[step.inputs[0]].scale, 1) / scale
            else:
                raise SystemExit(f"Expected an operator of MobileNetV2 but the network has number {step.code}.")
            state[step.output] = y
            for number in step.inputs:
                if last_use.get(number) == i and number not in wanted:
                    state.pop(number, None)
        return {number: state[number].float() * self.tensors[number].scale for number in wanted}

    def find(self, code: int, channels: int) -> int:
        """The last activation that an operator of this kind makes with so many channels."""
        return [
            step.output
            for step in self.steps
            if step.code == code and self.tensors[step.output].shape[-1] == channels
        ][-1]
