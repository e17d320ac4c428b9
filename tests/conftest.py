"""Before the first test imports torch: threads that sleep while they wait, as in the gallery itself."""

from pathlib import Path

import pytest

from models.runtime.threads import prepare

prepare()

BROWSER = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in the browser come last: its driver keeps an event loop running, beside which nobody can start another."""
    items.sort(key=lambda item: BROWSER in item.path.parents)
