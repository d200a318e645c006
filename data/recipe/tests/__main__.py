"""What must hold, with known answers: ``python3 data/recipe/tests``. Needs no material, half a minute."""

from __future__ import annotations

import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
unittest.main(module=None, argv=[sys.argv[0], "discover", "--start-directory", str(HERE), *sys.argv[1:]])
