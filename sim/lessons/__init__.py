"""Lessons: ``from sim.lessons import check``; ``check("L1.1", answer)`` says whether the answer is right."""

from sim.lessons.check import check, lesson
from sim.lessons.table import Table
from sim.lessons.tables import bill, diary, side_by_side

__all__ = ["Table", "bill", "check", "diary", "lesson", "side_by_side"]
