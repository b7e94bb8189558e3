"""A board's contact list, and what its file gets when it is wrong."""

from pathlib import Path

import pytest

from services.contracts.contact_list import ContactLine
from services.escalator.contacts import read_contacts
from services.escalator.errors import ProtocolError
from services.escalator.loader import check

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
        ContactLine(agency="Care", role="team_manager", name="Ann Bell", address="ann@care.example"),
        ContactLine(
            agency="School", role="manager", name="Lee Hartley", address="lee@school.example", deputy="ANN@care.example"
        ),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ":1: agency: Add a column with the heading agency."),
        (HEAD + "Care,team_manager,,bo@care.example,\n", ":2: name: Write the name of the person who holds this role"),
        (HEAD + ANN + "Care,team_manger,Bo Lind,bo@care.example,\n", ":3: role: This board has no such role. Use one of manager,"),
        (HEAD + 'Care,manager,"Ann Bell,ann@care.example,\n', ":2: This line cannot be read."),
        ((HEAD + ANN).encode() + b"Care,manager,\xff,a@b.example,\n", ":3: This is not UTF-8. In Excel, save the list as CSV UTF-8."),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_and_line(tmp_path: Path, text: str | bytes, told: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ProtocolError) as caught:
        read_contacts(path, ROLES)
    assert f"{path}{told}" in str(caught.value)


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
    with pytest.raises(ProtocolError, match=r"contacts\.csv:2: role: This board has no such role"):
        check(board)
