"""A small course of our own with every kind of question, every feedback mode and every sort of quiz."""

from __future__ import annotations

from university.course_folders import Folder

# A picture of one pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f000500"
    "01ffa2d4a4d40000000049454e44ae426082"
)

COURSE = """\
format: 1
slug: {slug}
title: {title}
summary: Where water comes from and where it goes, in four short lessons.
description: |
  You will follow **one drop** from spring to sea.
audience: Anyone who drinks.
language: en
version: "1.0"
status: published
authors:
  - name: Ada Lovelace
    url: https://example.org/ada
licence:
  id: CC-BY-4.0
  file: LICENSE
  attribution: Rivers by Ada, CC BY 4.0.
hours: 0.5
eqf: 3
level: introductory
skills:
  - name: Reading maps
    uri: http://data.europa.eu/esco/skill/maps
outcomes:
  - Say where a river begins
  - Tell a delta from an estuary
prerequisites:
  - None but curiosity
completion:
  lessons: all
  quizzes: attempted
certificate:
  enabled: true
  title: Knows rivers
aliases: [{slug}-of-old]
"""

SPRING = """\
---
id: spring
title: The spring
minutes: 4
objectives:
  - Find a spring
aliases: [source]
---
## Where it begins

A river begins where water *leaves the ground*. Next: [the bends](02-bends.md#why-it-bends).

![A drop](../../images/drop.png)

[The map](../../files/map.txt)
"""

BENDS = """\
---
id: bends
title: The bends
minutes: 5
video:
  url: https://films.example.org/bends
  title: A river from above
  minutes: 2
  transcript: Water, seen from above.
---
## Why it bends

Water is lazy and never straight.
"""

DELTA = """\
---
id: delta
title: The delta
minutes: 3
---
Where it ends.
"""

EXTRA = """\
---
id: extra
title: Famous rivers
minutes: 6
optional: true
---
Nice to know.
"""

DRAFT = """\
---
id: unfinished
title: Unfinished
minutes: 2
draft: true
---
Nobody sees this yet.
"""

PRE = """\
id: bends-before
title: What do you think?
questions:
  - id: guess
    kind: truefalse
    text: Rivers run straight when nobody bothers them.
    answer: false
    feedback:
      explanation: KEY-guess they never do
    exam: never
"""

ALL_KINDS = """\
id: spring-quiz
title: Try it
intro: Seven questions, one of each kind.
questions:
  - id: q-single
    kind: single
    text: Where does a river begin?
    choices:
      - text: At the spring
        correct: true
        feedback: KEY-single-right well seen
      - text: At the sea
        feedback: KEY-single-wrong that is the end
      - text: None of these
        pin: true
    feedback:
      correct: KEY-single-correct
      incorrect: KEY-single-incorrect
      explanation: KEY-single-explanation
  - id: q-multiple
    kind: multiple
    text: What do rivers carry?
    choices:
      - text: Water
        correct: true
      - text: Sand
        correct: true
        feedback_if_not_chosen: KEY-multiple-missed sand too
      - text: Mountains
      - text: The moon
    feedback:
      partial: KEY-multiple-partial
  - id: q-truefalse
    kind: truefalse
    text: Water runs uphill.
    answer: false
    feedback:
      explanation: KEY-truefalse-explanation
  - id: q-text
    kind: text
    text: What is the beginning of a river called?
    answers:
      - spring*
      - text: the source
        score: 0.5
        feedback: KEY-text-half nearly
    hint: KEY-hint-is-no-key It is also a season.
  - id: q-number
    kind: number
    text: How long is our river?
    answer: 12.5
    tolerance: 0.5
    unit: km
  - id: q-match
    kind: match
    text: What belongs together?
    pairs:
      - left: Spring
        right: Beginning
      - left: Delta
        right: End
    distractors: [Middle]
  - id: q-order
    kind: order
    text: Put them in order.
    items: [Drop, Brook, River]
    scoring: partial
"""

BENDS_QUIZ = """\
id: bends-quiz
title: On reflection
feedback: after_attempt
questions:
  - id: b-one
    kind: truefalse
    text: Bends make a river longer.
    answer: true
    feedback:
      explanation: KEY-b-one-explanation
"""

MODULE_QUIZ = """\
id: upstream-quiz
title: Upstream in short
questions:
  - id: m-one
    kind: truefalse
    text: A brook is smaller than a river.
    answer: true
"""

EXAM = """\
id: final-exam
title: The exam
intro: Take your time. You may look things up.
pass_mark: 70
attempts: 2
wait_hours: 24
time_limit_minutes: 30
feedback: after_attempt
draw: 4
pool: ['pool:exam']
"""

POOL_QUESTION = """\
  - id: e-{n}
    kind: single
    text: "Exam question {n}: which one is right?"
    objective: {objective}
    choices:
      - text: Right {n}
        correct: true
      - text: Wrong {n}
        feedback: KEY-e-{n}-wrong
      - text: Also wrong {n}
    feedback:
      explanation: KEY-e-{n}-explanation
"""


def pool(questions: int = 8) -> str:
    objectives = ("Say where a river begins", "Tell a delta from an estuary")
    asked = [POOL_QUESTION.format(n=n, objective=objectives[n % 2]) for n in range(1, questions + 1)]
    return "id: exam-pool\ntitle: Exam questions\nquestions:\n" + "".join(asked)


def sample_folder(slug: str = "rivers", title: str = "Rivers", **changed: str | bytes | None) -> Folder:
    """The sample. `changed` replaces files by path with "/" as "__" and "." as "_dot_"; None leaves one out."""
    files: dict[str, str | bytes | None] = {
        "course.yaml": COURSE.format(slug=slug, title=title),
        "LICENSE": "Creative Commons Attribution 4.0\n",
        "ATTRIBUTION.md": "Words by **Ada**.\n",
        "exam.yaml": EXAM,
        "pools/exam.yaml": pool(),
        "images/drop.png": PIXEL,
        "files/map.txt": "here be rivers\n",
        "modules/01-upstream/module.yaml": "id: upstream\ntitle: Upstream\n",
        "modules/01-upstream/quiz.yaml": MODULE_QUIZ,
        "modules/01-upstream/01-spring.md": SPRING,
        "modules/01-upstream/01-spring.quiz.yaml": ALL_KINDS,
        "modules/01-upstream/02-bends.md": BENDS,
        "modules/01-upstream/02-bends.pre.yaml": PRE,
        "modules/01-upstream/02-bends.quiz.yaml": BENDS_QUIZ,
        "modules/02-downstream/module.yaml": "id: downstream\ntitle: Downstream\n",
        "modules/02-downstream/01-delta.md": DELTA,
        "modules/02-downstream/02-extra.md": EXTRA,
        "modules/02-downstream/03-draft.md": DRAFT,
    }
    files.update({name.replace("__", "/").replace("_dot_", "."): content for name, content in changed.items()})
    as_bytes = {path: one.encode() if isinstance(one, str) else one for path, one in files.items()}
    return Folder({path: one for path, one in as_bytes.items() if one is not None}, slug)
