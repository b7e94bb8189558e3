"""Draws the flowchart of every ladder of the protocols that come with Concord: `python -m services.escalator.pictures FOLDER`."""

import sys
from pathlib import Path

from services.escalator.loader import packaged_protocols
from services.escalator.outline import outline
from services.kit.web.flowchart import CAPTION, picture


def pictures() -> dict[str, str]:
    """Every file of the folder, by name: a picture for each ladder, and a page that lists them."""
    files = {}
    page = [
        "# The ladders, drawn",
        "",
        CAPTION.replace("the protocol", "each board’s protocol"),
        "`make pictures` draws them.",
        "",
    ]
    for protocol in packaged_protocols().values():
        page += [f"## {protocol.name}", ""]
        for ladder in protocol.ladders:
            files[f"{ladder.id}.svg"] = picture(outline(protocol, ladder))
            page.append(f"- [{ladder.id}]({ladder.id}.svg) {ladder.name}")
        page.append("")
    return files | {"README.md": "\n".join(page).rstrip() + "\n"}


def draw(folder: Path) -> None:
    """Write the files, and remove pictures of ladders there no longer are."""
    files = pictures()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.svg"):
        if old.name not in files:
            old.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
