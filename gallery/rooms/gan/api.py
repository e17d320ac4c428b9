"""The GAN room's endpoints for programs: `gradio_client` and /gradio_api/call/*. Each act has its own module."""

from __future__ import annotations

from gallery.rooms.gan import lab_api, sample_api, steer_api


def publish() -> None:
    """Those of all acts."""
    sample_api.publish()
    lab_api.publish()
    steer_api.publish()
