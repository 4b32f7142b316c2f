"""From a draft to what learners see: immutable revisions, and what each means for those under way."""
