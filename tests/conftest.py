"""Tests keep their cache of rule files to themselves."""

from __future__ import annotations

import os
import tempfile

os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="vwv-im-cache-")
