"""Votes: one answer a device, none lost, none doubled; bounds; what a hostile guest gets is one sentence."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gallery.lecture import hall
from gallery.lecture.votes import (
    LIFE,
    MOST_DEVICES,
    MOST_LECTURES,
    MOST_OF_ONE,
    MOST_QUESTIONS,
    MOST_ROUNDS,
    Lecture,
    Lectures,
    Question,
    code_of,
    plain,
)
from gallery.shell.border import CHANGED, READ
from gallery.shell.calls import Refusal

KEY = "k" * 24
NAME = "question1"
ASKED = {"vote": NAME, "ask": "Which?", "answers": ["This", "That", "Neither"]}


def begun() -> Lecture:
    lecture = Lectures().of_key(KEY, "here")
    lecture.ask(opened(NAME, "Which?", ["This", "That", "Neither"]))
    return lecture


def opened(name: str, ask: str, answers: list[str]) -> Question:
    question = Question(name, ask, answers)
    question.begin()
    return question


def shares(lecture: Lecture) -> list[list[int]]:
    assert lecture.question
    return lecture.question.shares()


def test_a_device_has_one_answer_which_it_may_change_until_the_round_is_closed() -> None:
    lecture = begun()
    for device in range(200):
        for answer in (0, device % 3):  # changed at once
            lecture.answer(f"device-{device}", f"{NAME}.1", answer)
    assert shares(lecture) == [[67, 67, 66]]
    lecture.close()
    with pytest.raises(Refusal, match="closed"):
        lecture.answer("device-1", f"{NAME}.1", 0)
    lecture.again()
    for device in range(150):
        lecture.answer(f"device-{device}", f"{NAME}.2", 1)
    with pytest.raises(Refusal, match="closed"):
        lecture.answer("device-199", f"{NAME}.1", 1)  # sent in the first round, come in the second
    assert shares(lecture) == [[67, 67, 66], [0, 150, 0]]


def test_an_answer_to_the_question_before_does_not_count_for_this_one() -> None:
    lecture = begun()
    lecture.ask(opened("question2", "And?", ["a", "b"]))
    for vote, answer in ((f"{NAME}.1", 0), ("question2.1", 2), ("question2.2", 0), ("", 0)):
        with pytest.raises(Refusal):
            lecture.answer("device-1", vote, answer)
    assert shares(lecture) == [[0, 0]]


def test_all_is_bounded() -> None:
    lecture = begun()
    for device in range(MOST_DEVICES):
        lecture.answer(f"device-{device}", f"{NAME}.1", 0)
    with pytest.raises(Refusal, match="No more"):
        lecture.answer("one-more", f"{NAME}.1", 0)
    lecture.answer("device-7", f"{NAME}.1", 1)
    for _ in range(2 * MOST_ROUNDS):
        lecture.close()
        lecture.again()
    assert len(shares(lecture)) == MOST_ROUNDS
    for n in range(MOST_QUESTIONS - 1):
        lecture.ask(opened(f"question-{n}", "?", ["a", "b"]))
    with pytest.raises(Refusal, match="may ask"):
        lecture.ask(opened("one-more", "?", ["a", "b"]))


def test_lectures_end_by_themselves_and_nobody_takes_all_places() -> None:
    now = 0.0
    lectures = Lectures(lambda: now)
    for n in range(20):
        lectures.of_key(f"greedy-{n:020}", "one address")
    assert len(lectures) == MOST_OF_ONE
    for n in range(MOST_LECTURES - MOST_OF_ONE):
        lectures.of_key(f"key-{n:020}", f"address {n}")
    with pytest.raises(Refusal, match="Too many"):
        lectures.of_key("z" * 24, "another address")
    now = LIFE + 1
    assert lectures.of_key("z" * 24, "another address").code == code_of("z" * 24)
    assert len(lectures) == 1


def test_the_code_is_the_same_after_a_restart_and_another_key_does_not_open_it() -> None:
    before, after = Lectures().of_key(KEY, "here"), Lectures().of_key(KEY, "there")
    assert before.code == after.code == code_of(KEY) != code_of("l" * 24)
    lectures = Lectures()
    lectures.of_key(KEY, "here").key = "somebody else's"
    with pytest.raises(Refusal):
        lectures.of_key(KEY, "here")


def test_the_table_holds_every_round_and_no_formula() -> None:
    lecture = begun()
    lecture.answer("device-1", f"{NAME}.1", 2)
    lecture.close()
    lecture.again()
    lecture.ask(opened("question2", "=HYPERLINK(1)", ["-1", "a,b\n"]))
    rows = list(csv.reader(io.StringIO(lecture.table())))
    assert rows[0] == ["question", "answer", "round 1", "round 2"]
    assert rows[3] == ["Which?", "Neither", "1", "0"] and rows[4][:2] == ["'=HYPERLINK(1)", "'-1"]
    assert plain("f = 2") == "f = 2"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(hall, "lectures", Lectures())
    with TestClient(Starlette(routes=hall.routes())) as made:
        yield made


def do(client: TestClient, what: str, **more: object) -> dict[str, object]:
    return dict(client.post("/gallery/hall", json={"key": KEY, "do": what, **more}).json())


def phone(
    client: TestClient, code: object, answer: int, vote: str = f"{NAME}.1", cookie: str = ""
) -> dict[str, object]:
    client.cookies.clear()
    if cookie:
        client.cookies.set(hall.COOKIE, cookie)
    else:
        client.get(f"/v/{code}")
    return dict(client.post(f"/v/{code}", json={"vote": vote, "answer": answer}).json())


def test_the_wall_learns_the_count_and_the_shares_only_when_the_vote_is_closed(client: TestClient) -> None:
    told = do(client, "ask", **ASKED)
    code = told["code"]
    assert phone(client, code, 2)["chosen"] == 2
    same = client.cookies[hall.COOKIE]
    assert phone(client, code, 1)["chosen"] == 1
    assert phone(client, code, 0, cookie=same)["chosen"] == 0  # the first phone again, after a restart
    told = do(client, "count")
    assert told["count"] == 2 and told["open"] and "shares" not in told
    told = do(client, "close")
    assert told["shares"] == [[1, 1, 0]] and not told["open"]
    assert "closed" in str(phone(client, code, 0, cookie=same)["error"])
    assert do(client, "again")["round"] == 2
    assert "svg" in str(do(client, "code", base="http://192.168.1.7:7860/lecture/")["qr"])
    assert "Which?" in str(do(client, "table")["table"])


def test_after_a_restart_the_lecturers_page_and_the_phones_bring_a_vote_back(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same code, the shares of the closed round, and an answer to the open one under the name that it had."""
    code = do(client, "ask", **ASKED)["code"]
    phone(client, code, 2)
    before = do(client, "close")["shares"]
    assert do(client, "again")["round"] == 2
    assert phone(client, code, 1, vote=f"{NAME}.2")["chosen"] == 1
    same = client.cookies[hall.COOKIE]
    monkeypatch.setattr(hall, "lectures", Lectures())
    assert "no such vote" in str(phone(client, code, 1, vote=f"{NAME}.2", cookie=same)["error"])
    lost = do(client, "count")
    assert lost["code"] == code and lost["round"] == 0 and do(client, "again")["round"] == 0
    for _ in range(2):  # the page may ask twice
        told = do(client, "ask", **ASKED, earlier=before)
        assert (told["round"], told["open"]) == (2, True)
        assert phone(client, code, 1, vote=f"{NAME}.2", cookie=same)["chosen"] == 1
        assert do(client, "count")["count"] == 1
    assert do(client, "close")["shares"] == [[0, 0, 1], [0, 1, 0]]


