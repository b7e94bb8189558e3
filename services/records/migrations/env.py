"""Migrations of the database of records."""

from services.kit.delivery import metadata
from services.kit.migrate import run_env
from services.records.tables import Base

run_env([Base.metadata, metadata])
