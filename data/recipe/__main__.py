"""The recipe of the embedded model, one command a stage: ``python3 data/recipe STAGE --work FOLDER``. README.md has the steps."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent


def keep_memory() -> None:
    """Starts again with a glibc that keeps large blocks: giving them back and faulting them in anew is a third of the work."""
    wanted = {
        "MALLOC_MMAP_MAX_": "0",
        "MALLOC_TRIM_THRESHOLD_": str(4 << 30),
        "MALLOC_TOP_PAD_": str(64 << 20),
    }
    if os.environ.get("MALLOC_MMAP_MAX_") is None:
        os.environ.update(wanted)
        os.execv(sys.executable, [sys.executable, *sys.argv])


#: The stages of which a model learns, in their order. `stages.py` has what each does; it imports PyTorch, and help should not.
LEARNING = {
    "words": "the text expert: texts to their places in the space",
    "vision": "the vision expert: teacher, dense features, places in the space",
    "distil": "both towers: as before, and contrast",
    "match": "the match head on the fused mode",
    "caption": "the masked-language head: words of captions under their pictures",
}


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(prog="recipe", description=__doc__)
    root.add_argument("--work", type=Path, required=True, help="where everything is kept between stages")
    root.add_argument("--shared", type=Path, default=PROJECT.parent / "shared", help="photos, text, teacher")
    root.add_argument("--device", default="auto", help="auto, cpu or cuda")
    root.add_argument("--threads", type=int, default=2)
    root.add_argument("--seed", type=int, default=0)
    stages = root.add_subparsers(dest="stage", required=True)

    prepare = stages.add_parser("prepare", help="pictures → views")
    prepare.add_argument("--scenes", type=Path, nargs="*", default=[], help="folders of sightline demo --scenes")
    prepare.add_argument("--size", type=int, default=128)
    prepare.add_argument("--views", type=int, default=11, help="the whole picture and so many less one crops")
    stages.add_parser("teacher", help="views → the teacher's features")
    space = stages.add_parser("space", help="the teacher's features and captions → the space that both towers learn; once it is there, new views get their places")
    space.add_argument("--width", type=int, default=256)
    space.add_argument("--like", type=Path, help="a .pth whose texts it is turned towards")
    widen = stages.add_parser("widen", help="a bundle → a .pth to go on from")
    widen.add_argument("--bundle", type=Path, default=PROJECT / "data" / "model")
    widen.add_argument("--to", type=Path, required=True)
    tokenizer = stages.add_parser("tokenizer", help="captions → a SentencePiece model; only for a model from scratch")
    tokenizer.add_argument("--pieces", type=int, default=8000)

    packed = stages.add_parser("pack", help="pictures → files that travel to a machine with a GPU")
    packed.add_argument("--scenes", type=Path, nargs="*", default=[], help="folders of sightline demo --scenes")
    packed.add_argument("--size", type=int, default=192)

    for name, words in {**LEARNING, "learn": "vision, then captions, on the same views"}.items():
        stage = stages.add_parser(name, help=words)
        stage.add_argument("--from", dest="start", type=Path, help="a .pth in the official layout to begin with")
        long = stage.add_mutually_exclusive_group(required=True)
        if name != "learn":
            long.add_argument("--steps", type=int, help="until this step")
        long.add_argument("--minutes", type=float, help="as many steps as these have, half of them with a falling rate")
        stage.add_argument("--cooldown", type=int, default=0, help="how many of the last steps the rate falls to nothing")
        stage.add_argument("--rate", type=float, help="peak learning rate")
        stage.add_argument("--batch", type=int)
        stage.add_argument("--stop-at", help="HH:MM (UTC): save and stop then")
        stage.add_argument("--evaluate-every", type=int, default=500, help="steps")
        stage.add_argument("--views", type=int, default=40, help="of a packed picture")
        stage.add_argument("--compiled", action="store_true", help="layers are compiled (on a GPU)")
        stage.set_defaults(sight_stays=False, steps=None)
        if name == "caption":
            stage.add_argument("--sight-stays", action="store_true", help="the vision expert is left as it is")
        stage.add_argument("--width", type=int, default=256)
        stage.add_argument("--layers", type=int, default=6)
        stage.add_argument("--heads", type=int, default=4)
        stage.add_argument("--image", type=int, default=128)

    export = stages.add_parser("export", help="the averaged weights → a .pth in the official layout")
    what = f"of which stage ({', '.join(LEARNING)}) or file (.pt, .pth), or the mean of which; twice counts twice"
    export.add_argument("--state", required=True, nargs="+", help=what)
    export.add_argument("--sight", nargs="+", help="the same for the vision expert alone (default: as --state)")
    export.add_argument("--to", type=Path, required=True)
    stages.add_parser("plots", help="logs → plots")
    return root


def main() -> None:
    options = parser().parse_args()
    import torch
    from teacher import teacher_file

    auto = "cuda" if torch.cuda.is_available() else "cpu"
    device = torch.device(auto if options.device == "auto" else options.device)
    torch.set_num_threads(options.threads)
    # On a GPU: products of floats in 19 bits, and convolutions by trial.
    torch.set_float32_matmul_precision("high")
    torch.backends.cudnn.benchmark = True
    work: Path = options.work
    teacher = teacher_file(options.shared)
    if options.stage == "prepare":
        from prepare import prepare

        prepare(work, options.shared / "photos", options.scenes, options.size, options.views, options.seed)
    elif options.stage == "pack":
        from packed import pack

        pack(options.shared / "photos", options.scenes, options.size, work)
    elif options.stage == "teacher":
        from teacher import teach

        teach(work, teacher, device)
    elif options.stage == "space":
        from alignment import laid_out
        from data import Material
        from space import Space, write_places
        from teacher import Teacher
        from tokenizer import take_tokenizer

        anew = not Space.is_in(work)
        if anew:
            if options.like is not None:
                take_tokenizer(work, options.like)
            laid_out(Material(work, options.shared, device, options.seed, placed=False), options.width, options.like)
        write_places(Space.load(work), work, Teacher(teacher, device), anew)
    elif options.stage == "widen":
        from bundle import widen

        widen(options.bundle, options.to)
    elif options.stage == "tokenizer":
        from tokenizer import train_tokenizer

        train_tokenizer(work, options.shared / "text" / "captions.txt.gz", options.pieces)
    elif options.stage == "learn":
        from learn import learn

        learn(options, device)
    elif options.stage in LEARNING:
        from stages import run_stage

        run_stage(options.stage, options, device)
    elif options.stage == "export":
        from export import export

        export(work, options.state, options.sight, options.to)
    else:
        from plots import draw_plots

        draw_plots(work)


if __name__ == "__main__":
    keep_memory()
    main()
