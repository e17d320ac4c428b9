"""Faces are found, and come back framed like the data: laws, on a drawn face and, where it is, on the data."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from models.faces import faces
from models.faces.faces import Box, align, crop, face_for_model, find_faces, is_framed, only_face, square_of
from models.faces.similarity import Similarity, warped
from models.pictures.pictures import PictureError
from tests.faces.drawn_face import drawn_face
from training.data import load_faces
from training.faces.framing import Pasted, come_back, paste, returns, shuffle_patches

WALL = Image.new("RGB", (600, 400), (90, 110, 100))
EYES = (complex(*faces.LEFT_EYE), complex(*faces.RIGHT_EYE))


def on_wall(size: float, tilt: float = 0.0, centre: complex = 300 + 200j) -> Pasted:
    return paste(drawn_face(256), WALL, size, tilt, centre)


def correlation(a: Image.Image, b: np.ndarray) -> float:
    return float(np.corrcoef(np.asarray(a).ravel(), b.ravel())[0, 1])


# The plane


def test_similarities_compose_as_their_actions_do() -> None:
    a, b, p = Similarity(2 + 1j, 3 - 4j), Similarity(-0.5j, 1 + 1j), 0.7 - 2j
    assert a.after(b)(p) == pytest.approx(a(b(p)))


def test_warping_counts_from_the_corner() -> None:
    array = np.random.default_rng(0).integers(0, 255, (8, 8), dtype=np.uint8)
    assert np.array_equal(warped(array, Similarity(1, 0), (8, 8)), array)
    assert np.array_equal(warped(array, Similarity(1, 2 + 1j), (4, 4)), array[1:5, 2:6])
    assert np.array_equal(warped(array, Similarity(1j, 8), (8, 8)), np.rot90(array))  # x is taken from -y
    halved = warped(array, Similarity(2, 0), (4, 4)).astype(float)
    assert np.abs(halved - array.reshape(4, 2, 4, 2).mean(axis=(1, 3))).max() <= 1  # shifted by no half pixel


# Finding


@pytest.mark.parametrize("side", [48, 64, 100, 128, 300, 1500])
def test_one_framed_face_is_found_once_at_every_size(side: int) -> None:
    image = Image.fromarray(drawn_face(256)).resize((side, side))
    boxes = find_faces(image)
    assert len(boxes) == 1
    box = boxes[0].scaled(64 / side)
    assert abs(box.x - faces.BOX_LEFT) < 5 and abs(box.y - faces.BOX_TOP) < 5 and abs(box.w - faces.BOX_SIDE) < 6
    assert is_framed(image)


def test_a_big_photograph_gives_the_same_box_as_a_small_one() -> None:
    small = on_wall(150).canvas
    one, two = (find_faces(image)[0] for image in (small, small.resize((3000, 2000))))
    assert abs(one.scaled(5).centre - two.centre) < 5 * 5 and two.w == pytest.approx(5 * one.w, rel=0.06)


@pytest.mark.parametrize("tilt", [-32, -22, 22, 32])
def test_tilted_heads_are_found_where_no_upright_one_is(tilt: int) -> None:
    pasted = on_wall(150, tilt)
    box = only_face(find_faces(pasted.canvas))
    assert box is not None and abs(box.centre - pasted.place(32 + 26j)) < 15
    place = faces.framing(pasted.canvas, box)
    assert max(abs(place(eye) - pasted.place(eye)) for eye in EYES) / abs(pasted.place.s) < 3


@pytest.mark.parametrize("colour", ["white", "black", (90, 110, 100)])
@pytest.mark.parametrize("size", [(8, 8), (8, 160), (160, 8), (64, 64), (1000, 700)])
def test_there_is_no_face_on_an_empty_wall(colour: Any, size: tuple[int, int]) -> None:
    image = Image.new("RGB", size, colour)
    assert find_faces(image) == [] and not is_framed(image)
    found = face_for_model(image)
    assert found.how == "none" and found.picture.size == (64, 64)


def test_neither_noise_nor_an_upside_down_face_is_a_face() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (200, 300, 3), dtype=np.uint8)
    assert find_faces(Image.fromarray(noise)) == []
    assert find_faces(Image.fromarray(drawn_face(128)[::-1])) == []


def test_the_same_boxes_in_every_thread() -> None:
    image = on_wall(150, 8).canvas
    expected, found = find_faces(image), []
    threads = [threading.Thread(target=lambda: found.append(find_faces(image))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


def test_the_biggest_of_several_counts_alone_only_if_the_others_are_small() -> None:
    big, near, small = Box(0, 0, 100, 100), Box(200, 0, 60, 60), Box(300, 0, 20, 20)
    assert only_face([small, big]) == big
    assert only_face([near, big]) is None
    assert only_face([]) is None


# Framing


@pytest.mark.parametrize(("size", "tilt"), [(90, 0), (150, 5), (200, -10), (250, 12), (380, -8)])
def test_a_pasted_face_comes_back_as_it_was_framed(size: float, tilt: float) -> None:
    back = come_back(drawn_face(256), on_wall(size, tilt))
    assert back.found and back.eyes < 2 and back.correlation > 0.9


def test_aligning_goes_on_beyond_the_edge_and_at_any_size() -> None:
    pasted = on_wall(200, 0, 90 + 90j)  # a corner of the frame is outside
    (box,) = find_faces(pasted.canvas)
    assert correlation(align(pasted.canvas, box), drawn_face(64)) > 0.85
    assert align(pasted.canvas, box, 128).size == (128, 128)
    huge = pasted.canvas.resize((3600, 2400))
    assert correlation(align(huge, box.scaled(6)), np.asarray(align(pasted.canvas, box))) > 0.98


def test_without_eyes_the_box_decides() -> None:
    box = Box(100, 50, 127.2, 127.2)
    place = faces.framing(WALL, box)
    assert place(complex(faces.BOX_LEFT, faces.BOX_TOP)) == pytest.approx(100 + 50j)
    assert place.s == pytest.approx(2)


def test_a_framed_square_is_resized_and_nothing_else() -> None:
    same = face_for_model(Image.fromarray(drawn_face(64)))
    assert same.how == "framed" and np.array_equal(np.asarray(same.picture), drawn_face(64))
    double = Image.fromarray(drawn_face(128))
    expected = double.resize((64, 64), Image.Resampling.LANCZOS)
    assert np.array_equal(np.asarray(face_for_model(double).picture), np.asarray(expected))


def test_a_small_face_in_a_square_is_not_framed_but_aligned() -> None:
    square = paste(drawn_face(256), Image.new("RGB", (400, 400), (90, 110, 100)), 160, 0, 150 + 250j).canvas
    assert not is_framed(square)
    found = face_for_model(square)
    assert found.how == "aligned" and correlation(found.picture, drawn_face(64)) > 0.9


def test_a_framed_face_in_a_rectangle_is_no_framed_picture() -> None:
    assert not is_framed(Image.fromarray(drawn_face(128)).resize((128, 150)))


def test_of_two_faces_the_centre_square_is_taken() -> None:
    two = paste(drawn_face(256), on_wall(150, 0, 150 + 200j).canvas, 150, 0, 450 + 200j).canvas
    assert len(find_faces(two)) == 2
    found = face_for_model(two)
    expected = two.crop((100, 0, 500, 400)).resize((64, 64), Image.Resampling.LANCZOS)
    assert found.how == "several" and np.array_equal(np.asarray(found.picture), np.asarray(expected))


# The visitor's own crop


def test_a_crop_is_measured_in_fractions_of_width_and_height() -> None:
    array = np.random.default_rng(0).integers(0, 255, (200, 400, 3), dtype=np.uint8)
    cut = crop(Image.fromarray(array), 0.25, 0.5, 0.16)
    assert np.array_equal(np.asarray(cut), array[100:164, 100:164])
    moved = crop(Image.fromarray(array), 1.0, 1.0, 0.16)
    assert np.array_equal(np.asarray(moved), array[-64:, -64:])
    assert crop(Image.fromarray(array), 0, 0, 0.5).size == (64, 64)
    assert crop(Image.new("RGB", (333, 777)), 0, 0, 1).size == (64, 64)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -0.1, 1.1, True, "0", None, [0], 2**63])
@pytest.mark.parametrize("place", range(3))
def test_a_senseless_crop_is_refused(bad: Any, place: int) -> None:
    values: list[Any] = [0.1, 0.1, 0.3]
    values[place] = bad
    with pytest.raises(PictureError) as caught:
        crop(WALL, *values)
    assert caught.value.key == "picture.crop"


@pytest.mark.parametrize("size", [0, 0.001, 0.9])
def test_a_crop_is_neither_a_speck_nor_higher_than_the_picture(size: float) -> None:
    with pytest.raises(PictureError):
        crop(WALL, 0, 0, size)


@pytest.mark.parametrize("centre", [300 + 200j, 60 + 80j, 560 + 380j])
def test_the_suggested_square_is_a_crop_that_shows_the_face(centre: complex) -> None:
    pasted = on_wall(150, 0, centre)
    (box,) = find_faces(pasted.canvas)
    square = square_of(pasted.canvas, box)
    cut = crop(pasted.canvas, *square)
    assert 0 <= square.x <= 1 - square.size and square.y >= 0 and square.y * 400 + square.size * 600 <= 400.001
    if centre == 300 + 200j:
        assert correlation(cut, drawn_face(64)) > 0.9


# The finder for evaluation


def test_the_evaluation_takes_a_face_and_no_shuffled_one() -> None:
    face = drawn_face(64)[None]
    batch = np.concatenate([face, shuffle_patches(face), np.zeros_like(face)])
    assert faces.face_finder_for_evaluation(batch).tolist() == [True, False, False]
    assert faces.face_finder_for_evaluation(face[:0]).shape == (0,)


def test_shuffling_keeps_the_patches_and_moves_them() -> None:
    pictures = np.random.default_rng(0).integers(0, 255, (3, 64, 64, 3), dtype=np.uint8)
    shuffled = shuffle_patches(pictures)

    def patches(picture: np.ndarray) -> list[bytes]:
        return [picture[y : y + 16, x : x + 16].tobytes() for y in range(0, 64, 16) for x in range(0, 64, 16)]

    for before, after in zip(pictures, shuffled, strict=True):
        assert sorted(patches(before)) == sorted(patches(after)) and patches(before) != patches(after)


# The data, where it is at hand

needs_data = pytest.mark.skipif("GALLERY_DATA" not in os.environ, reason="GALLERY_DATA names no data")


@pytest.fixture(scope="module")
def folder() -> Path:
    return Path(os.environ["GALLERY_DATA"])


@needs_data
@pytest.mark.slow
def test_data_faces_come_back_as_they_were_framed(folder: Path) -> None:
    back = returns(load_faces(folder, "validation", 128).images[::10], folder)
    found = [one for one in back if one.found]
    assert len(found) >= 0.85 * len(back)
    assert np.median([one.eyes for one in found]) < 2
    assert np.median([one.correlation for one in found]) > 0.8


@needs_data
@pytest.mark.slow
def test_the_data_is_framed_like_itself_and_found(folder: Path) -> None:
    known = load_faces(folder, "validation").images
    kept = [np.array_equal(np.asarray(face_for_model(Image.fromarray(image)).picture), image) for image in known[::5]]
    assert np.mean(kept) >= 0.95
    assert faces.face_finder_for_evaluation(known).mean() >= 0.8
    assert faces.face_finder_for_evaluation(shuffle_patches(known)).mean() <= 0.05
