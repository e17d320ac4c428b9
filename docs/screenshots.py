"""The README's pictures, taken of the real page: `python docs/screenshots.py` with the gallery running on its port."""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
SHOTS = {
    "plane-light.png": ("light", "?room=vae&act=plane&lang=ru"),
    "smile-dark.png": ("dark", "?room=vae&act=smile&smile=1.5&lang=en"),
    "gan-dark.png": ("dark", "?room=gan&act=steer&face=12&smile=2&lang=en"),
    "cyclegan-light.png": ("light", "?room=cyclegan&act=translate&pair=emoji&picture=noto1&over=patches&lang=ru"),
    "diffusion-light.png": ("light", "?room=diffusion&act=reverse&mood=smile&seed=7&lang=ru"),
    "flow-dark.png": ("dark", "?room=flow&act=plane&flow_target=spiral&lang=en"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="http://127.0.0.1:7860/")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    args = parser.parse_args()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=args.chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, (scheme, query) in SHOTS.items():
            page = browser.new_page(viewport={"width": 1280, "height": 720}, color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(args.address + query)
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(8000)
            page.screenshot(path=HERE / name)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
