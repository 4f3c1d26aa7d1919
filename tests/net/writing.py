"""Files of the net: stable names, text that ends in a newline."""

import re
import zlib
from pathlib import Path

LONGEST = 120
OTHER = re.compile(r"[^A-Za-z0-9.=-]+")


def write(folder: Path, name: str, text: str) -> None:
    """Write a file below the folder, with the folders on the way to it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text if text.endswith("\n") else f"{text}\n", encoding="utf-8")


def file_name(text: str) -> str:
    """Return a file's name for an address: readable, and another one for every address."""
    plain = OTHER.sub("_", text).strip("_") or "front"
    if "%" not in text and len(plain) <= LONGEST and "__" not in plain:
        return f"{plain}~{zlib.crc32(text.encode()):08x}" if "?" in text or "_" in text else plain
    return f"{plain[:LONGEST]}~{zlib.crc32(text.encode()):08x}"
