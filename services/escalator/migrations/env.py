"""Migrations of the escalator's database."""

from services.escalator.tables import Base
from services.kit.migrate import run_env

run_env([Base.metadata])
