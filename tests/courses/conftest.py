from types import SimpleNamespace

import pytest

from tests.quizzes.conftest import ben, course, time
from university import clock
from university.serving import forms

__all__ = ["ben", "course", "same_hour", "time"]


@pytest.fixture
def same_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """The form tokens in pages are those of the hour, and none begins while the test runs."""
    began = clock.now().timestamp()
    monkeypatch.setattr(forms, "time", SimpleNamespace(time=lambda: began))
