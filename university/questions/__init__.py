"""Questions as they are asked, shown, answered and marked, in practice, exams and review."""
