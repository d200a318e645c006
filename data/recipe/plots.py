"""The log as two plots: losses, and recalls from text to image, over the steps."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import matplotlib

matplotlib.use("svg")

import matplotlib.pyplot as plt  # noqa: E402  (the backend is chosen first)

Curves = dict[str, list[tuple[int, float]]]


def read_log(work: Path) -> tuple[Curves, Curves]:
    losses: Curves = defaultdict(list)
    recalls: Curves = defaultdict(list)
    for line in (work / "log.jsonl").read_text(encoding="utf8").splitlines():
        entry = json.loads(line)
        for name, value in entry.get("losses", {}).items():
            losses[f"{entry['stage']}: {name}"].append((entry["step"], value))
        for who, values in entry.get("dev", {}).items():
            for name, value in values.items():
                # Both ways would be one line beside the other.
                if name == "text to image R@10":
                    recalls[f"{entry['stage']}: {who}"].append((entry["step"], value))
    return losses, recalls


def draw(curves: Curves, title: str, label: str, path: Path) -> None:
    figure, axes = plt.subplots(figsize=(9, 5))
    for name, points in curves.items():
        axes.plot(*zip(*points), label=name, marker="." if len(points) < 40 else None)
    axes.set(title=title, xlabel="step", ylabel=label)
    axes.grid(alpha=0.3)
    if curves:
        axes.legend(fontsize="x-small", ncol=2)
    figure.tight_layout()
    figure.savefig(path)
    plt.close(figure)


def draw_plots(work: Path) -> None:
    losses, recalls = read_log(work)
    draw(losses, "Losses", "loss", work / "losses.svg")
    draw(recalls, "Development photos, text → image, R@10", "percent", work / "recalls.svg")
    print(f"plots: {work / 'losses.svg'}, {work / 'recalls.svg'}")
