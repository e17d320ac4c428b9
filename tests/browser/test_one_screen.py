"""Numbers that stand on one screen say the same, and what is saved of it says what it is."""

from __future__ import annotations

import re
from pathlib import Path

import av
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

PATIENCE = 90_000


def film(page: Page, act: str) -> None:
    page.wait_for_selector(f"#act-{act} .v-w-film[data-frames]:visible", timeout=PATIENCE)


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "."))


def test_a_film_stands_where_its_knob_does(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=diffusion&act=forward&t=250&lang=en")
    film(page, "diffusion-forward")
    caption = page.locator("#act-diffusion-forward .v-film-caption").last
    expect(caption).to_have_text("t = 250")
    place = "parseFloat(document.querySelector('#act-diffusion-forward .v-film-marker').style.left)"
    at = page.evaluate(place)
    page.evaluate("vernissage.room('diffusion').set({t: 255})")
    expect(caption).to_have_text("t = 255")
    assert page.evaluate(place) > at
    page.goto(f"{gallery}/?room=vae&act=smile&smile=1.2&lang=en")
    film(page, "vae-smile")
    expect(page.locator("#act-vae-smile .v-film-caption:visible").last).to_have_text("smile, k = 1.2")
    expect(page.locator("#act-vae-smile .v-w-plaque", has_text="z′ =")).to_contain_text("z + 1.2·v₁")
    # The formula does not wait for the server while a film moves the slider.
    said = page.evaluate(
        "(() => { vernissage.room('vae').set({smile: -2});"
        " return [...document.querySelectorAll('#act-vae-smile .v-w-plaque')].map(n => n.textContent).join(); })()"
    )
    assert "z − 2.0·v₁" in said


@pytest.mark.parametrize("beta", [1, 4, 20])
def test_the_sum_of_the_terms_is_true_as_it_is_written(visit: Visit, gallery: str, beta: int) -> None:
    page = visit(f"{gallery}/?room=vae&act=plane&beta={beta}&lang=en")
    line = page.locator("#act-vae-plane .v-vae-sum .v-w-plaque")
    expect(line).to_contain_text("nats", timeout=PATIENCE)
    found = re.search(r"= (\S+) − (?:(\S+) · )?(\S+) = (\S+) nats", line.inner_text())
    assert found
    first, kl, total = (number(found[i]) for i in (1, 3, 4))
    assert number(found[2] or "1") == beta
    assert first - beta * kl == pytest.approx(total, abs=0.0051)
    scales = page.locator("#act-vae-plane .v-bars-scale").all_inner_texts()
    assert scales == ["0–300", "0–20", "±3", "0–1", "±3", "0–1"]


def test_a_race_that_was_stopped_says_how_far_it_came(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=diffusion&act=lanes&n1=1000&n2=1000&n3=1000&lang=en")
    go = page.locator("#act-diffusion-lanes .v-generate-go")
    go.click()
    expect(page.locator(".v-diff-time").first).to_contain_text("step", timeout=PATIENCE)
    page.wait_for_timeout(500)  # sooner it would be the second half of a double click
    go.click()
    page.wait_for_function("document.querySelector('.v-w-diffusion-lanes').dataset.ended === 'stopped'")
    found = re.search(r"step (\d[\d,]*) of 1,?000 · (\d[\d,]*)\spass", page.locator(".v-diff-time").first.inner_text())
    assert found
    taken, passes = (int(each.replace(",", "")) for each in found.groups())
    assert 0 < taken < 1000 and passes == taken


@pytest.mark.parametrize(("act", "name"), [("lanes", "race"), ("forward", "forward"), ("score", "score")])
def test_a_film_is_saved_for_a_slide(visit: Visit, gallery: str, act: str, name: str, tmp_path: Path) -> None:
    page = visit(f"{gallery}/?room=diffusion&act={act}&n1=4&n2=4&n3=4&lang=en")
    film(page, f"diffusion-{act}")
    here = page.locator(f"#act-diffusion-{act}")
    page.wait_for_timeout(1000)
    here.locator(".v-film-menu summary").click()
    with page.expect_download(timeout=PATIENCE) as saved:
        here.get_by_role("button", name="MP4").click()
    assert re.fullmatch(rf"vernissage-diffusion-{name}-seed7[\w.-]*\.mp4", saved.value.suggested_filename)
    saved.value.save_as(tmp_path / "film.mp4")
    with av.open(tmp_path / "film.mp4") as video:
        frames = [each.to_ndarray(format="gray") for each in video.decode(video=0)]
    high, wide = frames[0].shape
    assert high == 720 and len(frames) > 12
    # Names and t stand above and below the pictures: darker than the paper, and in other pictures another t.
    assert frames[0][-52:].min() < 120 and abs(frames[0][-52:].astype(int) - frames[-1][-52:]).max() > 80
    if act != "score":
        assert wide > 1.5 * high and frames[0][:52].min() < 120
