"""What records says: the written confirmation exists."""

from typing import ClassVar

from services.contracts.message import Message


class RecordIssued(Message):
    """The written confirmation of a case was sealed as a PDF. `sha256` is of the PDF itself, in hexadecimal."""

    topic: ClassVar[str] = "records.record_issued"

    case_id: str
    board: str
    outcome: int
    document: str
    filename: str
    sha256: str
