"""Migrations of the notifier's database."""

from services.kit.delivery import metadata
from services.kit.migrate import run_env
from services.notifier.tables import Base

run_env([Base.metadata, metadata])
