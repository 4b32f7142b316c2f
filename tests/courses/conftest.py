from tests.quizzes.conftest import ben, course, time

__all__ = ["ben", "course", "time"]
