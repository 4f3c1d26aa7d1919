"""The file of a backup: a ZIP of the parts of a snapshot and the attachments, with a manifest that is sealed by the data key.

The manifest names each part with its SHA-256; an attachment's name is its SHA-256. The keys themselves are never in it.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from hotline.security.keys import Keys

FORMAT = 1
MANIFEST, SEAL, ATTACHMENTS = "manifest.json", "manifest.seal", "attachments/"
CHUNK = 1 << 20
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, NotImplementedError)


class BadBackup(Exception):
    """The file cannot be restored from; the sentence says why."""


@dataclass(frozen=True)
class Manifest:
    """`counts`: rows by table; `parts`: SHA-256 by name; `missing`: attachments that were lost before the backup."""

    format: int
    version: str
    made_at: str
    engine: str
    revision: str
    counts: dict[str, int]
    parts: dict[str, str]
    attachments: list[str]
    missing: list[str]

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)


class Writing:
    """A backup that is being written; nobody takes it for a whole one before it is sealed."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.parts: dict[str, str] = {}

    def add_part(self, name: str, chunks: Iterable[bytes]) -> None:
        digest = hashlib.sha256()
        with self.archive.open(name, "w", force_zip64=True) as target:
            for chunk in chunks:
                digest.update(chunk)
                target.write(chunk)
        self.parts[name] = digest.hexdigest()

    def add_attachment(self, digest: str, content: bytes) -> None:
        self.archive.writestr(ATTACHMENTS + digest, content, zipfile.ZIP_STORED)

    def close_with(self, manifest: Manifest, keys: Keys) -> None:
        self.archive.writestr(MANIFEST, manifest.text())
        self.archive.writestr(SEAL, keys.digest("backup", manifest.text()))


@contextmanager
def writing(path: Path) -> Iterator[Writing]:
    """A new file, readable by its owner alone."""
    path.touch(mode=0o600, exist_ok=False)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        yield Writing(archive)


class Reading:
    """A backup whose manifest has been read and whose seal fits; its parts may still be damaged until `check` has run."""

    def __init__(self, archive: zipfile.ZipFile, keys: Keys) -> None:
        self.archive = archive
        text = archive.read(MANIFEST).decode()
        manifest: dict[str, Any] = json.loads(text)
        if manifest["format"] != FORMAT:
            raise BadBackup("备份文件的格式比本程序新，请先升级程序。")
        if not keys.same(archive.read(SEAL).decode(), keys.digest("backup", text)):
            raise BadBackup("备份文件的签章不符：HOTLINE_DATA_KEY 不是备份时的那一把，或文件被改动。")
        self.manifest = Manifest(**manifest)

    def check(self, progress: Callable[[int], None]) -> None:
        """Reads everything once; refuses what is not byte by byte what was written. `progress`: so many more bytes."""
        manifest = self.manifest
        expected = {**manifest.parts, **{ATTACHMENTS + digest: digest for digest in manifest.attachments}}
        if {info.filename for info in self.archive.infolist()} != {*expected, MANIFEST, SEAL}:
            raise BadBackup("备份文件不完整。")
        for name, digest in expected.items():
            found = hashlib.sha256()
            with self.archive.open(name) as source:
                while chunk := source.read(CHUNK):
                    found.update(chunk)
                    progress(len(chunk))
            if found.hexdigest() != digest:
                raise BadBackup(f"备份文件已损坏：{name} 的校验和不符。")

    @property
    def size(self) -> int:
        return sum(info.file_size for info in self.archive.infolist())

    def part(self, name: str) -> IO[bytes]:
        return self.archive.open(name)

    def attachment(self, digest: str) -> bytes:
        return self.archive.read(ATTACHMENTS + digest)


@contextmanager
def reading(path: Path, keys: Keys) -> Iterator[Reading]:
    """Opens a backup; refuses (`BadBackup`) what is none, what is damaged and what another key has sealed."""
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, *BROKEN):
        raise BadBackup(f"{path} 不是备份文件，或已损坏。") from None
    with archive:
        try:
            opened = Reading(archive, keys)
        except BROKEN:
            raise BadBackup(f"{path} 不是备份文件，或已损坏。") from None
        yield opened
