from tests.desk import desk, rivers

__all__ = ["desk", "rivers"]