def test_a_vote_that_was_closed_comes_back_closed(client: TestClient) -> None:
    told = do(client, "ask", **ASKED, earlier=[[3, 2, 1]], open=False)
    assert (told["open"], told["round"], told["count"], told["shares"]) == (False, 1, 6, [[3, 2, 1]])
    assert "Which?,This,3" in str(do(client, "table")["table"])
    assert "closed" in str(phone(client, told["code"], 0)["error"])
    assert do(client, "again")["round"] == 2


def test_two_hundred_votes_at_once(client: TestClient) -> None:
    code = do(client, "ask", **ASKED)["code"]

    def vote(n: int) -> int:
        cookie = {"cookie": f"{hall.COOKIE}=device-{n:05}"}
        answer = client.post(f"/v/{code}", json={"vote": f"{NAME}.1", "answer": n % 3}, headers=cookie).json()
        return int(answer["chosen"])

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(vote, range(200))) == [n % 3 for n in range(200)]
    assert do(client, "close")["shares"] == [[67, 67, 66]]


HOSTILE: list[object] = [None, 0, -1, 10**400, 2.5, float("nan"), True, "x" * 100_000, [], {}, [[]] * 9, {"a": {}}]
HOSTILE += ["\ud800", "<script>"]


def sentence_of(answer: Any) -> str:
    """What is said of an answer that is not a good one, "" of one that is; never a place in our code."""
    assert answer.status_code == 200 and "Traceback" not in answer.text and ".py" not in answer.text
    return str(answer.json().get("error", ""))


