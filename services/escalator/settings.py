"""What the escalator is told by its environment. It holds no key: it decides on stage, area, roles and times alone."""

from pathlib import Path

from services.kit.settings import Settings as KitSettings


class Settings(KitSettings):
    """The shared settings, the workflow engine, and the folder of the boards this deployment serves."""

    temporal_address: str
    temporal_namespace: str
    boards_dir: Path
