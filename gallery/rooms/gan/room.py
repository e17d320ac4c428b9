"""The GAN room: faces and clothes by seed, what steers them, and how two networks learn against each other."""

from __future__ import annotations

from gallery.rooms.gan import api, ask, lab, sample, steer, training
from gallery.shell.frame import Frame
from gallery.shell.knobs import choice, real, together, whole

NAME = "gan"
KNOBS = together(
    {
        "act": choice("sample", "steer", "training", "laboratory"),
        # What the acts share: a face that was found in one of them goes along into the others.
        "face": whole(28, 0, ask.LAST_SEED),
        "psi": real(0.7, 0, 1, digits=2),
    },
    sample.KNOBS,
    steer.KNOBS,
    training.KNOBS,
    lab.KNOBS,
)


def build() -> None:
    """The acts."""
    frame = Frame(NAME, [sample.ACT, steer.ACT, training.ACT, lab.ACT])
    sample.build(frame)
    steer.build(frame)
    training.build(frame)
    lab.build(frame)


def publish() -> None:
    """The endpoints of the API."""
    api.publish()


def warm() -> None:
    """Load the faces, and let them be drawn and judged once."""
    model = ask.gan.gan("faces")
    model.verdicts(model.pictures(model.of_seeds([0])))


if __name__ == "__main__":
    from gallery.shell.serve import alone

    alone("gallery.rooms.gan.room")
