"""Building the wheel: it holds the packaged rules as they are read here, so that nobody parses their text again."""

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PackRules(BuildHookInterface):
    """Check the rules, and put what was read of them into the wheel as data."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the file; raises `RuleFileError` where the rules are faulty. Rules that are edited are not packed."""
        if version == "editable":
            return
        os.environ["VWV_IM_CACHE"] = "off"
        sys.path.insert(0, str(Path(self.root, "src")))
        from vwv_im.law.cache import packed  # noqa: PLC0415 - imported from what is built
        from vwv_im.law.reader import read_documents, rule_texts  # noqa: PLC0415
        from vwv_im.law.regulation import load_regulation  # noqa: PLC0415

        rules = Path(self.root, "rules")
        hashes = load_regulation(rules).hashes
        file = Path(self.directory, "rules.json")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(packed(read_documents(rule_texts(rules)), hashes), "ascii")
        build_data["force_include"][str(file)] = "vwv_im/rules.json"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing beside the wheel."""
        Path(self.directory, "rules.json").unlink(missing_ok=True)