def bodies(whole: dict[str, object]) -> list[bytes]:
    """Broken bodies, and the whole one with each of its fields replaced."""
    broken = [b"", b"{", b"\xff\xfe", b'{"key": ' + b"[" * 50_000, *(json.dumps(each).encode() for each in HOSTILE)]
    return broken + [json.dumps(whole | {name: each}).encode() for name in whole for each in HOSTILE]


def test_a_hostile_guest_gets_a_sentence(client: TestClient) -> None:
    code = do(client, "ask", **ASKED)["code"]
    cookie = {"cookie": f"{hall.COOKIE}=device-00001"}
    asked: dict[str, object] = {"key": KEY, "do": "ask", **ASKED}
    for body in [*bodies(asked), *bodies({"key": KEY, "do": "code", "base": "http://a/"})]:
        answer = client.post("/gallery/hall", content=body)
        assert sentence_of(answer) or answer.json()["code"], body[:80]
    lost = {"earlier": [[1, 2, 3]], "open": False}
    for body in bodies(asked | lost | {"vote": "question2"}):
        answer = client.post("/gallery/hall", content=body)
        assert sentence_of(answer) or answer.json()["code"], body[:80]
    do(client, "ask", **ASKED | {"vote": "question3"})
    for body in bodies({"vote": "question3.1", "answer": 0}):
        answer = client.post(f"/v/{code}", content=body, headers=cookie)
        assert sentence_of(answer) or answer.json()["chosen"] in (0, 1), body[:80]
    for wrong in ("aaaaaa", "%00", "..%2f", "A" * 12, "zzzzz9"):
        refused = client.post(f"/v/{wrong}", json={"vote": f"{NAME}.1", "answer": 0})
        assert refused.status_code == 404 or sentence_of(refused)
    client.cookies.clear()
    assert "cookie" in sentence_of(client.post(f"/v/{code}", json={"vote": f"{NAME}.1", "answer": 0}))


def test_the_phones_page_is_small_and_knows_nothing_of_gradio(client: TestClient) -> None:
    page = client.get("/v/aaaaaa", headers={"accept-language": "ru"})
    assert len(page.content) < 20_000 and "gradio" not in page.text and "%" not in page.text.split("<script>")[1][:40]
    assert 'lang="ru"' in page.text and "Вопрос появится здесь" in page.text
    cookie = page.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie


def test_the_border_lets_these_addresses_through_and_no_more() -> None:
    for path in ("/v/abc234", "/v/abc234/events"):
        assert READ.fullmatch(path)
    assert CHANGED.fullmatch("/v/abc234") and CHANGED.fullmatch("/gallery/hall")
    for path in ("/v/", "/v/a/b", "/v/abc234/events/x", "/v/..", "/v/abcdefghijklmnop"):
        assert not READ.fullmatch(path) and not CHANGED.fullmatch(path)
