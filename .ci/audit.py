"""Holds the pinned dependencies against published advisories, where the network allows: `python .ci/audit.py`.

Needs pip-audit. Exits with 1 where an advisory names a version that mends it; where no advisories can be had it says
so, and exits with 0.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

COMMAND = ("-m", "pip_audit", "-r", "requirements.lock", "--no-deps", "--disable-pip", "-f", "json")
PATIENCE = 300
"""Seconds."""


def advisories() -> list[dict[str, Any]]:
    """What pip-audit says of each dependency; nothing where it cannot be asked."""
    try:
        done = subprocess.run([sys.executable, *COMMAND], capture_output=True, text=True, timeout=PATIENCE)
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
        return found
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError):
        return []


def main() -> int:
    """Print what is known; the exit code."""
    all_of_them = advisories()
    # A registry without advisories answers that it does not know the package: that is no clean bill.
    audited = [each for each in all_of_them if "vulns" in each]
    mended = 0
    for each in audited:
        for known in each["vulns"]:
            fixes = ", ".join(known["fix_versions"])
            print(f"{each['name']} {each['version']}: {known['id']}, {f'mended in {fixes}' if fixes else 'no fix yet'}")
            mended += bool(fixes)
    if audited:
        print(f"audit: {len(audited)} of {len(all_of_them)} dependencies audited, {mended} advisories with a fix")
    else:
        print("audit: not done, no advisories can be reached from here")
    return 1 if mended else 0


if __name__ == "__main__":
    sys.exit(main())
