"""Our own weights on the Hub: a repository with the files, their cards, and a model card made from them."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from models.weights.cardfile import Card, WeightsError

_LICENCES = {
    "mit": "mit",
    "apache-2.0": "apache-2.0",
    "cc0-1.0": "cc0-1.0",
    "cc-by-4.0": "cc-by-4.0",
    "cc-by-sa-3.0": "cc-by-sa-3.0",
    "cc-by-sa-4.0": "cc-by-sa-4.0",
    "cc-by-nc-4.0": "cc-by-nc-4.0",
    "cc-by-nc-sa-4.0": "cc-by-nc-sa-4.0",
}
"""What the Hub calls the licences that our cards may name; every other one is "other" there."""


def table(cards: list[Card]) -> str:
    """The table of models in Markdown, one row a card; judges used for evaluation only are marked."""
    rows = ["| name | what | parameters | quality | data | licence |", "|---|---|---:|---|---|---|"]
    for card in cards:
        title = f"{card.title} (evaluation only)" if card.evaluation_only else card.title
        quality = f"{card.figures()}; {card.quality_on}" if card.quality_on else card.figures()
        cells = (f"`{card.name}`", title, f"{card.params:,}", quality, card.data, card.licence)
        rows.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return "\n".join(rows)


def front_matter(cards: list[Card]) -> str:
    """The YAML between dashes that the Hub reads; one licence where all cards agree on it, else "other"."""
    from huggingface_hub import ModelCardData

    names = {_LICENCES.get(card.licence.strip().lower().replace(" ", "-"), "other") for card in cards}
    licence = names.pop() if len(names) == 1 else "other"
    data = ModelCardData(
        license=licence,
        license_name="see-model-card" if licence == "other" else None,
        library_name="pytorch",
        tags=["vernissage", "generative-models", "safetensors"],
    )
    return f"---\n{data.to_yaml()}\n---\n"


def model_card(cards: list[Card], repo: str) -> str:
    """The README.md of the repository on the Hub."""
    parts = [
        front_matter(cards),
        "# Weights of Vernissage\n",
        "The trained networks of Vernissage, a gallery of generative models.\n",
        f"To use them in the gallery: `GALLERY_HUB_REPO={repo} python app.py`.\n"
        "Each file is checked against the sha256 on its card (the .toml of that name) before it is loaded.\n",
        table(cards) + "\n",
    ]
    return "\n".join([*parts, *(_section(card) for card in cards)])


def _section(card: Card) -> str:
    lines = {
        "Data": card.data,
        "Terms of the data": card.data_terms,
        "Licence": card.licence,
        "Paper": card.paper,
        "Made with": f"`{card.recipe}`" if card.recipe else "",
        "Training": f"{card.trained.minutes:g} minutes, {card.trained.images:,} images, {card.trained.device}"
        if card.trained.images
        else "",
        "Quality": card.figures(len(card.quality)),
        "Measured on": card.quality_on,
        "sha256": f"`{card.sha256}`",
    }
    listed = "\n".join(f"- {key}: {value}" for key, value in lines.items() if value)
    return f"## {card.title} (`{card.file}`)\n\n{listed}\n"


def fill_folder(cards: list[Card], weights: Path, folder: Path, repo: str) -> None:
    """Put into `folder` what the repository on the Hub shall hold."""
    for card in cards:
        for file in (card.file, f"{card.name}.toml"):
            shutil.copyfile(weights / file, folder / file)
    (folder / "README.md").write_text(model_card(cards, repo), encoding="utf-8")


def publish(cards: list[Card], weights: Path, repo: str, private: bool = False) -> str:
    """Create the repository if there is none, upload everything in one commit, return the commit's hash.

    Raises WeightsError with what the Hub said, for want of a token above all.
    """
    from huggingface_hub import HfApi

    from models.weights.pull import classify

    api = HfApi()
    try:
        with tempfile.TemporaryDirectory() as folder:
            fill_folder(cards, weights, Path(folder), repo)
            api.create_repo(repo, exist_ok=True, private=private or None)
            commit = api.upload_folder(
                repo_id=repo,
                folder_path=folder,
                commit_message=f"Weights: {', '.join(c.name for c in cards)}",
            )
    except Exception as error:  # a transport's own types differ between versions of the client
        reason = classify(error)
        hint = " Log in first: `hf auth login`." if reason.why == "not-allowed" else ""
        raise WeightsError(
            "weights.not_published", f"Publishing to {repo} failed: {reason}.{hint}", repo=repo
        ) from error
    return str(commit.oid)
