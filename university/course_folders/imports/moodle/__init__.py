"""GIFT and Moodle XML."""
