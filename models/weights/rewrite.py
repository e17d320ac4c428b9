"""A pickle of weights, rewritten as safetensors: for repositories of the Hub that hold nothing else.

The file's sha256 has been checked before it comes here. torch reads it with `weights_only=True`: an unpickler that
knows tensors and plain containers, and calls nothing that the file names.
"""

from __future__ import annotations

import logging
from pathlib import Path

from models.weights.cardfile import WeightsError
from models.weights.offers import PICKLE, SAFE

log = logging.getLogger("vernissage.weights")


def rewrite(path: Path) -> Path:
    """The same tensors under the same names as a .safetensors file beside the .bin, which goes.

    Raises WeightsError where it holds anything but tensors by name, OSError where the disk is full.
    """
    import torch
    from safetensors.torch import save_file

    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except OSError:
        raise
    except Exception as error:  # the boundary to the unpickler, which raises whatever it meets
        log.warning("%s: %s: %s", path.name, type(error).__name__, str(error).splitlines()[:1])
        raise _refused(path) from error
    if not isinstance(found, dict) or not found:
        raise _refused(path)
    if not all(
        isinstance(k, str) and isinstance(v, torch.Tensor) and v.layout == torch.strided for k, v in found.items()
    ):
        raise _refused(path)
    # copies, since safetensors writes no views; one goes as the next comes, so that memory holds the weights once
    tensors = {name: found.pop(name).detach().clone(memory_format=torch.contiguous_format) for name in list(found)}
    target = path.with_name(path.name.removesuffix(PICKLE) + SAFE)
    save_file(tensors, target, metadata={"format": "pt"})
    path.unlink()
    return target


def _refused(path: Path) -> WeightsError:
    return WeightsError("weights.bigger.pickle", f"{path.name} holds more than weights. It is not opened.")
