"""More time in exams for one learner, whom staff find by a code and know nothing else of."""
