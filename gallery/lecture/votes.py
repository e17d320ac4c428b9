"""Votes of a lecture: questions, rounds, one answer a device. In memory, for an hour after the lecturer's last word.

A lecture is known to the hall by its code and to the lecturer by his key, of which the code is a digest. After a
restart of the server his page brings it back under the same code, with the question under its old name and the shares
of the rounds before; the phones, which remember what they answered to that name, answer again.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from gallery.shell.calls import Refusal

LIFE = 3600.0
"""Seconds after the lecturer's last word."""
CODE = re.compile(r"[a-z2-7]{6}")
KEY = re.compile(r"[\w-]{20,60}", re.ASCII)
DEVICE = re.compile(r"[\w-]{8,40}", re.ASCII)
NAME = re.compile(r"[a-z0-9]{8,40}")
"""Of a question: chosen by the lecturer's page, so that it is the same after a restart, and another's is another."""
MOST_LECTURES, MOST_OF_ONE = 256, 4
"""At once, and from one address: a newer one takes the place of its oldest."""
MOST_QUESTIONS, MOST_ROUNDS, MOST_DEVICES = 100, 9, 2000
LONGEST_ASK, LONGEST_ANSWER, FEWEST, MOST = 300, 160, 2, 6


def code_of(key: str) -> str:
    """The code that the hall types: six letters and digits that are not mistaken for each other."""
    return base64.b32encode(hashlib.sha256(key.encode()).digest())[:6].decode().lower()


@dataclass
class Question:
    """What is voted on. rounds: device -> the index of its answer; open: whether answers are taken.

    earlier: shares of rounds that were closed before the server was started anew.
    """

    name: str
    ask: str
    answers: Sequence[str]
    earlier: Sequence[Sequence[int]] = ()
    rounds: list[dict[str, int]] = field(default_factory=list)
    open: bool = False

    @property
    def round(self) -> int:
        """The number of the round that is open, or was open last."""
        return len(self.earlier) + len(self.rounds)

    @property
    def vote(self) -> str:
        """What tells this round of this question from all others, also after a restart."""
        return f"{self.name}.{self.round}"

    @property
    def votes(self) -> dict[str, int]:
        """Of this round: device -> the index of its answer."""
        return self.rounds[-1] if self.rounds else {}

    @property
    def count(self) -> int:
        """How many have answered in this round."""
        return sum(self.shares()[-1]) if self.round else 0

    def begin(self) -> None:
        """Open the next round, where none is open and one more may be."""
        if not self.open and self.round < MOST_ROUNDS:
            self.rounds.append({})
            self.open = True

    def shares(self) -> list[list[int]]:
        """How many chose each answer, a row for each round."""
        here = [[Counter(votes.values())[i] for i in range(len(self.answers))] for votes in self.rounds]
        return [*map(list, self.earlier), *here]


@dataclass
class Lecture:
    """One lecturer's hall. link: of the state that phones follow, "" where none do; gathered: how often all were called
    back to it."""

    code: str
    key: str
    owner: str
    heard: float
    questions: list[Question] = field(default_factory=list)
    link: str = ""
    gathered: int = 0

    @property
    def question(self) -> Question | None:
        """The one that is asked, or was asked last."""
        return self.questions[-1] if self.questions else None

    def ask(self, question: Question) -> None:
        """Another question; nothing where it is the one that is asked already. Raises Refusal for one too many."""
        if self.question and self.question.name == question.name:
            return
        if len(self.questions) >= MOST_QUESTIONS:
            raise Refusal("lecture.vote.enough", most=MOST_QUESTIONS)
        self.close()
        self.questions.append(question)

    def again(self) -> None:
        """Open another round of the same question, where one was asked."""
        if self.question:
            self.question.begin()

    def close(self) -> None:
        """Take no more answers."""
        if self.question and self.question.open:
            self.question.open = False

    def answer(self, device: str, vote: str, answer: int) -> None:
        """One device's answer; a second one takes the place of the first. vote: the one that it saw.

        Raises Refusal where that vote is not open, or too many have answered.
        """
        question = self.question
        if question is None or not question.open or vote != question.vote or answer >= len(question.answers):
            raise Refusal("lecture.vote.over")
        if device not in question.votes and len(question.votes) >= MOST_DEVICES:
            raise Refusal("lecture.vote.full", most=MOST_DEVICES)
        question.votes[device] = answer

    def table(self) -> str:
        """All votes as CSV: question, answer, and how many chose it in each round."""
        out = io.StringIO()
        rounds = max((question.round for question in self.questions), default=1)
        writer = csv.writer(out)
        writer.writerow(["question", "answer", *(f"round {n}" for n in range(1, rounds + 1))])
        for question in self.questions:
            for i, answer in enumerate(question.answers):
                writer.writerow([plain(question.ask), plain(answer), *(row[i] for row in question.shares())])
        return out.getvalue()


def plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


class Lectures:
    """All lectures of this process, by code. clock: seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._all: OrderedDict[str, Lecture] = OrderedDict()

    def __len__(self) -> int:
        return len(self._all)

    def here(self, lecture: Lecture) -> bool:
        """Whether a lecture is not over."""
        return self._all.get(lecture.code) is lecture

    def of_code(self, code: str) -> Lecture:
        """The hall's way in. Raises Refusal where there is no such lecture, or no longer."""
        self._forget()
        if code not in self._all:
            raise Refusal("lecture.vote.no_lecture")
        return self._all[code]

    def of_key(self, key: str, owner: str) -> Lecture:
        """The lecturer's: his lecture, begun where there is none. owner: the address that he calls from.

        Raises Refusal for what is no key, for a code that another key has, and where there are too many lectures.
        """
        if not KEY.fullmatch(key):
            raise Refusal("lecture.vote.no_lecture")
        self._forget()
        code = code_of(key)
        lecture = self._all.get(code)
        if lecture is None:
            lecture = self._begin(code, key, owner)
        elif lecture.key != key:
            raise Refusal("lecture.vote.no_lecture")
        lecture.heard = self.clock()
        return lecture

    def _begin(self, code: str, key: str, owner: str) -> Lecture:
        own = [name for name, lecture in self._all.items() if lecture.owner == owner]
        if len(own) >= MOST_OF_ONE:
            del self._all[own[0]]
        if len(self._all) >= MOST_LECTURES:
            raise Refusal("lecture.vote.busy")
        self._all[code] = Lecture(code, key, owner, self.clock())
        return self._all[code]

    def _forget(self) -> None:
        now = self.clock()
        for code in [code for code, lecture in self._all.items() if now - lecture.heard > LIFE]:
            del self._all[code]
