"""A mailbox by Microsoft Graph's API, in the shapes its public documentation shows. No tenant was asked; what it shows was followed.

https://learn.microsoft.com/graph/delta-query-messages, /graph/api/message-delta, /graph/outlook-get-mime-message,
/graph/api/message-move, /graph/api/user-post-mailfolders, /graph/errors, /graph/throttling, /graph/outlook-immutable-id,
/graph/api/resources/message (internetMessageHeaders). What its documentation does not show is from the experience of others in
public: a mail of the class IPM.Note.SMIME has no MIME form (500, ErrorMimeContentConversionFailed) and yet its facts; a mail just
listed may not be found for a moment (404, ErrorItemNotFound).
"""

from email import message_from_bytes, policy
from email.headerregistry import AddressHeader
from typing import Any, NamedTuple
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from tests.entra import Entra

MAILBOX = "escalations@board.demo.example"


class Fault(NamedTuple):
    """An answer to give, once, instead of doing what is asked; to requests whose path ends so and whose method this is."""

    method: str
    ending: str
    status: int
    code: str
    headers: dict[str, str] = {}  # noqa: RUF012 - nobody changes it


class GraphServer:
    """One mailbox. `faults` are answers to give first; `page` is how many changes go on one page; `asked` is every request.

    Of mails in `without_mime` it makes no MIME form, and of those in `without_headers` it has no internet headers.
    """

    def __init__(self, entra: Entra, page: int = 2) -> None:
        self.faults: list[Fault] = []
        self.asked: list[str] = []
        self.page = page
        self.folders = {"inbox-id": "Inbox"}
        self.mails: dict[str, tuple[bytes, str]] = {}
        self.without_mime: set[str] = set()
        self.without_headers: set[str] = set()
        self._entra = entra
        self._refused: set[str] = set()
        self._changes: list[str] = []
        self._received: dict[str, str] = {}
        self._generation = 0
        self.app = FastAPI()
        user = f"/v1.0/users/{MAILBOX}"
        self.app.middleware("http")(self._guard)
        self.app.get(f"{user}/mailFolders/inbox/messages/delta")(self._delta)
        self.app.get(f"{user}/mailFolders")(self._find_folder)
        self.app.post(f"{user}/mailFolders")(self._make_folder)
        self.app.get(f"{user}/messages/{{key}}/$value")(self._value)
        self.app.get(f"{user}/messages/{{key}}")(self._message)
        self.app.post(f"{user}/messages/{{key}}/move")(self._move)

    def deliver(self, *mails: bytes) -> None:
        """Let mails arrive."""
        for raw in mails:
            key = f"AAkALgAAAAAAHYQDEapmEc2byACqAC{uuid4().hex}=="
            self.mails[key] = (raw, "inbox-id")
            self._received[key] = f"2026-11-21T10:{len(self._received) // 60:02}:{len(self._received) % 60:02}Z"
            self._changes.append(key)

    def folder(self, name: str) -> list[bytes]:
        """The mails in a folder."""
        return [raw for raw, folder in self.mails.values() if self.folders[folder] == name]

    def drag(self, key: str, name: str) -> None:
        """Let somebody move a mail into a folder."""
        (folder,) = [identity for identity, known in self.folders.items() if known == name]
        self.mails[key] = (self.mails[key][0], folder)
        self._changes.append(key)

    def forget_rounds(self) -> None:
        """Delta links given so far are no longer known."""
        self._generation += 1

    def refuse_tokens(self) -> None:
        """Tokens given so far are no longer good."""
        self._refused = set(self._entra.issued)

    async def _guard(self, request: Request, go_on: Any) -> Response:
        path = request.url.path
        self.asked.append(f"{request.method} {path}")
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self._entra.issued or token in self._refused:
            return _error(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
        if 'IdType="ImmutableId"' not in request.headers.get("prefer", ""):
            return _error(400, "ErrorInvalidIdMalformed", "Id is malformed.")
        for fault in self.faults:
            if fault.method == request.method and path.endswith(fault.ending):
                self.faults.remove(fault)
                return _error(fault.status, fault.code, "As the test wants it.", fault.headers)
        answer: Response = await go_on(request)
        return answer

    async def _delta(self, request: Request) -> Response:
        """A round: pages with a nextLink, the last with a deltaLink. Without a token, from the beginning. Its order is not promised,
        and here it is the newest first on each page."""
        token = request.query_params.get("$deltatoken") or request.query_params.get("$skiptoken")
        generation, _, known = (token or f"{self._generation}.0").partition(".")
        if int(generation) != self._generation:
            return _error(410, "SyncStateNotFound", f"The sync state generation is not found; generation={generation}.")
        start = int(known)
        keys = self._changes[start : start + self.page]
        end = start + len(keys)
        here = str(request.url).partition("?")[0]
        token = f"{self._generation}.{end}"
        more = end < len(self._changes)
        link = (
            {"@odata.nextLink": f"{here}?$skiptoken={token}"} if more else {"@odata.deltaLink": f"{here}?$deltatoken={token}"}
        )
        context = "https://graph.microsoft.com/v1.0/$metadata#Collection(message)"
        return JSONResponse({"@odata.context": context, **link, "value": [self._change(key) for key in reversed(keys)]})

    def _change(self, key: str) -> dict[str, Any]:
        kind = {"@odata.type": "#microsoft.graph.message", "id": key}
        if key in self.mails and self.mails[key][1] == "inbox-id":
            etag = 'W/"CQAAABYAAADHcgC8Hl9tRZ/hc1wEUs1TAAAwR4Hg"'
            return kind | {"@odata.etag": etag, "receivedDateTime": self._received[key]}
        return kind | {"@removed": {"reason": "deleted"}}

    async def _find_folder(self, request: Request) -> Response:
        wanted = request.query_params["$filter"].removeprefix("displayName eq '").removesuffix("'")
        found = [{"id": key} for key, name in self.folders.items() if name == wanted]
        return JSONResponse({"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users", "value": found})

    async def _make_folder(self, request: Request) -> Response:
        name = (await request.json())["displayName"]
        if name in self.folders.values():
            return _error(409, "ErrorFolderExists", "A folder with the specified name already exists.")
        key = f"AQMkADYAAAIBXQAAAA{len(self.folders)}=="
        self.folders[key] = name
        facts = {"parentFolderId": "AQMkADYAAAIBCAAAAA==", "childFolderCount": 0, "unreadItemCount": 0, "totalItemCount": 0}
        return JSONResponse({"id": key, "displayName": name, **facts}, status_code=201)

    async def _value(self, key: str) -> Response:
        if key in self.without_mime:
            return _error(500, "ErrorMimeContentConversionFailed", "MIME content conversion failed.")
        return Response(self.mails[key][0], media_type="text/plain") if key in self.mails else _not_found()

    async def _message(self, key: str, request: Request) -> Response:
        """What `$select` names of a mail: id, the folder, and the properties that come from its headers."""
        if key not in self.mails:
            return _not_found()
        mail = message_from_bytes(self.mails[key][0], policy=policy.default)
        headers = [{"name": name, "value": str(value)} for name, value in mail.items()]
        facts = {
            "parentFolderId": self.mails[key][1],
            "internetMessageId": mail["Message-ID"],
            "subject": mail["Subject"],
            "from": _people(mail["From"])[0],
            "toRecipients": _people(mail["To"]),
        } | ({} if key in self.without_headers else {"internetMessageHeaders": headers})
        wanted = request.query_params["$select"].split(",")
        return JSONResponse({"id": key} | {name: value for name, value in facts.items() if name in wanted})

    async def _move(self, key: str, request: Request) -> Response:
        destination = (await request.json())["destinationId"]
        if key not in self.mails or destination not in self.folders:
            return _not_found()
        if self.mails[key][1] == destination:
            return _error(400, "ErrorMoveCopyFailed", "The move or copy operation failed.")
        self.mails[key] = (self.mails[key][0], destination)
        self._changes.append(key)
        return JSONResponse({"id": key, "parentFolderId": destination}, status_code=201)


def _people(header: AddressHeader) -> list[dict[str, Any]]:
    return [{"emailAddress": {"name": one.display_name, "address": one.addr_spec}} for one in header.addresses]


def _not_found() -> Response:
    return _error(404, "ErrorItemNotFound", "The specified object was not found in the store.")


def _error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    inner = {"date": "2026-11-21T10:00:00", "request-id": str(uuid4()), "client-request-id": str(uuid4())}
    content = {"error": {"code": code, "message": message, "innerError": inner}}
    return JSONResponse(content, status_code=status, headers=headers)
