"""Somebody's opposite number in another agency, as `contracts.opposite` finds it: the form's pages find the same."""

from collections.abc import Iterable
from datetime import date

from services.contracts import opposite as table_lookup
from services.contracts.contact_list import ContactLine
from services.contracts.opposite import Suggestion
from services.contracts.role_table import RoleTable
from services.escalator.errors import Unknown


def opposite(
    table: RoleTable,
    own_agency: str,
    own_role_or_rank: str | int,
    other_agency: str,
    contacts: Iterable[ContactLine],
    *,
    day: date | None = None,
) -> Suggestion:
    """The opposite number of this role or row of one agency in another. Raises Unknown."""
    try:
        return table_lookup.opposite(table, own_agency, own_role_or_rank, other_agency, contacts, day=day)
    except table_lookup.NotInTable as missing:
        raise Unknown(missing.what, missing.given, missing.allowed) from missing
