"""A real Dovecot on loopback, for the tests of mail that is fetched. Any user name is an account; an empty mailbox is made for each."""

import grp
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imapclient import IMAPClient

from deploy.local import ports
from deploy.local.part import NotReady, Program, environment, find_program
from tests.certificates import Certificates

PREFIX = "INBOX."
"""What the names of a person's own folders begin with, as on many servers."""
PORTS = ("imap", "imaps")

_COMMON = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = /dev/stderr
listen = 127.0.0.1
first_valid_uid = 1
mail_uid = {user}
mail_gid = {group}
auth_mechanisms = plain login xoauth2
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = .
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
{not_root}}}
service stats {{
  chroot =
}}
service anvil {{
  chroot =
}}
{users}
"""

_OLD = """\
protocols = imap
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
mail_location = maildir:~/Maildir
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = home={folder}/mail/%u
}}
"""
_OLD_BASIC = """\
imap_capability = IMAP4rev1 LITERAL+ UIDPLUS NAMESPACE
"""

_OLD_OAUTH = """\
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={folder}/keys/
username_attribute = sub
"""

_NEW = """\
auth_allow_cleartext = yes
protocols {{
  imap = yes
}}
ssl = yes
ssl_server_cert_file = {certificate}
ssl_server_key_file = {key}
mail_driver = maildir
mail_path = ~/Maildir
oauth2 {{
  introspection_mode = local
  username_attribute = sub
  oauth2_local_validation {{
    dict fs {{
      fs posix {{
        prefix = {folder}/keys/
      }}
    }}
  }}
}}
passdb oauth2 {{
  mechanisms_filter = xoauth2
}}
passdb static {{
  mechanisms_filter = plain login
  password = {password}
}}
userdb static {{
  fields {{
    home = {folder}/mail/%{{user}}
  }}
}}
"""
_NEW_BASIC = """\
imap_capability {{
  IDLE = no
  MOVE = no
}}
"""


class Dovecot:
    """The server, as a part of the stack (see `tests.servers.Running`). `key` is the public key of those whose tokens it takes, as
    PEM. A `basic` server can do neither IDLE nor MOVE."""

    name = "Dovecot"

    def __init__(self, root: Path, certificates: Certificates, key: str, *, basic: bool = False) -> None:
        # Not below the checkout: as root, its processes become users that may not look into everybody's folders; and the paths of
        # sockets may not be long.
        self.folder = Path(tempfile.mkdtemp(prefix="concord-dovecot-"))
        self.password = secrets.token_urlsafe(12)
        self._root = root
        self._certificates = certificates
        self._key = key
        self._basic = basic
        found = ports.find(PORTS)
        self.port, self.tls_port = found["imap"], found["imaps"]
        self._user = pwd.getpwnam("mail") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())

    def prepare(self) -> None:
        """Write its configuration."""
        self.folder.chmod(0o755)
        for name in ("run", "state", "keys/default/RS256", "mail"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "keys" / "default" / "RS256" / "default").write_text(self._key)
        os.chown(self.folder / "mail", self._user.pw_uid, self._user.pw_gid)
        is_new = tuple(int(part) for part in self._version().split(".")[:2]) >= (2, 4)
        user, group = self._user.pw_name, grp.getgrgid(self._user.pw_gid).gr_name
        own = f"default_internal_user = {user}\ndefault_internal_group = {group}\ndefault_login_user = {user}\n"
        not_root = os.geteuid() != 0
        facts = {
            "folder": self.folder,
            "password": self.password,
            "user": user,
            "group": group,
            "prefix": PREFIX,
            "imap": self.port,
            "imaps": self.tls_port,
            "certificate": self._certificates.certificate,
            "key": self._certificates.key,
            "not_root": "  chroot =\n" if not_root else "",
            "users": own if not_root else "",
        }
        versions = (
            f"dovecot_config_version = {self._version()}\ndovecot_storage_version = {self._version()}\n" if is_new else ""
        )
        parts = (_COMMON, _NEW if is_new else _OLD, (_NEW_BASIC if is_new else _OLD_BASIC) if self._basic else "")
        self._configuration.write_text(versions + "".join(parts).format(**facts))
        (self.folder / "oauth2.conf").write_text(_OLD_OAUTH.format(**facts))

    def programs(self) -> tuple[Program, ...]:
        """The master process, which starts the others."""
        command = (str(_program("dovecot")), "-F", "-c", str(self._configuration))
        return (Program("basic-dovecot" if self._basic else "dovecot", command, environment(self._root), self.folder),)

    def check(self) -> None:
        """It greets."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), 2) as connection:
                if not connection.recv(4).startswith(b"* OK"):
                    raise NotReady("Dovecot did not greet")
        except OSError as error:
            raise NotReady(f"Dovecot on port {self.port}: {error}") from error

    def complete(self) -> None:
        """Nothing."""

    def remove(self) -> None:
        """Remove its files, once it has stopped."""
        shutil.rmtree(self.folder)

    @contextmanager
    def client(self, user: str) -> Iterator[IMAPClient]:
        """A person's own mail program."""
        with IMAPClient("127.0.0.1", self.port, ssl=False) as client:
            client.login(user, self.password)
            client.select_folder("INBOX")
            yield client

    def deliver(self, user: str, *mails: bytes) -> None:
        """Let mails arrive."""
        with self.client(user) as client:
            for raw in mails:
                client.append("INBOX", raw)

    def mails(self, user: str, folder: str) -> list[bytes]:
        """Every mail in a folder; none when there is no such folder."""
        with self.client(user) as client:
            name = folder if folder == "INBOX" else PREFIX + folder
            if not client.folder_exists(name):
                return []
            client.select_folder(name, readonly=True)
            found = client.fetch(client.search(), ["BODY.PEEK[]"])
            return [found[uid][b"BODY[]"] for uid in sorted(found)]

    def flags(self, user: str) -> list[set[str]]:
        """The flags of every mail in the inbox."""
        with self.client(user) as client:
            return [{flag.decode() for flag in flags} for _, flags in sorted(client.get_flags(client.search()).items())]

    def uid_validity(self, user: str) -> int:
        """UIDVALIDITY of the inbox."""
        with self.client(user) as client:
            return int(client.folder_status("INBOX", ["UIDVALIDITY"])[b"UIDVALIDITY"])

    def maildir(self, user: str) -> Path:
        """Where the inbox is on disk."""
        return self.folder / "mail" / user / "Maildir"

    def recreate(self, user: str, *, again: int) -> None:
        """Lose the mailbox and restore what was in it, `again` times each mail, as after a disk failure: all UIDs are others."""
        maildir = self.maildir(user)
        mails = [file.read_bytes() for place in ("cur", "new") for file in sorted((maildir / place).iterdir())]
        known = {file.name: file.read_bytes() for file in maildir.glob("dovecot-uidvalidity*")}
        self.kick(user)
        shutil.rmtree(maildir)
        for place in ("cur", "new", "tmp"):
            (maildir / place).mkdir(parents=True)
        for name, content in known.items():  # the next UIDVALIDITY is above the last, also within one second
            (maildir / name).write_bytes(content)
        for number, content in enumerate(mails * again):
            (maildir / "new" / f"{number}.restored").write_bytes(content)
        for path in (maildir, *maildir.rglob("*")):
            os.chown(path, self._user.pw_uid, self._user.pw_gid)

    def kick(self, user: str) -> None:
        """Cut every connection of a user."""
        self._doveadm("kick", user)

    def connections(self, user: str) -> list[str]:
        """The lines `doveadm who` has for this user."""
        return [line for line in self._doveadm("who", "-1", user).splitlines() if line.startswith(user)]

    @property
    def _configuration(self) -> Path:
        return self.folder / "dovecot.conf"

    def _doveadm(self, *arguments: str) -> str:
        command = (str(_program("doveadm")), "-c", str(self._configuration), *arguments)
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30).stdout

    def _version(self) -> str:
        answer = subprocess.run((str(_program("dovecot")), "--version"), capture_output=True, text=True, check=True)
        return answer.stdout.split()[0].partition("-")[0]


def _program(name: str) -> Path:
    return find_program(name, "/usr/sbin", "/usr/bin", "/opt/homebrew/opt/dovecot/sbin", "/opt/homebrew/opt/dovecot/bin")
