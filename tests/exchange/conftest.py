"""Grace at her desk, as in the tests of the editor."""

from tests.desk import desk, rivers  # noqa: F401
