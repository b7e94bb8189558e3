"""`python -m deploy.local.catcher FILE SMTP_PORT HTTP_PORT`: catch mail on loopback until told to stop."""

import asyncio
import sys
from pathlib import Path

import uvicorn

from deploy.local.catcher.mails import Mails
from deploy.local.catcher.pages import make_app
from deploy.local.catcher.smtp import listen


async def main(file: Path, smtp_port: int, http_port: int) -> None:
    """Serve both sides until SIGTERM."""
    mails = Mails(file)
    smtp = await listen(mails, "127.0.0.1", smtp_port)
    await uvicorn.Server(uvicorn.Config(make_app(mails), host="127.0.0.1", port=http_port, access_log=False)).serve()
    smtp.close()
    mails.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
