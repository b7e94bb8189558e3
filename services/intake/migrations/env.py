"""Migrations of intake's database."""

from services.intake.tables import Base
from services.kit.delivery import metadata
from services.kit.migrate import run_env

run_env([Base.metadata, metadata])
