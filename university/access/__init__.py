"""Who may call which route: one table for everybody, one for staff. A route in neither is refused to all."""

from university.access.guarding import guard, may
from university.access.public import PUBLIC
from university.access.staff import STAFF, STEP_UP, WHILE_SETTING_UP

__all__ = ["PUBLIC", "STAFF", "STEP_UP", "WHILE_SETTING_UP", "guard", "may"]
