"""A board's contact list, and what its file gets when it is wrong."""

from pathlib import Path

import pytest

from services.escalator.contacts import read_contacts
from services.escalator.errors import ProtocolError
from services.escalator.loader import check
from services.escalator.people import Contact

ROLES = ("manager", "team_manager")
HEAD = "agency,role,name,address,deputy\n"
ANN = "Care,team_manager,Ann Bell,ann@care.example,\n"


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "contacts.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_each_line_is_somebody_in_a_role(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufeff" + HEAD + ANN + 'School,manager," Lee Hartley ",lee@school.example,ANN@care.example\n')
    assert read_contacts(path, ROLES) == [
        Contact(agency="Care", role="team_manager", name="Ann Bell", address="ann@care.example"),
        Contact(agency="School", role="manager", name="Lee Hartley", address="lee@school.example", deputy="ANN@care.example"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "1: expected the columns agency, role, name, address, deputy"),
        ("agency,role,name,address\n", "1: expected the columns agency, role, name, address, deputy, found agency"),
        (HEAD + ANN + "Care,team_manager,,bo@care.example,\n", "3: expected agency, role, name, address and"),
        (HEAD + "Care,team_manager,Ann Bell,nowhere,\n", "found a mistake in address"),
        (HEAD + "Care,team_manager,Ann Bell\n", "found a mistake in address, deputy"),
        (HEAD + "Care,team_manager,Ann Bell,ann@care.example,,more\n", "found a mistake in too many values"),
        (HEAD + "Care,Team Manager,Ann Bell,ann@care.example,\n", "found a mistake in role"),
        (HEAD + "Care,team_manger,Ann Bell,ann@care.example,\n", "2: expected one of the roles manager, team_manager, found 'team_manger'"),
        (HEAD + "Care,manager,Ann Bell,ann@care.example,bo@care.example\n", "2: expected a deputy who has a line of their own"),
        (HEAD + 'Care,manager,"Ann Bell,ann@care.example,\n', "1: expected comma-separated values in UTF-8"),
        (b"agency,role,name,address,deputy\nCare,manager,\xff,a@b.example,\n", "1: expected comma-separated values in UTF-8"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str | bytes, told: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ProtocolError) as caught:
        read_contacts(path, ROLES)
    assert f"{path}:" in str(caught.value)
    assert told in str(caught.value)


def test_a_list_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match="a file that can be read"):
        read_contacts(tmp_path / "none.csv", ROLES)


def test_checking_a_board_reads_its_contact_list(tmp_path: Path) -> None:
    board = tmp_path / "testshire.yaml"
    board.write_text(
        "key: testshire\nname: Testshire\nprotocol: bedfordshire\nreference_prefix: TEST\ninbox: a@b.example\n"
        "staff: []\nknown_domains: [b.example]\ncontacts: contacts.csv\n"
    )
    written(tmp_path, HEAD + ANN)
    assert check(board) == ()
    written(tmp_path, HEAD + ANN.replace("team_manager", "team_leader"))
    with pytest.raises(ProtocolError, match=r"contacts\.csv:2: expected one of the roles"):
        check(board)
