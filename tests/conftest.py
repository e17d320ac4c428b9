"""Before the first test imports torch: threads that sleep while they wait, as in the gallery itself."""

from models.runtime.threads import prepare

prepare()
